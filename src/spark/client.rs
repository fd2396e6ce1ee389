//! The client and how it is made.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::SecretString;

use super::oauth::ClientCredentials;
use super::platform::PLATFORM;
use super::settings::{Identity, Places, Settings};
use crate::config::Environment;
use crate::error::{Error, Result};
use crate::raw;
use crate::transport::Transport;
use crate::transport::auth::{Credential, Header, TokenCache, TokenProvider};
use crate::transport::options::Options;
use crate::transport::origin::shown;

/// The headers of the platform's own (source: cspark 0.3.3, sdk/resources/_base.py).
const API_KEY: HeaderName = HeaderName::from_static("x-synthetic-key");
const TENANT: HeaderName = HeaderName::from_static("x-tenant-name");
const USER_AGENT: HeaderName = HeaderName::from_static("x-spark-ua");

/// A client for one tenant of Spark. Clones are cheap and share connections and tokens. Making one
/// sends nothing.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    /// Versions 3 and 4 of the API.
    tenant: raw::spark::Client,
    /// Version 1 and the platform's own endpoints.
    origin: raw::spark::Client,
    options: Options,
    name: String,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Client").field(&self.0.tenant.inner).finish()
    }
}

impl Client {
    /// A builder that reads nothing but what it is told.
    ///
    /// ```
    /// # fn main() -> longhaul::Result<()> {
    /// let spark = longhaul::spark::Client::builder()
    ///     .base_url("https://excel.us.coherent.global/my-tenant")
    ///     .api_key("0123-4567")
    ///     .build()?;
    /// assert_eq!(spark.tenant(), "my-tenant");
    /// # Ok(()) }
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Reads `CSPARK_BASE_URL` and a credential: `CSPARK_CLIENT_ID` with `CSPARK_CLIENT_SECRET`,
    /// else the file that `CSPARK_OAUTH_PATH` names, else `CSPARK_API_KEY`, else
    /// `CSPARK_BEARER_TOKEN`.
    ///
    /// # Errors
    /// When the base URL or the credential is missing or not usable.
    pub fn from_env() -> Result<Self> {
        Self::builder().environment().build()
    }

    /// The generated client that this one uses for versions 3 and 4 of the API, for what it does
    /// not cover.
    pub fn raw(&self) -> &raw::spark::Client {
        &self.0.tenant
    }

    /// The generated client for version 1 of the API, whose paths do not name the tenant.
    pub fn raw_origin(&self) -> &raw::spark::Client {
        &self.0.origin
    }

    /// The base URL, the tenant included.
    pub fn base_url(&self) -> &Url {
        self.0.tenant.inner.base()
    }

    /// The tenant's name.
    pub fn tenant(&self) -> &str {
        &self.0.name
    }

    /// How the client talks.
    pub(super) fn options(&self) -> &Options {
        &self.0.options
    }
}

/// Makes the generated clients of one [`Client`].
struct Connector<'a> {
    http: reqwest::Client,
    options: &'a Options,
    tenant: HeaderValue,
}

impl<'a> Connector<'a> {
    fn new(places: &Places, options: &'a Options) -> Result<Self> {
        let tenant = HeaderValue::from_str(&places.tenant).map_err(|_| {
            let tenant = &places.tenant;
            Error::config(format!("the tenant `{tenant}` has characters that cannot be sent"))
        })?;
        Ok(Self { http: options.http_client()?, options, tenant })
    }

    fn connect(&self, base: &Url, credential: Credential) -> raw::spark::Client {
        let agent = concat!("agent=longhaul/", env!("CARGO_PKG_VERSION"), "; env=Rust");
        let rates = HashMap::new();
        let inner = Transport::new(&PLATFORM, base.clone(), credential, &rates, self.options)
            .with_header(TENANT, self.tenant.clone())
            .with_header(USER_AGENT, HeaderValue::from_static(agent));
        let baseurl = base.as_str().trim_end_matches('/').to_owned();
        raw::spark::Client { baseurl, client: self.http.clone(), inner }
    }

    fn credential(&self, identity: Identity, places: &Places) -> Result<Credential> {
        let fixed = |name, prefix, secret| {
            Ok(Credential::Fixed(Arc::new(Header::new(name, prefix, secret)?)))
        };
        match identity {
            Identity::Open => Ok(Credential::none()),
            Identity::ApiKey(key) => fixed(API_KEY, "", key),
            Identity::Token(token) => fixed(AUTHORIZATION, "Bearer ", token),
            Identity::OAuth { client_id, client_secret } => {
                let raw = self.connect(&places.token_origin, Credential::none());
                let tenant = places.tenant.clone();
                let provider = ClientCredentials { raw, tenant, client_id, client_secret };
                let cache = TokenCache::new(AUTHORIZATION, "Bearer ", provider);
                Ok(Credential::Fetched(Arc::new(cache)))
            }
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
    provider: Option<TokenCache>,
    options: Options,
}

impl Builder {
    /// The base URL with the tenant, such as `https://excel.us.coherent.global/my-tenant`. The
    /// address of the user interface works as well; on hosts of the platform `excel` takes the
    /// place of the first label.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url = Some(url.into());
        self
    }

    /// The tenant, for a base URL that does not name it or together with
    /// [`env`](Builder::env).
    pub fn tenant(mut self, name: impl Into<String>) -> Self {
        self.settings.tenant = Some(name.into());
        self
    }

    /// The environment, such as `us` or `uat.us`, together with a tenant in place of a base URL.
    pub fn env(mut self, name: impl Into<String>) -> Self {
        self.settings.env = Some(name.into());
        self
    }

    /// A synthetic key. Most rights need features of its group; folders always need a token.
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.settings.api_key = Some(key.into());
        self
    }

    /// A bearer token, with or without the word in front.
    pub fn bearer_token(mut self, token: impl Into<SecretString>) -> Self {
        self.settings.token = Some(token.into());
        self
    }

    /// OAuth's client credentials: a token is fetched when the first call needs one, refreshed
    /// before it ends, and fetched again when the server rejects it.
    pub fn oauth(mut self, client_id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        self.settings.oauth = Some((client_id.into(), secret.into()));
        self
    }

    /// OAuth's client credentials from a JSON file with `client_id` and `client_secret`.
    pub fn oauth_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.oauth_file = Some(path.into());
        self
    }

    /// Bearer tokens from a source of yours, asked when a token is needed, nears its end or is
    /// rejected.
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.provider = Some(TokenCache::new(AUTHORIZATION, "Bearer ", provider));
        self
    }

    /// No credential, for public endpoints.
    pub fn open(mut self) -> Self {
        self.settings.open = true;
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

    /// Lets the credential travel without encryption to hosts other than this machine.
    pub fn allow_plain_http(mut self) -> Self {
        self.settings.plain_http = true;
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// When a setting is missing, malformed or in conflict with another; the error names the
    /// place.
    pub fn build(self) -> Result<Client> {
        self.build_in(&Environment::of_process())
    }

    fn build_in(self, environment: &Environment) -> Result<Client> {
        let places = self.settings.places(environment)?;
        let connector = Connector::new(&places, &self.options)?;
        let credential = match self.provider {
            Some(provider) => {
                self.settings.nothing_beside_a_provider()?;
                Credential::Fetched(Arc::new(provider))
            }
            None => connector.credential(self.settings.identity(environment)?, &places)?,
        };
        let tenant = connector.connect(&places.base, credential.clone());
        let origin = connector.connect(&places.origin, credential);
        let (options, name) = (self.options.clone(), places.tenant);
        Ok(Client(Arc::new(Inner { tenant, origin, options, name })))
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.settings.base_url.as_deref().map(shown))
            .field("tenant", &self.settings.tenant)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
