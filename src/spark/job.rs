//! The state of a job whose progress the platform tells in percent.

use std::fmt;

use crate::status::{Phase, Status};

/// The state of a compilation or a log download, which the platform tells by a percentage and a
/// text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JobState {
    /// At work.
    Running,
    /// Done, with what it was to make.
    Succeeded,
    /// Ended without it.
    Failed,
}

impl JobState {
    /// At 100 percent a job has ended, well or not; a status that speaks of failure ends it before.
    pub(super) fn of(progress: Option<f64>, good: bool, status: Option<&str>) -> Self {
        let ended = progress.is_some_and(|percent| percent >= 100.0);
        let status = status.unwrap_or_default().to_lowercase();
        let broken = ["fail", "error", "cancel"].iter().any(|word| status.contains(word));
        match (good, ended) {
            _ if broken => Self::Failed,
            (true, true) => Self::Succeeded,
            (false, true) => Self::Failed,
            (_, false) => Self::Running,
        }
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        })
    }
}

impl Status for JobState {
    fn phase(&self) -> Phase {
        match self {
            Self::Running => Phase::Moving,
            Self::Succeeded => Phase::Done,
            Self::Failed => Phase::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_job_that_is_not_good_has_failed() {
        assert_eq!(JobState::of(Some(100.0), true, Some("Success")), JobState::Succeeded);
        assert_eq!(JobState::of(Some(100.0), false, Some("Other")), JobState::Failed);
        assert_eq!(JobState::of(Some(100.0), false, None), JobState::Failed);
        assert_eq!(JobState::of(Some(40.0), false, Some("Failed")), JobState::Failed);
        assert_eq!(JobState::of(Some(99.0), true, Some("Success")), JobState::Running);
        assert_eq!(JobState::of(None, false, Some("InProgress")), JobState::Running);
    }
}
