//! What the journal of a batch says to people.

use std::fmt;
use std::path::Path;

use super::record::{Ended, Progress};
use super::store;
use crate::error::Result;
use crate::rescale::JobId;

/// The journal of a batch, to look at while the batch goes on or after it was interrupted. Nothing
/// is asked of the platform.
///
/// `Display` is a summary, such as `5 tasks: 3 downloaded, 1 failed, 1 submitted`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobJournal {
    /// The tasks that were begun, by their keys.
    pub tasks: Vec<JobProgress>,
}

/// How far a task is, as far as the journal knows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobProgress {
    /// The task's key.
    pub key: String,
    /// The last step that was done.
    pub stage: JobStage,
    /// The job, once it is known.
    pub job: Option<JobId>,
    /// Why the job failed, if it did.
    pub failure: Option<String>,
}

/// The steps of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum JobStage {
    /// The task is to be begun, again.
    Waiting,
    /// The request to create the job was about to be sent; whether it was is not known.
    Creating,
    /// The job is there.
    Created,
    /// The job was submitted.
    Submitted,
    /// The job ended in a failure.
    Failed,
    /// The job ended well.
    Ended,
    /// The job ended well, and its outputs are here.
    Downloaded,
}

impl fmt::Display for JobStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Waiting => "waiting",
            Self::Creating => "creating",
            Self::Created => "created",
            Self::Submitted => "submitted",
            Self::Failed => "failed",
            Self::Ended => "ended",
            Self::Downloaded => "downloaded",
        })
    }
}

impl JobJournal {
    /// Reads a journal.
    ///
    /// # Errors
    /// When the file cannot be read or is no journal of a batch; the error names the line.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let state = store::read(path.as_ref())?;
        let tasks = state.tasks.into_iter().map(|(key, progress)| JobProgress {
            key,
            stage: stage(&progress),
            failure: progress.failure().map(str::to_owned),
            job: progress.job.map(JobId::from),
        });
        Ok(Self { tasks: tasks.collect() })
    }
}

fn stage(progress: &Progress) -> JobStage {
    match progress {
        Progress { ended: Some(Ended::Failed(_)), .. } => JobStage::Failed,
        Progress { downloaded: Some(_), .. } => JobStage::Downloaded,
        Progress { ended: Some(_), .. } => JobStage::Ended,
        Progress { submitted: true, .. } => JobStage::Submitted,
        Progress { job: Some(_), .. } => JobStage::Created,
        Progress { creating: Some(_), .. } => JobStage::Creating,
        _ => JobStage::Waiting,
    }
}

impl fmt::Display for JobJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use JobStage::*;
        write!(f, "{} tasks", self.tasks.len())?;
        let mut separator = ": ";
        for stage in [Downloaded, Ended, Failed, Submitted, Created, Creating, Waiting] {
            let count = self.tasks.iter().filter(|task| task.stage == stage).count();
            if count > 0 {
                write!(f, "{separator}{count} {stage}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}
