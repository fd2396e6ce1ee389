//! What a pipeline object knows of itself; its clones share it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::status::is_open;
use crate::error::{Error, Result};
use crate::raw::spark::enums::BatchStatus;
use crate::spark::models::BatchProgress;

/// What can still be done with a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PipelineState {
    /// It takes chunks.
    Open,
    /// It takes no more chunks; what it calculated can be pulled.
    Closed,
    /// Everything in it is gone.
    Cancelled,
}

impl std::fmt::Display for PipelineState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        })
    }
}

/// What went through a pipeline object and its clones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PipelineStats {
    /// The number of records of each chunk that was pushed by hand, by its id. A run keeps no list,
    /// because it may have millions of chunks.
    pub chunks: BTreeMap<String, u64>,
    /// How many chunks were pushed.
    pub chunks_pushed: u64,
    /// How many records were pushed.
    pub records_pushed: u64,
    /// How many chunks were pulled.
    pub chunks_pulled: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Tracker(Arc<Mutex<Inner>>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) state: PipelineState,
    pub(super) stats: PipelineStats,
    /// The size of the input buffer and its free part, as last told.
    pub(super) input: Option<Buffer>,
    /// Why it is not open any more, when the server closed it.
    reported: Option<BatchStatus>,
}

/// A buffer of the server, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Buffer {
    pub(super) size: u64,
    pub(super) free: u64,
}

impl Tracker {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Inner {
            state: PipelineState::Open,
            stats: PipelineStats::default(),
            input: None,
            reported: None,
        })))
    }

    /// Nothing under the lock panics half-way through a change.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the server said about the batch.
    pub(super) fn note(&self, progress: &BatchProgress) {
        self.lock().input = Buffer::of_inputs(progress);
        if let Some(status) = &progress.batch_status {
            self.report(status);
        }
    }

    pub(super) fn report(&self, status: &BatchStatus) {
        let mut inner = self.lock();
        if is_open(status) {
            return;
        }
        inner.reported = Some(status.clone());
        inner.state = match status {
            BatchStatus::Cancelled => PipelineState::Cancelled,
            _ if inner.state == PipelineState::Cancelled => PipelineState::Cancelled,
            _ => PipelineState::Closed,
        };
    }

    /// Refuses what only an open batch can do.
    pub(super) fn check_open(&self, id: &str) -> Result<()> {
        self.check(id, |state| state == PipelineState::Open)
    }

    /// Refuses what a cancelled batch cannot do.
    pub(super) fn check_not_cancelled(&self, id: &str) -> Result<()> {
        self.check(id, |state| state != PipelineState::Cancelled)
    }

    fn check(&self, id: &str, allows: impl Fn(PipelineState) -> bool) -> Result<()> {
        let inner = self.lock();
        if allows(inner.state) {
            return Ok(());
        }
        let told = inner.reported.as_ref().map(ToString::to_string);
        let what = told.unwrap_or_else(|| inner.state.to_string());
        Err(Error::invalid(format!("batch pipeline {id} is already {what}")))
    }
}

impl Buffer {
    pub(super) fn of_inputs(progress: &BatchProgress) -> Option<Self> {
        let free = u64::try_from(progress.input_buffer_remaining_bytes?).unwrap_or(0);
        let used = progress.input_buffer_used_bytes.and_then(|used| u64::try_from(used).ok());
        Some(Self { size: free + used.unwrap_or(0), free })
    }
}
