//! Many jobs from local files, done once each, however often the program is stopped.

mod adopt;
mod journal;
mod outputs;
mod pattern;
mod progress;
mod record;
mod run;
mod store;
mod task;
mod uploads;

pub use progress::{JobJournal, JobProgress, JobStage};
pub use task::{JobResult, JobTask};

use std::future::IntoFuture;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::{Job, Jobs};
use crate::batch::{Report, batch};
use crate::error::{Error, Result};
use crate::progress::{Event, Listener};
use crate::rescale::Client;
use crate::wait::Watch;
use journal::Journal;
use run::Shared;

/// How many tasks send at once, and how many fetch results, unless told otherwise.
const CONCURRENCY: usize = 5;

/// How long a request that nobody waits for any more may still take effect.
const SETTLE: Duration = Duration::from_secs(10);

impl Jobs {
    /// Runs a job for each task: uploads its files, creates and submits the job, waits for its end
    /// and downloads its outputs.
    ///
    /// With a [`journal`](JobBatch::journal), a batch that was interrupted anywhere goes on when
    /// the same program is started again: no job is made twice and none is forgotten.
    ///
    /// ```no_run
    /// # async fn f(rescale: longhaul::rescale::Client) -> longhaul::Result<()> {
    /// use longhaul::rescale::{Analysis, JobTask};
    /// let tasks = ["low", "high"].map(|folder| {
    ///     let work = Analysis::new("miniconda", "4.8.4").command("python pi.py").hardware("granite", 2);
    ///     JobTask::new(folder, work)
    ///         .upload(format!("{folder}/pi.py"))
    ///         .download(format!("{folder}/out"), ["*.res", "process_output.log"])
    /// });
    /// let report = rescale
    ///     .jobs()
    ///     .batch(tasks)
    ///     .common_files(["mesh.dat"])
    ///     .journal("jobs.journal")
    ///     .await?;
    /// for failure in &report.failed {
    ///     eprintln!("{}: {}", failure.input.key(), failure.error);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn batch(&self, tasks: impl IntoIterator<Item = JobTask>) -> JobBatch {
        JobBatch {
            client: self.client.clone(),
            tasks: tasks.into_iter().collect(),
            common: Vec::new(),
            journal: None,
            settings: Settings::default(),
            listener: None,
        }
    }
}

#[derive(Clone, Debug)]
struct Settings {
    prefix: String,
    concurrency: usize,
    timeout: Duration,
    every: Option<Duration>,
    settle: Duration,
    retry_failed: bool,
    overwrite: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prefix: String::new(),
            concurrency: CONCURRENCY,
            timeout: <Job as Watch>::LIMIT,
            every: None,
            settle: SETTLE,
            retry_failed: false,
            overwrite: false,
        }
    }
}

/// Jobs to be run; `.await` runs them and gives a [`Report`]. Made by [`Jobs::batch`].
///
/// A task that fails does not stop the others. Dropping the batch stops it and nothing on the
/// platform: jobs that were submitted go on.
///
/// # Errors
/// Before anything is sent: keys that are empty or not unique, tasks that cannot be sent, a journal
/// that cannot be used. Everything later is in the report.
#[must_use = "a batch does nothing until it is awaited"]
pub struct JobBatch {
    client: Client,
    tasks: Vec<JobTask>,
    common: Vec<PathBuf>,
    journal: Option<PathBuf>,
    settings: Settings,
    listener: Option<Listener>,
}

impl JobBatch {
    /// Local files that every job gets besides its own; each is uploaded once.
    pub fn common_files<P: Into<PathBuf>>(mut self, files: impl IntoIterator<Item = P>) -> Self {
        self.common.extend(files.into_iter().map(Into::into));
        self
    }

    /// A file that remembers what was done, so that the batch can go on after it was interrupted.
    /// Without one, a batch that is interrupted is forgotten.
    ///
    /// It is a text file with a JSON object in each line, on disk before the next step is taken.
    /// One program at a time can use it. Tasks are known in it by their keys; it may have more
    /// tasks than the batch. A task that is done is not looked at again, even if it was changed.
    /// [`JobJournal`] reads it.
    pub fn journal(mut self, path: impl Into<PathBuf>) -> Self {
        self.journal = Some(path.into());
        self
    }

    /// What the names of the jobs have before the tasks' keys; nothing by default.
    pub fn name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.settings.prefix = prefix.into();
        self
    }

    /// How many tasks upload, create and submit at once, and how many others download at once; 5
    /// by default, at least 1. Tasks that wait for their jobs do not count.
    pub fn concurrency(mut self, tasks: usize) -> Self {
        self.settings.concurrency = tasks.clamp(1, tokio::sync::Semaphore::MAX_PERMITS);
        self
    }

    /// How long to wait for the end of each job; 24 h by default. A job that takes longer goes on,
    /// and the batch, run again, waits for it again.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.settings.timeout = limit;
        self
    }

    /// Looks at each job in a fixed rhythm, instead of the growing one of
    /// [`Wait`](crate::wait::Wait).
    pub fn every(mut self, interval: Duration) -> Self {
        self.settings.every = Some(interval);
        self
    }

    /// How long a request that was sent before an interruption may still take effect on the
    /// platform; 10 s by default. A task that was interrupted while its job was being created
    /// makes another one only if none appeared for so long.
    pub fn settle_time(mut self, time: Duration) -> Self {
        self.settings.settle = time;
        self
    }

    /// Whether tasks whose jobs failed, or are gone, are done anew with new jobs; `false` by
    /// default, which reports the failure that is in the journal.
    pub fn retry_failed(mut self, retry: bool) -> Self {
        self.settings.retry_failed = retry;
        self
    }

    /// Whether outputs replace other files of the same name in the tasks' folders; `false` by
    /// default, which makes it a failure of the task. Files that are the outputs already, by the
    /// checksums that the platform declares, are kept in both cases.
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.settings.overwrite = overwrite;
        self
    }

    /// Is told of every task that is done: [`Event::Item`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn run(self) -> Result<Report<JobTask, JobResult>> {
        task::check(&self.tasks, &self.common)?;
        let journal = Journal::open(self.journal, self.client.base_url()).await?;
        journal.tell_of_strangers(&self.tasks);
        let all = self.tasks.len().max(1);
        let shared = Arc::new(Shared::new(self.client, journal, self.common, self.settings));
        let mut tasks =
            batch(self.tasks, move |task| run::run(shared.clone(), task)).concurrency(all);
        if let Some(listener) = self.listener {
            tasks = tasks.on_event(listener);
        }
        Ok(tasks.await)
    }
}

impl IntoFuture for JobBatch {
    type Output = Result<Report<JobTask, JobResult>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl std::fmt::Debug for JobBatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JobBatch")
            .field("tasks", &self.tasks.len())
            .field("journal", &self.journal)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// The same sentence for every task that cannot be sent.
fn refused(key: &str, why: impl std::fmt::Display) -> Error {
    Error::invalid(format!("the task `{key}` {why}"))
}
