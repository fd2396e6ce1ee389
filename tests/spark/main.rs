//! The Spark client against a simulated Spark: what it sends, what it makes of the answers, and what
//! it refuses to do.

#![cfg(feature = "spark")]

mod auth;
mod bad_input;
mod better;
mod golden;
mod services;
mod settings;
mod support;
mod waits;
mod wire;
