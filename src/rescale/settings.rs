//! Where the key and the base URL come from: code, environment, `apiconfig`, default.

use std::path::{Path, PathBuf};

use reqwest::Url;

use super::platform::DEFAULT_HOST;
use crate::config::{Environment, IniFile, Sourced};
use crate::error::{Error, Result};
use crate::transport::origin;

/// Spellings of the key's variable (sources: rescale-labs/Rescale_Interlink; js947/rescale-api;
/// rescale/nf-rescale-hpc for jobs on the platform).
const KEY_VARIABLES: [&str; 3] = ["RESCALE_API_KEY", "RESCALE_APIKEY", "RESCALE_CLUSTER_TOKEN"];

/// Spellings of the base URL's variable (sources as above, and rescale/rescale-examples).
const URL_VARIABLES: [&str; 4] =
    ["RESCALE_API_URL", "RESCALE_BASE_URL", "RESCALE_APIBASEURL", "RESCALE_PLATFORM_URL"];

/// Spellings of the keys in a profile: the tutorial's, the retired SDK's, Interlink's older ones.
const KEY_KEYS: [&str; 2] = ["apikey", "api_key"];
const URL_KEYS: [&str; 4] = ["apibaseurl", "apiurl", "platform_url", "api_base_url"];

/// Interlink's older section, read where the default profile lacks something.
const OLD_SECTION: &str = "rescale";

/// What the template of the tutorial's `config.py` puts in for a value.
const PLACEHOLDER: &str = "<PROVIDE_VALUE>";

/// What a client has been told about its credential and server, before it is resolved.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) key: Option<secrecy::SecretString>,
    pub(super) base_url: Option<String>,
    pub(super) environment: bool,
    pub(super) profile: Option<Profile>,
    pub(super) config_file: Option<PathBuf>,
    pub(super) plain_http: bool,
}

/// A profile of `apiconfig`.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub(super) name: String,
    /// A missing file or section is an error.
    pub(super) required: bool,
}

/// What a client needs to start.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) key: Option<secrecy::SecretString>,
    pub(super) base: Url,
}

impl Settings {
    /// Finds the key and the base URL: code before environment before profile before default.
    pub(super) fn resolve(&self, environment: &Environment) -> Result<Resolved> {
        let file = self.read_profile(environment)?;
        let base = match &self.base_url {
            Some(text) => Some(Sourced { value: text.clone(), origin: "base_url".to_owned() }),
            None => self.look_up(environment, &URL_VARIABLES, file.as_ref(), &URL_KEYS)?,
        };
        let base = base.unwrap_or_else(|| Sourced {
            value: DEFAULT_HOST.to_owned(),
            origin: "the default".to_owned(),
        });
        let key = match &self.key {
            Some(key) => Some(key.clone()),
            None => {
                let found = self.look_up(environment, &KEY_VARIABLES, file.as_ref(), &KEY_KEYS)?;
                found.map(|found| {
                    tracing::debug!(origin = found.origin, "API key");
                    found.value.into()
                })
            }
        };
        Ok(Resolved { key, base: self.normalised(&base)? })
    }

    fn look_up(
        &self,
        environment: &Environment,
        variables: &[&str],
        file: Option<&IniFile>,
        keys: &[&str],
    ) -> Result<Option<Sourced<String>>> {
        if self.environment
            && let Some(found) = environment.first(variables)
        {
            return Ok(Some(found));
        }
        let (Some(file), Some(profile)) = (file, &self.profile) else { return Ok(None) };
        let old = (profile.name == "default").then_some(OLD_SECTION);
        let sections = [Some(profile.name.as_str()), old].into_iter().flatten();
        let mut places = sections.flat_map(|section| keys.iter().map(move |key| (section, *key)));
        let found = places.find_map(|(section, key)| file.get(section, key));
        match found {
            Some(found) if found.value == PLACEHOLDER => Err(Error::config(format!(
                "{} still has the placeholder {PLACEHOLDER}; put the real value there",
                found.origin
            ))),
            found => Ok(found),
        }
    }

    fn read_profile(&self, environment: &Environment) -> Result<Option<IniFile>> {
        let Some(profile) = &self.profile else { return Ok(None) };
        let candidates = self.config_files(environment);
        let Some(path) = candidates.iter().find(|path| path.is_file()) else {
            if !profile.required && self.config_file.is_none() {
                return Ok(None);
            }
            let paths: Vec<_> = candidates.iter().map(|path| path.display().to_string()).collect();
            return Err(Error::config(format!(
                "the profile `{}` was not found, because there is no config file: looked at {}",
                profile.name,
                paths.join(", ")
            )));
        };
        let file = IniFile::read(path)?;
        let known = file.has(&profile.name) || (profile.name == "default" && file.has(OLD_SECTION));
        if known || !profile.required {
            return Ok(Some(file));
        }
        Err(unknown_profile(&profile.name, &file))
    }

    /// Where `apiconfig` may lie. The sources disagree on Windows, so all three places count.
    fn config_files(&self, environment: &Environment) -> Vec<PathBuf> {
        if let Some(path) = &self.config_file {
            return vec![path.clone()];
        }
        if self.environment
            && let Some(path) = environment.get("RESCALE_CONFIG_FILE")
        {
            return vec![path.into()];
        }
        let home = environment.home().unwrap_or_default();
        let mut files = vec![home.join(".config/rescale/apiconfig")];
        if cfg!(windows) {
            files.push(home.join("config/rescale/apiconfig"));
            if let Some(roaming) = environment.get("APPDATA") {
                files.push(Path::new(&roaming).join("Rescale/Interlink/apiconfig"));
            }
        }
        files
    }

    /// Tools write the API root where the host is meant: one `/api/v2` or `/api/v3` goes.
    fn normalised(&self, found: &Sourced<String>) -> Result<Url> {
        let mut url = origin::base_url(&found.value, &found.origin, self.plain_http)?;
        let path = url.path().trim_end_matches('/');
        if matches!(path, "/api" | "/api/v2" | "/api/v3") {
            url.set_path("");
        }
        origin::without_path(url, &found.origin)
    }
}

/// The error without a key, which says where one was looked for.
pub(super) fn no_key(settings: &Settings) -> Error {
    let mut places = vec!["`api_key` on the builder".to_owned()];
    if settings.environment {
        places.push(format!("the variables {}", KEY_VARIABLES.join(", ")));
    }
    if let Some(profile) = &settings.profile {
        places.push(format!("`apikey` in [{}] of ~/.config/rescale/apiconfig", profile.name));
    }
    Error::config(format!("no Rescale API key: looked at {}", places.join(", ")))
}

fn unknown_profile(name: &str, file: &IniFile) -> Error {
    let path = file.path().display();
    let sections = file.sections();
    let known = match sections.len() {
        0 => "it has no profiles".to_owned(),
        _ => format!("it has {}", sections.join(", ")),
    };
    Error::config(format!("{path} has no profile `{name}`; {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    /// A config file with the given text, and settings that read its profile.
    fn profile(text: &str, name: &str) -> (tempfile::TempDir, Settings) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("apiconfig");
        std::fs::write(&path, text).unwrap();
        let profile = Some(Profile { name: name.to_owned(), required: true });
        (folder, Settings { profile, config_file: Some(path), ..Settings::default() })
    }

    fn resolved(settings: &Settings, variables: &[(&str, &str)]) -> Result<(String, String)> {
        let resolved = settings.resolve(&Environment::of_test(variables))?;
        let key = resolved.key.map(|key| key.expose_secret().to_owned());
        Ok((key.unwrap_or_default(), resolved.base.to_string()))
    }

    const TWO: &str = "[default]\napibaseurl = https://eu.rescale.com\napikey = 'k1'\n\
                       [us]\napiurl = https://platform.rescale.com/api/v3/\nAPIKEY = k2\n\
                       [interlink.autoDownload]\nx = y\n";

    #[test]
    fn profiles_in_every_spelling() {
        let (_folder, settings) = profile(TWO, "default");
        assert_eq!(
            resolved(&settings, &[]).unwrap(),
            ("k1".into(), "https://eu.rescale.com/".into())
        );
        let (_folder, settings) = profile(TWO, "us");
        let us = ("k2".into(), "https://platform.rescale.com/".into());
        assert_eq!(resolved(&settings, &[]).unwrap(), us);
        let old = "[rescale]\nplatform_url = https://kr.rescale.com\napi_key = k3\n";
        let (_folder, settings) = profile(old, "default");
        assert_eq!(
            resolved(&settings, &[]).unwrap(),
            ("k3".into(), "https://kr.rescale.com/".into())
        );
    }

    #[test]
    fn code_before_environment_before_profile_before_default() {
        let variables = [("RESCALE_API_KEY", "env"), ("RESCALE_API_URL", "https://kr.rescale.com")];
        let (_folder, mut settings) = profile(TWO, "default");
        settings.environment = true;
        let from_variables = ("env".to_owned(), "https://kr.rescale.com/".to_owned());
        assert_eq!(resolved(&settings, &variables).unwrap(), from_variables);
        settings.base_url = Some("https://itar.rescale.com/api/v2/".into());
        settings.key = Some("code".into());
        let from_code = ("code".to_owned(), "https://itar.rescale.com/".to_owned());
        assert_eq!(resolved(&settings, &variables).unwrap(), from_code);
        let nothing = Settings { environment: true, ..Settings::default() };
        let default = (String::new(), "https://platform.rescale.com/".to_owned());
        assert_eq!(resolved(&nothing, &[]).unwrap(), default);
    }

    #[test]
    fn a_pure_builder_reads_no_environment() {
        let variables = [("RESCALE_API_KEY", "env"), ("RESCALE_API_URL", "https://kr.rescale.com")];
        let (key, base) = resolved(&Settings::default(), &variables).unwrap();
        assert_eq!((key.as_str(), base.as_str()), ("", "https://platform.rescale.com/"));
    }

    #[test]
    fn an_unknown_profile_names_the_file_and_the_known_ones() {
        let (_folder, settings) = profile(TWO, "eu");
        let text = resolved(&settings, &[]).unwrap_err().to_string();
        assert!(text.contains("apiconfig has no profile `eu`"), "{text}");
        assert!(text.contains("it has default, interlink.autoDownload, us"), "{text}");
    }

    #[test]
    fn a_placeholder_is_no_key() {
        let (_folder, settings) = profile("[default]\napikey = <PROVIDE_VALUE>\n", "default");
        let text = resolved(&settings, &[]).unwrap_err().to_string();
        assert!(text.contains("line 2, `apikey` in [default] still has"), "{text}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let profile = Some(Profile { name: "default".to_owned(), required: true });
        let settings = Settings { profile, ..Settings::default() };
        let text = resolved(&settings, &[("HOME", "/nowhere")]).unwrap_err().to_string();
        assert!(text.contains("/nowhere/.config/rescale/apiconfig"), "{text}");
    }

    #[test]
    fn a_path_in_the_base_url_is_refused() {
        let base_url = Some("https://eu.rescale.com/portal".to_owned());
        let settings = Settings { base_url, ..Settings::default() };
        let text = resolved(&settings, &[]).unwrap_err().to_string();
        assert!(text.contains("drop `/portal`"), "{text}");
    }
}
