//! The simulated Coherent Spark, asked by a plain client.

mod auth;
mod batches;
mod batches_limits;
mod execution;
mod faults;
mod folders;
mod history;
mod packages;
mod services;
mod support;
mod transforms;
