//! The client and how it is made.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use progenitor_client::{Error as RawError, ResponseValue};
use reqwest::Url;
use secrecy::SecretString;
use serde::de::DeserializeOwned;

use super::access_keys::AccessKeys;
use super::cluster::ClusterInfos;
use super::configurations::Configurations;
use super::containers::Containers;
use super::events::Events;
use super::jobs::{Job, JobId};
use super::manifests::AppServicesManifests;
use super::session::{Identity, Login};
use super::settings::Settings;
use super::users::{User, Users};
use crate::config::Environment;
use crate::error::Result;
use crate::raw;
use crate::transport::Transport;
use crate::transport::auth::Credential;
use crate::transport::call::call;
use crate::transport::options::Options;
use crate::transport::origin::shown;
use crate::v3io::platform::PLATFORM;

/// A client for the control plane of one platform. Clones are cheap and share connections and the
/// session. Making one sends nothing.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    raw: raw::v3io::Client,
    identity: Identity,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Client").field(&self.0.raw.inner).finish()
    }
}

impl Client {
    /// A builder that reads nothing but what it is told.
    ///
    /// ```
    /// # fn main() -> longhaul::Result<()> {
    /// let control = longhaul::v3io::control::Client::builder()
    ///     .url("https://dashboard.default-tenant.app.example.com")
    ///     .login("ann", "correct horse")
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Reads the dashboard's URL from `V3IO_CONTROLPLANE_URL`, and who signs in from
    /// `V3IO_CONTROLPLANE_USERNAME` and `V3IO_CONTROLPLANE_PASSWORD`, the variables that the tests
    /// of the Go client use. Where those two are not set, the access key is taken from
    /// `V3IO_ACCESS_KEY`, the variable of the Python client's data plane.
    ///
    /// # Errors
    /// When one is missing, the URL is none, or the credential would travel unencrypted to a host
    /// that is neither this machine nor in the same cluster.
    pub fn from_env() -> Result<Self> {
        Self::builder().environment().build()
    }

    /// The generated client that this one uses, for what it does not cover.
    pub fn raw(&self) -> &raw::v3io::Client {
        &self.0.raw
    }

    /// The dashboard's URL.
    pub fn base_url(&self) -> &Url {
        self.0.raw.inner.base()
    }

    /// The user behind the credential.
    ///
    /// # Errors
    /// As any call.
    pub async fn me(&self) -> Result<User> {
        Ok(self.send(self.raw().get_self().send()).await?.into())
    }

    /// The users of the platform.
    pub fn users(&self) -> Users {
        Users::new(self)
    }

    /// The containers, as resources to list, create and delete.
    pub fn containers(&self) -> Containers {
        Containers::new(self)
    }

    /// The access keys.
    pub fn access_keys(&self) -> AccessKeys {
        AccessKeys::new(self)
    }

    /// The platform's events.
    pub fn events(&self) -> Events {
        Events::new(self)
    }

    /// What the platform's clusters tell of themselves.
    pub fn cluster_info(&self) -> ClusterInfos {
        ClusterInfos::new(self)
    }

    /// The configurations that can be reloaded.
    pub fn configurations(&self) -> Configurations {
        Configurations::new(self)
    }

    /// The application services of the tenant.
    pub fn app_services_manifests(&self) -> AppServicesManifests {
        AppServicesManifests::new(self)
    }

    /// A job by its id, without asking the server.
    pub fn job(&self, id: impl Into<JobId>) -> Job {
        Job::new(self, id.into())
    }

    /// Sends a generated operation.
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        sent: impl Future<Output = Result<ResponseValue<T>, RawError<()>>>,
    ) -> Result<T> {
        call(sent).await.map_err(|error| self.0.identity.hidden(error))
    }

    /// The generated client for one look of a wait, which is itself the retry.
    pub(super) fn single_attempt(&self, limit: Duration) -> raw::v3io::Client {
        let raw = &self.0.raw;
        raw::v3io::Client {
            baseurl: raw.baseurl.clone(),
            client: raw.client.clone(),
            inner: raw.inner.single_attempt(limit),
        }
    }
}

/// Says where a [`Client`] connects to and as whom.
///
/// A value given here is taken before the environment, and the environment is read only when
/// [`environment`](Builder::environment) says so.
#[derive(Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct Builder {
    settings: Settings,
    options: Options,
}

impl Builder {
    /// The dashboard's URL, such as `https://dashboard.default-tenant.app.example.com`, without
    /// `/api`.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.settings.url = Some(url.into());
        self
    }

    /// An access key for the control plane. No session is opened for it.
    pub fn access_key(mut self, key: impl Into<SecretString>) -> Self {
        self.settings.access_key = Some(key.into());
        self
    }

    /// A user's name and password. The first call opens a session, which all calls share; a call
    /// that the server rejects with 401 opens a new one and is sent once more.
    pub fn login(mut self, user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.settings.login = Some(Login { user: user.into(), password: password.into() });
        self
    }

    /// Reads the variables that [`Client::from_env`] names.
    pub fn environment(mut self) -> Self {
        self.settings.environment = true;
        self
    }

    /// Time-outs, attempts, connections, certificates.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Lets the credential travel without encryption to any host. Without it, that is done for
    /// this machine and for names that only a cluster knows: those without a dot and those in
    /// `.svc`.
    pub fn allow_plain_http(mut self) -> Self {
        self.settings.plain_http = true;
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// When a setting is missing or malformed, or there are two credentials; the error names the
    /// place.
    pub fn build(self) -> Result<Client> {
        let environment = Environment::of_process();
        let base = self.settings.url(&environment)?;
        let identity = self.settings.identity(&environment)?;
        let http = self.options.http_client()?;
        let connect = |credential| connected(&base, credential, &http, &self.options);
        let credential = identity.credential(connect)?;
        Ok(Client(Arc::new(Inner { raw: connect(credential), identity })))
    }
}

fn connected(
    base: &Url,
    credential: Credential,
    http: &reqwest::Client,
    options: &Options,
) -> raw::v3io::Client {
    raw::v3io::Client {
        baseurl: base.as_str().trim_end_matches('/').to_owned(),
        client: http.clone(),
        inner: Transport::new(&PLATFORM, base.clone(), credential, &HashMap::new(), options),
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("url", &self.settings.url.as_deref().map(shown))
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
