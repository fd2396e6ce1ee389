//! The shape of the public API, as text to review: what is called, what is sent and received, what
//! errors say and what debug output shows. A change shows up as a change of a file in `snapshots/`.

#![cfg(feature = "rescale")]

#[cfg(feature = "bodo")]
mod bodo;
#[cfg(feature = "bodo")]
mod bodo_debug;
mod debug;
#[cfg(feature = "denvr")]
mod denvr;
mod errors;
mod operations;
#[cfg(feature = "schemars")]
mod schemas;
#[cfg(feature = "spark")]
mod spark;
#[cfg(feature = "v3io")]
mod v3io;

#[path = "../failure/mod.rs"]
mod failure;
