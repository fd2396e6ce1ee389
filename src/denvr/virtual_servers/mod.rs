//! Virtual servers: listing, making, and what there is to make them of.

mod availability;
mod create;
mod destroy;
mod server;

use super::Client;
use super::clusters::of_known_cluster;
use super::models::ServerConfiguration;
use crate::batch::Report;
use crate::error::Result;
use crate::ids::id_type;

pub use availability::GetServerAvailability;
pub use create::CreateServer;
pub use destroy::DestroyServer;
pub use server::VirtualServer;

id_type! {
    /// The id of a virtual server, which is its name.
    ServerId
}

/// The virtual servers of the client's cluster.
#[derive(Clone, Debug)]
pub struct VirtualServers {
    client: Client,
}

impl VirtualServers {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Those of the client's cluster, in all its VPCs.
    ///
    /// # Errors
    /// As any call, and when there is no such cluster.
    pub async fn list(&self) -> Result<Vec<VirtualServer>> {
        of_known_cluster(&self.client, self.fetch().await?).await
    }

    async fn fetch(&self) -> Result<Vec<VirtualServer>> {
        let sent = self.client.raw().list_servers().cluster(self.client.target()?).send();
        let list = self.client.send("list_servers", sent).await?;
        let items = list.and_then(|list| list.items).unwrap_or_default();
        Ok(items.into_iter().map(|data| VirtualServer::with_data(&self.client, data)).collect())
    }

    /// Those of every cluster; each is asked, and the report names those that failed.
    ///
    /// # Errors
    /// When the clusters cannot be listed.
    pub async fn list_all(&self) -> Result<Report<String, Vec<VirtualServer>>> {
        let list = |client: Client| async move { client.virtual_servers().fetch().await };
        self.client.clusters().each(list).await
    }

    /// One of the client's cluster and VPC by its id, as the platform has it now.
    ///
    /// # Errors
    /// As any call, and when no VPC is known.
    pub async fn get(&self, id: impl Into<ServerId>) -> Result<VirtualServer> {
        let mut server = VirtualServer::new(&self.client, id.into());
        server.refresh().await?;
        Ok(server)
    }

    /// A new server of a configuration, such as `A100_40GB_PCIe_1x`. The name is what tells
    /// whether it is there when the answer is lost.
    pub fn create(
        &self,
        name: impl Into<String>,
        configuration: impl Into<String>,
    ) -> CreateServer {
        CreateServer::new(&self.client, Some(name.into()), configuration.into())
    }

    /// A new server whose name the platform makes.
    pub fn create_unnamed(&self, configuration: impl Into<String>) -> CreateServer {
        CreateServer::new(&self.client, None, configuration.into())
    }

    /// The configurations, with their prices per hour and the clusters that have them.
    ///
    /// # Errors
    /// As any call.
    pub async fn configurations(&self) -> Result<Vec<ServerConfiguration>> {
        let sent = self.client.raw().list_server_configurations().send();
        let list = self.client.send("list_server_configurations", sent).await?;
        Ok(list.and_then(|list| list.items).unwrap_or_default())
    }

    /// How many servers of each configuration can be made now, in the client's cluster and
    /// resource pool.
    pub fn availability(&self) -> GetServerAvailability {
        GetServerAvailability::new(&self.client)
    }
}
