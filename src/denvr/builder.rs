//! How a client is made.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use reqwest::Url;
use reqwest::header::AUTHORIZATION;
use secrecy::SecretString;

use super::client::{Client, Holder, Shared};
use super::login::{Login, Session, Tokens};
use super::platform::{PLATFORM, enveloped};
use super::settings::{FileChoice, Identity, Settings};
use crate::config::Environment;
use crate::error::{Error, Result};
use crate::raw;
use crate::transport::Transport;
use crate::transport::auth::{Credential, Header, TokenCache};
use crate::transport::options::Options;
use crate::transport::origin::shown;

/// Says where a [`Client`] connects to, as whom, and what its calls use by default.
///
/// A value given here is taken before the environment, the environment before the config file, the
/// file before the default. Environment and file are read only when
/// [`environment`](Builder::environment), [`config`](Builder::config) or
/// [`config_file`](Builder::config_file) says so.
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct Builder {
    settings: Settings,
    two_factor_code: Option<SecretString>,
    forget_password: bool,
    options: Options,
}

impl Builder {
    /// The server; `https://api.cloud.denvrdata.com` by default.
    pub fn server(mut self, url: impl Into<String>) -> Self {
        self.settings.server = Some(url.into());
        self
    }

    /// An API key, made in the web console.
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.settings.api_key = Some(key.into());
        self
    }

    /// A user's address and password. The first call logs in; the session is refreshed before it
    /// ends, and begun anew when it cannot be. A password that the server refuses is sent once.
    pub fn login(mut self, user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.settings.login = Some((user.into(), password.into()));
        self
    }

    /// The code for the first login of a user with two-factor authentication. What the server
    /// gives in place of further codes is used for later logins.
    pub fn two_factor_code(mut self, code: impl Into<SecretString>) -> Self {
        self.two_factor_code = Some(code.into());
        self
    }

    /// Forgets the password after the first login, as the official Python client does. A session
    /// that cannot be refreshed any more is then an error.
    pub fn forget_password_after_login(mut self) -> Self {
        self.forget_password = true;
        self
    }

    /// The cluster that calls go to, such as `Msc1`, which is the default, or `Hou1`.
    pub fn cluster(mut self, name: impl Into<String>) -> Self {
        self.settings.cluster = Some(name.into());
        self
    }

    /// The tenant's name, which is also that of its default VPC.
    pub fn tenant(mut self, name: impl Into<String>) -> Self {
        self.settings.tenant = Some(name.into());
        self
    }

    /// The VPC of virtual servers, `vpcid` in the config file; the tenant's name by default.
    pub fn vpc(mut self, name: impl Into<String>) -> Self {
        self.settings.vpc = Some(name.into());
        self
    }

    /// The resource pool; `on-demand` by default.
    pub fn rpool(mut self, name: impl Into<String>) -> Self {
        self.settings.rpool = Some(name.into());
        self
    }

    /// How often a request that may be repeated is sent again; 3 times by default, 0 turns repeats
    /// off. Taken before [`Options::attempts`], which counts the first try as well.
    pub fn retries(mut self, retries: u32) -> Self {
        self.settings.retries = Some(retries);
        self
    }

    /// Reads the variables that [`Client::from_env`] names.
    pub fn environment(mut self) -> Self {
        self.settings.environment = true;
        self
    }

    /// Reads the environment and the config file, as [`Client::from_config`] does.
    pub fn config(mut self) -> Self {
        self.settings.environment = true;
        self.settings.file = Some(FileChoice::Usual);
        self
    }

    /// Reads this config file, which has to be there.
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.file = Some(FileChoice::This(path.into()));
        self
    }

    /// Time-outs, attempts, connections, certificates. Attempts other than the default are taken
    /// before `retries` of the config file.
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

    pub(super) fn build_in(self, environment: &Environment) -> Result<Client> {
        let resolved = self.settings.resolve(environment)?;
        let options = self.options_with(resolved.retries);
        let http = options.http_client()?;
        let connect = |credential| connected(&resolved.base, credential, &http, &options);
        let (credential, holder) = self.credential(resolved.identity, connect)?;
        let shared = Shared { raw: connect(credential.clone()), credential, holder };
        Ok(Client::new(shared, resolved.defaults))
    }

    fn options_with(&self, retries: Option<u32>) -> Options {
        let options = self.options.clone();
        let chosen = options.attempts != Options::new().attempts && self.settings.retries.is_none();
        match retries.filter(|_| !chosen) {
            Some(retries) => options.attempts(retries.saturating_add(1)),
            None => options,
        }
    }

    /// `connect` makes the client that logs in. Its connections are its own: a call that waits for
    /// a token keeps one of the others.
    fn credential(
        &self,
        identity: Identity,
        connect: impl Fn(Credential) -> raw::denvr::Client,
    ) -> Result<(Credential, Holder)> {
        match identity {
            Identity::ApiKey(key) => {
                let header = Header::new(AUTHORIZATION, "ApiKey ", key.value).map_err(|error| {
                    Error::config(format!("{}: {}", key.origin, error.message()))
                })?;
                Ok((Credential::Fixed(Arc::new(header)), Holder::Key(key.origin)))
            }
            Identity::User { name, password } => {
                let login = Login {
                    user: name,
                    password,
                    two_factor_code: self.two_factor_code.clone(),
                    forget_password: self.forget_password,
                };
                let session = Arc::new(Session::new(connect(Credential::none()), login));
                let cache = TokenCache::new(AUTHORIZATION, "Bearer ", Tokens(session.clone()));
                Ok((Credential::Fetched(Arc::new(cache)), Holder::User(session)))
            }
        }
    }
}

fn connected(
    base: &Url,
    credential: Credential,
    http: &reqwest::Client,
    options: &Options,
) -> raw::denvr::Client {
    let inner = Transport::new(&PLATFORM, base.clone(), credential, &HashMap::new(), options)
        .with_normaliser(enveloped);
    let baseurl = base.as_str().trim_end_matches('/').to_owned();
    raw::denvr::Client { baseurl, client: http.clone(), inner }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("server", &self.settings.server.as_deref().map(shown))
            .field("cluster", &self.settings.cluster)
            .field("tenant", &self.settings.tenant)
            .field("vpc", &self.settings.vpc)
            .field("rpool", &self.settings.rpool)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
