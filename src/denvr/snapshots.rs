//! Snapshots of virtual servers.

use super::Client;
use super::clusters::of_known_cluster;
use super::creation::Creation;
use super::envelope::required;
use super::models::{Snapshot, SnapshotCreate};
use super::virtual_servers::ServerId;
use crate::arguments::filled;
use crate::batch::Report;
use crate::error::Result;
use crate::ids::id_type;

id_type! {
    /// The id of a snapshot, which is its name.
    SnapshotId
}

/// The snapshots in the client's cluster and VPC.
#[derive(Clone, Debug)]
pub struct Snapshots {
    client: Client,
}

impl Snapshots {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Those of the client's cluster, in all its VPCs.
    ///
    /// # Errors
    /// As any call, and when there is no such cluster.
    pub async fn list(&self) -> Result<Vec<Snapshot>> {
        of_known_cluster(&self.client, self.fetch().await?).await
    }

    async fn fetch(&self) -> Result<Vec<Snapshot>> {
        let sent = self.client.raw().list_snapshots().cluster(self.client.target()?).send();
        let list = self.client.send("list_snapshots", sent).await?;
        Ok(list.and_then(|list| list.items).unwrap_or_default())
    }

    /// Those of every cluster; each is asked, and the report names those that failed.
    ///
    /// # Errors
    /// When the clusters cannot be listed.
    pub async fn list_all(&self) -> Result<Report<String, Vec<Snapshot>>> {
        let list = |client: Client| async move { client.snapshots().fetch().await };
        self.client.clusters().each(list).await
    }

    /// One by its id. It can be used when `ready_to_use` is true.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<SnapshotId>) -> Result<Snapshot> {
        let id = id.into();
        let id = filled("the id of the snapshot", id.as_str())?;
        let request = self.client.raw().get_snapshot().id(id).namespace(self.client.vpc()?);
        let sent = request.cluster(self.client.target()?).send();
        required(self.client.send("get_snapshot", sent).await?, "the snapshot")
    }

    /// A new one of a virtual server.
    pub fn create(&self, source: impl Into<ServerId>) -> CreateSnapshot {
        CreateSnapshot { client: self.client.clone(), source: source.into(), name: None }
    }

    /// Deletes one.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(&self, id: impl Into<SnapshotId>) -> Result<()> {
        let id = id.into();
        let id = filled("the id of the snapshot", id.as_str())?;
        let request = self.client.raw().delete_snapshot().id(id).namespace(self.client.vpc()?);
        let sent = request.cluster(self.client.target()?).send();
        self.client.send("delete_snapshot", sent).await.map(drop)
    }
}

/// A snapshot about to be made; `.await` makes it. It is sent once.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateSnapshot {
    client: Client,
    source: ServerId,
    name: Option<String>,
}

impl CreateSnapshot {
    /// Its name; the server makes one by default.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    async fn run(self) -> Result<Snapshot> {
        let Self { client, source, name } = self;
        let source = filled("the id of the virtual server", source.as_str())?.to_owned();
        let shown = name.clone().unwrap_or_else(|| format!("a snapshot of {source}"));
        let look = Creation::of("snapshots().list()", &shown, client.cluster());
        let request = SnapshotCreate {
            cluster: client.target()?.to_owned(),
            namespace: client.vpc()?.to_owned(),
            name,
            source_vm_name: Some(source),
        };
        let sent = client.raw().create_snapshot().body(request).send();
        let made = client.send("create_snapshot", sent).await;
        made.and_then(|made| required(made, "the snapshot")).map_err(|error| look.told(error))
    }
}

crate::awaits::awaits!(CreateSnapshot => Snapshot, run);
