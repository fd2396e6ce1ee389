//! What there is outside of the code: the environment and the config file.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::{API, API_KEY, CONFIG, FileChoice, Identity, PASSWORD, Settings, USERNAME};
use crate::config::{Environment, Sourced};
use crate::denvr::config_file::{ConfigFile, default_path};
use crate::error::{Error, Result};

/// What there is outside of the code, as far as it may be looked at.
pub(super) struct Found<'a> {
    environment: Option<&'a Environment>,
    pub(super) file: ConfigFile,
    /// The file as errors name it.
    place: String,
}

impl<'a> Found<'a> {
    pub(super) fn look(settings: &Settings, environment: &'a Environment) -> Result<Self> {
        let path = match &settings.file {
            None => None,
            Some(FileChoice::This(path)) => Some(path.clone()),
            Some(FileChoice::Usual) => match environment.first(&[CONFIG]) {
                Some(named) => return Self::named(environment, named),
                None => return Self::usual(environment),
            },
        };
        let (file, place) = match &path {
            None => Default::default(),
            Some(path) => (ConfigFile::read(path)?, path.display().to_string()),
        };
        let environment = settings.environment.then_some(environment);
        Ok(Self { environment, file, place })
    }

    fn named(environment: &'a Environment, named: Sourced<String>) -> Result<Self> {
        let Sourced { value: place, origin } = named;
        let file = ConfigFile::read(Path::new(&place));
        let file = file.map_err(|error| error.with_advice(format!("{origin} names it")))?;
        Ok(Self { environment: Some(environment), file, place })
    }

    /// The file in the home folder may be missing.
    fn usual(environment: &'a Environment) -> Result<Self> {
        let path = environment.home().map(default_path);
        let (file, place) = match &path {
            None => (ConfigFile::default(), "~/.config/denvr.toml, as HOME is not set".to_owned()),
            Some(path) if path.exists() => (ConfigFile::read(path)?, path.display().to_string()),
            Some(path) => (ConfigFile::default(), format!("{}, which is missing", path.display())),
        };
        Ok(Self { environment: Some(environment), file, place })
    }

    pub(super) fn variable(&self, name: &str) -> Option<Sourced<String>> {
        self.environment?.first(&[name])
    }

    /// A variable or a value of the file; blanks inside a secret are its own.
    fn secret(&self, variable: &str, key: &str) -> Result<Option<Sourced<SecretString>>> {
        match self.environment.and_then(|environment| environment.get(variable)) {
            Some(value) => {
                let origin = format!("the variable {variable}");
                Ok(Some(Sourced { value: value.into(), origin }))
            }
            None => self.file.text("credentials", key),
        }
    }

    pub(super) fn plain(&self, key: &str) -> Result<Option<Sourced<String>>> {
        let found = self.file.text("defaults", key)?;
        Ok(found.map(|Sourced { value, origin }| Sourced {
            value: value.expose_secret().trim().to_owned(),
            origin,
        }))
    }

    pub(super) fn check_api(&self) -> Result<()> {
        match self.plain("api")? {
            Some(api) if api.value != API => {
                let Sourced { value, origin } = api;
                let message = format!("{origin}: version `{value}` of the API is not known");
                Err(Error::config(format!("{message}; write `{API}` or drop the line")))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn identity(&self) -> Result<Identity> {
        let user = self.secret(USERNAME, "username")?;
        if let Some(key) = self.secret(API_KEY, "apikey")? {
            if user.is_some() {
                let origin = &key.origin;
                tracing::debug!(origin, "an API key is there, so the user name is not used");
            }
            return Identity::key(key);
        }
        match (user, self.secret(PASSWORD, "password")?) {
            (Some(user), Some(password)) => {
                Identity::user(user.value.expose_secret(), password.value)
            }
            (Some(user), None) => Err(self.half(&user.origin, PASSWORD, "password")),
            (None, Some(password)) => Err(self.half(&password.origin, USERNAME, "username")),
            (None, None) => Err(self.nobody()),
        }
    }

    fn half(&self, there: &str, variable: &str, key: &str) -> Error {
        let mut message = format!("{there} is set and no {key}: looked at the variable {variable}");
        if !self.place.is_empty() {
            message = format!("{message} and at `{key}` in [credentials] of {}", self.place);
        }
        Error::config(message)
    }

    fn nobody(&self) -> Error {
        let mut places = vec!["`api_key` and `login` on the builder".to_owned()];
        if self.environment.is_some() {
            places.push(format!("the variables {API_KEY}, {USERNAME} and {PASSWORD}"));
        }
        if !self.place.is_empty() {
            places.push(format!("[credentials] in {}", self.place));
        }
        let mut message = format!("no Denvr credential: looked at {}", places.join("; at "));
        if self.environment.is_none() && self.place.is_empty() {
            message += "; the environment and the config file are read by `from_config` only";
        }
        Error::config(message)
    }
}
