//! From the usual Rust types.

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};

use super::SqlValue;
use crate::values::Decimal;

macro_rules! from {
    ($($type:ty => |$value:ident| $made:expr),* $(,)?) => {
        $(impl From<$type> for SqlValue {
            fn from($value: $type) -> Self {
                $made
            }
        })*
    };
}

from! {
    bool => |flag| Self::Bool(flag),
    i8 => |number| Self::Int(number.into()),
    i16 => |number| Self::Int(number.into()),
    i32 => |number| Self::Int(number.into()),
    i64 => |number| Self::Int(number),
    u8 => |number| Self::Int(number.into()),
    u16 => |number| Self::Int(number.into()),
    u32 => |number| Self::Int(number.into()),
    u64 => |number| i64::try_from(number).map_or(Self::UInt(number), Self::Int),
    f32 => |number| Self::Float(number.into()),
    f64 => |number| Self::Float(number),
    String => |text| Self::Text(text),
    &String => |text| Self::Text(text.clone()),
    &str => |text| Self::Text(text.to_owned()),
    Vec<u8> => |bytes| Self::Binary(bytes.into()),
    &[u8] => |bytes| Self::Binary(Bytes::copy_from_slice(bytes)),
    Bytes => |bytes| Self::Binary(bytes),
    Decimal => |number| Self::Decimal(number),
    NaiveDate => |date| Self::Date(date),
    NaiveTime => |time| Self::Time(time),
    NaiveDateTime => |moment| Self::TimestampNtz(moment),
    &SqlValue => |value| value.clone(),
}

impl<Z: TimeZone> From<DateTime<Z>> for SqlValue {
    fn from(moment: DateTime<Z>) -> Self {
        Self::TimestampLtz(moment.with_timezone(&Utc))
    }
}

impl<T: Into<SqlValue>> From<Option<T>> for SqlValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// An array is a list, an object a map with texts as keys.
impl From<serde_json::Value> for SqlValue {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value;
        match json {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => from_number(&number),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => Self::Map(
                members.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            ),
        }
    }
}

fn from_number(number: &serde_json::Number) -> SqlValue {
    if let Some(whole) = number.as_i64() {
        return SqlValue::Int(whole);
    }
    match number.as_u64() {
        Some(whole) => SqlValue::UInt(whole),
        None => SqlValue::Float(number.as_f64().unwrap_or(f64::NAN)),
    }
}
