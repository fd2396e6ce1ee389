//! The statuses of jobs, clusters and storage devices, and how a job's end is judged.

use super::models::JobStatusEntry;
use crate::raw::rescale::enums;
use crate::status::{Phase, Status};
use crate::values::Timestamp;

pub use enums::{ClusterStatus, JobState, JobStatus, JobStatusFilter, StorageDeviceStatus};

/// The reason of a run that went well (source: Rescale API documentation).
const SUCCESS: &str = "Completed successfully";

impl Status for JobStatus {
    /// `Completed` says only that the job has ended: see [`Outcome`].
    fn phase(&self) -> Phase {
        match self {
            Self::Completed => Phase::Done,
            Self::ForceStop
            | Self::ForceStopped
            | Self::Failed
            | Self::Stopped
            | Self::Terminated => Phase::Failed,
            _ => Phase::Moving,
        }
    }
}

impl Status for ClusterStatus {
    fn phase(&self) -> Phase {
        match self {
            Self::Stopped => Phase::Done,
            Self::Error => Phase::Failed,
            _ => Phase::Moving,
        }
    }
}

impl Status for StorageDeviceStatus {
    fn phase(&self) -> Phase {
        match self {
            Self::Stopped => Phase::Done,
            _ => Phase::Moving,
        }
    }
}

/// Whether a completed job did what it was asked to do.
///
/// A job reaches `Completed` also when its command failed; the history tells (sources: Rescale
/// API documentation; rescale/nf-rescale-hpc, RescaleTaskHandler.groovy).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The platform says that it completed successfully.
    Succeeded,
    /// It failed or was stopped, with the platform's reason.
    Failed(String),
    /// The platform gives no reason and shows no trace of a failure.
    Unknown,
    /// It has not ended.
    Open,
}

impl Outcome {
    /// Judges by a job's history, in any order.
    pub fn of(history: &[JobStatusEntry]) -> Self {
        let ended = history.iter().find(|entry| entry.status == JobStatus::Completed);
        let stopping = history.iter().find(|entry| entry.status == JobStatus::Stopping);
        let failed = history.iter().find(|entry| entry.status.phase() == Phase::Failed);
        let reason = |entry: &JobStatusEntry| {
            entry.status_reason.clone().filter(|reason| !reason.trim().is_empty())
        };
        match (ended, stopping, failed) {
            (Some(end), ..) if reason(end).as_deref() == Some(SUCCESS) => Self::Succeeded,
            (Some(_), Some(stop), _) if reason(stop).is_some() => {
                Self::Failed(reason(stop).unwrap_or_default())
            }
            (Some(end), stop, _) => match (reason(end), stop) {
                (Some(why), _) => Self::Failed(why),
                (None, Some(_)) => Self::Failed("it was stopped".to_owned()),
                (None, None) => Self::Unknown,
            },
            (None, _, Some(failed)) => {
                Self::Failed(reason(failed).unwrap_or_else(|| failed.status.to_string()))
            }
            (None, _, None) => Self::Open,
        }
    }
}

/// Sorts a history by date, oldest first. The platform sends the newest first, with offsets
/// written in several ways; entries without a readable date keep their place.
pub(super) fn oldest_first<T>(mut newest_first: Vec<T>, date: impl Fn(&T) -> &Timestamp) -> Vec<T> {
    newest_first.reverse();
    newest_first.sort_by_key(|entry| date(entry).datetime());
    newest_first
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A status with its reason.
    type Entry = (&'static str, Option<&'static str>);

    fn history(entries: &[Entry]) -> Vec<JobStatusEntry> {
        let entry = |(status, reason): &Entry| JobStatusEntry {
            status: JobStatus::from(*status),
            status_date: Timestamp::from("2026-01-02T03:04:05Z"),
            status_reason: reason.map(str::to_owned),
        };
        entries.iter().map(entry).collect()
    }

    #[test]
    fn completed_is_judged_by_its_reasons() {
        let failed = |why: &str| Outcome::Failed(why.to_owned());
        let cases: [(&[Entry], Outcome); 8] = [
            (&[("Completed", Some(SUCCESS))], Outcome::Succeeded),
            (&[("Completed", None), ("Stopping", Some("A run failed"))], failed("A run failed")),
            (
                &[("Completed", Some("Done")), ("Stopping", Some("User Terminated"))],
                failed("User Terminated"),
            ),
            (
                &[("Completed", Some("Exceeded max number of restarts"))],
                failed("Exceeded max number of restarts"),
            ),
            (&[("Completed", None), ("Stopping", None)], failed("it was stopped")),
            (&[("Completed", None), ("Executing", None)], Outcome::Unknown),
            (&[("Force Stop", None)], failed("Force Stop")),
            (&[("Executing", None), ("Brand New", None)], Outcome::Open),
        ];
        for (entries, expected) in cases {
            assert_eq!(Outcome::of(&history(entries)), expected, "{entries:?}");
        }
    }

    #[test]
    fn unknown_statuses_never_end_a_wait() {
        assert_eq!(JobStatus::from("Rebalancing").phase(), Phase::Moving);
        assert_eq!(ClusterStatus::from("Hibernating").phase(), Phase::Moving);
    }
}
