//! Bare-metal hosts.

use super::Client;
use super::clusters::of_known_cluster;
use super::envelope::required;
use super::models::{BareMetalHost, HostCommand, HostReprovision};
use crate::arguments::filled;
use crate::batch::Report;
use crate::error::{Error, Result};
use crate::ids::id_type;

id_type! {
    /// The id of a bare-metal host, such as `denvrbm-128`.
    HostId
}

/// The bare-metal hosts of the client's cluster.
#[derive(Clone, Debug)]
pub struct BareMetal {
    client: Client,
}

impl BareMetal {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// Those of the client's cluster.
    ///
    /// # Errors
    /// As any call, and when there is no such cluster.
    pub async fn list(&self) -> Result<Vec<Host>> {
        of_known_cluster(&self.client, self.fetch().await?).await
    }

    async fn fetch(&self) -> Result<Vec<Host>> {
        let sent = self.client.raw().list_hosts().cluster(self.client.target()?).send();
        let list = self.client.send("list_hosts", sent).await?;
        let items = list.and_then(|list| list.items).unwrap_or_default();
        Ok(items.into_iter().map(|data| Host::with_data(&self.client, data)).collect())
    }

    /// Those of every cluster; each is asked, and the report names those that failed.
    ///
    /// # Errors
    /// When the clusters cannot be listed.
    pub async fn list_all(&self) -> Result<Report<String, Vec<Host>>> {
        let list = |client: Client| async move { client.bare_metal().fetch().await };
        self.client.clusters().each(list).await
    }

    /// One by its id, as the platform has it now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<HostId>) -> Result<Host> {
        let mut host = Host::new(&self.client, id.into());
        host.refresh().await?;
        Ok(host)
    }
}

/// A bare-metal host.
#[derive(Clone, Debug)]
pub struct Host {
    client: Client,
    id: HostId,
    data: Option<BareMetalHost>,
}

impl Host {
    pub(super) fn new(client: &Client, id: HostId) -> Self {
        Self { client: client.clone(), id, data: None }
    }

    fn with_data(client: &Client, data: BareMetalHost) -> Self {
        let cluster = data.cluster.clone().unwrap_or_else(|| client.cluster().to_owned());
        let id = HostId::from(data.id.clone().unwrap_or_default());
        Self { client: client.with_cluster(cluster), id, data: Some(data) }
    }

    /// The host's id.
    pub fn id(&self) -> &HostId {
        &self.id
    }

    /// The cluster it belongs to.
    pub fn cluster(&self) -> &str {
        self.client.cluster()
    }

    /// What the platform said last; `None` before the first [`refresh`](Host::refresh).
    pub fn data(&self) -> Option<&BareMetalHost> {
        self.data.as_ref()
    }

    /// Asks the platform for the host.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&BareMetalHost> {
        let request = self.client.raw().get_host().id(self.checked_id()?);
        let sent = request.cluster(self.client.target()?).send();
        let data = required(self.client.send("get_host", sent).await?, "the host")?;
        Ok(self.data.insert(data))
    }

    /// Reboots the host. It is sent once.
    ///
    /// # Errors
    /// As any call.
    pub async fn reboot(&mut self) -> Result<()> {
        let (id, cluster) = (self.checked_id()?.to_owned(), self.client.target()?.to_owned());
        let body = HostCommand { id, cluster };
        let sent = self.client.raw().reboot_host().body(body).send();
        self.data = self.client.send("reboot_host", sent).await?.or(self.data.take());
        Ok(())
    }

    /// Sets the host up anew, which erases it.
    pub fn reprovision(self) -> ReprovisionHost {
        let (id, cluster) = (self.id.to_string(), self.cluster().to_owned());
        let (image_url, image_checksum, cloud_init_base64) = (None, None, None);
        let request = HostReprovision { id, cluster, image_url, image_checksum, cloud_init_base64 };
        ReprovisionHost { host: self, request }
    }

    fn checked_id(&self) -> Result<&str> {
        filled("the id of the host", self.id.as_str())
    }
}

/// A host about to be set up anew; `.await` sends it, once, and gives the host back.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is awaited"]
pub struct ReprovisionHost {
    host: Host,
    request: HostReprovision,
}

impl ReprovisionHost {
    /// The image, with the URL of a file of checksums that names it. The image that is there is
    /// used by default.
    pub fn image(mut self, url: impl Into<String>, checksums_url: impl Into<String>) -> Self {
        self.request.image_url = Some(url.into());
        self.request.image_checksum = Some(checksums_url.into());
        self
    }

    /// A cloud-init document, as Base64.
    pub fn cloud_init_base64(mut self, document: impl Into<String>) -> Self {
        self.request.cloud_init_base64 = Some(document.into());
        self
    }

    /// The request as it will be sent, to set what has no setter here.
    pub fn edit(mut self, change: impl FnOnce(&mut HostReprovision)) -> Self {
        change(&mut self.request);
        self
    }

    fn check(&self) -> Result<()> {
        self.host.checked_id()?;
        self.host.client.target()?;
        let document = self.request.cloud_init_base64.as_deref().unwrap_or_default();
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte);
        match document.bytes().all(is_base64) {
            true => Ok(()),
            false => Err(Error::invalid("the cloud-init document is not Base64; encode it first")),
        }
    }

    async fn run(self) -> Result<Host> {
        self.check()?;
        let Self { mut host, request } = self;
        let sent = host.client.raw().reprovision_host().body(request).send();
        let data = host.client.send("reprovision_host", sent).await?;
        host.data = data.or(host.data);
        Ok(host)
    }
}

crate::awaits::awaits!(ReprovisionHost => Host, run);
