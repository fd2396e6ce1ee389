//! Spark's batches, by hand and run, against the simulator.

mod bad_input;
mod by_hand;
mod closing;
mod faults;
mod journal;
mod kill;
mod run;
mod support;

#[path = "../failure/mod.rs"]
mod failure;
