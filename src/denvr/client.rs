//! The client: who it is, what its calls use by default, and where it begins.

use std::sync::Arc;

use reqwest::Url;

use super::applications::{Application, ApplicationId, Applications};
use super::bare_metal::{BareMetal, Host, HostId};
use super::builder::Builder;
use super::clusters::Clusters;
use super::images::Images;
use super::login::Session;
use super::settings::Defaults;
use super::snapshots::Snapshots;
use super::virtual_servers::{ServerId, VirtualServer, VirtualServers};
use super::vpcs::Vpcs;
use crate::error::{Error, Result};
use crate::raw;
use crate::transport::auth::Credential;

/// A client for Denvr Cloud. Clones are cheap and share connections and the session. Making one
/// sends nothing.
///
/// Calls go to the client's cluster, VPC and resource pool;
/// [`with_cluster`](Client::with_cluster) and its like give a client for others.
#[derive(Clone)]
pub struct Client {
    pub(super) shared: Arc<Shared>,
    defaults: Arc<Defaults>,
}

pub(super) struct Shared {
    pub(super) raw: raw::denvr::Client,
    pub(super) credential: Credential,
    pub(super) holder: Holder,
}

/// Whom the credential belongs to.
pub(super) enum Holder {
    /// An API key, and where it was found.
    Key(String),
    User(Arc<Session>),
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("transport", &self.shared.raw.inner)
            .field("defaults", &self.defaults)
            .finish()
    }
}

impl Client {
    pub(super) fn new(shared: Shared, defaults: Defaults) -> Self {
        Self { shared: Arc::new(shared), defaults: Arc::new(defaults) }
    }

    /// A builder that reads nothing but what it is told.
    ///
    /// ```
    /// # fn main() -> longhaul::Result<()> {
    /// let denvr = longhaul::denvr::Client::builder()
    ///     .api_key("0123-4567")
    ///     .cluster("Hou1")
    ///     .tenant("acme")
    ///     .build()?;
    /// assert_eq!(denvr.vpc()?, "acme");
    /// # Ok(()) }
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Reads `DENVR_APIKEY`, else `DENVR_USERNAME` with `DENVR_PASSWORD`, and `DENVR_SERVER`,
    /// which is a variable of this crate only. No file is read.
    ///
    /// # Errors
    /// When the credential is missing or not usable.
    pub fn from_env() -> Result<Self> {
        Self::builder().environment().build()
    }

    /// Reads the environment as [`from_env`](Client::from_env) does, and for what is missing there
    /// the TOML file that `DENVR_CONFIG` names, else `~/.config/denvr.toml`.
    ///
    /// An API key comes before a user name, also when only the user name is in the environment,
    /// as in the official clients.
    ///
    /// # Errors
    /// When the credential is missing, the named file cannot be read, or a value is not usable; the
    /// error names the place.
    pub fn from_config() -> Result<Self> {
        Self::builder().config().build()
    }

    /// The generated client that this one uses, for what it does not cover.
    pub fn raw(&self) -> &raw::denvr::Client {
        &self.shared.raw
    }

    /// The server.
    pub fn server(&self) -> &Url {
        self.shared.raw.inner.base()
    }

    /// The cluster that calls go to.
    pub fn cluster(&self) -> &str {
        &self.defaults.cluster
    }

    /// The tenant's name, where it was given.
    pub fn tenant(&self) -> Option<&str> {
        self.defaults.tenant.as_deref()
    }

    /// The VPC that servers are made and looked for in, by default the one with the tenant's name.
    /// In the platform's answers it is called the namespace.
    ///
    /// # Errors
    /// When neither a VPC nor a tenant was given.
    pub fn vpc(&self) -> Result<&str> {
        self.defaults.vpc.as_deref().ok_or_else(|| {
            Error::config(
                "no VPC is known: set `vpcid` or `tenant` in [defaults] of the config file, or \
                 give one with `vpc` or `tenant` on the builder or with `with_vpc`",
            )
        })
    }

    /// The resource pool that is used; `on-demand` by default.
    pub fn rpool(&self) -> &str {
        &self.defaults.rpool
    }

    /// The same client for another cluster.
    #[must_use]
    pub fn with_cluster(&self, name: impl Into<String>) -> Self {
        let defaults = Defaults { cluster: name.into(), ..Defaults::clone(&self.defaults) };
        self.with_defaults(defaults)
    }

    /// The same client for another VPC.
    #[must_use]
    pub fn with_vpc(&self, name: impl Into<String>) -> Self {
        let defaults = Defaults { vpc: Some(name.into()), ..Defaults::clone(&self.defaults) };
        self.with_defaults(defaults)
    }

    /// The same client for another resource pool, such as `reserved-acme`.
    #[must_use]
    pub fn with_rpool(&self, name: impl Into<String>) -> Self {
        let defaults = Defaults { rpool: name.into(), ..Defaults::clone(&self.defaults) };
        self.with_defaults(defaults)
    }

    fn with_defaults(&self, defaults: Defaults) -> Self {
        Self { shared: self.shared.clone(), defaults: Arc::new(defaults) }
    }

    /// The clusters.
    pub fn clusters(&self) -> Clusters {
        Clusters::new(self)
    }

    /// Virtual servers.
    pub fn virtual_servers(&self) -> VirtualServers {
        VirtualServers::new(self)
    }

    /// One virtual server of the client's cluster and VPC by its id, without asking the server.
    pub fn virtual_server(&self, id: impl Into<ServerId>) -> VirtualServer {
        VirtualServer::new(self, id.into())
    }

    /// Bare-metal hosts.
    pub fn bare_metal(&self) -> BareMetal {
        BareMetal::new(self)
    }

    /// One bare-metal host of the client's cluster by its id, without asking the server.
    pub fn host(&self, id: impl Into<HostId>) -> Host {
        Host::new(self, id.into())
    }

    /// Applications: of the catalogue, and containers of your own.
    pub fn applications(&self) -> Applications {
        Applications::new(self)
    }

    /// One application of the client's cluster by its id, without asking the server.
    pub fn application(&self, id: impl Into<ApplicationId>) -> Application {
        Application::new(self, id.into())
    }

    /// Images of operating systems.
    pub fn images(&self) -> Images {
        Images::new(self)
    }

    /// Virtual networks.
    pub fn vpcs(&self) -> Vpcs {
        Vpcs::new(self)
    }

    /// Snapshots of virtual servers.
    pub fn snapshots(&self) -> Snapshots {
        Snapshots::new(self)
    }
}
