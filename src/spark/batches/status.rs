//! What the status of a batch means.

use crate::raw::spark::enums::BatchStatus;
use crate::status::{Phase, Status};

impl Status for BatchStatus {
    /// Closed batches still calculate what was pushed (source: Coherent Spark documentation, Batch
    /// APIs).
    fn phase(&self) -> Phase {
        match self {
            Self::Completed | Self::CompletedByTimeout => Phase::Done,
            Self::Failed | Self::Cancelled => Phase::Failed,
            _ => Phase::Moving,
        }
    }
}

/// Whether the batch takes chunks. An unknown status is no reason not to try.
pub(super) fn is_open(status: &BatchStatus) -> bool {
    matches!(status, BatchStatus::Created | BatchStatus::InProgress | BatchStatus::Other(_))
}
