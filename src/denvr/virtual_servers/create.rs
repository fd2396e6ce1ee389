//! Making a virtual server.

use super::VirtualServer;
use crate::arguments::filled;
use crate::denvr::Client;
use crate::denvr::creation::Creation;
use crate::denvr::envelope::required;
use crate::denvr::models::VirtualServerCreate;
use crate::error::{Error, Result};

/// A virtual server about to be made; `.await` makes it and gives it, before it is online.
///
/// It is sent once: when the answer is lost, the error says so, and the list of servers tells
/// whether it is there. Lack of capacity is an error with status 503.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateServer {
    client: Client,
    vpc: Option<String>,
    request: VirtualServerCreate,
}

impl CreateServer {
    pub(super) fn new(client: &Client, name: Option<String>, configuration: String) -> Self {
        let request = VirtualServerCreate {
            name,
            configuration,
            cluster: client.cluster().to_owned(),
            rpool: Some(client.rpool().to_owned()),
            vpc: String::new(),
            ssh_keys: Vec::new(),
            direct_storage_mount_path: None,
            operating_system_image: None,
            persist_storage: None,
            personal_storage_mount_path: None,
            root_disk_size: None,
            selected_node: None,
            snapshot_name: None,
            tenant_shared_additional_storage: None,
        };
        Self { client: client.clone(), vpc: None, request }
    }

    /// The cluster, where it is not the client's.
    pub fn cluster(self, name: impl Into<String>) -> Self {
        self.edit(|request| request.cluster = name.into())
    }

    /// The VPC, where it is not the client's.
    pub fn vpc(mut self, name: impl Into<String>) -> Self {
        self.vpc = Some(name.into());
        self
    }

    /// The resource pool, where it is not the client's.
    pub fn rpool(self, name: impl Into<String>) -> Self {
        self.edit(|request| request.rpool = Some(name.into()))
    }

    /// Leaves the resource pool to the platform: the tenant's first one, else `on-demand`.
    pub fn default_rpool(self) -> Self {
        self.edit(|request| request.rpool = None)
    }

    /// A public SSH key that is let in. May be given several times.
    pub fn ssh_key(self, key: impl Into<String>) -> Self {
        self.edit(|request| request.ssh_keys.push(key.into()))
    }

    /// The image by its name, such as `Ubuntu 22.04.4 LTS`.
    pub fn operating_system_image(self, name: impl Into<String>) -> Self {
        self.edit(|request| request.operating_system_image = Some(name.into()))
    }

    /// A snapshot to begin from.
    pub fn snapshot_name(self, name: impl Into<String>) -> Self {
        self.edit(|request| request.snapshot_name = Some(name.into()))
    }

    /// The size of the root disk in GiB.
    pub fn root_disk_size(self, gib: u32) -> Self {
        self.edit(|request| request.root_disk_size = Some(gib.into()))
    }

    /// Where the user's shared storage is mounted.
    pub fn personal_storage_mount_path(self, path: impl Into<String>) -> Self {
        self.edit(|request| request.personal_storage_mount_path = Some(path.into()))
    }

    /// Where the tenant's shared storage is mounted.
    pub fn tenant_shared_additional_storage(self, path: impl Into<String>) -> Self {
        self.edit(|request| request.tenant_shared_additional_storage = Some(path.into()))
    }

    /// Where the directly attached storage is mounted.
    pub fn direct_storage_mount_path(self, path: impl Into<String>) -> Self {
        self.edit(|request| request.direct_storage_mount_path = Some(path.into()))
    }

    /// Keeps the directly attached storage over a stop.
    pub fn persist_storage(self, wanted: bool) -> Self {
        self.edit(|request| request.persist_storage = Some(wanted))
    }

    /// The node by its host name, in resource pools other than `on-demand`.
    pub fn selected_node(self, name: impl Into<String>) -> Self {
        self.edit(|request| request.selected_node = Some(name.into()))
    }

    /// The request as it will be sent, to set what has no setter here.
    pub fn edit(mut self, change: impl FnOnce(&mut VirtualServerCreate)) -> Self {
        change(&mut self.request);
        self
    }

    fn check(&self) -> Result<()> {
        let VirtualServerCreate { name, configuration, cluster, vpc, root_disk_size, .. } =
            &self.request;
        if let Some(name) = name {
            filled("the name of the server", name)?;
        }
        filled("the configuration of the server", configuration)?;
        filled("the cluster of the server", cluster)?;
        filled("the VPC of the server", vpc)?;
        match root_disk_size {
            Some(..=0) => Err(Error::invalid("the root disk must have at least 1 GiB")),
            _ => Ok(()),
        }
    }

    async fn run(mut self) -> Result<VirtualServer> {
        if self.request.vpc.is_empty() {
            self.request.vpc = match self.vpc.take() {
                Some(vpc) => vpc,
                None => self.client.vpc()?.to_owned(),
            };
        }
        self.check()?;
        let Self { client, request, .. } = self;
        let shown = request.name.clone().unwrap_or_else(|| format!("a {}", request.configuration));
        let creation = Creation::of("virtual_servers().list()", &shown, &request.cluster);
        let client = client.with_cluster(&request.cluster).with_vpc(&request.vpc);
        let sent = client.raw().create_server().body(request).send();
        let made = client.send("create_server", sent).await;
        let made = made.and_then(|made| required(made, "the new server"));
        let data = made.map_err(|error| creation.told(error))?;
        Ok(VirtualServer::with_data(&client, data))
    }
}

crate::awaits::awaits!(CreateServer => VirtualServer, run);
