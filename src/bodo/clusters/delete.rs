//! Deleting a cluster.

use std::fmt;

use super::Cluster;
use crate::bodo::ClusterStatus;
use crate::bodo::calls::deleted;
use crate::error::Result;
use crate::wait::{Afterwards, afterwards_setters};

/// The deletion of a cluster; `.await` does it.
///
/// A cluster that the platform does not know any more counts as deleted.
#[must_use = "nothing is deleted until it is awaited"]
pub struct DeleteCluster {
    cluster: Cluster,
    force: bool,
    mark_as_terminated: bool,
    afterwards: Afterwards,
}

impl DeleteCluster {
    pub(super) fn new(cluster: Cluster) -> Self {
        let afterwards = Afterwards::default();
        Self { cluster, force: false, mark_as_terminated: false, afterwards }
    }

    /// Whether the platform is to delete it by force; what that overrides is not documented. Not
    /// by default.
    pub fn force(mut self, wanted: bool) -> Self {
        self.force = wanted;
        self
    }

    /// Whether the platform takes the cluster for `TERMINATED` at once, for machines that are gone
    /// already. Not by default.
    pub fn mark_as_terminated(mut self, wanted: bool) -> Self {
        self.mark_as_terminated = wanted;
        self
    }

    afterwards_setters! {
        /// Waits until the cluster is `TERMINATED`, or the platform does not know it any more.
        wait, at most "30 minutes"
    }

    async fn run(self) -> Result<()> {
        let Self { mut cluster, force, mark_as_terminated, afterwards } = self;
        cluster.erase(force, mark_as_terminated).await?;
        afterwards.reach(&mut cluster, ClusterStatus::Terminated).await
    }
}

impl Cluster {
    /// Sends the deletion.
    pub(super) async fn erase(&mut self, force: bool, mark_as_terminated: bool) -> Result<()> {
        let session = &self.workspace().session;
        let request = session.raw.delete_cluster().cluster(self.target()?);
        let sent = request.force(force).mark_as_terminated(mark_as_terminated).send();
        match deleted(session.call(sent).await) {
            Err(error) if error.is_not_found() => return Ok(()),
            outcome => outcome?,
        }
        self.commanded();
        Ok(())
    }
}

impl fmt::Debug for DeleteCluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeleteCluster")
            .field("cluster", self.cluster.id())
            .field("force", &self.force)
            .field("mark_as_terminated", &self.mark_as_terminated)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(DeleteCluster => (), run);
