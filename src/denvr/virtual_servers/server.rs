//! One virtual server.

use std::time::Duration;

use super::{DestroyServer, ServerId};
use crate::arguments::filled;
use crate::denvr::creation::no_capacity;
use crate::denvr::envelope::required;
use crate::denvr::models::{self, ServerCommand};
use crate::denvr::{Client, ServerStatus};
use crate::error::Result;
use crate::raw;
use crate::wait::{Command, Targets, Wait, Watch, wait_for_status};

/// A virtual server: its last known data and a client to act on it.
#[derive(Clone, Debug)]
pub struct VirtualServer {
    /// For the server's cluster and VPC.
    client: Client,
    id: ServerId,
    data: Option<models::VirtualServer>,
    command: Option<Command<ServerStatus>>,
}

impl VirtualServer {
    pub(in crate::denvr) fn new(client: &Client, id: ServerId) -> Self {
        Self { client: client.clone(), id, data: None, command: None }
    }

    pub(super) fn with_data(client: &Client, data: models::VirtualServer) -> Self {
        let mut client = client.clone();
        if let Some(cluster) = &data.cluster {
            client = client.with_cluster(cluster);
        }
        if let Some(vpc) = &data.namespace {
            client = client.with_vpc(vpc);
        }
        let id = ServerId::from(data.id.clone().unwrap_or_default());
        Self { client, id, data: Some(data), command: None }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The server's id.
    pub fn id(&self) -> &ServerId {
        &self.id
    }

    /// The cluster it runs in.
    pub fn cluster(&self) -> &str {
        self.client.cluster()
    }

    /// The VPC it belongs to, which the platform's answers call the namespace.
    ///
    /// # Errors
    /// When none is known.
    pub fn namespace(&self) -> Result<&str> {
        self.client.vpc()
    }

    /// What the platform said last; `None` before the first [`refresh`](VirtualServer::refresh).
    /// Its `configuration` is a name in the answer to a creation, and later a number.
    pub fn data(&self) -> Option<&models::VirtualServer> {
        self.data.as_ref()
    }

    /// Asks the platform for the server.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::VirtualServer> {
        let data = self.ask(self.client.raw()).await?;
        Ok(self.data.insert(data))
    }

    /// The status now.
    ///
    /// # Errors
    /// As any call.
    pub async fn status(&mut self) -> Result<ServerStatus> {
        self.refresh().await?;
        Ok(self.last_status().unwrap_or(ServerStatus::Na))
    }

    /// Starts the server; wait for [`ServerStatus::Online`].
    ///
    /// # Errors
    /// As any call; status 503 when there is no capacity.
    pub async fn start(&mut self) -> Result<()> {
        let sent = self.client.raw().start_server().body(self.command()?).send();
        self.client.send("start_server", sent).await.map_err(no_capacity)?;
        self.command = Some(Command::given(ServerStatus::Offline, self.last_status()));
        Ok(())
    }

    /// Stops the server; wait for [`ServerStatus::Offline`]. The root disk stays.
    ///
    /// # Errors
    /// As any call.
    pub async fn stop(&mut self) -> Result<()> {
        let sent = self.client.raw().stop_server().body(self.command()?).send();
        self.client.send("stop_server", sent).await?;
        self.command = Some(Command::given(ServerStatus::Online, self.last_status()));
        Ok(())
    }

    /// Destroys the server and its root disk.
    pub fn destroy(self) -> DestroyServer {
        DestroyServer::new(self)
    }

    /// What the server wrote while it booted: so many entries, from the end. The platform's own
    /// default is 2000.
    ///
    /// # Errors
    /// As any call.
    pub async fn boot_logs(&self, entries: u32) -> Result<String> {
        let ServerCommand { id, namespace, cluster } = self.command()?;
        let request = self.client.raw().get_server_boot_logs().id(id).namespace(namespace);
        let sent = request.cluster(cluster).limit(i64::from(entries)).send();
        let logs = self.client.send("get_server_boot_logs", sent).await?;
        Ok(logs.and_then(|logs| logs.boot_logs).unwrap_or_default())
    }

    /// Waits until the server has one of the statuses. At most 30 minutes unless told otherwise.
    ///
    /// `CREATE_FAILED`, `FAILED` and `ADMIN_WAIT` end it at once. After
    /// [`start`](VirtualServer::start) and [`stop`](VirtualServer::stop) the status from before may
    /// be shown for up to 2 minutes.
    pub fn wait_for_status(&mut self, targets: impl Into<Targets<ServerStatus>>) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    fn last_status(&self) -> Option<ServerStatus> {
        self.data.as_ref()?.status.clone()
    }

    /// What names the server in every request.
    pub(super) fn command(&self) -> Result<ServerCommand> {
        let id = filled("the id of the server", self.id.as_str())?.to_owned();
        let cluster = filled("the cluster of the server", self.cluster())?.to_owned();
        let namespace = filled("the VPC of the server", self.namespace()?)?.to_owned();
        Ok(ServerCommand { id, namespace, cluster })
    }

    async fn ask(&self, raw: &raw::denvr::Client) -> Result<models::VirtualServer> {
        let ServerCommand { id, namespace, cluster } = self.command()?;
        let sent = raw.get_server().id(id).namespace(namespace).cluster(cluster).send();
        required(self.client.send("get_server", sent).await?, "the server")
    }
}

impl Watch for VirtualServer {
    type Status = ServerStatus;
    const LIMIT: Duration = Duration::from_secs(30 * 60);

    fn name(&self) -> String {
        format!("virtual server {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<ServerStatus> {
        let raw = self.client.single_attempt(limit);
        self.data = Some(self.ask(&raw).await?);
        let seen = self.last_status().unwrap_or(ServerStatus::Na);
        Ok(Command::settle(&mut self.command, seen))
    }
}
