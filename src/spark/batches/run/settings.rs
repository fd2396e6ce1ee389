//! How a run goes about its work.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::feed::Shape;
use super::refused;
use crate::error::Result;
use crate::spark::models::ChunkSummary;

#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// Records, where the run does not find out.
    pub(super) chunk_size: Option<u64>,
    pub(super) header: Option<Vec<String>>,
    pub(super) parameters: Option<Value>,
    pub(super) summary: Option<ChunkSummary>,
    pub(super) requests_per_second: f64,
    pub(super) ordered: bool,
    pub(super) stall_timeout: Duration,
    pub(super) journal: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            chunk_size: None,
            header: None,
            parameters: None,
            summary: None,
            requests_per_second: 5.0,
            ordered: false,
            stall_timeout: Duration::from_secs(30 * 60),
            journal: None,
        }
    }
}

impl Settings {
    /// Refuses what cannot work.
    pub(super) fn check(&self) -> Result<()> {
        let rate = self.requests_per_second;
        if self.chunk_size == Some(0) {
            return Err(refused("a chunk must hold at least 1 record, not 0"));
        }
        if !(0.001..=1e6).contains(&rate) {
            return Err(refused(format!("{rate} requests a second cannot be sent")));
        }
        if self.stall_timeout.is_zero() {
            return Err(refused("the stall time-out must be above 0"));
        }
        if self.header.as_ref().is_some_and(Vec::is_empty) {
            return Err(refused("the header names no columns"));
        }
        if self.parameters.as_ref().is_some_and(|value| !value.is_object()) {
            return Err(refused("the parameters are no object"));
        }
        Ok(())
    }

    /// What all chunks share, as they will be sent.
    pub(super) fn shape(&self) -> Result<Shape> {
        Ok(Shape {
            header: self.header.as_ref().map(json).transpose()?,
            parameters: self.parameters.as_ref().map(json).transpose()?,
            summary: self.summary.as_ref().map(json).transpose()?,
        })
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| refused(format!("a setting cannot be written: {error}")))
}
