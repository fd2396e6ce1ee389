//! Where an item is: by the path, or by a table and a key that the body names.

use super::super::address::Address;
use super::super::attribute::{Attribute, Attributes};
use super::super::errors::invalid;
use super::super::state::State;
use super::super::tree::File;
use crate::http::Reply;

/// A key is the name of the item, and an attribute of it.
pub(super) fn locate(
    address: &mut Address,
    table: Option<&str>,
    key: Option<Attributes>,
) -> Result<Attributes, Box<Reply>> {
    address.join(table.unwrap_or_default());
    let key = key.unwrap_or_default();
    if key.len() > 1 {
        return Err(invalid("Key has more than one attribute"));
    }
    if let Some(value) = key.values().next() {
        match value {
            Attribute::S(name) | Attribute::N(name) => address.join(name),
            _ => return Err(invalid("Key must be a string or a number")),
        }
    }
    match address.path.is_empty() {
        true => Err(invalid("The path names no item")),
        false => Ok(key),
    }
}

/// The item at an address, if there is one; an error when even its container is missing.
pub(super) fn existing<'a>(
    state: &'a State,
    address: &Address,
) -> Result<Option<(u64, &'a File)>, Box<Reply>> {
    let (_, container) = state.container(&address.container)?;
    let (parent, name) = address.split();
    let file = container.root.find(parent).and_then(|directory| directory.files.get(name));
    Ok(file.map(|file| (container.id, file)))
}
