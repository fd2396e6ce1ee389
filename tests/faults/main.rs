//! What becomes of calls, waits, lists and batches when the server, the network or the answer is
//! broken: nothing is lost, nothing is done twice, nothing hangs and no secret is shown.

#![cfg(feature = "rescale")]

mod answers;
mod auth;
mod batch;
#[cfg(feature = "bodo")]
mod bodo;
mod call;
mod campaign;
mod limits;
mod once;
mod page;
mod properties;
mod redirect;
mod secrets;
mod server;
mod support;
mod throttle;
#[cfg(feature = "v3io")]
mod v3io;
mod wait;

#[path = "../failure/mod.rs"]
mod failure;

#[path = "../shown/mod.rs"]
mod shown;
