//! Jobs: make them, run them, watch them, look at what they left.

mod batch;
mod cluster;
mod delete;
mod job;
mod new_job;
mod run;
mod update;

pub use batch::{JobBatch, JobJournal, JobProgress, JobResult, JobStage, JobTask};
pub use cluster::Cluster;
pub use delete::DeleteJob;
pub use job::{InstanceQuery, Job, JobFileQuery};
pub use new_job::{Analysis, CreateJob, NewJob};
pub use run::{Run, RunFileQuery, RunId, RunQuery};
pub use update::UpdateJob;

use super::Client;
use super::lists::paged_list;
use super::models::JobSummary;
use super::status::{JobState, JobStatusFilter};
use crate::error::Result;
use crate::ids::id_type;
use crate::page::List;

id_type! {
    /// The id of a job, such as `jNibFc`.
    JobId
}

paged_list! {
    /// Jobs with their states, newest first.
    JobQuery: JobSummary = list_jobs() {
        /// Only jobs that have ended, or only those that have not.
        state: JobState,
        /// Only jobs in this status.
        job_status: JobStatusFilter,
    } |_client, job| job
}

/// All jobs of the account.
#[derive(Clone, Debug)]
pub struct Jobs {
    client: Client,
}

impl Jobs {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// The jobs with their states, newest first; narrow with `state` and `job_status`.
    ///
    /// ```no_run
    /// # async fn f(rescale: longhaul::rescale::Client) -> longhaul::Result<()> {
    /// use longhaul::rescale::JobState;
    /// let mut completed = rescale.jobs().list().state(JobState::Completed);
    /// while let Some(job) = completed.try_next().await? {
    ///     println!("{} {}", job.id, job.name);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> List<JobQuery> {
        JobQuery::list(&self.client)
    }

    /// A job by its id, as the server has it now.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) when there is none; otherwise as any call.
    pub async fn get(&self, id: impl Into<JobId>) -> Result<Job> {
        let mut job = Job::new(&self.client, id.into());
        job.refresh().await?;
        Ok(job)
    }

    /// Saves a new job with one analysis. It does not start before [`Job::submit`].
    ///
    /// ```no_run
    /// # async fn f(rescale: longhaul::rescale::Client) -> longhaul::Result<()> {
    /// use longhaul::rescale::Analysis;
    /// let work = Analysis::new("miniconda", "4.8.4").command("python pi.py").hardware("granite", 2);
    /// let job = rescale.jobs().create("pi", work).low_priority(true).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, name: impl Into<String>, analysis: Analysis) -> CreateJob {
        CreateJob::new(&self.client, NewJob::new(name).analysis(analysis))
    }

    /// Saves a job that was described before, for example one made by [`Job::to_new`].
    pub fn create_from(&self, job: NewJob) -> CreateJob {
        CreateJob::new(&self.client, job)
    }
}
