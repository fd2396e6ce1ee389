//! Creating a cluster.

use super::setters::{cluster_setters, new_cluster_setters};
use super::{Cluster, ClusterConfig};
use crate::bodo::Workspace;
use crate::bodo::calls::in_doubt;
use crate::bodo::models::{self, ClusterCreate};
use crate::error::{Error, Result};

/// A cluster about to be created; `.await` creates it and gives it, before it is running.
///
/// It is sent once: when the answer is lost, the error says so, and the list of clusters tells
/// whether it is there.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateCluster {
    workspace: Workspace,
    config: ClusterConfig,
}

impl CreateCluster {
    pub(super) fn new(workspace: &Workspace, config: ClusterConfig) -> Self {
        Self { workspace: workspace.clone(), config }
    }

    cluster_setters!();
    new_cluster_setters!();

    /// The description as it will be sent, to set what has no setter here.
    pub fn edit(mut self, change: impl FnOnce(&mut models::ClusterConfig)) -> Self {
        self.config = self.config.edit(change);
        self
    }

    async fn run(self) -> Result<Cluster> {
        let Self { workspace, config } = self;
        let body = request(config.resolve(&workspace).await?)?;
        let look =
            format!("`clusters().list().names([..])` tells whether `{}` is there", body.name);
        let sent = workspace.raw().create_cluster().body(body).send();
        let made = workspace.session.call(sent).await.map_err(|error| in_doubt(error, look))?;
        Ok(Cluster::with_data(&workspace, made))
    }
}

/// The body of the request for a cluster that was described.
fn request(config: models::ClusterConfig) -> Result<ClusterCreate> {
    let missing = |what: &str| Error::invalid(format!("a cluster needs {what}"));
    Ok(ClusterCreate {
        name: config.name.ok_or_else(|| missing("a name"))?,
        instance_type: config.instance_type.ok_or_else(|| missing("an instance type"))?,
        workers_quantity: config.workers_quantity.ok_or_else(|| missing("a number of workers"))?,
        bodo_version: config.bodo_version.ok_or_else(|| missing("a version of Bodo"))?,
        auto_az: config.auto_az,
        auto_pause: config.auto_pause,
        auto_stop: config.auto_stop,
        auto_upgrade: config.auto_upgrade,
        availability_zone: config.availability_zone,
        aws_deployment_subnet_id: config.aws_deployment_subnet_id,
        custom_tags: config.custom_tags,
        description: config.description,
        instance_role_uuid: config.instance_role_uuid,
        is_job_dedicated: config.is_job_dedicated,
        memory_report_enabled: config.memory_report_enabled,
        use_spot_instance: config.use_spot_instance,
    })
}

crate::awaits::awaits!(CreateCluster => Cluster, run);
