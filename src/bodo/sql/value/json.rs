//! Values as JSON and as text.

use std::fmt;

use chrono::SecondsFormat;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::SqlValue;

impl SqlValue {
    /// The value as JSON, with nothing rounded. What JSON has no form for is text: decimals as
    /// their digits, dates and times as [`Display`](fmt::Display) writes them, bytes in hexadecimal
    /// digits, floats that are not finite as `NaN`, `Infinity` and `-Infinity`. Maps and structs are
    /// objects; of equal names the first counts.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => (*flag).into(),
            Self::Int(number) => (*number).into(),
            Self::UInt(number) => (*number).into(),
            Self::Float(number) if number.is_finite() => (*number).into(),
            Self::Array(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(pairs) => {
                object(pairs.iter().map(|(key, value)| (key.to_string(), value.to_json())))
            }
            Self::Struct(fields) => {
                object(fields.iter().map(|(name, value)| (name.to_string(), value.to_json())))
            }
            _ => self.to_string().into(),
        }
    }
}

/// The first of equal names counts.
pub(in crate::bodo::sql) fn object(members: impl Iterator<Item = (String, Value)>) -> Value {
    let mut object = Map::new();
    for (name, value) in members {
        object.entry(name).or_insert(value);
    }
    Value::Object(object)
}

/// Dates and times are as in ISO 8601: `2024-01-31`, `10:30:00.5`, `2024-01-31T10:30:00.5` and, for a
/// moment, `2024-01-31T10:30:00.500Z`. Bytes are hexadecimal digits; lists, maps and structs are
/// JSON.
impl fmt::Display for SqlValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(flag) => flag.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::UInt(number) => number.fmt(f),
            Self::Float(number) => f.write_str(&float(*number)),
            Self::Decimal(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Binary(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}")),
            Self::Date(date) => date.fmt(f),
            Self::Time(time) => time.fmt(f),
            // The other form of chrono is the one with the `T`.
            Self::TimestampNtz(moment) => fmt::Debug::fmt(moment, f),
            Self::TimestampLtz(moment) => {
                f.write_str(&moment.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            }
            Self::Array(_) | Self::Map(_) | Self::Struct(_) => self.to_json().fmt(f),
        }
    }
}

/// A float as JSON text, and what JSON has not as other languages write it there.
pub(super) fn float(number: f64) -> String {
    match number {
        number if number.is_finite() => Value::from(number).to_string(),
        number if number.is_nan() => "NaN".to_owned(),
        number if number > 0.0 => "Infinity".to_owned(),
        _ => "-Infinity".to_owned(),
    }
}

/// As [`SqlValue::to_json`].
impl Serialize for SqlValue {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(s)
    }
}
