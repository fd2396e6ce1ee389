//! The platform's published limits.

use super::attribute::{Attribute, Attributes};
use super::errors::{invalid, not_permitted};
use super::system;
use crate::http::Reply;

/// An object may have this many bytes per upload.
pub(super) const UPLOAD: u64 = 5_000_000_000;
/// The body of an item function.
pub(super) const ITEM_BODY: usize = 2 << 20;
/// The body of PutRecords, and what GetRecords returns at most.
pub(super) const RECORDS_BODY: usize = 10 << 20;

const NAME: usize = 255;
const PATH: usize = 4096;
const TEXT: usize = 61_200;
const VALUE: usize = 1 << 20;
const ITEM: usize = 3 << 19;

pub(super) fn path(path: &str) -> Result<(), Box<Reply>> {
    let too_long = path.len() > PATH || path.split('/').any(|name| name.len() > NAME);
    if too_long { Err(invalid("The path or a name in it is too long")) } else { Ok(()) }
}

/// What a client wants to store.
pub(super) fn attributes(attributes: &Attributes) -> Result<(), Box<Reply>> {
    attributes.iter().try_for_each(|(name, value)| attribute(name, value))
}

fn attribute(name: &str, value: &Attribute) -> Result<(), Box<Reply>> {
    if system::is_system(name) {
        return Err(not_permitted());
    }
    if !is_name(name) {
        return Err(invalid(&format!("{name:?} is not a valid attribute name")));
    }
    if let Some(reason) = value.fault() {
        return Err(invalid(&format!("{name}: {reason}")));
    }
    let limit = if matches!(value, Attribute::S(_)) { TEXT } else { VALUE };
    match value.size() > limit {
        true => Err(invalid(&format!("{name}: the value is longer than {limit} bytes"))),
        false => Ok(()),
    }
}

/// The whole item after a change.
pub(super) fn item(attributes: &Attributes) -> Result<(), Box<Reply>> {
    let size: usize = attributes.iter().map(|(name, value)| name.len() + value.size()).sum();
    if size > ITEM { Err(invalid("The item is too large")) } else { Ok(()) }
}

fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && name.len() <= NAME && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}
