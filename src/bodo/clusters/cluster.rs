//! One cluster.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::command::Verb;
use super::{ClusterId, CommandCluster, DeleteCluster, UpdateCluster};
use crate::arguments::usable;
use crate::bodo::{ClusterStatus, Workspace, models};
use crate::error::{Error, Result};
use crate::raw;
use crate::wait::{Command, Targets, Wait, Watch, wait_for_status};

/// A cluster: its last known data and a client to act on it.
#[derive(Clone)]
pub struct Cluster {
    workspace: Workspace,
    id: ClusterId,
    data: Option<models::Cluster>,
    /// When the data came.
    seen_at: Option<Instant>,
    command: Option<Command<ClusterStatus>>,
}

impl Cluster {
    pub(in crate::bodo) fn new(workspace: &Workspace, id: ClusterId) -> Self {
        Self { workspace: workspace.clone(), id, data: None, seen_at: None, command: None }
    }

    pub(in crate::bodo) fn with_data(workspace: &Workspace, data: models::Cluster) -> Self {
        let id = ClusterId::from(&data.uuid);
        let mut cluster = Self::new(workspace, id);
        cluster.keep(data);
        cluster
    }

    pub(in crate::bodo) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The id, for a request that goes to the cluster.
    pub(super) fn target(&self) -> Result<&str> {
        usable("cluster", self.id.as_str())
    }

    /// Takes what the platform said last.
    pub(super) fn keep(&mut self, data: models::Cluster) -> &models::Cluster {
        self.seen_at = Some(Instant::now());
        self.data.insert(data)
    }

    /// Notes that a command was given, whose effect may not show at once: a cluster that is not
    /// known may have failed before.
    pub(super) fn commanded(&mut self) {
        let before = self.last_status().cloned().unwrap_or(ClusterStatus::Failed);
        self.command = Some(Command::given(None, Some(before)));
    }

    /// The cluster's id.
    pub fn id(&self) -> &ClusterId {
        &self.id
    }

    /// What the platform said last; `None` before the first [`refresh`](Cluster::refresh).
    pub fn data(&self) -> Option<&models::Cluster> {
        self.data.as_ref()
    }

    /// The name, as the platform said last.
    pub fn name(&self) -> Option<&str> {
        self.data.as_ref()?.name.as_deref()
    }

    /// Asks the platform for the cluster.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::Cluster> {
        let data = self.ask(self.workspace.raw()).await?;
        Ok(self.keep(data))
    }

    /// The status now.
    ///
    /// # Errors
    /// As any call.
    pub async fn status(&mut self) -> Result<ClusterStatus> {
        self.refresh().await?;
        Ok(self.seen())
    }

    /// The status as it was seen last, and when.
    pub(super) fn last_seen(&self) -> Option<(ClusterStatus, Instant)> {
        self.last_status().cloned().zip(self.seen_at)
    }

    /// The status as the platform said last; `None` before the first
    /// [`refresh`](Cluster::refresh).
    pub fn last_status(&self) -> Option<&ClusterStatus> {
        self.data.as_ref()?.status.as_ref()
    }

    fn seen(&self) -> ClusterStatus {
        let unknown = || ClusterStatus::Other("unknown".to_owned());
        self.last_status().cloned().unwrap_or_else(unknown)
    }

    /// Waits until the cluster has one of the statuses. At most 30 minutes unless told otherwise.
    ///
    /// `FAILED` and `TERMINATED` end it at once unless they are waited for; after
    /// [`restart`](Cluster::restart) and [`delete`](Cluster::delete), a `FAILED` from before may be
    /// shown for up to 2 minutes. `PAUSED` and `STOPPED` do not end it: a job that is submitted, or
    /// somebody else, may wake the cluster. A cluster that the platform does not know any more
    /// counts as `TERMINATED` when that is waited for.
    pub fn wait_for_status(
        &mut self,
        targets: impl Into<Targets<ClusterStatus>>,
    ) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    /// Changes the cluster. A running one can change its name, description, auto-pause, auto-stop
    /// and workers; anything else needs it stopped.
    pub fn update(&mut self) -> UpdateCluster<'_> {
        UpdateCluster::new(self)
    }

    /// Changes the number of machines, and nothing else.
    pub fn scale(&mut self, workers: u32) -> UpdateCluster<'_> {
        self.update().workers(workers)
    }

    /// Suspends the machines and keeps their disks, from which they resume fast. Nothing is sent
    /// when the cluster is paused or pausing; one of spot instances cannot be paused.
    pub fn pause(&mut self) -> CommandCluster<'_> {
        CommandCluster::new(self, Verb::Pause)
    }

    /// Brings the cluster up again, whether it is paused or stopped. Nothing is sent when it is
    /// running or on the way.
    pub fn resume(&mut self) -> CommandCluster<'_> {
        CommandCluster::new(self, Verb::Resume)
    }

    /// Gives the machines back, disks included. Nothing is sent when the cluster is stopped or
    /// stopping.
    pub fn stop(&mut self) -> CommandCluster<'_> {
        CommandCluster::new(self, Verb::Stop)
    }

    /// Starts a stopped cluster.
    pub fn restart(&mut self) -> CommandCluster<'_> {
        CommandCluster::new(self, Verb::Restart)
    }

    /// Deletes the cluster.
    pub fn delete(self) -> DeleteCluster {
        DeleteCluster::new(self)
    }

    async fn ask(&self, raw: &raw::bodo::Client) -> Result<models::Cluster> {
        self.workspace.session.call(raw.get_cluster().cluster(self.target()?).send()).await
    }
}

impl Watch for Cluster {
    type Status = ClusterStatus;
    const LIMIT: Duration = Duration::from_secs(30 * 60);

    fn name(&self) -> String {
        format!("cluster {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<ClusterStatus> {
        let raw = self.workspace.session.single_attempt(limit);
        let data = self.ask(&raw).await?;
        self.keep(data);
        let seen = self.seen();
        Ok(Command::settle(&mut self.command, seen))
    }

    fn gone(&self, failed_look: &Error) -> Option<ClusterStatus> {
        failed_look.is_not_found().then_some(ClusterStatus::Terminated)
    }

    /// How far the machines got and how they were, where the platform says so.
    async fn reason(&mut self, _status: &ClusterStatus) -> Option<String> {
        let data = self.data.as_ref()?;
        let told = [
            ("initialisation", &data.cluster_init_status),
            ("health", &data.cluster_health_status),
        ];
        let told = told.into_iter().filter_map(|(what, text)| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            Some(format!("{what} `{text}`"))
        });
        Some(told.collect::<Vec<_>>().join(", ")).filter(|told| !told.is_empty())
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster")
            .field("id", &self.id)
            .field("name", &self.name())
            .field("status", &self.last_status())
            .finish_non_exhaustive()
    }
}
