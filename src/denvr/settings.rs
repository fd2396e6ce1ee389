//! Where settings come from: code, environment, config file, default.

mod found;

use std::path::PathBuf;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::config::{Environment, Sourced};
use crate::error::{Error, Result};
use crate::transport::origin;
use found::Found;

/// The variables of the official clients (source: denvr 0.5.0, auth.py and config.py).
const CONFIG: &str = "DENVR_CONFIG";
const API_KEY: &str = "DENVR_APIKEY";
const USERNAME: &str = "DENVR_USERNAME";
const PASSWORD: &str = "DENVR_PASSWORD";
/// The official clients have no variable for the server; this one is ours.
const SERVER: &str = "DENVR_SERVER";

/// The defaults of the official clients (source: denvr 0.5.0, config.py).
const DEFAULT_SERVER: &str = "https://api.cloud.denvrdata.com";
const DEFAULT_CLUSTER: &str = "Msc1";
const DEFAULT_RPOOL: &str = "on-demand";

/// The one version of the API.
const API: &str = "v1";

/// What a client has been told, before it is resolved.
#[derive(Clone, Default)]
pub(super) struct Settings {
    pub(super) server: Option<String>,
    pub(super) cluster: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) vpc: Option<String>,
    pub(super) rpool: Option<String>,
    pub(super) retries: Option<u32>,
    pub(super) api_key: Option<SecretString>,
    pub(super) login: Option<(String, SecretString)>,
    pub(super) environment: bool,
    pub(super) file: Option<FileChoice>,
    pub(super) plain_http: bool,
}

/// Which config file is read.
#[derive(Clone)]
pub(super) enum FileChoice {
    /// The one that the environment names, else the one in the home folder, if it is there.
    Usual,
    /// This one, which has to be there.
    This(PathBuf),
}

/// What a client needs to start.
pub(super) struct Resolved {
    pub(super) base: Url,
    pub(super) defaults: Defaults,
    pub(super) retries: Option<u32>,
    pub(super) identity: Identity,
}

/// What calls use that are not told otherwise.
#[derive(Clone, Debug)]
pub(super) struct Defaults {
    pub(super) cluster: String,
    pub(super) tenant: Option<String>,
    pub(super) vpc: Option<String>,
    pub(super) rpool: String,
}

/// Who a client is.
pub(super) enum Identity {
    ApiKey(Sourced<SecretString>),
    User { name: String, password: SecretString },
}

impl Settings {
    pub(super) fn resolve(&self, environment: &Environment) -> Result<Resolved> {
        let found = Found::look(self, environment)?;
        let (base, defaults) = (self.base(&found)?, self.defaults(&found)?);
        found.check_api()?;
        let retries = match self.retries {
            Some(retries) => Some(retries),
            None => found.file.count("defaults", "retries")?,
        };
        Ok(Resolved { base, defaults, retries, identity: self.identity(&found)? })
    }

    fn base(&self, found: &Found<'_>) -> Result<Url> {
        let given = self.server.clone().map(|value| Sourced { value, origin: "server".to_owned() });
        let server = match given.or_else(|| found.variable(SERVER)) {
            Some(server) => Some(server),
            None => found.plain("server")?,
        };
        let (value, origin) = (DEFAULT_SERVER.to_owned(), "the default".to_owned());
        let server = server.unwrap_or(Sourced { value, origin });
        let url = origin::base_url(&server.value, &server.origin, self.plain_http)?;
        origin::without_path(url, &server.origin)
    }

    fn defaults(&self, found: &Found<'_>) -> Result<Defaults> {
        let choose = |given: &Option<String>, name: &str, key: &str| match given {
            Some(text) if text.trim().is_empty() => {
                Err(Error::config(format!("`{name}` on the builder is empty")))
            }
            Some(text) => Ok(Some(text.clone())),
            None => Ok(found.plain(key)?.map(|found| found.value)),
        };
        let tenant = choose(&self.tenant, "tenant", "tenant")?;
        let cluster = choose(&self.cluster, "cluster", "cluster")?;
        let rpool = choose(&self.rpool, "rpool", "rpool")?;
        Ok(Defaults {
            cluster: cluster.unwrap_or_else(|| DEFAULT_CLUSTER.to_owned()),
            vpc: choose(&self.vpc, "vpc", "vpcid")?.or_else(|| tenant.clone()),
            tenant,
            rpool: rpool.unwrap_or_else(|| DEFAULT_RPOOL.to_owned()),
        })
    }

    /// What is given in code is taken alone. Of the rest an API key comes before a login, wherever
    /// each was found, and a variable before the file, as in the official clients.
    fn identity(&self, found: &Found<'_>) -> Result<Identity> {
        match (&self.api_key, &self.login) {
            (Some(_), Some(_)) => {
                let message = "both an API key and a login were given; give one of them";
                Err(Error::config(message))
            }
            (Some(key), None) => {
                let origin = "`api_key` on the builder".to_owned();
                Identity::key(Sourced { value: key.clone(), origin })
            }
            (None, Some((name, password))) => Identity::user(name, password.clone()),
            (None, None) => found.identity(),
        }
    }
}

impl Identity {
    fn key(key: Sourced<SecretString>) -> Result<Self> {
        let text = key.value.expose_secret().trim();
        if text.is_empty() {
            return Err(Error::config(format!("{}: the API key is empty", key.origin)));
        }
        Ok(Self::ApiKey(Sourced { value: text.into(), origin: key.origin }))
    }

    fn user(name: &str, password: SecretString) -> Result<Self> {
        if name.trim().is_empty() || password.expose_secret().is_empty() {
            return Err(Error::config("the user name or the password of the login is empty"));
        }
        Ok(Self::User { name: name.trim().to_owned(), password })
    }
}

#[cfg(test)]
mod tests;
