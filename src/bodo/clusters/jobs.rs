//! The jobs of a cluster.

use super::Cluster;
use crate::batch::Report;
use crate::bodo::{Group, Job, JobStatus, NewJob, RunJob};
use crate::error::Result;

impl Cluster {
    /// Runs a job on this cluster. `.await` gives it before it has run.
    ///
    /// ```no_run
    /// # async fn f(cluster: longhaul::bodo::Cluster) -> longhaul::Result<()> {
    /// use longhaul::bodo::{JobStatus, NewJob};
    /// let mut job = cluster.run_job(NewJob::python("test.py")).await?;
    /// println!("{}", job.wait_for_status(JobStatus::Succeeded).await?.stdout().await?);
    /// # Ok(()) }
    /// ```
    pub fn run_job(&self, job: NewJob) -> RunJob {
        self.workspace().jobs().run(job.on_cluster_seen(self.id(), self.last_seen()))
    }

    /// Runs a query over a catalog, given by its name, on this cluster, and keeps the result for
    /// download.
    pub fn run_sql_query(&self, catalog: impl Into<String>, sql: impl Into<String>) -> RunJob {
        self.run_job(NewJob::sql(sql).catalog(catalog))
    }

    /// Cancels the jobs that run on the cluster or wait for it; the report says what became of
    /// each. One that ended meanwhile is a failure in it.
    ///
    /// # Errors
    /// When the jobs cannot be listed; then none is cancelled.
    pub async fn cancel_jobs(&self) -> Result<Report<Job, Job>> {
        Ok(Group::from(self.unfinished_jobs().await?).cancel().await)
    }

    pub(super) async fn unfinished_jobs(&self) -> Result<Vec<Job>> {
        let jobs = self.workspace().jobs().list().cluster_ids([self.target()?]);
        jobs.statuses([JobStatus::Pending, JobStatus::Running]).collect_all().await
    }
}
