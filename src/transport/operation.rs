//! What the spec says about an operation, as data that the transport acts on.

use std::fmt;

/// Whether a request may be sent again when nobody knows what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// Safe to repeat: it reads, or sets what is already set.
    Free,
    /// Made safe by an id that stays the same over all attempts of a call.
    Keyed,
    /// Repeated only when nothing can have happened: the connection never opened, or the server
    /// turned the request away with 429.
    Once,
}

impl fmt::Display for Repeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Free => "free",
            Self::Keyed => "keyed",
            Self::Once => "once",
        })
    }
}

/// One operation of a platform's spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// Its name in the spec and in the generated client.
    pub id: &'static str,
    /// The HTTP method in capitals.
    pub method: &'static str,
    /// The path template; a fragment tells apart operations on one method and path and is not
    /// sent.
    pub path: &'static str,
    /// Whether it may be repeated.
    pub repeat: Repeat,
    /// The rate limit it falls under, empty where the platform has none.
    pub scope: &'static str,
    /// Whether the answer's body is handed on as a stream.
    pub streamed: bool,
}

impl Operation {
    /// For the generated tables; the fields' order is that of the declaration.
    pub(crate) const fn new(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        repeat: Repeat,
        scope: &'static str,
        streamed: bool,
    ) -> Self {
        Self { id, method, path, repeat, scope, streamed }
    }

    /// A template with `{path}` takes a value whose slashes are slashes on the wire.
    pub(crate) fn keeps_slashes(&self) -> bool {
        self.path.contains("{path}")
    }

    /// The template without its fragment.
    pub(crate) fn template(&self) -> &'static str {
        self.path.split('#').next().unwrap_or(self.path)
    }
}
