//! The main job on every platform, step by step, on simulators that it starts itself.
//!
//! `cargo run --example tour`; with `-- --live` on the real platforms, with their own
//! configuration. It ends with `tour: N platforms, M steps, 0 failures` and exit code 0, or 1.

#[path = "../support/mod.rs"]
mod support;

mod bodo;
mod denvr;
mod rescale;
mod spark;
mod v3io;

use std::error::Error;
use std::fmt::Display;
use std::process::ExitCode;

/// Counts what was done and what went wrong.
#[derive(Default)]
pub(crate) struct Tour {
    platforms: u32,
    steps: u32,
    failures: u32,
}

impl Tour {
    /// Prints the result of a step; a failed one is counted and ends the platform's part.
    pub(crate) fn step<T: Display, E: Display>(
        &mut self,
        what: &str,
        result: Result<T, E>,
    ) -> Option<T> {
        self.steps += 1;
        match result {
            Ok(value) => {
                println!("  {what}: {value}");
                Some(value)
            }
            Err(error) => {
                self.failures += 1;
                println!("  {what}: FAILED: {error}");
                None
            }
        }
    }

    fn platform(&mut self, name: &str, outcome: Result<(), Box<dyn Error>>) {
        self.platforms += 1;
        if let Err(error) = outcome {
            self.failures += 1;
            println!("  {name}: FAILED: {error}");
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut tour = Tour::default();

    println!("Rescale: estimate pi on a cluster and bring the result home");
    let outcome = rescale::run(&mut tour).await;
    tour.platform("rescale", outcome);

    println!("V3IO: objects, items, records and a batch");
    let outcome = v3io::run(&mut tour).await;
    tour.platform("v3io", outcome);

    println!("Denvr Cloud: a server and an application, from nothing to gone");
    let outcome = denvr::run(&mut tour).await;
    tour.platform("denvr", outcome);

    println!("Coherent Spark: executions, and a batch that is interrupted and goes on");
    let outcome = spark::run(&mut tour).await;
    tour.platform("spark", outcome);

    println!("Bodo: a cluster, a job, a query and a template, and the cluster's end");
    let outcome = bodo::run(&mut tour).await;
    tour.platform("bodo", outcome);

    let Tour { platforms, steps, failures } = tour;
    println!("tour: {platforms} platforms, {steps} steps, {failures} failures");
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
