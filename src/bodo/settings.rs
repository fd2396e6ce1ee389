//! Where the servers and the keys come from: code, then environment.

use reqwest::Url;
use secrecy::SecretString;

use crate::config::{Environment, Sourced};
use crate::error::{Error, Result};
use crate::transport::origin;

/// The servers of the platform (source: bodosdk 2.3.2, clients/workspace.py).
const API_URL: &str = "https://api.bodo.ai/api";
const AUTH_URL: &str = "https://auth.bodo.ai";
/// The official client has no variables for them; these are ours.
const API_URL_VARIABLE: &str = "BODO_API_URL";
const AUTH_URL_VARIABLE: &str = "BODO_AUTH_URL";

/// Whose keys a client uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Workspace,
    Organization,
}

impl Kind {
    /// The variables of the official client (sources: bodosdk 2.3.2, clients/workspace.py and
    /// clients/organization.py).
    fn variables(self) -> (&'static str, &'static str) {
        match self {
            Self::Workspace => ("BODO_CLIENT_ID", "BODO_SECRET_KEY"),
            Self::Organization => ("BODO_ORG_CLIENT_ID", "BODO_ORG_SECRET_KEY"),
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Workspace => Self::Organization,
            Self::Organization => Self::Workspace,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Workspace => "a workspace",
            Self::Organization => "an organisation",
        }
    }

    /// What to check when the platform does not accept the keys here.
    pub(super) fn advice(self) -> String {
        let ((id, secret), other) = (self.variables(), self.other());
        format!(
            "check that these are the keys of {} ({id}, {secret}) and not those of {}",
            self.name(),
            other.name()
        )
    }
}

/// What a client has been told, before it is resolved.
#[derive(Clone, Default)]
pub(super) struct Settings {
    pub(super) client_id: Option<String>,
    pub(super) secret_key: Option<SecretString>,
    pub(super) api_url: Option<String>,
    pub(super) auth_url: Option<String>,
    pub(super) environment: bool,
    pub(super) plain_http: bool,
}

/// Where requests go.
pub(super) struct Places {
    pub(super) api: Url,
    pub(super) auth: Url,
}

/// The keys, and where the id was found.
pub(super) struct Keys {
    pub(super) client_id: Sourced<String>,
    pub(super) secret_key: SecretString,
}

impl Settings {
    pub(super) fn places(&self, environment: &Environment) -> Result<Places> {
        let url = |given: &Option<String>, name: &str, variable, default: &str| {
            let origin = format!("`{name}` on the builder");
            let given = given.clone().map(|value| Sourced { value, origin });
            let found = given.or_else(|| self.variable(environment, variable));
            let (value, origin) = (default.to_owned(), "the default".to_owned());
            let found = found.unwrap_or(Sourced { value, origin });
            origin::base_url(&found.value, &found.origin, self.plain_http)
        };
        Ok(Places {
            api: url(&self.api_url, "api_url", API_URL_VARIABLE, API_URL)?,
            auth: url(&self.auth_url, "auth_url", AUTH_URL_VARIABLE, AUTH_URL)?,
        })
    }

    /// The id and the secret are looked for each on its own; an empty text counts as absent, as in
    /// the official client.
    pub(super) fn keys(&self, kind: Kind, environment: &Environment) -> Result<Keys> {
        let (id, secret) = kind.variables();
        let given = self.client_id.clone().filter(|id| !id.trim().is_empty());
        let origin = || "`client_id` on the builder".to_owned();
        let client_id = given
            .map(|value| Sourced { value: value.trim().to_owned(), origin: origin() })
            .or_else(|| self.variable(environment, id))
            .ok_or_else(|| self.missing(kind, "client id", id, "client_id", environment))?;
        let given = self.secret_key.clone().filter(|secret| !is_blank(secret));
        let found = || self.variable(environment, secret).map(|found| found.value.into());
        let secret_key = given
            .or_else(found)
            .ok_or_else(|| self.missing(kind, "secret key", secret, "secret_key", environment))?;
        Ok(Keys { client_id, secret_key })
    }

    /// Keys beside a token provider would be ignored in silence.
    pub(super) fn nothing_beside_a_provider(&self) -> Result<()> {
        match (&self.client_id, &self.secret_key) {
            (None, None) => Ok(()),
            _ => Err(Error::config("both keys and a token provider were given; give one of them")),
        }
    }

    fn variable(&self, environment: &Environment, name: &str) -> Option<Sourced<String>> {
        self.environment.then(|| environment.first(&[name])).flatten()
    }

    fn missing(
        &self,
        kind: Kind,
        what: &str,
        variable: &str,
        setter: &str,
        environment: &Environment,
    ) -> Error {
        let (other_id, other_secret) = kind.other().variables();
        let has_other = environment.first(&[other_id, other_secret]).is_some();
        let hint = match self.environment && has_other {
            true => {
                format!("; {other_id} and {other_secret} are the keys of {}", kind.other().name())
            }
            false => String::new(),
        };
        let name = kind.name();
        let way = match self.environment {
            true => format!("set {variable} or give it with `{setter}`"),
            false => format!("give it with `{setter}`, or read {variable} with `environment()`"),
        };
        Error::config(format!("the {what} of {name} is missing: {way}{hint}"))
    }
}

fn is_blank(secret: &SecretString) -> bool {
    use secrecy::ExposeSecret;
    secret.expose_secret().trim().is_empty()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn of_environment() -> Settings {
        Settings { environment: true, ..Settings::default() }
    }

    #[test]
    fn id_and_secret_are_found_each_on_its_own_and_code_comes_first() {
        let environment = Environment::of_test(&[
            ("BODO_CLIENT_ID", "id-of-env"),
            ("BODO_SECRET_KEY", "secret-of-env"),
        ]);
        let settings = Settings { client_id: Some("mine".to_owned()), ..of_environment() };
        let keys = settings.keys(Kind::Workspace, &environment).unwrap();
        assert_eq!(keys.client_id.value, "mine");
        assert_eq!(keys.secret_key.expose_secret(), "secret-of-env");
        let settings = Settings { client_id: Some(" ".to_owned()), ..of_environment() };
        let keys = settings.keys(Kind::Workspace, &environment).unwrap();
        assert_eq!(keys.client_id.origin, "the variable BODO_CLIENT_ID");
    }

    #[test]
    fn missing_keys_are_named_and_those_of_the_other_kind_noticed() {
        let none = Environment::of_test(&[]);
        let failure = |environment: &Environment, settings: Settings| {
            settings.keys(Kind::Organization, environment).err().unwrap().to_string()
        };
        let text = failure(&none, of_environment());
        assert!(text.contains("set BODO_ORG_CLIENT_ID or give it with `client_id`"), "{text}");
        let other = Environment::of_test(&[("BODO_CLIENT_ID", "id"), ("BODO_SECRET_KEY", "key")]);
        let text = failure(&other, of_environment());
        assert!(
            text.ends_with("BODO_CLIENT_ID and BODO_SECRET_KEY are the keys of a workspace"),
            "{text}"
        );
        let text = failure(&other, Settings::default());
        assert!(text.contains("read BODO_ORG_CLIENT_ID with `environment()`"), "{text}");
    }

    #[test]
    fn the_servers_are_the_platforms_unless_told_otherwise() {
        let none = Environment::of_test(&[]);
        let places = Settings::default().places(&none).unwrap();
        assert_eq!(places.api.as_str(), "https://api.bodo.ai/api");
        assert_eq!(places.auth.as_str(), "https://auth.bodo.ai/");
        let environment = Environment::of_test(&[("BODO_API_URL", "https://bodo.example/api")]);
        let places = of_environment().places(&environment).unwrap();
        assert_eq!(places.api.as_str(), "https://bodo.example/api");
        let plain =
            Settings { auth_url: Some("http://bodo.example".to_owned()), ..of_environment() };
        let text = plain.places(&none).err().unwrap().to_string();
        assert!(text.contains("unencrypted"), "{text}");
    }
}
