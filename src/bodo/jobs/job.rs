//! One job.

use std::fmt;

use super::{Follow, JobId, Log, LogStream};
use crate::arguments::usable;
use crate::bodo::clusters::{Cluster, ClusterId};
use crate::bodo::{JobStatus, Workspace, models};
use crate::error::{Error, Result};
use crate::status::{Phase, Status};
use crate::values::Secret;
use crate::wait::{Targets, Wait, wait_for_status};

/// A job: its last known data and a client to act on it.
///
/// `Debug` shows no configuration: it may hold the token of a repository.
#[derive(Clone)]
pub struct Job {
    workspace: Workspace,
    id: JobId,
    data: Option<Box<models::JobRun>>,
}

impl Job {
    pub(super) fn new(workspace: &Workspace, id: JobId) -> Self {
        Self { workspace: workspace.clone(), id, data: None }
    }

    pub(in crate::bodo) fn with_data(workspace: &Workspace, data: models::JobRun) -> Self {
        let id = JobId::from(&data.uuid);
        Self { data: Some(Box::new(data)), ..Self::new(workspace, id) }
    }

    pub(in crate::bodo) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub(super) fn keep(&mut self, data: models::JobRun) -> &models::JobRun {
        self.data.insert(Box::new(data))
    }

    /// The id, for a request about the job.
    pub(super) fn target(&self) -> Result<&str> {
        usable("job", self.id.as_str())
    }

    /// The job's id.
    pub fn id(&self) -> &JobId {
        &self.id
    }

    /// What the server said last; `None` before the first [`refresh`](Job::refresh).
    pub fn data(&self) -> Option<&models::JobRun> {
        self.data.as_deref()
    }

    /// The job's name, as of the last data.
    pub fn name(&self) -> Option<&str> {
        self.data()?.name.as_deref()
    }

    /// The cluster that the job runs on, a temporary one too, as of the last data.
    pub fn cluster_id(&self) -> Option<ClusterId> {
        let data = self.data()?;
        let of_cluster = data.cluster.as_ref().map(|cluster| &cluster.uuid);
        data.cluster_uuid.as_ref().or(of_cluster).map(ClusterId::from)
    }

    /// The name of the cluster that the job runs on, as of the last data.
    pub fn cluster_name(&self) -> Option<&str> {
        self.data()?.cluster.as_ref()?.name.as_deref()
    }

    /// The cluster that the job runs on, without asking the server.
    pub fn cluster(&self) -> Option<Cluster> {
        self.cluster_id().map(|id| self.workspace.cluster(id))
    }

    /// Asks the server for the job.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::JobRun> {
        let request = self.workspace.session.raw.get_job().job(self.target()?);
        let data = self.workspace.session.call(request.send()).await?;
        Ok(self.keep(data))
    }

    /// The status now.
    ///
    /// # Errors
    /// As any call.
    pub async fn status(&mut self) -> Result<JobStatus> {
        self.refresh().await?;
        Ok(self.last_status())
    }

    /// Waits until the job has, or has had, one of the statuses.
    ///
    /// A job that ends as `FAILED`, `CANCELLED` or `TIMEOUT` without being asked for that is an
    /// error at once ([`is_wait_failed`](Error::is_wait_failed)) with the platform's reason and the
    /// last 2 KiB of stderr. One that succeeded has been `PENDING` and `RUNNING`. At most 24 h
    /// unless told otherwise: a job may wait long for its cluster, and for its turn.
    pub fn wait_for_status(&mut self, targets: impl Into<Targets<JobStatus>>) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    /// Asks the platform to cancel the job: it is `CANCELLING` first and `CANCELLED` later.
    ///
    /// # Errors
    /// [`is_conflict`](Error::is_conflict) when the job has ended otherwise, with the status that it
    /// has; otherwise as any call.
    pub async fn cancel(&mut self) -> Result<()> {
        let request = self.workspace.session.raw.cancel_job().job(self.target()?);
        match self.workspace.session.call(request.send()).await {
            Ok(data) => {
                self.keep(data);
                Ok(())
            }
            Err(error) if error.is_conflict() => self.judge_refusal(error).await,
            Err(error) => Err(error),
        }
    }

    /// A cancellation that was refused because it had come before, as happens when its first answer
    /// was lost, is none.
    async fn judge_refusal(&mut self, error: Error) -> Result<()> {
        match self.status().await {
            Ok(JobStatus::Cancelling | JobStatus::Cancelled) => Ok(()),
            Ok(status) => Err(error.with_advice(format!("the job is `{status}`"))),
            Err(_) => Err(error),
        }
    }

    /// What the job writes to its standard output: all of it as text by `.await`, or see [`Log`].
    ///
    /// ```no_run
    /// # async fn f(job: longhaul::bodo::Job) -> longhaul::Result<()> {
    /// let text: String = job.stdout().await?;
    /// job.stdout().download_to("stdout.txt").await?;
    /// # Ok(()) }
    /// ```
    pub fn stdout(&self) -> Log {
        Log::new(self, LogStream::Stdout)
    }

    /// What the job writes to its standard error, as [`stdout`](Job::stdout).
    pub fn stderr(&self) -> Log {
        Log::new(self, LogStream::Stderr)
    }

    /// What the job writes from now on, after all that it has written: as it appears, until the job
    /// has ended.
    pub fn follow(&self, stream: LogStream) -> Follow {
        Log::new(self, stream).follow()
    }

    /// The links to both logs, which are signed: whoever has one can read the log until it expires.
    ///
    /// # Errors
    /// As any call.
    pub async fn log_links(&self) -> Result<models::JobLogs> {
        let request = self.workspace.session.raw.get_job_logs().job(self.target()?);
        self.workspace.session.call(request.force_refresh(true).send()).await
    }

    /// The links to the stored result of a query, which are signed: first that of the metadata
    /// (JSON), then those of its parts (Parquet), in the order of the rows.
    ///
    /// # Errors
    /// As any call.
    pub async fn result_links(&self) -> Result<Vec<Secret>> {
        let request = self.workspace.session.raw.get_job_result().job(self.target()?);
        self.workspace.session.call(request.send()).await
    }

    /// Whether the job has not ended, as far as the last data tells.
    pub(super) fn may_run(&self) -> bool {
        self.last_status().phase() == Phase::Moving
    }

    pub(super) fn last_status(&self) -> JobStatus {
        let status = self.data().and_then(|data| data.status.clone());
        status.unwrap_or_else(|| JobStatus::Other("unknown".to_owned()))
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("id", &self.id)
            .field("name", &self.name())
            .field("status", &self.data().and_then(|data| data.status.as_ref()))
            .finish_non_exhaustive()
    }
}
