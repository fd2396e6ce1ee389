//! Values as serde's data, so that rows become the types of the caller.

use std::fmt::Display;

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::SqlValue;

/// Whole numbers and floats are read from decimals, too, where the digits allow it.
macro_rules! numbers {
    ($($method:ident: $type:ty => $visit:ident),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self {
                SqlValue::Decimal(number) => {
                    let digits = without_empty_fraction(number.as_str());
                    let number = digits.parse::<$type>();
                    visitor.$visit(number.map_err(|why| unfit(digits, &why))?)
                }
                _ => self.deserialize_any(visitor),
            }
        })*
    };
}

fn unfit(digits: &str, why: &dyn Display) -> Error {
    Error::custom(format!("the decimal {digits} does not fit: {why}"))
}

/// `12.00` is whole.
fn without_empty_fraction(digits: &str) -> &str {
    match digits.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => digits,
    }
}

impl<'de> Deserializer<'de> for &'de SqlValue {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            SqlValue::Null => visitor.visit_unit(),
            SqlValue::Bool(flag) => visitor.visit_bool(*flag),
            SqlValue::Int(number) => visitor.visit_i64(*number),
            SqlValue::UInt(number) => visitor.visit_u64(*number),
            SqlValue::Float(number) => visitor.visit_f64(*number),
            SqlValue::Decimal(number) => visitor.visit_borrowed_str(number.as_str()),
            SqlValue::Text(text) => visitor.visit_borrowed_str(text),
            SqlValue::Binary(bytes) => visitor.visit_borrowed_bytes(bytes),
            SqlValue::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.iter())),
            SqlValue::Map(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| (key, value));
                visitor.visit_map(MapDeserializer::new(pairs))
            }
            SqlValue::Struct(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.as_ref(), value));
                visitor.visit_map(MapDeserializer::new(fields))
            }
            dated => visitor.visit_string(dated.to_string()),
        }
    }

    numbers! {
        deserialize_i8: i8 => visit_i8,
        deserialize_i16: i16 => visit_i16,
        deserialize_i32: i32 => visit_i32,
        deserialize_i64: i64 => visit_i64,
        deserialize_i128: i128 => visit_i128,
        deserialize_u8: u8 => visit_u8,
        deserialize_u16: u16 => visit_u16,
        deserialize_u32: u32 => visit_u32,
        deserialize_u64: u64 => visit_u64,
        deserialize_u128: u128 => visit_u128,
        deserialize_f32: f32 => visit_f32,
        deserialize_f64: f64 => visit_f64,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            SqlValue::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            SqlValue::Binary(bytes) => {
                visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied()))
            }
            SqlValue::Struct(fields) => {
                visitor.visit_seq(SeqDeserializer::new(fields.iter().map(|(_, value)| value)))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, v: V) -> Result<V::Value, Error> {
        self.deserialize_seq(v)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Text names a variant.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            SqlValue::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            other => Err(Error::custom(format!("a text is wanted and there is {}", other.kind()))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool char str string bytes byte_buf unit unit_struct map struct identifier
    }
}

impl<'de> IntoDeserializer<'de> for &'de SqlValue {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
