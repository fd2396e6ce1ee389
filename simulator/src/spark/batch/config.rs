//! What a batch is created with.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::super::errors;
use super::super::inferred::{self, MAX_BUFFER_MB, MEGABYTE};
use super::super::options::Spark;
use super::super::server::split;
use crate::http::Reply;

/// The settings of one batch.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) selected: Vec<String>,
    pub(super) source: Option<String>,
    pub(super) correlation: Option<String>,
    pub(super) unique_key: Option<String>,
    pub(super) input_buffer: u64,
    pub(super) output_buffer: u64,
    pub(super) acceptable_error_percentage: u64,
    initial_workers: u64,
    max_workers: u64,
    chunks_per_request: u64,
    runner_threads: u64,
}

impl Config {
    /// The settings that the body of a creation asks for.
    pub(super) fn read(body: &Value, defaults: &Spark) -> Result<Self, Box<Reply>> {
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        let number = |name: &str, default| body[name].as_u64().unwrap_or(default);
        let percentage = &body["acceptable_error_percentage"];
        let acceptable = match percentage.as_u64() {
            Some(percentage @ 0..=100) => percentage,
            None if percentage.is_null() => 0,
            _ => return Err(refused()),
        };
        Ok(Self {
            selected: split(body["output"].as_str()),
            source: text("source_system"),
            correlation: text("correlation_id"),
            unique_key: text("unique_record_key"),
            input_buffer: buffer(body, "max_input").unwrap_or(defaults.input_buffer),
            output_buffer: buffer(body, "max_output").unwrap_or(defaults.output_buffer),
            acceptable_error_percentage: acceptable,
            initial_workers: number("initial_workers", inferred::INITIAL_WORKERS),
            max_workers: number("max_workers", defaults.max_workers),
            chunks_per_request: number("chunks_per_request", inferred::CHUNKS_PER_REQUEST),
            runner_threads: number("runner_thread_count", inferred::RUNNER_THREADS),
        })
    }

    /// The workers that so many chunks keep busy.
    pub(super) fn workers(&self, chunks: usize) -> u64 {
        (chunks as u64).div_ceil(self.chunks_per_request.max(1)).min(self.max_workers.max(1))
    }

    pub(super) fn describe(&self) -> Value {
        json!({
            "initial_workers": self.initial_workers, "max_workers": self.max_workers,
            "chunks_per_request": self.chunks_per_request, "runner_thread_count": self.runner_threads,
            "acceptable_error_percentage": self.acceptable_error_percentage,
            "input_buffer_allocated_bytes": self.input_buffer,
            "output_buffer_allocated_bytes": self.output_buffer,
        })
    }
}

/// The size of a buffer in bytes, by any of its three names.
fn buffer(body: &Value, name: &str) -> Option<u64> {
    let names = [format!("{name}_in_mb"), format!("{name}_size_in_mb"), format!("{name}_size")];
    let megabytes = names.iter().find_map(|name| body[name].as_f64()).filter(|mb| *mb > 0.0)?;
    Some((megabytes.min(MAX_BUFFER_MB) * MEGABYTE) as u64)
}

fn refused() -> Box<Reply> {
    let message = "acceptable_error_percentage is a whole number from 0 to 100";
    errors::v4(StatusCode::BAD_REQUEST, inferred::MALFORMED, message)
}
