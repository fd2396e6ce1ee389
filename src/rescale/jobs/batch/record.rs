//! What the journal of a batch says, line by line, and what it comes to.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use chrono::Utc;
use serde::{Deserialize, Serialize};

use super::outputs::Outputs;
use crate::rescale::Outcome;
use crate::values::Timestamp;

/// The first line: what the file is, and whose ids it has.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) journal: String,
    pub(super) version: u32,
    pub(super) host: String,
}

/// Every further line: something that was done, or is about to be.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) task: Option<String>,
    pub(super) step: Step,
}

impl Line {
    pub(super) fn now(task: Option<&str>, step: Step) -> Self {
        let at = Timestamp::from(Utc::now().to_rfc3339());
        Self { at, task: task.map(str::to_owned), step }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    /// A local file is on the platform, for all tasks.
    Uploaded {
        path: String,
        version: Version,
        file: String,
    },
    /// The job is about to be created, under this name and with these files.
    Creating {
        name: String,
        inputs: Vec<String>,
    },
    Created {
        job: String,
    },
    Submitted,
    Ended(Ended),
    Downloaded {
        outputs: Outputs,
        files: Vec<PathBuf>,
    },
    /// The task begins anew: the job was refused, or is to be replaced by another one.
    Anew,
}

/// What tells the contents of a local file apart without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) size: u64,
    /// Nanoseconds since 1970; 0 where the system does not tell.
    pub(super) modified: u64,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ended {
    Succeeded,
    Unknown,
    Failed(String),
}

impl From<Ended> for Outcome {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Succeeded => Self::Succeeded,
            Ended::Unknown => Self::Unknown,
            Ended::Failed(reason) => Self::Failed(reason),
        }
    }
}

/// A creation whose answer is not known.
#[derive(Clone, Debug)]
pub(super) struct Creating {
    pub(super) since: Timestamp,
    pub(super) name: String,
    pub(super) inputs: Vec<String>,
}

/// How far a task is.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    pub(super) creating: Option<Creating>,
    pub(super) job: Option<String>,
    pub(super) submitted: bool,
    pub(super) ended: Option<Ended>,
    pub(super) downloaded: Option<(Outputs, Vec<PathBuf>)>,
}

/// What all lines come to.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) tasks: BTreeMap<String, Progress>,
    pub(super) uploads: HashMap<String, (Version, String)>,
    /// Every job that was made or adopted for a task, also for one that was done anew.
    pub(super) jobs: HashSet<String>,
}

impl State {
    pub(super) fn apply(&mut self, line: Line) {
        let Line { at, task, step } = line;
        match (task, step) {
            (_, Step::Uploaded { path, version, file }) => {
                self.uploads.insert(path, (version, file));
            }
            (Some(task), step) => {
                if let Step::Created { job } = &step {
                    self.jobs.insert(job.clone());
                }
                self.tasks.entry(task).or_default().apply(at, step);
            }
            (None, _) => {}
        }
    }
}

impl Progress {
    fn apply(&mut self, at: Timestamp, step: Step) {
        match step {
            Step::Creating { name, inputs } => {
                self.creating = Some(Creating { since: at, name, inputs });
            }
            Step::Created { job } => (self.creating, self.job) = (None, Some(job)),
            Step::Submitted => self.submitted = true,
            Step::Ended(ended) => self.ended = Some(ended),
            Step::Downloaded { outputs, files } => self.downloaded = Some((outputs, files)),
            Step::Anew => *self = Self::default(),
            Step::Uploaded { .. } => {}
        }
    }

    /// Why the job failed, if it did.
    pub(super) fn failure(&self) -> Option<&str> {
        match &self.ended {
            Some(Ended::Failed(reason)) => Some(reason),
            _ => None,
        }
    }
}
