//! The V3IO client against a simulated V3IO: what it sends, what it makes of the answers, and what
//! it refuses to do.

#![cfg(feature = "v3io")]

mod access;
mod bad_input;
mod batches;
mod better;
mod conditions;
mod containers;
mod downloads;
mod expressions;
mod golden;
mod items;
mod manners;
mod objects;
mod properties;
mod responses;
mod scans;
mod segments;
mod settings;
mod support;
#[cfg(feature = "rustls")]
mod tls;
mod tutorial;
mod uploads;

#[path = "../failure/mod.rs"]
mod failure;

#[path = "../wire/mod.rs"]
mod wire;
