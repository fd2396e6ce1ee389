//! The control plane of V3IO against a simulated one: every resource, sessions, jobs, and what must
//! never be shown.

#![cfg(feature = "v3io")]

mod jobs;
mod lenient;
mod resources;
mod secrets;
mod session;
mod support;

#[path = "../failure/mod.rs"]
mod failure;

#[path = "../shown/mod.rs"]
mod shown;
