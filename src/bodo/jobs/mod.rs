//! Jobs: Python programs, notebooks and SQL, on a cluster or on one of their own.

mod follow;
mod group;
mod job;
mod lines;
mod log;
mod moment;
mod new_job;
mod overlap;
mod place;
mod retries;
mod run;
mod setters;
mod source;
mod watch;
mod work;

use super::lists::{Ascending, paged_list};
use super::{Group, JobStatus, JobType, Workspace};
use crate::batch::Report;
use crate::error::Result;
use crate::ids::id_type;
use crate::page::List;

pub use follow::Follow;
pub use job::Job;
pub use lines::Lines;
pub use log::{Log, LogSource, LogStream};
pub use moment::Moment;
pub use new_job::NewJob;
pub(super) use place::Place;
pub use retries::Retries;
pub use run::RunJob;
pub(super) use setters::work_setters;
pub use source::Source;
pub(super) use work::{Work, secrets};

id_type! {
    /// A job's id, a UUID.
    JobId
}

paged_list! {
    /// The jobs of a workspace.
    JobQuery of Workspace: Job = list_jobs {
        always order: Ascending = order,
        /// Only jobs that were started after this moment.
        one started_after: Moment = started_at,
        /// Only jobs that were finished before this moment.
        one finished_before: Moment = finished_at,
        /// Only these jobs, by their ids.
        many ids: String = uuid,
        /// Only jobs of these templates, by their ids.
        many template_ids: String = job_template_uuid,
        /// Only jobs on these clusters, by their ids.
        many cluster_ids: String = cluster_uuid,
        /// Only jobs of these cron jobs, by their ids.
        many cron_job_ids: String = cron_job_uuid,
        /// Only jobs of these types.
        many types: JobType = type_,
        /// Only jobs with these statuses.
        many statuses: JobStatus = status,
    } |client, data| Job::with_data(client, data)
}

/// The jobs of a workspace.
#[derive(Clone, Debug)]
pub struct Jobs {
    workspace: Workspace,
}

impl Workspace {
    /// The jobs of the workspace.
    pub fn jobs(&self) -> Jobs {
        Jobs { workspace: self.clone() }
    }

    /// A job by its id, without asking the server.
    pub fn job(&self, id: impl Into<JobId>) -> Job {
        Job::new(self, id.into())
    }
}

impl Jobs {
    /// Runs a job. `.await` gives it before it has run.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// use longhaul::bodo::{ClusterConfig, JobStatus, NewJob};
    /// let cluster = ClusterConfig::new("c5.large", 1);
    /// let mut job = workspace.jobs().run(NewJob::python("test.py")).on_temporary_cluster(cluster).await?;
    /// println!("{}", job.wait_for_status(JobStatus::Succeeded).await?.stdout().await?);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Before anything is sent: no file or text, no cluster or two, a timeout of 0, and what does
    /// not fit the type of the job.
    pub fn run(&self, job: NewJob) -> RunJob {
        RunJob::new(&self.workspace, job)
    }

    /// Runs a query over a catalog, given by its name, and keeps the result for download. It needs
    /// [`on_cluster`](RunJob::on_cluster) or
    /// [`on_temporary_cluster`](RunJob::on_temporary_cluster).
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// use longhaul::bodo::ClusterConfig;
    /// let query = workspace.jobs().run_sql_query("MyCatalog", "SELECT 1");
    /// let job = query.on_temporary_cluster(ClusterConfig::new("c5.large", 1)).await?;
    /// # Ok(()) }
    /// ```
    pub fn run_sql_query(&self, catalog: impl Into<String>, sql: impl Into<String>) -> RunJob {
        self.run(NewJob::sql(sql).catalog(catalog))
    }

    /// All jobs, in pages of 100; narrow with filters.
    pub fn list(&self) -> List<JobQuery> {
        JobQuery::list(&self.workspace)
    }

    /// A job by its id, as the server has it now.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) when there is none; otherwise as any call.
    pub async fn get(&self, id: impl Into<JobId>) -> Result<Job> {
        let mut job = self.workspace.job(id);
        job.refresh().await?;
        Ok(job)
    }

    /// Cancels those jobs of a list that have not ended yet.
    ///
    /// All pages are collected first. The report says of each job that was to be cancelled what
    /// became of it; jobs that had ended are not in it.
    ///
    /// # Errors
    /// When the list cannot be had; then nothing is cancelled.
    pub async fn cancel_all(&self, jobs: List<JobQuery>) -> Result<Report<Job, Job>> {
        let jobs: Group<Job> = jobs.group().await?.into_iter().filter(Job::may_run).collect();
        Ok(jobs.cancel().await)
    }
}
