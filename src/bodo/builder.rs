//! How the two clients are made.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use reqwest::header::AUTHORIZATION;
use secrecy::SecretString;

use super::session::{Connector, Session};
use super::settings::{Kind, Settings};
use crate::config::Environment;
use crate::error::Result;
use crate::transport::auth::{Credential, TokenCache, TokenProvider};
use crate::transport::options::Options;
use crate::transport::origin::shown;

/// One of the two clients.
pub(super) trait Connected {
    const KIND: Kind;
    fn connected(session: Session) -> Self;
}

/// Says where a [`Workspace`](super::Workspace) or an [`Organization`](super::Organization)
/// connects to and as whom.
///
/// A value given here is taken before the environment, and the environment is read only when
/// [`environment`](Builder::environment) says so.
#[must_use = "a builder does nothing until it builds"]
pub struct Builder<C> {
    settings: Settings,
    provider: Option<TokenCache>,
    options: Options,
    client: PhantomData<fn() -> C>,
}

impl<C> Builder<C> {
    pub(super) fn new() -> Self {
        let (settings, options) = (Settings::default(), Options::default());
        Self { settings, provider: None, options, client: PhantomData }
    }

    /// The client id of an API token made in the admin console.
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.settings.client_id = Some(id.into());
        self
    }

    /// The secret key that belongs to the client id.
    pub fn secret_key(mut self, key: impl Into<SecretString>) -> Self {
        self.settings.secret_key = Some(key.into());
        self
    }

    /// Tokens from a source of yours in place of keys, asked when a token is needed, nears its
    /// end or is rejected.
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.provider = Some(TokenCache::new(AUTHORIZATION, "Bearer ", provider));
        self
    }

    /// Where the API is; `https://api.bodo.ai/api` by default. The path belongs to it.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.settings.api_url = Some(url.into());
        self
    }

    /// Where tokens come from; `https://auth.bodo.ai` by default.
    pub fn auth_url(mut self, url: impl Into<String>) -> Self {
        self.settings.auth_url = Some(url.into());
        self
    }

    /// One server for tokens and the API, which is below `/api` there, as in the simulator.
    pub fn server(self, url: impl AsRef<str>) -> Self {
        let url = url.as_ref().trim_end_matches('/');
        self.api_url(format!("{url}/api")).auth_url(url)
    }

    /// Reads the variables that the client's `from_env` names.
    pub fn environment(mut self) -> Self {
        self.settings.environment = true;
        self
    }

    /// Time-outs, attempts, connections, certificates.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Lets the keys and tokens travel without encryption to hosts other than this machine.
    pub fn allow_plain_http(mut self) -> Self {
        self.settings.plain_http = true;
        self
    }
}

#[expect(private_bounds, reason = "there are these two clients and no others")]
impl<C: Connected> Builder<C> {
    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// When a setting is missing, malformed or in conflict with another; the error names the
    /// place.
    pub fn build(self) -> Result<C> {
        self.build_in(&Environment::of_process())
    }

    fn build_in(self, environment: &Environment) -> Result<C> {
        let Self { settings, provider, options, .. } = self;
        options.check()?;
        let places = settings.places(environment)?;
        let connector = Connector::new(places, options)?;
        let credential = match provider {
            Some(provider) => {
                settings.nothing_beside_a_provider()?;
                Credential::Fetched(Arc::new(provider))
            }
            None => connector.exchange(settings.keys(C::KIND, environment)?, C::KIND),
        };
        Ok(C::connected(connector.session(C::KIND, credential)))
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("client_id", &self.settings.client_id)
            .field("api_url", &self.settings.api_url.as_deref().map(shown))
            .field("auth_url", &self.settings.auth_url.as_deref().map(shown))
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
