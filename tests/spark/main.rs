//! The Spark client against a simulated Spark: what it sends, what it makes of the answers, and what
//! it refuses to do.

#![cfg(feature = "spark")]

mod auth;
mod bad_input;
mod better;
mod golden;
mod manners;
mod services;
mod settings;
mod support;
mod waits;

#[path = "../failure/mod.rs"]
mod failure;

#[path = "../wire/mod.rs"]
mod wire;
