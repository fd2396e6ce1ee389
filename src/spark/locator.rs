//! Which service is meant, in all forms that the platform's users write.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A service or a version of one.
///
/// ```
/// use longhaul::spark::ServiceLocator;
/// # fn main() -> longhaul::Result<()> {
/// let latest: ServiceLocator = "my-folder/my-service".parse()?;
/// let version: ServiceLocator = "folders/my-folder/services/my-service[0.4.2]".parse()?;
/// assert_eq!(version, ServiceLocator::named("my-folder", "my-service").version("0.4.2"));
/// assert!("my-folder/".parse::<ServiceLocator>().is_err());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServiceLocator {
    pub(super) target: Target,
    pub(super) public: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target {
    Named { folder: String, service: String, version: Option<String> },
    Service { id: String, version: Option<String> },
    Version { id: String },
    Proxy { path: String },
}

impl ServiceLocator {
    /// A service by its folder and name; its latest version, unless
    /// [`version`](ServiceLocator::version) says otherwise.
    pub fn named(folder: impl Into<String>, service: impl Into<String>) -> Self {
        let (folder, service) = (folder.into(), service.into());
        Self { target: Target::Named { folder, service, version: None }, public: false }
    }

    /// A service by its id.
    pub fn service_id(id: impl Into<String>) -> Self {
        Self { target: Target::Service { id: id.into(), version: None }, public: false }
    }

    /// A version by its id.
    pub fn version_id(id: impl Into<String>) -> Self {
        Self { target: Target::Version { id: id.into() }, public: false }
    }

    /// A proxy endpoint, which the platform maps to a service.
    pub fn proxy(path: impl Into<String>) -> Self {
        Self { target: Target::Proxy { path: path.into() }, public: false }
    }

    /// This version of the service, such as `0.4.2`. A locator by the version's id stays as it is.
    #[must_use]
    pub fn version(mut self, number: impl Into<String>) -> Self {
        if let Target::Named { version, .. } | Target::Service { version, .. } = &mut self.target {
            *version = Some(number.into());
        }
        self
    }

    /// By the endpoint that needs no credential.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Refuses a locator with an empty part.
    pub(super) fn check(&self) -> Result<()> {
        let parts: &[(&str, &str)] = match &self.target {
            Target::Named { folder, service, .. } => &[("folder", folder), ("service", service)],
            Target::Service { id, .. } => &[("service id", id)],
            Target::Version { id } => &[("version id", id)],
            Target::Proxy { path } => &[("proxy path", path)],
        };
        let version = match &self.target {
            Target::Named { version, .. } | Target::Service { version, .. } => version.as_deref(),
            _ => None,
        };
        let parts = parts.iter().copied().chain(version.map(|version| ("version", version)));
        match parts.into_iter().find(|(_, text)| text.trim().is_empty()) {
            Some((part, _)) => Err(Error::invalid(format!("the {part} in the locator is empty"))),
            None => Ok(()),
        }
    }
}

/// Reads `folder/service[version]`, `folders/folder/services/service[version]`, `service/id`,
/// `version/id` and `proxy/path`, each also below `public/`.
impl FromStr for ServiceLocator {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let trimmed = text.trim().trim_matches('/');
        let (path, public) = match trimmed.strip_prefix("public/") {
            Some(path) => (path, true),
            None => (trimmed, false),
        };
        let (path, version) = split_version(path);
        let parts: Vec<_> = path.split('/').collect();
        let locator = match (parts.as_slice(), version) {
            (["proxy", rest @ ..], None) if !rest.is_empty() => Self::proxy(rest.join("/")),
            (["folders", folder, "services", service], _) => Self::named(*folder, *service),
            (["version" | "proxy", ..], Some(_)) => return Err(unreadable(text)),
            (["version", id], None) => Self::version_id(*id),
            (["service", id], _) => Self::service_id(*id),
            ([folder, service], _) => Self::named(*folder, *service),
            _ => return Err(unreadable(text)),
        };
        let locator = version.map_or(locator.clone(), |version| locator.version(version));
        let locator = Self { public, ..locator };
        locator.check().map_err(|_| unreadable(text))?;
        Ok(locator)
    }
}

fn split_version(text: &str) -> (&str, Option<&str>) {
    let inner = text.strip_suffix(']').and_then(|text| text.split_once('['));
    inner.map_or((text, None), |(path, version)| (path, Some(version)))
}

fn unreadable(text: &str) -> Error {
    Error::invalid(format!(
        "`{text}` names no service; write folder/service, folder/service[version], service/id or \
         version/id"
    ))
}

impl TryFrom<&str> for ServiceLocator {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self> {
        text.parse()
    }
}

impl TryFrom<String> for ServiceLocator {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<&ServiceLocator> for ServiceLocator {
    fn from(locator: &ServiceLocator) -> Self {
        locator.clone()
    }
}

impl fmt::Display for ServiceLocator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.public {
            f.write_str("public/")?;
        }
        let version = |f: &mut fmt::Formatter<'_>, version: &Option<String>| match version {
            Some(version) => write!(f, "[{version}]"),
            None => Ok(()),
        };
        match &self.target {
            Target::Named { folder, service, version: number } => {
                write!(f, "{folder}/{service}")?;
                version(f, number)
            }
            Target::Service { id, version: number } => {
                write!(f, "service/{id}")?;
                version(f, number)
            }
            Target::Version { id } => write!(f, "version/{id}"),
            Target::Proxy { path } => write!(f, "proxy/{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> ServiceLocator {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn every_form_is_read_and_written() {
        let named = ServiceLocator::named("f", "s");
        assert_eq!(read("f/s"), named);
        assert_eq!(read("/f/s/"), named);
        assert_eq!(read("folders/f/services/s"), named);
        assert_eq!(read("f/s[1.2.3]"), named.clone().version("1.2.3"));
        assert_eq!(read("service/uuid"), ServiceLocator::service_id("uuid"));
        assert_eq!(read("version/uuid"), ServiceLocator::version_id("uuid"));
        assert_eq!(read("proxy/a/b"), ServiceLocator::proxy("a/b"));
        assert_eq!(read("public/f/s"), named.public());
        for text in ["f/s", "f/s[1.2]", "service/x[2]", "version/x", "proxy/a/b", "public/f/s"] {
            assert_eq!(read(text).to_string(), text);
        }
    }

    #[test]
    fn what_names_no_service_is_refused() {
        for text in ["", " ", "/", "f", "f/", "/s", "f//", "f/s[]", "a/b/c", "version/x[1]"] {
            let error = text.parse::<ServiceLocator>().unwrap_err().to_string();
            assert!(error.contains("names no service"), "{text}: {error}");
        }
        let error = ServiceLocator::named("f", "").check().unwrap_err().to_string();
        assert_eq!(error, "the service in the locator is empty");
    }
}
