//! Places on the platform: a container and a path in it, checked before a request is made.

use std::sync::Arc;

use crate::error::{Error, Result};

/// The longest names (source: V3IO web-API reference, data objects and containers).
const LONGEST_CONTAINER: usize = 128;
const LONGEST_PATH: usize = 4096;
const LONGEST_NAME: usize = 255;

/// A path in a container, both as they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) container: Arc<str>,
    pub(super) path: String,
}

impl Place {
    pub(super) fn new(container: &Arc<str>, path: &str) -> Self {
        Self { container: container.clone(), path: plain(path) }
    }

    /// The place below this one. A leading slash of the name does not lead back to the top.
    pub(super) fn join(&self, name: &str) -> Self {
        let (folder, name) = (self.path.trim_end_matches('/'), plain(name));
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        Self { container: self.container.clone(), path }
    }

    /// The container and the path, when both are usable; `what` is named in the error.
    pub(super) fn checked(&self, what: &str) -> Result<(&str, &str)> {
        if self.path.is_empty() {
            return Err(Error::invalid(format!("the path of the {what} is empty")));
        }
        Ok((self.container_checked()?, self.path_checked()?))
    }

    /// The container and the path without slashes at its end, which may then be empty.
    pub(super) fn folder(&self) -> Result<(&str, &str)> {
        Ok((self.container_checked()?, self.path_checked()?.trim_end_matches('/')))
    }

    fn container_checked(&self) -> Result<&str> {
        let name = &*self.container;
        let refuse = |why: &str| Err(Error::invalid(format!("the container name `{name}` {why}")));
        match name {
            "" => Err(Error::invalid("the name of the container is empty")),
            "." | ".." => refuse("would lead elsewhere"),
            _ if name.contains('/') => refuse("must not have a slash"),
            _ if name.len() > LONGEST_CONTAINER => refuse("is longer than 128 characters"),
            _ => Ok(name),
        }
    }

    fn path_checked(&self) -> Result<&str> {
        let path = self.path.as_str();
        if path.len() > LONGEST_PATH {
            return Err(Error::invalid(format!("a path is longer than {LONGEST_PATH} bytes")));
        }
        if path.contains('\\') {
            let message = format!("the path `{path}` has a backslash, which URLs take for a slash");
            return Err(Error::invalid(message));
        }
        for segment in path.trim_end_matches('/').split('/') {
            if matches!(segment, "." | "..") {
                let message = format!("the path `{path}` has a segment `{segment}`");
                return Err(Error::invalid(format!("{message}, which would lead elsewhere")));
            }
            if segment.len() > LONGEST_NAME {
                let message = format!("a name in the path `{path}` is longer than");
                return Err(Error::invalid(format!("{message} {LONGEST_NAME} bytes")));
            }
        }
        Ok(path)
    }
}

/// Without a slash at the start, and with single slashes only: the platform ignores the others.
fn plain(path: &str) -> String {
    let path = path.trim_start_matches('/');
    if !path.contains("//") {
        return path.to_owned();
    }
    let mut plain = String::with_capacity(path.len());
    for letter in path.chars() {
        if letter != '/' || !plain.ends_with('/') {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        Place::new(&Arc::from("users"), path)
    }

    #[test]
    fn slashes_at_the_start_and_doubled_ones_do_not_matter() {
        for path in ["a/b", "/a/b", "//a//b"] {
            assert_eq!(place(path).checked("object").unwrap(), ("users", "a/b"));
        }
        assert_eq!(place("/a/b/").checked("object").unwrap().1, "a/b/");
        assert_eq!(place("/").folder().unwrap(), ("users", ""));
    }

    #[test]
    fn a_name_with_a_leading_slash_stays_below() {
        assert_eq!(place("table/").join("/key").path, "table/key");
        assert_eq!(place("").join("key").path, "key");
    }

    #[test]
    fn what_would_lead_elsewhere_is_refused() {
        let refused = |path: &str| place(path).checked("object").unwrap_err().to_string();
        assert!(refused("").contains("path of the object is empty"));
        assert!(refused("/").contains("empty"));
        for path in ["..", "a/../b", "a/..", "./a", "a/./"] {
            assert!(refused(path).contains("which would lead elsewhere"), "{path}");
        }
        assert!(refused("a\\b").contains("has a backslash"));
        assert!(refused(&"x".repeat(256)).contains("longer than 255 bytes"));
        assert!(refused(&"x/".repeat(2049)).contains("longer than 4096 bytes"));
        assert!(place("a/..b/...").checked("object").is_ok());
    }

    #[test]
    fn containers_have_a_name() {
        let refused = |name: &str| {
            let place = Place::new(&Arc::from(name), "a");
            place.checked("object").unwrap_err().to_string()
        };
        assert!(refused("").contains("name of the container is empty"));
        assert!(refused("..").contains("`..` would lead elsewhere"));
        assert!(refused("a/b").contains("slash"));
        assert!(refused(&"x".repeat(129)).contains("128"));
    }
}
