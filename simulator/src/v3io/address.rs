//! The path of a request: a container and what lies below it.

use percent_encoding::percent_decode_str;

/// A decoded path, without slashes at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) container: String,
    /// The path in the container; empty for the container itself.
    pub(super) path: String,
    /// Whether the path ended with a slash.
    pub(super) is_directory: bool,
}

impl Address {
    /// Clients may double the slash at the beginning.
    pub(super) fn parse(path: &str) -> Self {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let trimmed = decoded.trim_matches('/');
        let (container, path) = trimmed.split_once('/').unwrap_or((trimmed, ""));
        Self {
            container: container.to_owned(),
            path: path.trim_start_matches('/').to_owned(),
            is_directory: decoded.ends_with('/'),
        }
    }

    /// Goes on to a path below this one, which may have several segments.
    pub(super) fn join(&mut self, relative: &str) {
        let relative = relative.trim_matches('/');
        if !self.path.is_empty() && !relative.is_empty() {
            self.path.push('/');
        }
        self.path.push_str(relative);
    }

    /// The path of the directory around the last name, and that name.
    pub(super) fn split(&self) -> (&str, &str) {
        self.path.rsplit_once('/').unwrap_or(("", &self.path))
    }
}

/// The names on a path.
pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_are_where_clients_put_them() {
        let cases = [
            ("/users/a/b", "users", "a/b", false),
            ("//users/a%20b/", "users", "a b", true),
            ("/users/a%2Fb", "users", "a/b", false),
            ("/users", "users", "", false),
            ("//", "", "", true),
        ];
        for (path, container, rest, is_directory) in cases {
            let expected = Address { container: container.into(), path: rest.into(), is_directory };
            assert_eq!(Address::parse(path), expected, "{path}");
        }
    }

    #[test]
    fn tables_and_keys_are_joined() {
        let mut address = Address::parse("/users/");
        address.join("/a/b/");
        address.join("");
        address.join("k");
        assert_eq!(address.split(), ("a/b", "k"));
    }
}
