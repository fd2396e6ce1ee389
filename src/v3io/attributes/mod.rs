//! The attributes of one item, by name.

mod de;
mod error;
mod parts;
mod ser;
#[cfg(test)]
mod tests;
mod value;

use std::borrow::Cow;
use std::collections::{BTreeMap, btree_map};

use crate::error::{Error, Result};
use crate::values::{Attribute, UnixTime};

pub use de::from_attributes;
pub use ser::to_attributes;

/// The longest name of an attribute (V3IO documentation, limits of the NoSQL web API).
const LONGEST_NAME: usize = 255;

/// Whether a name is one that the platform allows: up to 255 letters, digits and underscores, of
/// which the first is no digit.
///
/// The platform's own attributes, such as `__size`, have allowed names and cannot be written.
pub fn attribute_name_is_valid(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The attributes of one item, sorted by name.
///
/// [`to_attributes`] makes them from a struct or a map, [`from_attributes`] the other way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(BTreeMap<String, Attribute>);

impl Attributes {
    /// No attributes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute and gives the one that it had.
    pub fn insert(
        &mut self,
        name: impl Into<String>,
        value: impl Into<Attribute>,
    ) -> Option<Attribute> {
        self.0.insert(name.into(), value.into())
    }

    /// Takes an attribute out.
    pub fn remove(&mut self, name: &str) -> Option<Attribute> {
        self.0.remove(name)
    }

    /// The attribute of that name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.0.get(name)
    }

    /// Whether there is an attribute of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> btree_map::Iter<'_, String, Attribute> {
        self.0.iter()
    }

    /// The text of a string attribute.
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A number attribute that is whole and fits.
    pub fn get_i64(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_i64()
    }

    /// A number attribute that is whole and fits.
    pub fn get_u64(&self, name: &str) -> Option<u64> {
        self.get(name)?.as_u64()
    }

    /// The `f64` nearest to a number attribute.
    pub fn get_f64(&self, name: &str) -> Option<f64> {
        self.get(name)?.as_f64()
    }

    /// The value of a boolean attribute.
    pub fn get_bool(&self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }

    /// The bytes of a blob attribute, or those that an array is made of.
    pub fn get_bytes(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        self.get(name)?.as_bytes()
    }

    /// The moment of a timestamp attribute.
    pub fn get_timestamp(&self, name: &str) -> Option<UnixTime> {
        self.get(name)?.as_timestamp()
    }

    /// The values of an attribute that is an array of integers.
    pub fn get_integers(&self, name: &str) -> Option<&[i64]> {
        self.get(name)?.as_integers()
    }

    /// The values of an attribute that is an array of floats.
    pub fn get_doubles(&self, name: &str) -> Option<&[f64]> {
        self.get(name)?.as_doubles()
    }

    /// Whether the platform can take all of them: an
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) error that names the first whose name
    /// ([`attribute_name_is_valid`]) or value ([`Attribute::check`]) it would refuse.
    ///
    /// Attributes are checked before they are sent.
    pub fn check(&self) -> Result<()> {
        self.iter().try_for_each(|(name, value)| check(name, value))
    }
}

fn check(name: &str, value: &Attribute) -> Result<()> {
    check_attribute_name(name)?;
    value.check().map_err(|error| {
        let why = error.message();
        Error::invalid(format!("the attribute `{name}` cannot be sent: {why}"))
    })
}

/// Refuses a name that the platform would refuse.
pub(super) fn check_attribute_name(name: &str) -> Result<()> {
    if attribute_name_is_valid(name) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{name:?} cannot name an attribute: use up to {LONGEST_NAME} letters, digits and \
         underscores, and no digit first"
    )))
}

impl<N: Into<String>, A: Into<Attribute>> FromIterator<(N, A)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (N, A)>>(attributes: I) -> Self {
        let mut all = Self::new();
        all.extend(attributes);
        all
    }
}

impl<N: Into<String>, A: Into<Attribute>> Extend<(N, A)> for Attributes {
    fn extend<I: IntoIterator<Item = (N, A)>>(&mut self, attributes: I) {
        self.0.extend(attributes.into_iter().map(|(name, value)| (name.into(), value.into())));
    }
}

impl IntoIterator for Attributes {
    type Item = (String, Attribute);
    type IntoIter = btree_map::IntoIter<String, Attribute>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Attributes {
    type Item = (&'a String, &'a Attribute);
    type IntoIter = btree_map::Iter<'a, String, Attribute>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<BTreeMap<String, Attribute>> for Attributes {
    fn from(attributes: BTreeMap<String, Attribute>) -> Self {
        Self(attributes)
    }
}

impl From<Attributes> for BTreeMap<String, Attribute> {
    fn from(attributes: Attributes) -> Self {
        attributes.0
    }
}
