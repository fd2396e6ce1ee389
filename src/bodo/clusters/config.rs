//! What a cluster is to be like: for a new one, for a job's own, for the cluster of a template.

use super::Cluster;
use super::rules::check_config;
use super::setters::{cluster_setters, new_cluster_setters};
use crate::bodo::{Workspace, models};
use crate::error::{Error, Result};

/// Idle minutes after which a cluster pauses or stops unless told otherwise (source: bodosdk
/// 2.3.2, models/cluster.py).
const IDLE: i64 = 60;

/// What a cluster is to be like.
///
/// It describes a job's own cluster, which ends with the job, or the cluster of a template; or, as
/// [`partial`](ClusterConfig::partial), what differs from that of a template.
#[derive(Clone, Debug)]
pub struct ClusterConfig {
    settings: models::ClusterConfig,
    partial: bool,
}

impl ClusterConfig {
    /// A whole cluster: so many machines of a type, such as `c5.large`. It gets the latest version
    /// of Bodo and pauses after an hour of idleness, or with spot instances stops, unless told
    /// otherwise.
    pub fn new(instance_type: impl Into<String>, workers: u32) -> Self {
        let whole = Self { partial: false, ..Self::partial() };
        whole.instance_type(instance_type).workers(workers)
    }

    /// What differs from the cluster of a template: nothing at first. What is not set stays as the
    /// template has it.
    pub fn partial() -> Self {
        Self { settings: models::ClusterConfig::default(), partial: true }
    }

    cluster_setters!();
    new_cluster_setters!();

    /// The description as it will be sent, to set what has no setter here.
    pub fn edit(mut self, change: impl FnOnce(&mut models::ClusterConfig)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Refuses what no cluster can be.
    pub(in crate::bodo) fn check(&self) -> Result<()> {
        let models::ClusterConfig { instance_type, workers_quantity, .. } = &self.settings;
        if !self.partial && (instance_type.is_none() || workers_quantity.is_none()) {
            return Err(Error::invalid("a cluster needs an instance type and a number of workers"));
        }
        check_config(&self.settings)
    }

    /// The description as it is sent: unless it is partial, with the latest version of Bodo and
    /// the platform's idle times where none were given.
    ///
    /// # Errors
    /// When it describes no cluster, and as the call for the versions.
    pub(in crate::bodo) async fn resolve(
        self,
        workspace: &Workspace,
    ) -> Result<models::ClusterConfig> {
        self.check()?;
        let mut settings = self.settings;
        if self.partial {
            return Ok(settings);
        }
        if settings.bodo_version.is_none() {
            settings.bodo_version = Some(workspace.clusters().remembered_version().await?);
        }
        let spot = settings.use_spot_instance == Some(true);
        settings.auto_pause.get_or_insert(if spot { 0 } else { IDLE });
        settings.auto_stop.get_or_insert(if spot { IDLE } else { 0 });
        settings.memory_report_enabled.get_or_insert(false);
        Ok(settings)
    }
}

impl Cluster {
    /// A description of the same cluster, tags included, for a new one or for a job's own: by the
    /// last data, which is asked for only when there is none. The name is kept, the id is not.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// let like = workspace.clusters().get("existing-cluster").await?.config().await?;
    /// let query = workspace.jobs().run_sql_query("MyCatalog", "SELECT 1");
    /// let job = query.on_temporary_cluster(like).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`refresh`](Cluster::refresh), when there is no data yet.
    pub async fn config(&mut self) -> Result<ClusterConfig> {
        let settings = match self.data() {
            Some(data) => description(data),
            None => description(self.refresh().await?),
        };
        Ok(ClusterConfig { settings, partial: false })
    }
}

/// What describes a cluster that exists, and does not bind another one.
fn description(data: &models::Cluster) -> models::ClusterConfig {
    let data = data.clone();
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let pauses = data.use_spot_instance != Some(true);
    models::ClusterConfig {
        name: data.name,
        description: data.description,
        instance_type: data.instance_type,
        workers_quantity: data.workers_quantity,
        bodo_version: filled(data.bodo_version),
        auto_pause: data.auto_pause.filter(|_| pauses),
        auto_stop: data.auto_stop,
        auto_upgrade: data.auto_upgrade,
        auto_az: data.auto_az,
        availability_zone: filled(data.availability_zone),
        aws_deployment_subnet_id: filled(data.aws_deployment_subnet_id),
        instance_role_uuid: filled(data.instance_role.map(|role| role.uuid)),
        use_spot_instance: data.use_spot_instance,
        custom_tags: data.custom_tags,
        memory_report_enabled: data.memory_report_enabled,
        ..models::ClusterConfig::default()
    }
}
