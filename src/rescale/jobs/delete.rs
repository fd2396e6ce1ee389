//! Deleting a job, which its cluster has to allow.

use std::time::Duration;

use super::Job;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::{Event, Listener};
use crate::rescale::{ClusterStatus, JobStatus};
use crate::status::{Phase, Status};
use crate::transport::call::call;
use crate::wait::Watch;

/// The deletion of a job; `.await` does it.
///
/// The platform refuses to delete a job before its cluster has stopped (source:
/// rescale-labs/Api_UserAPI_Reference, README.ipynb), so the deletion waits for that and tells its
/// listener. A job that still runs is not touched unless [`stop_first`](DeleteJob::stop_first) is
/// set.
#[must_use = "nothing is deleted until it is awaited"]
pub struct DeleteJob {
    job: Job,
    input_files: bool,
    stop_first: bool,
    limit: Duration,
    listener: Option<Listener>,
}

impl DeleteJob {
    pub(super) fn new(job: Job) -> Self {
        let limit = Duration::from_secs(15 * 60);
        Self { job, input_files: false, stop_first: false, limit, listener: None }
    }

    /// Deletes the job's input files too.
    pub fn with_input_files(mut self) -> Self {
        self.input_files = true;
        self
    }

    /// Stops the job if it still runs.
    pub fn stop_first(mut self) -> Self {
        self.stop_first = true;
        self
    }

    /// How long to wait for the cluster to stop; 15 minutes by default.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Is told of the wait for the cluster.
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn run(mut self) -> Result<()> {
        let status = self.job.status().await?;
        if let Some(status) = status {
            self.end_job(&status).await?;
            self.cluster_stopped().await?;
        }
        let request = self.job.client().raw().delete_job().job(self.job.id().as_str());
        let request = match self.input_files {
            true => request.delete_input_files(true),
            false => request,
        };
        call(request.send()).await
    }

    /// A job that still runs is stopped, or is a reason to refuse.
    async fn end_job(&mut self, status: &JobStatus) -> Result<()> {
        if status.phase() != Phase::Moving {
            return Ok(());
        }
        if self.stop_first {
            return self.job.stop().await;
        }
        let message = format!(
            "{} is `{status}` and was not deleted; stop it first, or set `stop_first`",
            Watch::name(&self.job)
        );
        Err(Error::new(ErrorKind::InvalidInput, message).with_operation("rescale", "delete_job"))
    }

    async fn cluster_stopped(&mut self) -> Result<()> {
        let mut cluster = self.job.cluster();
        if cluster.statuses().await?.is_empty() {
            return Ok(());
        }
        let mut listener = self.listener.take();
        let wait = cluster.wait_for_status(ClusterStatus::Stopped).timeout(self.limit);
        let wait = wait.on_event(move |event| {
            if let Some(listener) = &mut listener {
                listener(event);
            }
        });
        let job = Watch::name(&self.job);
        let advice = format!("{job} was not deleted, because its cluster has to stop before");
        wait.await.map(drop).map_err(|error| error.with_advice(advice))
    }
}

impl std::fmt::Debug for DeleteJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeleteJob")
            .field("job", self.job.id())
            .field("input_files", &self.input_files)
            .field("stop_first", &self.stop_first)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(DeleteJob => (), run);
