//! Where the dashboard's URL and the credential come from: code, then environment.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::session::{Identity, Login};
use crate::config::{Environment, Sourced};
use crate::error::{Error, Result};
use crate::v3io::settings::{ACCESS_KEY, endpoint_url};

/// The variables of the official client's tests (source: v3io-go, pkg/controlplane/test).
const URL: &str = "V3IO_CONTROLPLANE_URL";
const USERNAME: &str = "V3IO_CONTROLPLANE_USERNAME";
const PASSWORD: &str = "V3IO_CONTROLPLANE_PASSWORD";

/// What a client has been told about its credential and server, before it is resolved.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) url: Option<String>,
    pub(super) access_key: Option<SecretString>,
    pub(super) login: Option<Login>,
    pub(super) environment: bool,
    pub(super) plain_http: bool,
}

impl Settings {
    /// The dashboard's URL, under the rules of the data plane's endpoint.
    pub(super) fn url(&self, environment: &Environment) -> Result<Url> {
        let given = self.url.clone().filter(|text| !text.trim().is_empty());
        let given = given.map(|value| Sourced { value, origin: "url".to_owned() });
        let variable = || self.environment.then(|| environment.first(&[URL])).flatten();
        let Some(found) = given.or_else(variable) else {
            let places = self.places("`url` on the builder", &format!("the variable {URL}"));
            return Err(Error::config(format!("no URL of the V3IO dashboard: looked at {places}")));
        };
        endpoint_url(&found.value, &found.origin, self.plain_http)
    }

    /// Who the client is. Of the environment, the variables that are only for the control plane
    /// come first.
    pub(super) fn identity(&self, environment: &Environment) -> Result<Identity> {
        let found = match (&self.access_key, &self.login) {
            (Some(_), Some(_)) => {
                let message = "two credentials were given; give an access key or a login";
                return Err(Error::config(message));
            }
            (Some(key), None) => Some(Identity::Key(key.clone())),
            (None, Some(login)) => Some(Identity::User(login.clone())),
            (None, None) if self.environment => of_environment(environment)?,
            (None, None) => None,
        };
        match found {
            Some(identity) => identity.checked(),
            None => Err(self.nobody()),
        }
    }

    fn nobody(&self) -> Error {
        let variables = format!("the variables {USERNAME} with {PASSWORD} and {ACCESS_KEY}");
        let places = self.places("`access_key` and `login` on the builder", &variables);
        Error::config(format!("no credential for the V3IO control plane: looked at {places}"))
    }

    fn places(&self, builder: &str, variables: &str) -> String {
        match self.environment {
            true => format!("{builder}, and {variables}"),
            false => format!("{builder}; the environment is read by `from_env` only"),
        }
    }
}

fn of_environment(environment: &Environment) -> Result<Option<Identity>> {
    match (environment.get(USERNAME), environment.get(PASSWORD)) {
        (Some(user), Some(password)) => {
            Ok(Some(Identity::User(Login { user, password: password.into() })))
        }
        (None, None) => {
            let key = environment.first(&[ACCESS_KEY]);
            Ok(key.map(|found| Identity::Key(found.value.into())))
        }
        (Some(_), None) => Err(half(USERNAME, PASSWORD)),
        (None, Some(_)) => Err(half(PASSWORD, USERNAME)),
    }
}

fn half(there: &str, missing: &str) -> Error {
    Error::config(format!("the variable {there} is set and {missing} is not; set both or none"))
}

impl Identity {
    fn checked(self) -> Result<Self> {
        match &self {
            Self::Key(key) if key.expose_secret().trim().is_empty() => {
                Err(Error::config("the access key is empty"))
            }
            Self::User(login) if login.user.trim().is_empty() => {
                Err(Error::config("the user name of the login is empty"))
            }
            Self::User(login) if login.password.expose_secret().is_empty() => {
                Err(Error::config("the password of the login is empty"))
            }
            _ => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: [(&str, &str); 2] = [(USERNAME, "ann"), (PASSWORD, " hunter2 ")];

    fn from_env() -> Settings {
        Settings { environment: true, ..Settings::default() }
    }

    fn who(settings: &Settings, variables: &[(&str, &str)]) -> String {
        match settings.identity(&Environment::of_test(variables)) {
            Ok(Identity::Key(key)) => format!("key {}", key.expose_secret()),
            Ok(Identity::User(Login { user, password })) => {
                format!("{user} with {}", password.expose_secret())
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_login_of_the_environment_comes_before_the_access_key_and_keeps_its_blanks() {
        let [user, password] = LOGIN;
        let key = (ACCESS_KEY, "data-key");
        assert_eq!(who(&from_env(), &[user, password, key]), "ann with  hunter2 ");
        assert_eq!(who(&from_env(), &[key]), "key data-key");
        let half = who(&from_env(), &[user, key]);
        assert!(half.contains(USERNAME) && half.contains(PASSWORD), "{half}");
        assert!(!who(&from_env(), &[password]).contains("hunter2"));
    }

    #[test]
    fn code_comes_before_the_environment_and_nothing_is_read_unasked() {
        let keyed = Settings { access_key: Some("code-key".into()), ..from_env() };
        assert_eq!(who(&keyed, &LOGIN), "key code-key");
        let unasked = who(&Settings::default(), &LOGIN);
        assert!(unasked.contains("read by `from_env` only"), "{unasked}");
        assert!(who(&from_env(), &[]).contains(USERNAME));
    }

    #[test]
    fn two_credentials_or_an_empty_one_are_refused() {
        let login = |user: &str, password: &str| {
            Some(Login { user: user.to_owned(), password: password.into() })
        };
        let both = Settings {
            access_key: Some("key".into()),
            login: login("ann", "hunter2"),
            ..Settings::default()
        };
        assert!(who(&both, &[]).contains("two credentials"));
        let keyless = Settings { access_key: Some(" ".into()), ..Settings::default() };
        assert!(who(&keyless, &[]).contains("access key is empty"));
        for (user, password, word) in [("", "x", "user name"), ("ann", "", "password")] {
            let settings = Settings { login: login(user, password), ..Settings::default() };
            assert!(who(&settings, &[]).contains(word));
        }
    }

    #[test]
    fn the_url_follows_the_rules_of_the_data_plane() {
        let variables = [(URL, "https://dashboard.example.com/")];
        let environment = Environment::of_test(&variables);
        assert_eq!(from_env().url(&environment).unwrap().as_str(), variables[0].1);
        let missing = from_env().url(&Environment::of_test(&[])).unwrap_err().to_string();
        assert!(missing.contains(URL), "{missing}");
        let plain = Environment::of_test(&[(URL, "http://dashboard.example.com")]);
        let refused = from_env().url(&plain).unwrap_err().to_string();
        assert!(refused.contains(URL) && refused.contains("unencrypted"), "{refused}");
        let open = Settings { plain_http: true, ..from_env() };
        assert!(open.url(&plain).is_ok());
        let inside = Environment::of_test(&[(URL, "http://dashboard.default-tenant.svc")]);
        assert!(from_env().url(&inside).is_ok());
    }
}
