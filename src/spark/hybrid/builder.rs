//! Where a Hybrid Runner is.

use std::collections::HashMap;
use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::Client;
use crate::config::Environment;
use crate::error::{Error, Result};
use crate::raw;
use crate::spark::platform::PLATFORM;
use crate::transport::Transport;
use crate::transport::auth::{Credential, Header};
use crate::transport::options::Options;
use crate::transport::origin;
use crate::transport::origin::shown;

/// Where a runner is unless told otherwise, and the variable that tells (source: cspark 0.3.3,
/// wasm/_constants.py).
const DEFAULT_URL: &str = "http://localhost:3000";
const RUNNER_URL: &str = "CSPARK_RUNNER_URL";

const API_KEY: HeaderName = HeaderName::from_static("x-synthetic-key");
const TENANT: HeaderName = HeaderName::from_static("x-tenant-name");

/// Says where a [`Client`] connects to and as whom. A runner needs no credential unless something
/// in front of it does.
#[derive(Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct Builder {
    base_url: Option<String>,
    tenant: Option<String>,
    api_key: Option<SecretString>,
    token: Option<SecretString>,
    environment: bool,
    plain_http: bool,
    options: Options,
}

impl Builder {
    /// The runner's address, perhaps with the tenant: `http://localhost:3000/my-tenant`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The tenant, for an address that does not name it.
    pub fn tenant(mut self, name: impl Into<String>) -> Self {
        self.tenant = Some(name.into());
        self
    }

    /// A synthetic key, for what stands in front of the runner.
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// A bearer token, for what stands in front of the runner.
    pub fn bearer_token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Reads the variable that [`Client::from_env`] names.
    pub fn environment(mut self) -> Self {
        self.environment = true;
        self
    }

    /// Time-outs, attempts, connections, certificates.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Lets a credential travel without encryption to hosts other than this machine. Without a
    /// credential, plain HTTP is always allowed.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// When a setting is malformed or in conflict with another; the error names the place.
    pub fn build(self) -> Result<Client> {
        self.build_in(&Environment::of_process())
    }

    fn build_in(self, environment: &Environment) -> Result<Client> {
        let (origin, tenant) = self.place(environment)?;
        let credential = self.credential()?;
        let http = self.options.http_client()?;
        let connect = |base: &Url| -> Result<raw::spark::Client> {
            let (credential, rates) = (credential.clone(), HashMap::new());
            let mut inner =
                Transport::new(&PLATFORM, base.clone(), credential, &rates, &self.options);
            if let Some(tenant) = &tenant {
                inner = inner.with_header(TENANT, sendable(tenant)?);
            }
            let baseurl = base.as_str().trim_end_matches('/').to_owned();
            Ok(raw::spark::Client { baseurl, client: http.clone(), inner })
        };
        let below = tenant.as_ref().map(|tenant| {
            let mut base = origin.clone();
            base.set_path(tenant);
            connect(&base)
        });
        Ok(Client::new(connect(&origin)?, below.transpose()?))
    }

    /// The runner's origin and the tenant, which an address names before the setting does.
    fn place(&self, environment: &Environment) -> Result<(Url, Option<String>)> {
        let given = self.base_url.clone().map(|url| (url, "base_url".to_owned()));
        let found = given.or_else(|| {
            let found = environment.first(&[RUNNER_URL]).filter(|_| self.environment)?;
            Some((found.value, found.origin))
        });
        let (text, place) = found.unwrap_or((DEFAULT_URL.to_owned(), "default".to_owned()));
        let open = self.api_key.is_none() && self.token.is_none();
        let mut url = origin::base_url(&text, &place, self.plain_http || open)?;
        let named = url.path_segments().and_then(|mut parts| parts.next().map(str::to_owned));
        let tenant = named.filter(|tenant| !tenant.is_empty()).or_else(|| self.tenant.clone());
        url.set_path("");
        Ok((url, tenant.filter(|tenant| !tenant.trim().is_empty())))
    }

    fn credential(&self) -> Result<Credential> {
        let header = match (&self.api_key, &self.token) {
            (None, None) => return Ok(Credential::none()),
            (Some(_), Some(_)) => {
                let message = "both an API key and a bearer token were given; give one of them";
                return Err(Error::config(message));
            }
            (Some(key), None) => Header::new(API_KEY, "", filled(key, "api_key")?),
            (None, Some(token)) => {
                Header::new(AUTHORIZATION, "Bearer ", filled(token, "bearer_token")?)
            }
        };
        Ok(Credential::Fixed(Arc::new(header?)))
    }
}

fn filled(secret: &SecretString, place: &str) -> Result<SecretString> {
    match secret.expose_secret().trim() {
        "" => Err(Error::config(format!("{place} is empty"))),
        text => Ok(text.into()),
    }
}

fn sendable(tenant: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(tenant).map_err(|_| {
        Error::config(format!("the tenant `{tenant}` has characters that cannot be sent"))
    })
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url.as_deref().map(shown))
            .field("tenant", &self.tenant)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(builder: &Builder, variables: &[(&str, &str)]) -> Result<(String, Option<String>)> {
        let (url, tenant) = builder.place(&Environment::of_test(variables))?;
        Ok((url.to_string(), tenant))
    }

    #[test]
    fn the_runner_is_on_this_machine_unless_told_otherwise() {
        let variables = [(RUNNER_URL, "http://runner:3000/their-tenant")];
        let (url, tenant) = place(&Client::builder().tenant("mine"), &variables).unwrap();
        assert_eq!((url.as_str(), tenant.as_deref()), ("http://localhost:3000/", Some("mine")));
        let told = Client::builder().tenant("mine").environment();
        let (url, tenant) = place(&told, &variables).unwrap();
        assert_eq!(
            (url.as_str(), tenant.as_deref()),
            ("http://runner:3000/", Some("their-tenant"))
        );
        let (url, tenant) = place(&told.base_url("https://r.example.com/"), &variables).unwrap();
        assert_eq!((url.as_str(), tenant.as_deref()), ("https://r.example.com/", Some("mine")));
    }

    #[test]
    fn a_credential_does_not_travel_unencrypted_unless_allowed() {
        let with_key = || Client::builder().base_url("http://runner:3000/t").api_key("k");
        let error = with_key().build().unwrap_err().to_string();
        assert!(error.contains("unencrypted"), "{error}");
        assert!(with_key().allow_plain_http().build().is_ok());
        assert!(Client::builder().base_url("http://runner:3000/t").build().is_ok());
        let error = with_key().allow_plain_http().bearer_token("t").build().unwrap_err();
        assert!(error.to_string().contains("give one of them"), "{error}");
        assert!(Client::builder().bearer_token(" ").build().is_err());
    }
}
