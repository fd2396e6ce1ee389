//! Changing a cluster.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use super::Cluster;
use super::rules::{check_update, locked, unlocked};
use super::setters::cluster_setters;
use crate::bodo::ClusterStatus::{self, Paused, Running, Stopped};
use crate::bodo::models::ClusterUpdate;
use crate::error::{Error, Result};
use crate::wait::{Afterwards, Watch, afterwards_setters};

/// Where a cluster may be once it is scaled, which it may be in every status.
pub(super) const AT_REST: [ClusterStatus; 3] = [Running, Stopped, Paused];

/// A change of a cluster; `.await` makes it and gives the cluster back.
///
/// Only what is set is sent. A running cluster can change its name, description, auto-pause,
/// auto-stop and workers; before anything else is changed, the cluster is looked at, and unless it
/// is stopped the change is refused and not sent.
#[must_use = "nothing is changed until it is awaited"]
pub struct UpdateCluster<'a> {
    cluster: &'a mut Cluster,
    change: ClusterUpdate,
    afterwards: Afterwards,
}

impl<'a> UpdateCluster<'a> {
    pub(super) fn new(cluster: &'a mut Cluster) -> Self {
        let (change, afterwards) = (ClusterUpdate::default(), Afterwards::default());
        Self { cluster, change, afterwards }
    }

    cluster_setters!();

    /// The version of Bodo, such as `2025.6.2`.
    pub fn bodo_version(self, version: impl Into<String>) -> Self {
        self.edit(|cluster| cluster.bodo_version = Some(version.into()))
    }

    /// Other tags in place of all that there are.
    pub fn tags<K: Into<String>, V: Into<String>>(
        self,
        tags: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let tags = tags.into_iter().map(|(key, value)| (key.into(), value.into()));
        self.edit(|cluster| cluster.custom_tags = Some(tags.collect()))
    }

    /// The request as it will be sent, to set what has no setter here.
    pub fn edit(mut self, change: impl FnOnce(&mut ClusterUpdate)) -> Self {
        change(&mut self.change);
        self
    }

    afterwards_setters! {
        /// Waits until the cluster is scaled: until it is `RUNNING`, or still `STOPPED` or
        /// `PAUSED`.
        wait, at most "30 minutes"
    }

    async fn run(self) -> Result<&'a mut Cluster> {
        let Self { cluster, change, afterwards } = self;
        check(cluster, &change).await?;
        let session = &cluster.workspace().session;
        let request = session.raw.update_cluster().cluster(cluster.target()?);
        let data = session.call(request.body(change).send()).await?;
        cluster.keep(data);
        afterwards.reach(cluster, AT_REST).await?;
        Ok(cluster)
    }
}

/// Refuses a change that is none, and one that the status forbids.
async fn check(cluster: &mut Cluster, change: &ClusterUpdate) -> Result<()> {
    check_update(change)?;
    let given = serde_json::to_value(change).unwrap_or_default();
    if given.as_object().is_none_or(serde_json::Map::is_empty) {
        return Err(Error::invalid("the update of the cluster changes nothing"));
    }
    let locked = locked(change);
    if locked.is_empty() {
        return Ok(());
    }
    let status = cluster.status().await?;
    unlocked(&Watch::name(cluster), &status, &locked)
}

impl<'a> IntoFuture for UpdateCluster<'a> {
    type Output = Result<&'a mut Cluster>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for UpdateCluster<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateCluster")
            .field("cluster", self.cluster.id())
            .field("change", &self.change)
            .finish_non_exhaustive()
    }
}
