//! Virtual networks. They need the role TenantAdmin (source: the platform's documentation, user
//! management).

use super::Client;
use super::clusters::of_known_cluster;
use super::creation::Creation;
use super::envelope::required;
use super::models::{Vpc, VpcCreate};
use crate::arguments::filled;
use crate::batch::Report;
use crate::error::{Error, Result};
use crate::ids::id_type;

id_type! {
    /// The id of a VPC, which is its name.
    VpcId
}

/// The virtual networks of the client's cluster.
#[derive(Clone, Debug)]
pub struct Vpcs {
    client: Client,
}

impl Vpcs {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Those of the client's cluster.
    ///
    /// # Errors
    /// As any call, and when there is no such cluster.
    pub async fn list(&self) -> Result<Vec<Vpc>> {
        of_known_cluster(&self.client, self.fetch().await?).await
    }

    async fn fetch(&self) -> Result<Vec<Vpc>> {
        let sent = self.client.raw().list_vpcs().cluster(self.client.target()?).send();
        let list = self.client.send("list_vpcs", sent).await?;
        Ok(list.and_then(|list| list.items).unwrap_or_default())
    }

    /// Those of every cluster; each is asked, and the report names those that failed.
    ///
    /// # Errors
    /// When the clusters cannot be listed.
    pub async fn list_all(&self) -> Result<Report<String, Vec<Vpc>>> {
        let list = |client: Client| async move { client.vpcs().fetch().await };
        self.client.clusters().each(list).await
    }

    /// One by its id.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<VpcId>) -> Result<Vpc> {
        let id = id.into();
        let request = self.client.raw().get_vpc().id(filled("the id of the VPC", id.as_str())?);
        let sent = request.cluster(self.client.target()?).send();
        required(self.client.send("get_vpc", sent).await?, "the VPC")
    }

    /// A new one, whose name begins with that of the tenant and `-`, as in `acme-lab`.
    pub fn create(&self, name: impl Into<String>) -> CreateVpc {
        let cluster = self.client.cluster().to_owned();
        let request =
            VpcCreate { name: name.into(), cluster, block_intra_vpc_comms: None, is_default: None };
        CreateVpc { client: self.client.clone(), request }
    }

    /// Destroys one.
    ///
    /// # Errors
    /// As any call.
    pub async fn destroy(&self, id: impl Into<VpcId>) -> Result<()> {
        let id = id.into();
        let request = self.client.raw().destroy_vpc().id(filled("the id of the VPC", id.as_str())?);
        let sent = request.cluster(self.client.target()?).send();
        self.client.send("destroy_vpc", sent).await.map(drop)
    }
}

/// A VPC about to be made; `.await` makes it. It is sent once.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateVpc {
    client: Client,
    request: VpcCreate,
}

impl CreateVpc {
    /// The cluster, where it is not the client's.
    pub fn cluster(mut self, name: impl Into<String>) -> Self {
        self.request.cluster = name.into();
        self
    }

    /// Whether the machines in it cannot reach each other; the server's default is no.
    pub fn block_intra_vpc_comms(mut self, wanted: bool) -> Self {
        self.request.block_intra_vpc_comms = Some(wanted);
        self
    }

    /// Makes it the default of the cluster, of which there is one.
    pub fn is_default(mut self, wanted: bool) -> Self {
        self.request.is_default = Some(wanted);
        self
    }

    fn check(&self) -> Result<()> {
        let name = filled("the name of the VPC", &self.request.name)?;
        filled("the cluster of the VPC", &self.request.cluster)?;
        let Some(tenant) = self.client.tenant() else { return Ok(()) };
        if self.request.is_default != Some(true) && !name.starts_with(&format!("{tenant}-")) {
            let message = format!("the VPC `{name}` must have a name that begins with `{tenant}-`");
            return Err(Error::invalid(message));
        }
        Ok(())
    }

    async fn run(self) -> Result<Vpc> {
        self.check()?;
        let Self { client, request } = self;
        let look = Creation::of("vpcs().list()", &request.name, &request.cluster);
        let sent = client.raw().create_vpc().body(request).send();
        let made = client.send("create_vpc", sent).await;
        made.and_then(|vpc| required(vpc, "the VPC")).map_err(|error| look.told(error))
    }
}

crate::awaits::awaits!(CreateVpc => Vpc, run);
