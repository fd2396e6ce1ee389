//! What is to be done, and what became of it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::outputs::Outputs;
use super::{pattern, refused};
use crate::error::{Error, Result};
use crate::rescale::models::JobCreate;
use crate::rescale::{Analysis, Job, NewJob, Outcome};

/// One job of a batch, with the local files that it reads and those that it leaves.
#[derive(Clone, Debug)]
#[must_use]
pub struct JobTask {
    key: String,
    job: NewJob,
    uploads: Vec<PathBuf>,
    outputs: Option<Outputs>,
}

impl JobTask {
    /// A task with a key that is unique in its batch, such as the name of a folder. The key is the
    /// job's name as well.
    pub fn new(key: impl Into<String>, analysis: Analysis) -> Self {
        let key = key.into();
        let job = NewJob::new(&key).analysis(analysis);
        Self { key, job, uploads: Vec::new(), outputs: None }
    }

    /// Adds a step; the steps run one after the other on one cluster.
    pub fn analysis(mut self, analysis: Analysis) -> Self {
        self.job = self.job.analysis(analysis);
        self
    }

    /// A local file that is uploaded when the task starts, as an input of the first step. A file
    /// that several tasks name is uploaded once.
    pub fn upload(mut self, file: impl Into<PathBuf>) -> Self {
        self.uploads.push(file.into());
        self
    }

    /// Downloads those outputs into a folder that fit one of the patterns; without a pattern,
    /// none. A job that fails leaves its outputs on the platform.
    ///
    /// In a pattern `*` stands for any text and `?` for any character. A pattern fits the path of
    /// an output below the run's folder, or its name. An output that is named in full must be
    /// there; its absence is a failure of the task.
    pub fn download<T: Into<String>>(
        mut self,
        folder: impl Into<PathBuf>,
        patterns: impl IntoIterator<Item = T>,
    ) -> Self {
        let patterns: Vec<String> = patterns.into_iter().map(Into::into).collect();
        let outputs = Outputs { folder: folder.into(), patterns };
        self.outputs = (!outputs.patterns.is_empty()).then_some(outputs);
        self
    }

    /// The request of the job, to set what has no setter here. Its name is set by the batch.
    pub fn edit(mut self, change: impl FnOnce(&mut JobCreate)) -> Self {
        self.job = self.job.edit(change);
        self
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn job(&self) -> &NewJob {
        &self.job
    }

    pub(super) fn uploads(&self) -> &[PathBuf] {
        &self.uploads
    }

    pub(super) fn outputs(&self) -> Option<&Outputs> {
        self.outputs.as_ref()
    }

    fn check(&self, common: &[PathBuf]) -> Result<()> {
        self.job.check().map_err(|error| refused(&self.key, format!("cannot be sent: {error}")))?;
        let mut names = HashSet::new();
        for path in common.iter().chain(&self.uploads) {
            let Some(name) = path.file_name() else {
                let path = path.display();
                return Err(refused(&self.key, format!("uploads `{path}`, which names no file")));
            };
            if !names.insert(name) {
                let name = Path::new(name).display();
                let why = format!("uploads two files named `{name}`, of which a job can have one");
                return Err(refused(&self.key, why));
            }
        }
        let patterns = self.outputs.iter().flat_map(|outputs| &outputs.patterns);
        match patterns.into_iter().any(|pattern| pattern::is_empty(pattern)) {
            true => Err(refused(&self.key, "downloads an empty pattern; use `*` for all outputs")),
            false => Ok(()),
        }
    }
}

/// Refuses what could not work, before anything is sent.
pub(super) fn check(tasks: &[JobTask], common: &[PathBuf]) -> Result<()> {
    let mut keys = HashSet::new();
    for task in tasks {
        if task.key.trim().is_empty() {
            return Err(Error::invalid("a task of a batch needs a key that is not empty"));
        }
        if !keys.insert(task.key()) {
            return Err(refused(&task.key, "is there twice; the keys of a batch must be unique"));
        }
        task.check(common)?;
    }
    Ok(())
}

/// What became of a task that went well.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobResult {
    /// The task's key.
    pub key: String,
    /// The job. When it had ended in an earlier run of the batch, only its id is known.
    pub job: Job,
    /// How the job ended: [`Outcome::Succeeded`], or [`Outcome::Unknown`] where the platform gives
    /// no reason.
    pub outcome: Outcome,
    /// The outputs that were downloaded, in this run of the batch or an earlier one.
    pub files: Vec<PathBuf>,
}
