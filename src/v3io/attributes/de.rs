//! From the attributes of an item to a struct or a map.

use std::collections::btree_map;

use serde::de::{DeserializeOwned, DeserializeSeed, MapAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use super::Attributes;
use super::error::Error;
use super::value::FromAttribute;
use crate::error::ErrorKind;
use crate::values::Attribute;

/// Reads a struct, or a map with text keys, from the attributes of an item.
///
/// It is the way back from [`to_attributes`](super::to_attributes). Attributes that the struct
/// does not have are passed over, and a missing one is `None`. Every number type takes a number
/// attribute that fits: an integer takes `130.0`, an `f32` or `f64` the nearest value of an
/// integer. Arrays are read as sequences of numbers; bytes that were a blob need `serde_bytes`, or
/// [`Attributes::get_bytes`].
///
/// An attribute that is missing or of another type is an [`ErrorKind::Decode`] error that says
/// which it is, what it is and what was wanted.
pub fn from_attributes<T: DeserializeOwned>(attributes: Attributes) -> crate::Result<T> {
    T::deserialize(FromItem(&attributes))
        // Nothing was sent for it, so nothing can have happened.
        .map_err(|error| crate::Error::new(ErrorKind::Decode, error.to_string()).with_doubt(false))
}

struct FromItem<'a>(&'a Attributes);

impl<'de> Deserializer<'de> for FromItem<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Fields { rest: self.0.iter(), next: None })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Fields<'a> {
    rest: btree_map::Iter<'a, String, Attribute>,
    next: Option<(&'a str, &'a Attribute)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.next = self.rest.next().map(|(name, attribute)| (name.as_str(), attribute));
        let Some((name, _)) = self.next else { return Ok(None) };
        seed.deserialize(FromAttribute(&name.into())).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let Some((name, attribute)) = self.next.take() else {
            return Err(Error::because("a value was asked for before its key"));
        };
        let value = seed.deserialize(FromAttribute(attribute));
        value.map_err(|error| error.reading(name, attribute))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}
