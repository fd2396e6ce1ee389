//! The cluster behind a job.

use std::time::Duration;

use super::JobId;
use crate::error::Result;
use crate::rescale::models::{ClusterStatusEntry, RemoteVizPassword};
use crate::rescale::status::oldest_first;
use crate::rescale::{Client, ClusterStatus};
use crate::transport::call::call;
use crate::wait::{Targets, Wait, Watch, wait_for_status};

/// The cluster of a job: it starts with the job and stops about a minute after it.
#[derive(Clone, Debug)]
pub struct Cluster {
    client: Client,
    job: JobId,
    history: Vec<ClusterStatusEntry>,
}

/// A history is short: all of it comes in one page.
const STATUSES: i64 = 1000;

impl Cluster {
    pub(super) fn new(client: &Client, job: &JobId) -> Self {
        Self { client: client.clone(), job: job.clone(), history: Vec::new() }
    }

    /// The history as of the last look, oldest first.
    pub fn history(&self) -> &[ClusterStatusEntry] {
        &self.history
    }

    /// The history of statuses, oldest first; empty before the job is submitted.
    ///
    /// # Errors
    /// As any call.
    pub async fn statuses(&mut self) -> Result<&[ClusterStatusEntry]> {
        let request = self.client.raw().list_cluster_statuses().job(self.job.as_str());
        let page = call(request.page_size(STATUSES).send()).await?;
        self.history = oldest_first(page.results, |entry| &entry.status_date);
        Ok(&self.history)
    }

    /// Waits until the cluster has, or has had, one of the statuses; at most 24 h unless told
    /// otherwise.
    pub fn wait_for_status(
        &mut self,
        targets: impl Into<Targets<ClusterStatus>>,
    ) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    /// The password for the remote desktop of a cluster, by the id that an
    /// [instance](super::Job::instances) names.
    ///
    /// # Errors
    /// As any call.
    pub async fn remote_desktop_password(&self, cluster_id: &str) -> Result<RemoteVizPassword> {
        call(self.client.raw().get_remote_viz_password().cluster(cluster_id).send()).await
    }
}

impl Watch for Cluster {
    type Status = ClusterStatus;
    const LIMIT: Duration = Duration::from_secs(24 * 3600);

    fn name(&self) -> String {
        format!("cluster of job {}", self.job)
    }

    async fn look(&mut self, limit: Duration) -> Result<ClusterStatus> {
        let raw = self.client.single_attempt(limit);
        let request = raw.list_cluster_statuses().job(self.job.as_str()).page_size(STATUSES);
        let page = call(request.send()).await?;
        self.history = oldest_first(page.results, |entry| &entry.status_date);
        let last = self.history.last().map(|entry| entry.status.clone());
        Ok(last.unwrap_or(ClusterStatus::NotStarted))
    }

    fn has_been(&self, status: &ClusterStatus) -> bool {
        self.history.iter().any(|entry| entry.status == *status)
    }
}
