//! The Rescale client against a simulated Rescale: what it sends, what it makes of the answers, and
//! what it refuses to do.

#![cfg(feature = "rescale")]

mod bad_input;
mod catalogue;
mod clusters;
mod files;
mod golden;
mod jobs;
mod lenient;
mod limits;
mod manners;
mod organization;
mod runs;
mod settings;
mod storage;
mod support;
mod transfers;
mod tutorial;
mod waits;

#[path = "../failure/mod.rs"]
mod failure;

#[path = "../wire/mod.rs"]
mod wire;
