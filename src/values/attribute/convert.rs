//! What can be set as an attribute.

use std::borrow::Cow;
use std::time::SystemTime;

use bytes::Bytes;
use chrono::{DateTime, TimeZone};

use super::{Attribute, Number, UnixTime};

/// Each type becomes one kind, by way of the kind's own type.
macro_rules! from {
    ($($kind:ident: $($source:ty),+;)+) => {$($(
        impl From<$source> for Attribute {
            fn from(value: $source) -> Self {
                Self::$kind(value.into())
            }
        }
    )+)+};
}

from! {
    String: String, &str, &String, Box<str>, Cow<'_, str>, char;
    Number: Number, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64;
    Bool: bool;
    Blob: Bytes, Vec<u8>;
    Timestamp: UnixTime, SystemTime;
    Integers: Vec<i64>, &[i64];
    Doubles: Vec<f64>, &[f64];
}

impl From<&[u8]> for Attribute {
    fn from(bytes: &[u8]) -> Self {
        Self::Blob(Bytes::copy_from_slice(bytes))
    }
}

impl<const N: usize> From<&[u8; N]> for Attribute {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

/// What a list of literals is, as in `vec![1, 2, 3]`.
impl From<Vec<i32>> for Attribute {
    fn from(values: Vec<i32>) -> Self {
        Self::Integers(values.into_iter().map(i64::from).collect())
    }
}

impl<const N: usize> From<[i32; N]> for Attribute {
    fn from(values: [i32; N]) -> Self {
        Self::from(values.map(i64::from))
    }
}

impl<const N: usize> From<[i64; N]> for Attribute {
    fn from(values: [i64; N]) -> Self {
        Self::Integers(values.into())
    }
}

impl<const N: usize> From<[f64; N]> for Attribute {
    fn from(values: [f64; N]) -> Self {
        Self::Doubles(values.into())
    }
}

impl<Tz: TimeZone> From<DateTime<Tz>> for Attribute {
    fn from(moment: DateTime<Tz>) -> Self {
        Self::Timestamp(moment.into())
    }
}
