//! Where the base URL and the credential come from: code, then environment.

use std::path::PathBuf;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::config::{Environment, Sourced};
use crate::error::{Error, Result};
use crate::transport::origin;
use crate::values::Secret;

/// The variables of the official client (source: cspark 0.3.3, sdk/_config.py and _auth.py).
const BASE_URL: &str = "CSPARK_BASE_URL";
const API_KEY: &str = "CSPARK_API_KEY";
const TOKEN: &str = "CSPARK_BEARER_TOKEN";
const CLIENT_ID: &str = "CSPARK_CLIENT_ID";
const CLIENT_SECRET: &str = "CSPARK_CLIENT_SECRET";
const OAUTH_PATH: &str = "CSPARK_OAUTH_PATH";

/// The platform's domain, and the host names in it that mean something; any other first label,
/// such as that of the user interface, is replaced (source: cspark 0.3.3, sdk/_config.py).
const DOMAIN: &str = ".coherent.global";
const KNOWN_HOSTS: [&str; 5] = ["excel", "keycloak", "utility", "entitystore", "mcp"];
const HOST: &str = "excel";
const TOKEN_HOST: &str = "keycloak";

/// What stands for no credential (source: cspark 0.3.3, sdk/_auth.py).
const OPEN: &str = "open";

/// How a client proves who it is.
#[derive(Clone, Debug)]
pub(super) enum Identity {
    ApiKey(SecretString),
    Token(SecretString),
    OAuth {
        client_id: String,
        client_secret: SecretString,
    },
    /// Public endpoints only.
    Open,
}

/// What a client has been told about its credential and server, before it is resolved.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) base_url: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) env: Option<String>,
    pub(super) api_key: Option<SecretString>,
    pub(super) token: Option<SecretString>,
    pub(super) oauth: Option<(String, SecretString)>,
    pub(super) oauth_file: Option<PathBuf>,
    pub(super) open: bool,
    pub(super) environment: bool,
    pub(super) plain_http: bool,
}

/// Where a client's requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    /// The host of version 1 of the API.
    pub(super) origin: Url,
    /// Where versions 3 and 4 begin.
    pub(super) base: Url,
    /// Where tokens come from.
    pub(super) token_origin: Url,
    pub(super) tenant: String,
}

#[derive(Deserialize)]
struct OAuthFile {
    client_id: String,
    client_secret: Secret,
}

impl Settings {
    pub(super) fn places(&self, environment: &Environment) -> Result<Places> {
        let given = self.base_url.clone().map(|value| Sourced { value, origin: "base_url".into() });
        let named = || self.named_places();
        let Some(found) = given.map_or_else(named, |given| Ok(Some(given)))? else {
            return match self.variable(environment, BASE_URL) {
                Some(found) => self.read(&found),
                None => Err(self.no_base_url()),
            };
        };
        self.read(&found)
    }

    /// The base URL that a tenant and an environment make.
    fn named_places(&self) -> Result<Option<Sourced<String>>> {
        match (&self.tenant, &self.env) {
            (Some(tenant), Some(env)) => {
                let (tenant, env) = (tenant.trim().to_lowercase(), env.trim().to_lowercase());
                let value = format!("https://{HOST}.{env}{DOMAIN}/{tenant}");
                Ok(Some(Sourced { value, origin: "tenant and env".to_owned() }))
            }
            (None, Some(_)) => Err(Error::config("`env` needs a `tenant` beside it")),
            _ => Ok(None),
        }
    }

    fn read(&self, found: &Sourced<String>) -> Result<Places> {
        let mut origin = origin::base_url(&found.value, &found.origin, self.plain_http)?;
        let first = origin.path_segments().and_then(|mut parts| parts.next().map(str::to_owned));
        let tenant = first.filter(|tenant| !tenant.is_empty()).or_else(|| self.tenant.clone());
        let Some(tenant) = tenant.filter(|tenant| !tenant.trim().is_empty()) else {
            let message = format!("{}: the base URL `{origin}` has no tenant", found.origin);
            return Err(Error::config(format!("{message}; write it as .../my-tenant")));
        };
        origin.set_path("");
        let origin = with_host(&origin, |label| match KNOWN_HOSTS.contains(&label) {
            true => label.to_owned(),
            false => HOST.to_owned(),
        });
        let mut base = origin.clone();
        base.set_path(&tenant);
        let token_origin = with_host(&origin, |_| TOKEN_HOST.to_owned());
        Ok(Places { origin, base, token_origin, tenant })
    }

    /// The credential. One given in code is taken alone; of those in the environment OAuth comes
    /// before the API key and the key before the token, as in the official client's headers.
    pub(super) fn identity(&self, environment: &Environment) -> Result<Identity> {
        let mut given = self.given()?;
        match (given.pop(), given.pop()) {
            (Some((one, _)), Some((other, _))) => {
                let message = format!("both {other} and {one} were given; give one of them");
                Err(Error::config(message))
            }
            (Some((_, identity)), None) => Ok(identity),
            _ => self.of_environment(environment)?.ok_or_else(|| self.no_credential()),
        }
    }

    pub(super) fn nothing_beside_a_provider(&self) -> Result<()> {
        match self.given()?.pop() {
            Some((one, _)) => {
                let message =
                    format!("both {one} and a token provider were given; give one of them");
                Err(Error::config(message))
            }
            None => Ok(()),
        }
    }

    fn given(&self) -> Result<Vec<(&'static str, Identity)>> {
        let mut given = Vec::new();
        if let Some(key) = &self.api_key {
            given.push(("an API key", key_or_open(key, "api_key", Identity::ApiKey)?));
        }
        if let Some(token) = &self.token {
            given.push(("a bearer token", key_or_open(&plain(token), "token", Identity::Token)?));
        }
        if let Some((id, secret)) = &self.oauth {
            given.push(("OAuth", oauth(id.clone(), secret.clone(), "oauth")?));
        }
        if let Some(path) = &self.oauth_file {
            given.push(("an OAuth file", read_oauth(path)?));
        }
        if self.open {
            given.push(("no credential", Identity::Open));
        }
        Ok(given)
    }

    fn of_environment(&self, environment: &Environment) -> Result<Option<Identity>> {
        let id = self.variable(environment, CLIENT_ID);
        let secret = self.variable(environment, CLIENT_SECRET);
        match (id, secret) {
            (Some(id), Some(secret)) => {
                return oauth(id.value, secret.value.into(), CLIENT_ID).map(Some);
            }
            (Some(_), None) | (None, Some(_)) => {
                let message = format!("{CLIENT_ID} and {CLIENT_SECRET} must be set together");
                return Err(Error::config(message));
            }
            (None, None) => {}
        }
        if let Some(path) = self.variable(environment, OAUTH_PATH) {
            return read_oauth(&PathBuf::from(path.value)).map(Some);
        }
        if let Some(key) = self.variable(environment, API_KEY) {
            return key_or_open(&key.value.into(), API_KEY, Identity::ApiKey).map(Some);
        }
        let token = self.variable(environment, TOKEN).map(|token| plain(&token.value.into()));
        token.map(|token| key_or_open(&token, TOKEN, Identity::Token)).transpose()
    }

    fn variable(&self, environment: &Environment, name: &str) -> Option<Sourced<String>> {
        let found = self.environment.then(|| environment.first(&[name])).flatten()?;
        (!found.value.trim().is_empty()).then_some(found)
    }

    fn no_base_url(&self) -> Error {
        let looked = "looked at `base_url`, and `tenant` with `env`, on the builder";
        Error::config(format!("no Spark base URL: {looked}{}", self.variables(&[BASE_URL])))
    }

    fn no_credential(&self) -> Error {
        let looked = "looked at `api_key`, `bearer_token` and `oauth` on the builder";
        let variables = [CLIENT_ID, OAUTH_PATH, API_KEY, TOKEN];
        Error::config(format!("no Spark credential: {looked}{}", self.variables(&variables)))
    }

    fn variables(&self, names: &[&str]) -> String {
        match self.environment {
            true => format!(", and the variables {}", names.join(", ")),
            false => "; the environment is read by `from_env` only".to_owned(),
        }
    }
}

/// Replaces the first label of a host of the platform's; others stay as they are, because a
/// self-hosted or simulated platform serves everything on one host.
fn with_host(url: &Url, label: impl Fn(&str) -> String) -> Url {
    let mut changed = url.clone();
    let host = url.domain().map(str::to_lowercase).filter(|host| host.ends_with(DOMAIN));
    if let Some((first, rest)) = host.as_deref().and_then(|host| host.split_once('.')) {
        let replaced = format!("{}.{rest}", label(first));
        // A name with another first label is a name.
        let _ = changed.set_host(Some(&replaced));
    }
    changed
}

/// Without the word that users copy along with a token.
fn plain(token: &SecretString) -> SecretString {
    let text = token.expose_secret().trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if word.eq_ignore_ascii_case("bearer") { rest.trim().into() } else { text.into() }
}

fn key_or_open(
    secret: &SecretString,
    place: &str,
    make: impl Fn(SecretString) -> Identity,
) -> Result<Identity> {
    match secret.expose_secret().trim() {
        "" => Err(Error::config(format!("{place} is empty"))),
        OPEN => Ok(Identity::Open),
        text => Ok(make(text.into())),
    }
}

fn oauth(client_id: String, client_secret: SecretString, place: &str) -> Result<Identity> {
    if client_id.trim().is_empty() || client_secret.expose_secret().trim().is_empty() {
        return Err(Error::config(format!("{place}: the client's id or secret is empty")));
    }
    Ok(Identity::OAuth { client_id, client_secret })
}

fn read_oauth(path: &PathBuf) -> Result<Identity> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::config(format!("could not read the OAuth file {shown}: {error}"))
    })?;
    let secret = SecretString::from(text);
    let read: OAuthFile = serde_json::from_str(secret.expose_secret()).map_err(|error| {
        // The parser's own text may quote the secret.
        let (line, column) = (error.line(), error.column());
        let wanted = "JSON with the texts `client_id` and `client_secret`";
        Error::config(format!(
            "the OAuth file {shown} is no {wanted}: line {line}, column {column}"
        ))
    })?;
    oauth(read.client_id, read.client_secret.into(), &shown.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(settings: &Settings, variables: &[(&str, &str)]) -> Result<Places> {
        settings.places(&Environment::of_test(variables))
    }

    fn at(base_url: &str) -> Result<Places> {
        let settings = Settings { base_url: Some(base_url.to_owned()), ..Settings::default() };
        places(&settings, &[])
    }

    fn identity(settings: &Settings, variables: &[(&str, &str)]) -> Result<String> {
        let identity = settings.identity(&Environment::of_test(variables))?;
        Ok(match identity {
            Identity::ApiKey(key) => format!("key {}", key.expose_secret()),
            Identity::Token(token) => format!("token {}", token.expose_secret()),
            Identity::OAuth { client_id, client_secret } => {
                format!("oauth {client_id} {}", client_secret.expose_secret())
            }
            Identity::Open => "open".to_owned(),
        })
    }

    #[test]
    fn hosts_of_the_platform_are_told_by_their_first_label() {
        let found = at("https://Spark.My-Env.coherent.global/My-Tenant/app/x").unwrap();
        assert_eq!(found.origin.as_str(), "https://excel.my-env.coherent.global/");
        assert_eq!(found.base.as_str(), "https://excel.my-env.coherent.global/My-Tenant");
        let tokens = "https://keycloak.my-env.coherent.global/";
        assert_eq!((found.token_origin.as_str(), found.tenant.as_str()), (tokens, "My-Tenant"));
    }

    #[test]
    fn another_host_serves_everything() {
        let found = at("http://127.0.0.1:18130/my-tenant/").unwrap();
        assert_eq!(found.base.as_str(), "http://127.0.0.1:18130/my-tenant");
        assert_eq!(found.token_origin, found.origin);
    }

    #[test]
    fn a_tenant_and_an_environment_make_a_base_url() {
        let (tenant, env) = (Some(" My-Tenant ".to_owned()), Some("UAT.us".to_owned()));
        let mut settings = Settings { tenant, env, environment: true, ..Settings::default() };
        let variables = [(BASE_URL, "https://excel.env.coherent.global/other")];
        let found = places(&settings, &variables).unwrap();
        assert_eq!(found.base.as_str(), "https://excel.uat.us.coherent.global/my-tenant");
        settings.base_url = Some("https://excel.us.coherent.global/first".to_owned());
        assert_eq!(places(&settings, &variables).unwrap().tenant, "first");
        let nothing = Settings { environment: true, ..Settings::default() };
        assert_eq!(places(&nothing, &variables).unwrap().tenant, "other");
    }

    #[test]
    fn a_base_url_that_cannot_work_says_why() {
        let refused = |text: &str| at(text).unwrap_err().to_string();
        assert!(refused("https://excel.us.coherent.global").contains("has no tenant"));
        assert!(refused("http://excel.us.coherent.global/t").contains("unencrypted"));
        assert!(refused("excel.us.coherent.global/t").contains("is no URL"));
        let env = Settings { env: Some("us".to_owned()), ..Settings::default() };
        assert!(places(&env, &[]).unwrap_err().to_string().contains("needs a `tenant`"));
        let text = places(&Settings::default(), &[]).unwrap_err().to_string();
        assert!(text.contains("read by `from_env` only"), "{text}");
    }

    #[test]
    fn code_comes_before_every_variable() {
        let variables =
            [(TOKEN, "Bearer t"), (API_KEY, "k"), (CLIENT_ID, "id"), (CLIENT_SECRET, "secret")];
        let mut settings = Settings { environment: true, ..Settings::default() };
        assert_eq!(identity(&settings, &variables).unwrap(), "oauth id secret");
        assert_eq!(identity(&settings, &variables[..2]).unwrap(), "key k");
        assert_eq!(identity(&settings, &variables[..1]).unwrap(), "token t");
        assert!(identity(&settings, &variables[..3]).unwrap_err().to_string().contains("together"));
        settings.token = Some("my-bearer-token".into());
        assert_eq!(identity(&settings, &variables).unwrap(), "token my-bearer-token");
        let pure = Settings::default();
        assert!(identity(&pure, &variables).unwrap_err().to_string().contains("no Spark cred"));
    }

    #[test]
    fn two_credentials_conflict() {
        let settings =
            Settings { api_key: Some("k".into()), token: Some("t".into()), ..Settings::default() };
        let text = identity(&settings, &[]).unwrap_err().to_string();
        assert_eq!(text, "both an API key and a bearer token were given; give one of them");
    }

    #[test]
    fn the_word_open_is_no_credential() {
        let settings = Settings { api_key: Some("open".into()), ..Settings::default() };
        assert_eq!(identity(&settings, &[]).unwrap(), "open");
        let empty = Settings { api_key: Some(" ".into()), ..Settings::default() };
        assert!(identity(&empty, &[]).unwrap_err().to_string().contains("api_key is empty"));
    }

    #[test]
    fn an_oauth_file_is_read_and_its_secret_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("oauth.json");
        let settings = Settings { oauth_file: Some(path.clone()), ..Settings::default() };
        assert!(identity(&settings, &[]).unwrap_err().to_string().contains("could not read"));
        std::fs::write(&path, r#"{"client_id": "id", "client_secret": "hunter2"}"#).unwrap();
        assert_eq!(identity(&settings, &[]).unwrap(), "oauth id hunter2");
        std::fs::write(&path, r#"{"client_secret": "hunter2", "client_id": 7}"#).unwrap();
        let text = identity(&settings, &[]).unwrap_err().to_string();
        assert!(text.contains("line 1, column") && !text.contains("hunter2"), "{text}");
    }
}
