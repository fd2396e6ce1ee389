//! Where the endpoint and the access key come from: code, then environment.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::config::{Environment, Sourced};
use crate::error::{Error, Result};
use crate::transport::origin;

/// The variables of the official client (source: v3io-py, v3io/dataplane/client.py).
const ENDPOINT: &str = "V3IO_API";
pub(super) const ACCESS_KEY: &str = "V3IO_ACCESS_KEY";

/// Names that only a cluster's own name server knows: plain HTTP to them stays inside, as the
/// platform's own endpoint `http://v3io-webapi:8081` does.
const CLUSTER_SUFFIXES: [&str; 2] = [".svc", ".svc.cluster.local"];

/// What a client has been told about its credential and server, before it is resolved.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) endpoint: Option<String>,
    pub(super) access_key: Option<SecretString>,
    pub(super) environment: bool,
    pub(super) plain_http: bool,
}

impl Settings {
    /// The endpoint.
    pub(super) fn endpoint(&self, environment: &Environment) -> Result<Url> {
        let given = self.endpoint.clone().filter(|text| !text.trim().is_empty());
        let given = given.map(|value| Sourced { value, origin: "endpoint".to_owned() });
        let Some(found) = given.or_else(|| self.variable(environment, ENDPOINT)) else {
            let places = self.places("`endpoint` on the builder", ENDPOINT);
            return Err(Error::config(format!("no V3IO endpoint: looked at {places}")));
        };
        endpoint_url(&found.value, &found.origin, self.plain_http)
    }

    /// The access key, if there is one; an empty one is none.
    pub(super) fn access_key(&self, environment: &Environment) -> Option<SecretString> {
        let given = self.access_key.clone().filter(|key| !key.expose_secret().trim().is_empty());
        given.or_else(|| self.variable(environment, ACCESS_KEY).map(|found| found.value.into()))
    }

    /// The error without a credential.
    pub(super) fn no_key(&self) -> Error {
        let places = self.places("`access_key` on the builder", ACCESS_KEY);
        Error::config(format!("no V3IO access key: looked at {places}"))
    }

    fn variable(&self, environment: &Environment, name: &str) -> Option<Sourced<String>> {
        let found = self.environment.then(|| environment.first(&[name])).flatten()?;
        (!found.value.trim().is_empty()).then_some(found)
    }

    fn places(&self, builder: &str, variable: &str) -> String {
        match self.environment {
            true => format!("{builder} and the variable {variable}"),
            false => format!("{builder}; the environment is read by `from_env` only"),
        }
    }
}

/// Reads an endpoint. One without a scheme is plain HTTP, as the official client has it. `origin`
/// says where the text came from, for the error.
pub(super) fn endpoint_url(text: &str, origin: &str, plain_http: bool) -> Result<Url> {
    let text = text.trim();
    let text = match text.contains("://") {
        true => text.to_owned(),
        false => format!("http://{text}"),
    };
    origin::base_url(&text, origin, plain_http || is_in_cluster(&text))
}

fn is_in_cluster(text: &str) -> bool {
    let url = Url::parse(text).ok();
    url.as_ref().and_then(Url::domain).is_some_and(|name| {
        !name.contains('.') || CLUSTER_SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(settings: &Settings, variables: &[(&str, &str)]) -> Result<String> {
        settings.endpoint(&Environment::of_test(variables)).map(|url| url.to_string())
    }

    fn given(text: &str) -> Result<String> {
        let settings = Settings { endpoint: Some(text.to_owned()), ..Settings::default() };
        endpoint(&settings, &[])
    }

    #[test]
    fn code_comes_before_the_environment_and_nothing_is_read_unasked() {
        let variables = [(ENDPOINT, "https://env.example.com"), (ACCESS_KEY, "env-key")];
        let environment = Environment::of_test(&variables);
        let mut settings = Settings { environment: true, ..Settings::default() };
        assert_eq!(endpoint(&settings, &variables).unwrap(), "https://env.example.com/");
        let key = settings.access_key(&environment).unwrap();
        assert_eq!(key.expose_secret(), "env-key");
        settings.endpoint = Some("https://code.example.com/".to_owned());
        settings.access_key = Some("code-key".into());
        assert_eq!(endpoint(&settings, &variables).unwrap(), "https://code.example.com/");
        assert_eq!(settings.access_key(&environment).unwrap().expose_secret(), "code-key");
        let pure = Settings::default();
        assert!(endpoint(&pure, &variables).is_err());
        assert!(pure.access_key(&environment).is_none());
    }

    #[test]
    fn empty_values_fall_to_the_environment() {
        let variables = [(ENDPOINT, "https://env.example.com"), (ACCESS_KEY, "env-key")];
        let (endpoint_given, key) = (Some(String::new()), Some("".into()));
        let settings = Settings {
            endpoint: endpoint_given,
            access_key: key,
            environment: true,
            ..Settings::default()
        };
        assert_eq!(endpoint(&settings, &variables).unwrap(), "https://env.example.com/");
        let key = settings.access_key(&Environment::of_test(&variables)).unwrap();
        assert_eq!(key.expose_secret(), "env-key");
        let text = endpoint(&settings, &[]).unwrap_err().to_string();
        assert!(text.contains("and the variable V3IO_API"), "{text}");
    }

    #[test]
    fn plain_http_stays_inside_a_cluster() {
        assert_eq!(given("v3io-webapi:8081").unwrap(), "http://v3io-webapi:8081/");
        let service = "http://v3io-webapi.default-tenant.svc:8081";
        assert_eq!(given(service).unwrap(), format!("{service}/"));
        assert_eq!(given("127.0.0.1:18110").unwrap(), "http://127.0.0.1:18110/");
        let text = given("webapi.example.com:8081").unwrap_err().to_string();
        assert!(text.contains("unencrypted"), "{text}");
        let open = Settings {
            endpoint: Some("webapi.example.com".to_owned()),
            plain_http: true,
            ..Settings::default()
        };
        assert_eq!(endpoint(&open, &[]).unwrap(), "http://webapi.example.com/");
    }

    #[test]
    fn a_path_below_which_the_platform_is_served_is_kept() {
        assert_eq!(
            given("https://host.example.com/v3io/").unwrap(),
            "https://host.example.com/v3io/"
        );
    }
}
