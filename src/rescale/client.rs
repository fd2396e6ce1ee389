//! The client and how it is made.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};

use super::account::{Organization, User};
use super::catalogue::{Analyses, CoreTypes, Prices};
use super::files::Files;
use super::folders::Folders;
use super::jobs::{Job, JobId, Jobs};
use super::platform::{PLATFORM, default_rates};
use super::settings::{Profile, Settings, no_key};
use super::storage::StorageDevices;
use crate::config::Environment;
use crate::error::Result;
use crate::raw;
use crate::transport::Transport;
use crate::transport::auth::{Credential, Header, TokenCache, TokenProvider};
use crate::transport::options::Options;
use crate::transport::origin::shown;

/// A client for one Rescale account on one host. Clones are cheap and share connections, rate
/// limits and tokens. Making one sends nothing.
#[derive(Clone)]
pub struct Client(Arc<raw::rescale::Client>);

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Client").field(&self.0.inner).finish()
    }
}

impl Client {
    /// A builder that reads nothing but what it is told.
    ///
    /// ```
    /// # fn main() -> longhaul::Result<()> {
    /// let rescale = longhaul::rescale::Client::builder()
    ///     .base_url("https://eu.rescale.com")
    ///     .api_key("0123456789abcdef")
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Reads `RESCALE_API_KEY` and `RESCALE_API_URL`, and their older spellings. Without a URL the
    /// host is `https://platform.rescale.com`.
    ///
    /// # Errors
    /// When there is no key, or the URL is not one.
    pub fn from_env() -> Result<Self> {
        Self::builder().environment().build()
    }

    /// Reads a profile of `~/.config/rescale/apiconfig`, and nothing from the environment.
    ///
    /// # Errors
    /// When the file or the profile does not exist, or a value in it is not usable.
    pub fn from_profile(name: impl Into<String>) -> Result<Self> {
        Self::builder().profile(name).build()
    }

    /// Reads the environment, and what is missing there from the profile `default`, value by
    /// value, as Rescale's own command line does.
    ///
    /// # Errors
    /// When there is no key in either, or a value is not usable.
    pub fn from_config() -> Result<Self> {
        let mut builder = Self::builder().environment();
        builder.settings.profile = Some(Profile { name: "default".into(), required: false });
        builder.build()
    }

    /// The generated client that this one uses, for what it does not cover.
    pub fn raw(&self) -> &raw::rescale::Client {
        &self.0
    }

    /// The server.
    pub fn base_url(&self) -> &Url {
        self.0.inner.base()
    }

    /// The user whose key it is.
    ///
    /// # Errors
    /// As any call, see [`Error`](crate::Error).
    pub async fn current_user(&self) -> Result<User> {
        User::current(self).await
    }

    /// Whether the server takes the key. An answer other than 401 counts as yes.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn check_credentials(&self) -> Result<bool> {
        super::account::check_credentials(self).await
    }

    /// The organisation that the key's user belongs to.
    ///
    /// # Errors
    /// As any call, and when the user's record names no organisation.
    pub async fn organization(&self) -> Result<Organization> {
        Organization::of_current_user(self).await
    }

    /// Projects that the user may charge, as a list.
    pub fn projects(&self) -> crate::page::List<super::account::ProjectQuery> {
        super::account::ProjectQuery::list(self)
    }

    /// Kinds of hardware.
    pub fn core_types(&self) -> CoreTypes {
        CoreTypes::new(self)
    }

    /// Software, with its versions.
    pub fn analyses(&self) -> Analyses {
        Analyses::new(self)
    }

    /// What hardware costs.
    pub fn prices(&self) -> Prices {
        Prices::new(self)
    }

    /// Jobs.
    pub fn jobs(&self) -> Jobs {
        Jobs::new(self)
    }

    /// One job by its id, without asking the server.
    pub fn job(&self, id: impl Into<JobId>) -> Job {
        Job::new(self, id.into())
    }

    /// Files in the library and in jobs.
    pub fn files(&self) -> Files {
        Files::new(self)
    }

    /// Folders and the trash.
    pub fn folders(&self) -> Folders {
        Folders::new(self)
    }

    /// High-performance storage devices.
    pub fn storage_devices(&self) -> StorageDevices {
        StorageDevices::new(self)
    }

    /// The generated client with a single attempt per call, for waits.
    pub(super) fn single_attempt(&self, limit: Duration) -> raw::rescale::Client {
        self.with(self.0.inner.single_attempt(limit))
    }

    /// The generated client without a limit on how long a body takes, for uploads.
    pub(super) fn unhurried(&self) -> raw::rescale::Client {
        self.with(self.0.inner.unhurried())
    }

    fn with(&self, inner: Transport) -> raw::rescale::Client {
        let raw = &self.0;
        raw::rescale::Client { baseurl: raw.baseurl.clone(), client: raw.client.clone(), inner }
    }
}

/// Says where a [`Client`] connects to and as whom.
///
/// A value given here is taken before the environment, the environment before the profile, the
/// profile before the default.
#[derive(Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct Builder {
    settings: Settings,
    provider: Option<TokenCache>,
    rates: Vec<(RateScope, Option<f64>)>,
    options: Options,
}

/// What Rescale counts requests by (source: rescale-labs/Rescale_Interlink,
/// internal/ratelimit/constants.go).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RateScope {
    /// Version 3 of the API, and whatever falls under no other scope: 2 a second.
    User,
    /// Submitting jobs: 1,000 an hour.
    JobSubmission,
    /// Everything else about jobs in version 2: 25 a second.
    JobsUsage,
}

impl RateScope {
    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::JobSubmission => "job-submission",
            Self::JobsUsage => "jobs-usage",
        }
    }
}

impl Builder {
    /// The API key from the account's settings, or a session's JWT.
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.settings.key = Some(key.into());
        self
    }

    /// Short-lived JWTs instead of a key. The provider is asked when a token is needed, nears its
    /// end or is rejected; calls and long transfers go on with the new one.
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.provider = Some(TokenCache::new(AUTHORIZATION, "Bearer ", provider));
        self
    }

    /// The host, such as `https://eu.rescale.com`; `https://platform.rescale.com` by default. One
    /// `/api/v2` or `/api/v3` at the end is dropped.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url = Some(url.into());
        self
    }

    /// Reads the variables that [`Client::from_env`] names.
    pub fn environment(mut self) -> Self {
        self.settings.environment = true;
        self
    }

    /// Reads this profile of `apiconfig`.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.settings.profile = Some(Profile { name: name.into(), required: true });
        self
    }

    /// Another `apiconfig` than the one in the home folder.
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.config_file = Some(path.into());
        self
    }

    /// Requests per second in a scope, or `None` for no limit. Rescale's own hosts have their
    /// documented limits by default, other hosts none. At most 60 times the rate is sent in any
    /// minute, by all clones of the client together.
    pub fn rate_limit(mut self, scope: RateScope, per_second: Option<f64>) -> Self {
        self.rates.push((scope, per_second));
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
    /// When a setting is missing or malformed; the error names the place.
    pub fn build(self) -> Result<Client> {
        self.build_in(&Environment::of_process())
    }

    fn build_in(self, environment: &Environment) -> Result<Client> {
        let resolved = self.settings.resolve(environment)?;
        let credential = match (self.provider, resolved.key) {
            (Some(_), Some(_)) if self.settings.key.is_some() => {
                let message = "both an API key and a token provider were given; give one of them";
                return Err(crate::Error::config(message));
            }
            (Some(provider), _) => Credential::Fetched(Arc::new(provider)),
            (None, Some(key)) => fixed(key)?,
            (None, None) => return Err(no_key(&self.settings)),
        };
        let rates = rates(&resolved.base, &self.rates)?;
        let http = self.options.http_client()?;
        let baseurl = resolved.base.as_str().trim_end_matches('/').to_owned();
        let inner = Transport::new(&PLATFORM, resolved.base, credential, &rates, &self.options);
        Ok(Client(Arc::new(raw::rescale::Client { baseurl, client: http, inner })))
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.settings.base_url.as_deref().map(shown))
            .field("profile", &self.settings.profile)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

fn rates(base: &Url, changes: &[(RateScope, Option<f64>)]) -> Result<HashMap<String, f64>> {
    let mut rates = default_rates(base);
    for (scope, rate) in changes {
        match rate {
            None => rates.remove(scope.name()),
            Some(rate) if rate.is_finite() && *rate > 0.0 => {
                rates.insert(scope.name().to_owned(), *rate)
            }
            Some(rate) => {
                let message = format!("a rate limit must be above 0 requests a second, not {rate}");
                return Err(crate::Error::config(message));
            }
        };
    }
    Ok(rates)
}

/// A session's JWT travels as `Bearer`, a key as `Token` (source: rescale-labs/Rescale_Interlink,
/// internal/api/client.go).
fn fixed(key: SecretString) -> Result<Credential> {
    let text = key.expose_secret().trim();
    if text.is_empty() {
        return Err(crate::Error::config("the API key is empty"));
    }
    let is_jwt = text.starts_with("ey") && text.split('.').count() == 3;
    let prefix = if is_jwt { "Bearer " } else { "Token " };
    let trimmed = SecretString::from(text);
    Ok(Credential::Fixed(Arc::new(Header::new(AUTHORIZATION, prefix, trimmed)?)))
}
