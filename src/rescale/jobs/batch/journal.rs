//! What a batch knows, and keeps on disk if it is to survive.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::Url;

use super::JobTask;
use super::record::{Line, Progress, State, Step, Version};
use super::store::Store;
use crate::blocking::blocking;
use crate::error::Result;
use crate::rescale::FileId;

/// A journal, in memory and, where there is a path, on disk. Clones are one.
#[derive(Clone, Debug)]
pub(super) struct Journal(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    store: Option<Store>,
    state: State,
}

impl Journal {
    pub(super) async fn open(path: Option<PathBuf>, host: &Url) -> Result<Self> {
        let (store, state) = match path {
            None => (None, State::default()),
            Some(path) => {
                let host = host.as_str().to_owned();
                let (store, state) = blocking(move |_| Store::open(path, &host)).await?;
                (Some(store), state)
            }
        };
        Ok(Self(Arc::new(Mutex::new(Inner { store, state }))))
    }

    /// Writes down a step; it is on disk when this returns.
    pub(super) async fn record(&self, task: Option<&str>, step: Step) -> Result<()> {
        let line = Line::now(task, step);
        let journal = self.clone();
        blocking(move |_| {
            let mut inner = journal.lock();
            if let Some(store) = &mut inner.store {
                store.append(&line)?;
            }
            inner.state.apply(line);
            Ok(())
        })
        .await
    }

    /// How far a task is.
    pub(super) fn progress(&self, task: &str) -> Progress {
        self.lock().state.tasks.get(task).cloned().unwrap_or_default()
    }

    /// The file on the platform that has this version of a local file.
    pub(super) fn uploaded(&self, path: &str, version: Version) -> Option<FileId> {
        let inner = self.lock();
        let (known, file) = inner.state.uploads.get(path)?;
        (*known == version).then(|| FileId::from(file))
    }

    /// Whether the job belongs to a task.
    pub(super) fn owns(&self, job: &str) -> bool {
        self.lock().state.jobs.contains(job)
    }

    /// A journal may be shared with other batches, or the batch may have become smaller.
    pub(super) fn tell_of_strangers(&self, tasks: &[JobTask]) {
        let keys: HashSet<_> = tasks.iter().map(JobTask::key).collect();
        for task in self.lock().state.tasks.keys().filter(|task| !keys.contains(task.as_str())) {
            tracing::debug!(task, "the journal has a task that the batch has not");
        }
    }

    /// Nothing under the lock panics half-way through a change.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
