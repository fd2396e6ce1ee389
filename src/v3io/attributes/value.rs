//! From one attribute to a Rust value.

use serde::Deserializer;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};

use super::error::Error;
use crate::values::{Attribute, Number, UNIX_TIME};

/// Reads an attribute as what is asked for, and as nothing else.
pub(super) struct FromAttribute<'a>(pub(super) &'a Attribute);

impl FromAttribute<'_> {
    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Attribute::String(text) => visitor.visit_str(text),
            _ => Err(Error::wanted(&visitor)),
        }
    }

    fn integer<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Attribute::Number(number) => visit_integer(number, visitor),
            _ => Err(Error::wanted(&visitor)),
        }
    }

    fn bytes<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.as_bytes() {
            Some(bytes) => visitor.visit_bytes(&bytes),
            None => Err(Error::wanted(&visitor)),
        }
    }

    fn array<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Attribute::Integers(values) => visit_array(values, visitor),
            Attribute::Doubles(values) => visit_array(values, visitor),
            _ => Err(Error::wanted(&visitor)),
        }
    }

    fn mismatch<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        Err(Error::wanted(&visitor))
    }
}

/// The narrowest call that holds it: the types of 64 bits and less do not take a wider one.
fn visit_integer<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Error> {
    if let Some(integer) = number.as_i64() {
        visitor.visit_i64(integer)
    } else if let Some(integer) = number.as_u64() {
        visitor.visit_u64(integer)
    } else if let Some(integer) = number.as_i128() {
        visitor.visit_i128(integer)
    } else if let Some(integer) = number.as_u128() {
        visitor.visit_u128(integer)
    } else {
        Err(Error::wanted(&visitor))
    }
}

fn visit_array<'de, V, T>(values: &[T], visitor: V) -> Result<V::Value, Error>
where
    V: Visitor<'de>,
    T: Copy + Into<Attribute>,
{
    let mut elements = Elements(values.iter().copied().map(Into::into));
    let read = visitor.visit_seq(&mut elements)?;
    match elements.0.next() {
        None => Ok(read),
        Some(_) => Err(Error::because("it has more elements than are wanted")),
    }
}

struct Elements<I>(I);

impl<'de, I: ExactSizeIterator<Item = Attribute>> SeqAccess<'de> for Elements<I> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let next = self.0.next();
        next.map(|element| seed.deserialize(FromAttribute(&element))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// Requests that one of the methods above answers.
macro_rules! answer {
    ($($answer:ident: $($method:ident)+;)+) => {$($(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.$answer(visitor)
        }
    )+)+};
}

impl<'de> Deserializer<'de> for FromAttribute<'_> {
    type Error = Error;

    answer! {
        integer:
            deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128;
        text: deserialize_char deserialize_str deserialize_string deserialize_identifier;
        bytes: deserialize_bytes deserialize_byte_buf;
        array: deserialize_seq;
        mismatch: deserialize_unit deserialize_map;
    }

    /// For those that take what comes, such as flattened fields and untagged enums.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Attribute::Number(number) if number.is_integer() => self.integer(visitor),
            Attribute::Number(_) => self.deserialize_f64(visitor),
            Attribute::String(_) => self.text(visitor),
            Attribute::Bool(flag) => visitor.visit_bool(*flag),
            Attribute::Blob(bytes) => visitor.visit_bytes(bytes),
            Attribute::Timestamp(moment) => visitor.visit_string(moment.to_string()),
            Attribute::Integers(_) | Attribute::Doubles(_) => self.array(visitor),
            Attribute::Other { value, .. } => {
                value.clone().deserialize_any(visitor).map_err(Error::because)
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.as_bool() {
            Some(flag) => visitor.visit_bool(flag),
            None => self.mismatch(visitor),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.as_number().and_then(Number::as_f32) {
            Some(float) => visitor.visit_f32(float),
            None => self.mismatch(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.as_f64() {
            Some(float) => visitor.visit_f64(float),
            None => self.mismatch(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Attribute::Timestamp(moment) if name == UNIX_TIME => {
                visitor.visit_string(moment.to_string())
            }
            _ if name == UNIX_TIME => self.mismatch(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.array(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Attribute::String(text) => visitor.visit_enum(StrDeserializer::new(text)),
            _ => self.mismatch(visitor),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.mismatch(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.mismatch(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.mismatch(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}
