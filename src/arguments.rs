//! Arguments that are refused before a request is sent.

use crate::error::{Error, Result};

/// Refuses an empty text where the platform wants one.
pub(crate) fn filled<'t>(what: &str, text: &'t str) -> Result<&'t str> {
    match text.trim() {
        "" => Err(Error::invalid(format!("{what} is empty"))),
        _ => Ok(text),
    }
}

/// Refuses an id that cannot stand in a path: an empty one would lead to all things of the kind,
/// dots elsewhere.
pub(crate) fn usable<'t>(what: &str, id: &'t str) -> Result<&'t str> {
    match id.trim() {
        "" => Err(Error::invalid(format!("the id of the {what} is empty"))),
        "." | ".." => Err(Error::invalid(format!("`{id}` is no id of a {what}"))),
        _ => Ok(id),
    }
}
