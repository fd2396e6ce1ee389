//! Clusters: listing, creating, and what there is to create them of.

mod cluster;
mod command;
mod config;
mod create;
mod delete;
mod group;
mod jobs;
mod offers;
mod rules;
mod setters;
mod update;

use super::lists::{Ascending, Order, ordering, paged_list};
use super::{ClusterStatus, Workspace};
use crate::error::Result;
use crate::ids::id_type;
use crate::page::List;

pub use cluster::Cluster;
pub use command::CommandCluster;
pub use config::ClusterConfig;
pub use create::CreateCluster;
pub use delete::DeleteCluster;
pub(super) use offers::LatestVersion;
pub use offers::ListInstanceTypes;
pub use update::UpdateCluster;

id_type! {
    /// A cluster's id, a UUID.
    ClusterId
}

paged_list! {
    /// The clusters of a workspace.
    ClusterQuery of Workspace: Cluster = list_clusters
    {
        always order: Ascending = order,
        /// Only clusters that were created on this day, such as `2025-07-01`. The official client
        /// has this filter and never sends it.
        one created_on: String = created_on,
        /// Only clusters with these ids.
        many ids: String = uuid,
        /// Only clusters with these names.
        many names: String = cluster_name,
        /// Only clusters in these statuses.
        many statuses: ClusterStatus = status,
        custom tags: String = tag,
        custom ordering: String = ordering,
    }
    |workspace, data| Cluster::with_data(workspace, data)
}

impl List<ClusterQuery> {
    /// Only clusters with this tag. Given several times, a cluster has to have all of them.
    pub fn tag(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let tag = format!("{}:{}", key.as_ref(), value.as_ref());
        self.query.tags.extend([tag]);
        self
    }

    /// Sorts by a field as the platform spells it, such as `name` or `createdAt`. Given several
    /// times, the first comes first.
    pub fn order_by(mut self, field: impl AsRef<str>, order: Order) -> Self {
        self.query.ordering.extend([ordering(field.as_ref(), order)]);
        self
    }
}

/// The clusters of a workspace.
#[derive(Clone, Debug)]
pub struct Clusters {
    workspace: Workspace,
}

impl Clusters {
    pub(super) fn of(workspace: &Workspace) -> Self {
        Self { workspace: workspace.clone() }
    }

    /// The clusters; narrow with `ids`, `names`, `statuses`, `tag` and `created_on`. Whether
    /// terminated ones are among them when no status is asked for is not documented.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// use longhaul::bodo::{ClusterStatus, Order};
    /// let clusters = workspace.clusters().list().statuses([ClusterStatus::Running]);
    /// for cluster in clusters.tag("team", "a").order_by("name", Order::Ascending).collect_all().await? {
    ///     println!("{}", cluster.name().unwrap_or_default());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> List<ClusterQuery> {
        ClusterQuery::list(&self.workspace)
    }

    /// One by its id, as the platform has it now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<ClusterId>) -> Result<Cluster> {
        let mut cluster = Cluster::new(&self.workspace, id.into());
        cluster.refresh().await?;
        Ok(cluster)
    }

    /// A new cluster of so many machines of a type, such as `c5.large`.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// use longhaul::bodo::ClusterStatus;
    /// let mut cluster = workspace.clusters().create("perf", "c5.large", 2).tag("team", "a").await?;
    /// cluster.wait_for_status(ClusterStatus::Running).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(
        &self,
        name: impl Into<String>,
        instance_type: impl Into<String>,
        workers: u32,
    ) -> CreateCluster {
        let config = ClusterConfig::new(instance_type, workers).name(name);
        CreateCluster::new(&self.workspace, config)
    }

    /// A new cluster as a configuration has it, for example that of [another](Cluster::config);
    /// its name in place of the configuration's.
    pub fn create_like(&self, name: impl Into<String>, config: ClusterConfig) -> CreateCluster {
        CreateCluster::new(&self.workspace, config.name(name))
    }
}
