//! One task, from wherever it is to its end.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::journal::Journal;
use super::outputs;
use super::record::{Creating, Ended, Progress, Step};
use super::uploads::Uploads;
use super::{JobResult, JobTask, Settings, adopt};
use crate::error::{Error, ErrorKind, Result};
use crate::rescale::models::{InputFile, JobCreate};
use crate::rescale::{Client, Job, JobStatus, NewJob, Outcome};
use crate::values::Timestamp;

/// What the tasks of a batch share.
#[derive(Debug)]
pub(super) struct Shared {
    client: Client,
    journal: Journal,
    uploads: Uploads,
    common: Vec<PathBuf>,
    settings: Settings,
    /// Places for tasks that send, and for tasks that fetch: results do not queue behind uploads.
    sending: Semaphore,
    fetching: Semaphore,
    started: Instant,
}

impl Shared {
    pub(super) fn new(
        client: Client,
        journal: Journal,
        common: Vec<PathBuf>,
        settings: Settings,
    ) -> Self {
        Self {
            uploads: Uploads::new(client.clone(), journal.clone()),
            sending: Semaphore::new(settings.concurrency),
            fetching: Semaphore::new(settings.concurrency),
            started: Instant::now(),
            client,
            journal,
            common,
            settings,
        }
    }
}

/// Does what is left of a task.
pub(super) async fn run(shared: Arc<Shared>, task: JobTask) -> Result<JobResult> {
    let run = Run { shared: &shared, task: &task };
    let progress = run.begin().await?;
    let mut job = run.submitted(&progress).await?;
    let outcome = run.ended(&mut job, &progress).await?;
    let files = run.fetched(&job, &progress).await?;
    Ok(JobResult { key: task.key().to_owned(), job, outcome, files })
}

struct Run<'a> {
    shared: &'a Shared,
    task: &'a JobTask,
}

impl Run<'_> {
    async fn record(&self, step: Step) -> Result<()> {
        tracing::debug!(task = self.task.key(), ?step, "job batch");
        self.shared.journal.record(Some(self.task.key()), step).await
    }

    /// Where to go on; a failure of an earlier run is one of this run, unless it is to be mended.
    async fn begin(&self) -> Result<Progress> {
        let progress = self.shared.journal.progress(self.task.key());
        match progress.failure() {
            None => Ok(progress),
            Some(_) if self.shared.settings.retry_failed => {
                self.record(Step::Anew).await?;
                Ok(Progress::default())
            }
            Some(reason) => {
                let message = format!(
                    "in an earlier run of the batch, for which `retry_failed` would make up: \
                     {reason}"
                );
                Err(Error::new(ErrorKind::Failed, message))
            }
        }
    }

    /// The job, submitted once.
    async fn submitted(&self, progress: &Progress) -> Result<Job> {
        let known = progress.job.as_ref().map(|id| self.shared.client.job(id));
        if let Some(job) = known.as_ref().filter(|_| progress.ended.is_some()) {
            return Ok(job.clone());
        }
        let _place = self.shared.sending.acquire().await.expect("never closed");
        let mut job = match known {
            Some(job) => job,
            None => self.created(progress.creating.as_ref()).await?,
        };
        self.tag(&job).await?;
        match submit(&mut job).await {
            Err(error) if error.is_not_found() => return Err(self.gone(error).await?),
            submitted => submitted?,
        }
        if !progress.submitted {
            self.record(Step::Submitted).await?;
        }
        Ok(job)
    }

    /// The job, created once: an attempt whose answer was lost is looked for first.
    async fn created(&self, pending: Option<&Creating>) -> Result<Job> {
        let Shared { client, journal, settings, .. } = self.shared;
        if let Some(creating) = pending {
            let deadline = self.shared.started + settings.settle;
            if let Some(job) = adopt::find_until(deadline, client, journal, creating).await? {
                return self.owned(job).await;
            }
        }
        let (request, creating) = self.request().await?;
        let Creating { name, inputs, .. } = creating.clone();
        self.record(Step::Creating { name, inputs }).await?;
        match client.jobs().create_from(request).await {
            Ok(job) => self.owned(job).await,
            Err(error) if error.may_have_happened() => self.lost(&creating, error).await,
            Err(error) => {
                self.record(Step::Anew).await?;
                Err(error)
            }
        }
    }

    /// Adopts a job whose creation was not answered, if it is there already. Whether it comes later
    /// is for the next run to see.
    async fn lost(&self, creating: &Creating, error: Error) -> Result<Job> {
        let Shared { client, journal, .. } = self.shared;
        match adopt::find(client, journal, creating).await {
            Ok(Some(job)) => self.owned(job).await,
            Ok(None) => Err(error.with_advice("run the batch again to find out")),
            Err(look) => Err(error
                .with_advice(format!("whether the job is there could not be seen: {look}"))
                .with_advice("run the batch again to find out")),
        }
    }

    async fn owned(&self, job: Job) -> Result<Job> {
        self.record(Step::Created { job: job.id().as_str().to_owned() }).await?;
        Ok(job)
    }

    /// The request with the files, which are uploaded for it. Tags are left out, because they are
    /// requests of their own.
    async fn request(&self) -> Result<(NewJob, Creating)> {
        let mut files = Vec::new();
        for path in self.shared.common.iter().chain(self.task.uploads()) {
            let id = self.shared.uploads.id_of(path).await?.as_str().to_owned();
            files.push(InputFile { id, decompress: None });
        }
        let name = format!("{}{}", self.shared.settings.prefix, self.task.key());
        let request = self.task.job().clone().edit(|job| {
            job.name.clone_from(&name);
            job.tags = None;
            if let Some(first) = job.jobanalyses.first_mut().filter(|_| !files.is_empty()) {
                first.input_files.get_or_insert_default().extend(files);
            }
        });
        let inputs = inputs(request.request());
        let since = Timestamp::from(chrono::Utc::now().to_rfc3339());
        Ok((request, Creating { since, name, inputs }))
    }

    async fn tag(&self, job: &Job) -> Result<()> {
        let Some(wanted) = &self.task.job().request().tags else { return Ok(()) };
        let there = job.tags().await?;
        for tag in wanted.iter().filter(|tag| there.iter().all(|known| known.name != **tag)) {
            job.add_tag(tag).await?;
        }
        Ok(())
    }

    /// Waits for the end, without holding a place.
    async fn ended(&self, job: &mut Job, progress: &Progress) -> Result<Outcome> {
        if let Some(ended) = &progress.ended {
            return Ok(ended.clone().into());
        }
        let settings = &self.shared.settings;
        let mut wait = job.wait_for_status(JobStatus::Completed).timeout(settings.timeout);
        if let Some(interval) = settings.every {
            wait = wait.every(interval);
        }
        match wait.await {
            Ok(job) => {
                let outcome = job.outcome();
                let succeeded = outcome == Outcome::Succeeded;
                let ended = if succeeded { Ended::Succeeded } else { Ended::Unknown };
                self.record(Step::Ended(ended)).await?;
                Ok(outcome)
            }
            Err(error) if error.is_not_found() => Err(self.gone(error).await?),
            Err(error) if error.is_wait_failed() => {
                self.record(Step::Ended(Ended::Failed(error.message().to_owned()))).await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// A job that is not there any more has ended; only the journal can tell the next run.
    async fn gone(&self, error: Error) -> Result<Error> {
        let reason = format!("the job is not on the platform any more: {}", error.message());
        self.record(Step::Ended(Ended::Failed(reason))).await?;
        Ok(error.with_advice("with `retry_failed` another job is made"))
    }

    async fn fetched(&self, job: &Job, progress: &Progress) -> Result<Vec<PathBuf>> {
        let Some(outputs) = self.task.outputs() else { return Ok(Vec::new()) };
        if let Some((earlier, files)) = &progress.downloaded
            && earlier == outputs
            && files.iter().all(|file| file.is_file())
        {
            return Ok(files.clone());
        }
        let _place = self.shared.fetching.acquire().await.expect("never closed");
        let files = outputs::fetch(job, outputs, self.shared.settings.overwrite).await?;
        let step = Step::Downloaded { outputs: outputs.clone(), files: files.clone() };
        self.record(step).await?;
        Ok(files)
    }
}

/// Submits the job unless its history tells that it was.
async fn submit(job: &mut Job) -> Result<()> {
    match job.submit().await {
        Err(error) if error.kind() == ErrorKind::NoEffect => Ok(()),
        answer => answer,
    }
}

/// The ids of all files that the job reads.
fn inputs(job: &JobCreate) -> Vec<String> {
    let files = job.jobanalyses.iter().filter_map(|analysis| analysis.input_files.as_ref());
    files.flatten().map(|file| file.id.clone()).collect()
}
