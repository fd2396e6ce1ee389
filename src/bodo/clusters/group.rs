//! What can be done with several clusters at once.

use super::command::Verb;
use super::update::AT_REST;
use super::{Cluster, CommandCluster};
use crate::batch::{Batch, Report, batch};
use crate::bodo::group::GroupAction;
use crate::bodo::{ClusterStatus, Group, Job, NewJob};
use crate::error::Result;

impl Group<Cluster> {
    /// Runs the same job on every cluster, see [`Cluster::run_job`]. The report has the jobs, in
    /// the order of the clusters.
    ///
    /// ```no_run
    /// # async fn f(clusters: longhaul::bodo::Group<longhaul::bodo::Cluster>) -> longhaul::Result<()> {
    /// use longhaul::bodo::{Group, JobStatus, NewJob};
    /// let jobs: Group<_> = clusters.run_job(NewJob::python("test.py")).await.into_result()?.into();
    /// for job in jobs.wait_for_status(JobStatus::Succeeded).await.into_result()? {
    ///     println!("{}", job.stdout().await?);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn run_job(&self, job: NewJob) -> Batch<'static, Cluster, Job> {
        batch(self.to_vec(), move |cluster| cluster.run_job(job.clone()))
    }

    /// Runs the same query on every cluster, see [`Cluster::run_sql_query`].
    pub fn run_sql_query(
        &self,
        catalog: impl Into<String>,
        sql: impl Into<String>,
    ) -> Batch<'static, Cluster, Job> {
        self.run_job(NewJob::sql(sql).catalog(catalog))
    }

    /// Cancels the jobs that run on the clusters or wait for them; the report says what became of
    /// each. One that ended meanwhile is a failure in it.
    ///
    /// # Errors
    /// When the jobs of a cluster cannot be listed; then none is cancelled.
    pub async fn cancel_jobs(&self) -> Result<Report<Job, Job>> {
        let list = |cluster: Cluster| async move { cluster.unfinished_jobs().await };
        let jobs: Group<Job> =
            batch(self.to_vec(), list).await.into_result()?.into_iter().flatten().collect();
        Ok(jobs.cancel().await)
    }

    /// Pauses every cluster, see [`Cluster::pause`]. Clusters of spot instances fail.
    pub fn pause(&self) -> GroupAction<Cluster> {
        self.command(Verb::Pause)
    }

    /// Brings every cluster up again, see [`Cluster::resume`].
    pub fn resume(&self) -> GroupAction<Cluster> {
        self.command(Verb::Resume)
    }

    /// Stops every cluster, see [`Cluster::stop`].
    pub fn stop(&self) -> GroupAction<Cluster> {
        self.command(Verb::Stop)
    }

    /// Starts every cluster that is stopped, see [`Cluster::restart`].
    pub fn restart(&self) -> GroupAction<Cluster> {
        self.command(Verb::Restart)
    }

    fn command(&self, verb: Verb) -> GroupAction<Cluster> {
        let give = move |mut cluster: Cluster| async move {
            CommandCluster::new(&mut cluster, verb).await?;
            Ok(cluster)
        };
        self.act(give, verb.end())
    }

    /// Changes the number of machines of every cluster, see [`Cluster::scale`].
    pub fn scale(&self, workers: u32) -> GroupAction<Cluster> {
        let scale = move |mut cluster: Cluster| async move {
            cluster.scale(workers).await?;
            Ok(cluster)
        };
        self.act(scale, AT_REST)
    }

    /// Deletes every cluster, see [`Cluster::delete`]. Those that are gone already count as
    /// deleted.
    pub fn delete(&self) -> GroupAction<Cluster> {
        let delete = |mut cluster: Cluster| async move {
            cluster.erase(false, false).await?;
            Ok(cluster)
        };
        self.act(delete, ClusterStatus::Terminated)
    }
}
