//! Destroying a virtual server.

use super::VirtualServer;
use crate::denvr::farewell::farewell;
use crate::denvr::models::ServerCommand;
use crate::error::Result;
use crate::wait::{Afterwards, afterwards_setters};

/// The destruction of a virtual server; `.await` does it.
#[must_use = "nothing is destroyed until it is awaited"]
pub struct DestroyServer {
    server: VirtualServer,
    delete_snapshots: Option<bool>,
    afterwards: Afterwards,
}

impl DestroyServer {
    pub(super) fn new(server: VirtualServer) -> Self {
        Self { server, delete_snapshots: None, afterwards: Afterwards::default() }
    }

    /// Whether the snapshots of the server are deleted too; the platform keeps them by default.
    pub fn delete_snapshots(mut self, wanted: bool) -> Self {
        self.delete_snapshots = Some(wanted);
        self
    }

    afterwards_setters! {
        /// Waits until the platform does not know it any more.
        wait_until_gone, at most "30 minutes"
    }

    async fn run(self) -> Result<()> {
        let ServerCommand { id, namespace, cluster } = self.server.command()?;
        let client = self.server.client();
        let mut request = client.raw().destroy_server().id(id).namespace(namespace);
        if let Some(wanted) = self.delete_snapshots {
            request = request.delete_snapshots(wanted);
        }
        client.send("destroy_server", request.cluster(cluster).send()).await?;
        farewell(self.server, self.afterwards).await
    }
}

impl std::fmt::Debug for DestroyServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DestroyServer")
            .field("server", self.server.id())
            .field("delete_snapshots", &self.delete_snapshots)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(DestroyServer => (), run);
