//! How requests point at services.

/// How a request names a service or a version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Locator {
    Named { folder: String, service: String, version: Option<String> },
    Service(String),
    Version(String),
}

impl Locator {
    /// `folder/service[version]`, `folders/f/services/s`, `service/id`, `version/id` or a bare id.
    pub(super) fn parse(text: &str) -> Self {
        let (path, version) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((path, version)) => (path, Some(version).filter(|version| !version.is_empty())),
            None => (text, None),
        };
        let named = |folder: &str, service: &str| Self::Named {
            folder: folder.to_owned(),
            service: service.to_owned(),
            version: version.map(str::to_owned),
        };
        match path.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
            ["folders", folder, "services", service] => named(folder, service),
            ["service", id] => Self::Service(id.to_owned()),
            ["version", id] => Self::Version(id.to_owned()),
            [folder, service] => named(folder, service),
            _ => Self::Service(path.to_owned()),
        }
    }

    pub(super) fn named(folder: &str, service: &str) -> Self {
        Self::Named { folder: folder.to_owned(), service: service.to_owned(), version: None }
    }

    /// The same service, at this version where none is named.
    pub(super) fn at(self, number: Option<&str>) -> Self {
        match self {
            Self::Named { folder, service, version } => {
                Self::Named { folder, service, version: version.or(number.map(str::to_owned)) }
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_many_names() {
        let named = |version: Option<&str>| Locator::Named {
            folder: "f".to_owned(),
            service: "s".to_owned(),
            version: version.map(str::to_owned),
        };
        assert_eq!(Locator::parse("f/s"), named(None));
        assert_eq!(Locator::parse("f/s[1.2.3]"), named(Some("1.2.3")));
        assert_eq!(Locator::parse("folders/f/services/s[]"), named(None));
        assert_eq!(Locator::parse("service/1"), Locator::Service("1".to_owned()));
        assert_eq!(Locator::parse("version/2"), Locator::Version("2".to_owned()));
        assert_eq!(Locator::parse("0c2a"), Locator::Service("0c2a".to_owned()));
    }
}
