//! What can be set for a simulated Denvr Cloud.

use std::sync::Arc;
use std::time::Duration;

use super::auth::{API_KEY, Account, TENANT, USER, User};
use super::inferred;
use super::instance::Ending;
use super::server::Server;
use super::settings::PLATFORM;
use crate::server::{Backend, World};
use crate::simulator::Simulator;

/// The settings of a simulated Denvr Cloud; the methods are those of `Simulator<Denvr>`.
#[derive(Debug, Clone)]
pub struct Denvr {
    pub(super) tenant: String,
    pub(super) users: Vec<User>,
    pub(super) keys: Vec<String>,
    pub(super) token_lifetime: Duration,
    pub(super) refresh_token_lifetime: Duration,
    pub(super) clusters: Vec<String>,
    pub(super) servers: Vec<(String, String)>,
    pub(super) hosts: Vec<(String, String)>,
    pub(super) capacities: Vec<(String, u64)>,
    pub(super) endings: Vec<Ending>,
    pub(super) refresh_by_get: bool,
    pub(super) empty_logout: bool,
    pub(super) namespace_in_commands: bool,
    pub(super) strict_states: bool,
    pub(super) validation_as_500: bool,
    pub(super) withdrawn_paths: bool,
}

/// What there is.
impl Simulator<Denvr> {
    /// A simulated Denvr Cloud with the clusters `Hou1` and `Msc1`, the tenant [`TENANT`] with its
    /// default VPC in each, the pools `reserved-<tenant>` and `on-demand`, and the bare-metal host
    /// `denvrbm-128` in `Hou1`.
    pub fn denvr() -> Self {
        let alice = User::new(USER.0, USER.1, Account::TenantAdmin);
        let options = Denvr {
            tenant: TENANT.to_owned(),
            users: vec![alice],
            keys: vec![API_KEY.to_owned()],
            token_lifetime: inferred::TOKEN_LIFETIME,
            refresh_token_lifetime: inferred::REFRESH_TOKEN_LIFETIME,
            clusters: vec!["Hou1".to_owned(), "Msc1".to_owned()],
            servers: Vec::new(),
            hosts: vec![("Hou1".to_owned(), "denvrbm-128".to_owned())],
            capacities: Vec::new(),
            endings: Vec::new(),
            refresh_by_get: false,
            empty_logout: false,
            namespace_in_commands: true,
            strict_states: false,
            validation_as_500: false,
            withdrawn_paths: false,
        };
        Self::new(&PLATFORM, options, |options, world: World| {
            Arc::new(Server::new(options, world)) as Arc<dyn Backend>
        })
    }

    /// Another name for the one tenant, [`TENANT`] by default.
    pub fn tenant(mut self, name: impl Into<String>) -> Self {
        self.options.tenant = name.into();
        self
    }

    /// Accepts this user as well, besides [`USER`].
    pub fn user(
        mut self,
        name: impl Into<String>,
        password: impl Into<String>,
        account: Account,
    ) -> Self {
        self.options.users.push(User::new(name, password, account));
        self
    }

    /// Accepts this API key as well. All keys belong to [`USER`].
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.options.keys.push(key.into());
        self
    }

    /// How long an access token is good for; a day by default. It is told in whole seconds, rounded
    /// up.
    pub fn token_lifetime(mut self, time: Duration) -> Self {
        self.options.token_lifetime = time;
        self
    }

    /// How long a refresh token is good for; 365 days by default. It is told in whole seconds,
    /// rounded up.
    pub fn refresh_token_lifetime(mut self, time: Duration) -> Self {
        self.options.refresh_token_lifetime = time;
        self
    }

    /// One more cluster.
    pub fn cluster(mut self, name: impl Into<String>) -> Self {
        self.options.clusters.push(name.into());
        self
    }

    /// A virtual server that is `ONLINE` from the beginning, in the tenant's default VPC.
    pub fn server(mut self, cluster: impl Into<String>, name: impl Into<String>) -> Self {
        self.options.servers.push((cluster.into(), name.into()));
        self
    }

    /// One more bare-metal host.
    pub fn host(mut self, cluster: impl Into<String>, id: impl Into<String>) -> Self {
        self.options.hosts.push((cluster.into(), id.into()));
        self
    }

    /// How many servers and applications with these configurations run at once, in each pool of each
    /// cluster; 100 by default. `*` stands for any run of characters; the last setting wins.
    pub fn capacity(mut self, configuration: impl Into<String>, count: u64) -> Self {
        self.options.capacities.push((configuration.into(), count));
        self
    }

    /// The status in which creating or starting a server or application of this name ends in place
    /// of `ONLINE`, or provisioning a host in place of `provisioned`: a failure such as `FAILED`,
    /// `PENDING_READINESS` for one that never gets ready, or a word that nobody knows. `*` in the
    /// name stands for any run of characters; the last setting wins. The reason shows in the details
    /// of an application and in the logs.
    pub fn outcome(
        mut self,
        name: impl Into<String>,
        status: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        let (name, status, reason) = (name.into(), status.into(), reason.into());
        self.options.endings.push(Ending { name, status, reason });
        self
    }
}

/// Strict and lenient.
impl Simulator<Denvr> {
    /// Whether tokens are refreshed by GET as well, as the official clients ask; by default only by
    /// POST, as the published interface has it.
    pub fn refresh_by_get(mut self, on: bool) -> Self {
        self.options.refresh_by_get = on;
        self
    }

    /// Whether `LogOut` answers with an empty body in place of an envelope.
    pub fn empty_logout(mut self, on: bool) -> Self {
        self.options.empty_logout = on;
        self
    }

    /// Whether starting, stopping and destroying a virtual server tells its `namespace`; it does by
    /// default. The published interface leaves it out, the official waiter needs it.
    pub fn namespace_in_commands(mut self, on: bool) -> Self {
        self.options.namespace_in_commands = on;
        self
    }

    /// Whether starting what runs, stopping what is stopped and destroying what is being destroyed
    /// is an error; by default it succeeds and does nothing.
    pub fn strict_states(mut self, on: bool) -> Self {
        self.options.strict_states = on;
        self
    }

    /// Whether bad input is answered with 500 in place of 400.
    pub fn validation_as_500(mut self, on: bool) -> Self {
        self.options.validation_as_500 = on;
        self
    }

    /// Whether the withdrawn paths `CreateApplication`, `AddHostVpc` and `RemoveHostVpc` answer; by
    /// default there is nothing.
    pub fn withdrawn_paths(mut self, on: bool) -> Self {
        self.options.withdrawn_paths = on;
        self
    }
}
