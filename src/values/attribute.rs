//! Attributes of V3IO items: typed values, whose wire form is an object with one member.

mod array;
mod convert;
mod number;
#[cfg(test)]
mod tests;
mod unix_time;
mod wire;

use std::borrow::Cow;

use bytes::Bytes;

use crate::error::{Error, Result};

pub use number::Number;
pub(crate) use unix_time::UNIX_TIME;
pub use unix_time::UnixTime;

/// The longest string attribute in bytes (V3IO documentation, limits of the NoSQL web API).
const LONGEST_STRING: usize = 61_200;

/// The value of one attribute of an item.
///
/// The usual Rust types become attributes by `into()`, so `set("age", 9)` works. Reading never
/// fails: what this version cannot read is [`Attribute::Other`] and goes back as it came.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Attribute {
    /// Text of up to 61,200 bytes.
    String(String),
    /// A number of any size.
    Number(Number),
    /// True or false.
    Bool(bool),
    /// Bytes.
    ///
    /// Bytes with exactly the header of an array are an array when they come back;
    /// [`Attribute::as_bytes`] gives the bytes of both.
    Blob(Bytes),
    /// A moment to the nanosecond.
    Timestamp(UnixTime),
    /// An array of integers, whose elements expressions can read and write.
    Integers(Vec<i64>),
    /// An array of floats, whose elements expressions can read and write.
    Doubles(Vec<f64>),
    /// A kind that this version does not know, or a value that is not of its kind.
    Other {
        /// The name of the type member; empty when there was none.
        kind: String,
        /// Its value, or all that was there.
        value: serde_json::Value,
    },
}

impl Attribute {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number as it is.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A number that is whole and fits; `130.0` is whole.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// A number that is whole and fits; `130.0` is whole.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// The `f64` nearest to a number.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The bytes of a blob, or those that an array is made of.
    pub fn as_bytes(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Blob(bytes) => Some(bytes.as_ref().into()),
            Self::Integers(values) => Some(array::encode_integers(values).into()),
            Self::Doubles(values) => Some(array::encode_doubles(values).into()),
            _ => None,
        }
    }

    /// The moment of a timestamp.
    pub fn as_timestamp(&self) -> Option<UnixTime> {
        match self {
            Self::Timestamp(moment) => Some(*moment),
            _ => None,
        }
    }

    /// The values of an array of integers. An empty array is of both kinds.
    pub fn as_integers(&self) -> Option<&[i64]> {
        match self {
            Self::Integers(values) => Some(values),
            Self::Doubles(values) if values.is_empty() => Some(&[]),
            _ => None,
        }
    }

    /// The values of an array of floats. An empty array is of both kinds.
    pub fn as_doubles(&self) -> Option<&[f64]> {
        match self {
            Self::Doubles(values) => Some(values),
            Self::Integers(values) if values.is_empty() => Some(&[]),
            _ => None,
        }
    }

    /// Whether the platform can take it: an [`InvalidInput`](crate::ErrorKind::InvalidInput) error
    /// for a float that is not finite and for a string of more than 61,200 bytes.
    ///
    /// Every attribute is checked before it is sent.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Number(number) if !number.can_be_sent() => {
                Err(Error::invalid(format!("a number must be finite and this is {number}")))
            }
            Self::String(text) if text.len() > LONGEST_STRING => Err(Error::invalid(format!(
                "a string holds at most {LONGEST_STRING} bytes and this one has {}; send it as \
                 bytes",
                text.len()
            ))),
            _ => Ok(()),
        }
    }
}
