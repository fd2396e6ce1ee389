//! A query that was submitted.

use super::Rows;
use crate::bodo::{Job, JobId, JobStatus};
use crate::error::Result;
use crate::wait::Wait;

/// A query that was submitted. Dropping it changes nothing on the platform; its id is enough to come
/// back to it, with [`Connection::resume`](super::Connection::resume) or from another process.
#[derive(Clone, Debug)]
pub struct Query {
    job: Job,
}

impl Query {
    pub(super) fn new(job: Job) -> Self {
        Self { job }
    }

    /// The id, which is that of the job that runs it.
    pub fn id(&self) -> &JobId {
        self.job.id()
    }

    /// The job that runs it.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// Waits until the query has succeeded; see [`Job::wait_for_status`].
    pub fn wait(&mut self) -> Wait<'_, Job> {
        self.job.wait_for_status(JobStatus::Succeeded)
    }

    /// The rows of the result, from the first on; waits for them, at most 24 h. May be called again:
    /// the result stays where it is.
    ///
    /// # Errors
    /// As [`RunQuery`](super::RunQuery).
    pub async fn rows(&mut self) -> Result<Rows> {
        self.job.rows().await
    }

    /// Asks the platform to cancel the query.
    ///
    /// # Errors
    /// As [`Job::cancel`].
    pub async fn cancel(&mut self) -> Result<()> {
        self.job.cancel().await
    }
}

impl Job {
    /// The rows of the query that the job runs, if it stores its result; waits until it has
    /// succeeded, at most 24 h.
    ///
    /// # Errors
    /// A job that fails is a `Failed` error at once, as for
    /// [`wait_for_status`](Job::wait_for_status).
    pub async fn rows(&mut self) -> Result<Rows> {
        let has_succeeded =
            self.data().is_some_and(|data| data.status == Some(JobStatus::Succeeded));
        if !has_succeeded {
            self.wait_for_status(JobStatus::Succeeded).await?;
        }
        Rows::of(self).await
    }
}
