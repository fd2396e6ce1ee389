//! The client and how it is made.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};

use super::containers::{Container, ListContainers};
use super::platform::{PLATFORM, SESSION_KEY};
use super::settings::Settings;
use crate::config::Environment;
use crate::error::{Error, Result};
use crate::raw;
use crate::transport::Transport;
use crate::transport::auth::{Credential, Header, TokenCache, TokenProvider};
use crate::transport::options::Options;
use crate::transport::origin::shown;

/// A client for the data plane of one platform. Clones are cheap and share connections. Making one
/// sends nothing.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    raw: raw::v3io::Client,
    options: Options,
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
    /// let client = longhaul::v3io::Client::builder()
    ///     .endpoint("https://webapi.example.com")
    ///     .access_key("0123-4567")
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Reads the endpoint from `V3IO_API` and the access key from `V3IO_ACCESS_KEY`, as the
    /// official client does. An endpoint without a scheme is taken for plain HTTP.
    ///
    /// # Errors
    /// When one is missing, the endpoint is no URL, or the key would travel unencrypted to a host
    /// that is neither this machine nor in the same cluster.
    pub fn from_env() -> Result<Self> {
        Self::builder().environment().build()
    }

    /// The same client with another access key, for calls on behalf of somebody else. Connections
    /// are shared.
    ///
    /// # Errors
    /// When the key is empty or cannot be sent.
    pub fn with_access_key(&self, key: impl Into<SecretString>) -> Result<Self> {
        let raw = &self.0.raw;
        let inner = raw.inner.with_credential(fixed(&key.into())?);
        let (baseurl, client) = (raw.baseurl.clone(), raw.client.clone());
        let options = self.0.options.clone();
        Ok(Self(Arc::new(Inner { raw: raw::v3io::Client { baseurl, client, inner }, options })))
    }

    /// The generated client that this one uses, for what it does not cover.
    pub fn raw(&self) -> &raw::v3io::Client {
        &self.0.raw
    }

    /// The endpoint.
    pub fn base_url(&self) -> &Url {
        self.0.raw.inner.base()
    }

    /// The containers that the access key may see.
    pub fn containers(&self) -> ListContainers {
        ListContainers::new(self)
    }

    /// A container by its name, without asking the server. Its id in digits works too.
    pub fn container(&self, name: impl AsRef<str>) -> Container {
        Container::new(self, name.as_ref())
    }

    /// How many bytes may be held in memory for one answer.
    pub(super) fn largest_answer(&self) -> usize {
        self.0.options.max_response_bytes
    }

    /// The generated client without a limit on how long a body takes, for uploads.
    pub(super) fn unhurried(&self) -> raw::v3io::Client {
        let raw = &self.0.raw;
        raw::v3io::Client {
            baseurl: raw.baseurl.clone(),
            client: raw.client.clone(),
            inner: raw.inner.unhurried(),
        }
    }

    fn new(base: Url, credential: Credential, http: reqwest::Client, options: Options) -> Self {
        let baseurl = base.as_str().trim_end_matches('/').to_owned();
        let inner = Transport::new(&PLATFORM, base, credential, &HashMap::new(), &options);
        Self(Arc::new(Inner { raw: raw::v3io::Client { baseurl, client: http, inner }, options }))
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
    basic: Option<(String, SecretString)>,
    provider: Option<TokenCache>,
    options: Options,
}

impl Builder {
    /// The web API's endpoint, such as `https://webapi.example.com` or, inside the cluster,
    /// `http://v3io-webapi:8081`. Without a scheme it is taken for plain HTTP.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.settings.endpoint = Some(url.into());
        self
    }

    /// The access key, as made in the dashboard.
    pub fn access_key(mut self, key: impl Into<SecretString>) -> Self {
        self.settings.access_key = Some(key.into());
        self
    }

    /// A user's name and password instead of an access key.
    pub fn basic_auth(
        mut self,
        user: impl Into<String>,
        password: impl Into<SecretString>,
    ) -> Self {
        self.basic = Some((user.into(), password.into()));
        self
    }

    /// Access keys that change instead of a fixed one. The provider is asked when a key is needed,
    /// nears its end or is rejected; calls go on with the new one.
    pub fn access_key_provider(mut self, provider: impl TokenProvider) -> Self {
        self.provider = Some(TokenCache::new(SESSION_KEY, "", provider));
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
        self.build_in(&Environment::of_process())
    }

    fn build_in(self, environment: &Environment) -> Result<Client> {
        let base = self.settings.endpoint(environment)?;
        let given =
            [self.settings.access_key.is_some(), self.basic.is_some(), self.provider.is_some()];
        if given.iter().filter(|given| **given).count() > 1 {
            let message = "two credentials were given; give an access key, a user or a provider";
            return Err(Error::config(message));
        }
        let credential = match (self.provider, self.basic) {
            (Some(provider), _) => Credential::Fetched(Arc::new(provider)),
            (None, Some((user, password))) => basic(&user, &password)?,
            (None, None) => match self.settings.access_key(environment) {
                Some(key) => fixed(&key)?,
                None => return Err(self.settings.no_key()),
            },
        };
        let http = self.options.http_client()?;
        Ok(Client::new(base, credential, http, self.options))
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("endpoint", &self.settings.endpoint.as_deref().map(shown))
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

fn fixed(key: &SecretString) -> Result<Credential> {
    let key = key.expose_secret().trim();
    if key.is_empty() {
        return Err(Error::config("the access key is empty"));
    }
    Ok(Credential::Fixed(Arc::new(Header::new(SESSION_KEY, "", SecretString::from(key))?)))
}

/// The header of a user with a password.
pub(super) fn basic(user: &str, password: &SecretString) -> Result<Credential> {
    if user.is_empty() || user.contains(':') {
        // Not shown: what has a colon may be the user with the password.
        return Err(Error::config("a user name must not be empty or have a `:`"));
    }
    let pair = SecretString::from(format!("{user}:{}", password.expose_secret()));
    let encoded = SecretString::from(STANDARD.encode(pair.expose_secret()));
    let header = Header::new(AUTHORIZATION, "Basic ", encoded)?.hiding(password.clone());
    Ok(Credential::Fixed(Arc::new(header)))
}
