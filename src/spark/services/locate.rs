//! Operations that exist once for each way to name a service.

use crate::error::{Error, Result};
use crate::spark::ServiceLocator;
use crate::spark::locator::Target;

/// Reads a locator and refuses one with an empty part.
pub(in crate::spark) fn read(
    locator: impl TryInto<ServiceLocator, Error: Into<Error>>,
) -> Result<ServiceLocator> {
    let locator = locator.try_into().map_err(Into::into)?;
    locator.check()?;
    Ok(locator)
}

/// The folder and the name of a service, for operations that take nothing else.
pub(in crate::spark) fn names(locator: &ServiceLocator) -> Result<(&str, &str)> {
    match &locator.target {
        Target::Named { folder, service, version: None } if !locator.public => {
            Ok((folder, service))
        }
        _ => Err(Error::invalid(format!(
            "this needs a service as folder/service, without a version, not `{locator}`"
        ))),
    }
}

/// Refuses the number of a version where the platform would not hear of it.
pub(in crate::spark) fn without_version(locator: &ServiceLocator) -> Result<()> {
    match &locator.target {
        Target::Named { version: Some(_), .. } | Target::Service { version: Some(_), .. } => {
            Err(Error::invalid(format!(
                "this cannot be asked of a version by its number: write version/ID instead of \
                 `{locator}`"
            )))
        }
        _ => Ok(()),
    }
}

/// The error of a proxy locator where there is nothing behind a proxy but executions.
pub(in crate::spark) fn no_proxy(locator: &ServiceLocator) -> Error {
    Error::invalid(format!(
        "`{locator}` names a proxy, which only executes; name the service itself"
    ))
}

/// Makes the request that fits the locator out of the operations for a name, a service's id, a
/// version's id, and the same three without a credential; then does with it and its name what is
/// said.
macro_rules! located {
    (
        $raw:expr, $locator:expr,
        [$name:ident, $id:ident, $version:ident],
        [$public_name:ident, $public_id:ident, $public_version:ident],
        |$request:ident, $operation:ident| $then:expr
    ) => {
        match (&$locator.target, $locator.public) {
            ($crate::spark::locator::Target::Named { folder, service, .. }, false) => {
                let ($request, $operation) = ($raw.$name(), stringify!($name));
                let $request = $request.folder(folder.as_str()).service(service.as_str());
                $then
            }
            ($crate::spark::locator::Target::Service { id, .. }, false) => {
                let ($request, $operation) = ($raw.$id(), stringify!($id));
                let $request = $request.service_id(id.as_str());
                $then
            }
            ($crate::spark::locator::Target::Version { id }, false) => {
                let ($request, $operation) = ($raw.$version(), stringify!($version));
                let $request = $request.version_id(id.as_str());
                $then
            }
            ($crate::spark::locator::Target::Named { folder, service, .. }, true) => {
                let ($request, $operation) = ($raw.$public_name(), stringify!($public_name));
                let $request = $request.folder(folder.as_str()).service(service.as_str());
                $then
            }
            ($crate::spark::locator::Target::Service { id, .. }, true) => {
                let ($request, $operation) = ($raw.$public_id(), stringify!($public_id));
                let $request = $request.service_id(id.as_str());
                $then
            }
            ($crate::spark::locator::Target::Version { id }, true) => {
                let ($request, $operation) = ($raw.$public_version(), stringify!($public_version));
                let $request = $request.version_id(id.as_str());
                $then
            }
            ($crate::spark::locator::Target::Proxy { .. }, _) => {
                Err($crate::spark::services::locate::no_proxy(&$locator))
            }
        }
    };
}
pub(in crate::spark) use located;

#[cfg(test)]
mod tests {
    use super::*;

    fn locator(text: &str) -> ServiceLocator {
        text.parse().unwrap()
    }

    #[test]
    fn only_plain_names_are_names() {
        assert_eq!(names(&locator("f/s")).unwrap(), ("f", "s"));
        for text in ["f/s[1.2]", "public/f/s", "service/x", "version/x", "proxy/x"] {
            let error = names(&locator(text)).unwrap_err().to_string();
            assert!(error.contains("folder/service") && error.contains(text), "{error}");
        }
    }

    #[test]
    fn a_number_of_a_version_is_not_dropped() {
        assert!(without_version(&locator("f/s")).is_ok());
        assert!(without_version(&locator("version/x")).is_ok());
        assert!(
            without_version(&locator("f/s[1]")).unwrap_err().to_string().contains("version/ID")
        );
        assert!(without_version(&locator("service/x[1]")).is_err());
    }
}
