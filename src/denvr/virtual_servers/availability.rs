//! How many virtual servers can be made.

use crate::denvr::Client;
use crate::denvr::models::ServerAvailability;
use crate::error::Result;

/// A question for the availability of configurations; `.await` asks.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct GetServerAvailability {
    client: Client,
    rpool: Option<String>,
    report_nodes: Option<bool>,
}

impl GetServerAvailability {
    pub(super) fn new(client: &Client) -> Self {
        let rpool = Some(client.rpool().to_owned());
        Self { client: client.clone(), rpool, report_nodes: None }
    }

    /// In this resource pool in place of the client's.
    pub fn rpool(mut self, name: impl Into<String>) -> Self {
        self.rpool = Some(name.into());
        self
    }

    /// In whichever resource pool the platform takes.
    pub fn any_rpool(mut self) -> Self {
        self.rpool = None;
        self
    }

    /// Whether the servers are counted, which is the platform's default; without it the answer
    /// comes sooner.
    pub fn report_nodes(mut self, wanted: bool) -> Self {
        self.report_nodes = Some(wanted);
        self
    }

    async fn run(self) -> Result<Vec<ServerAvailability>> {
        let Self { client, rpool, report_nodes } = self;
        let mut request = client.raw().list_server_availability().cluster(client.target()?);
        if let Some(rpool) = rpool {
            request = request.resource_pool(rpool);
        }
        if let Some(wanted) = report_nodes {
            request = request.report_nodes(wanted);
        }
        let list = client.send("list_server_availability", request.send()).await?;
        Ok(list.and_then(|list| list.items).unwrap_or_default())
    }
}

crate::awaits::awaits!(GetServerAvailability => Vec<ServerAvailability>, run);
