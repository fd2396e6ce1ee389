//! One value of SQL: what a row holds, and what a query is given.

mod convert;
mod de;
mod json;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::values::Decimal;

pub(super) use json::object;

/// One value of SQL: what a row holds, and what a query is given.
///
/// The usual Rust types become values by `into()`, so `bind(7)` works; `None` is NULL. What comes
/// out of a row can go into the next query as it is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SqlValue {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number above `i64::MAX`.
    UInt(u64),
    /// A floating point number. What was of single precision has been widened, which is exact.
    Float(f64),
    /// A decimal number with all its digits.
    Decimal(Decimal),
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Bytes),
    /// A day.
    Date(NaiveDate),
    /// A time of day, to the nanosecond.
    Time(NaiveTime),
    /// A day and a time without a zone, to the nanosecond.
    TimestampNtz(NaiveDateTime),
    /// A moment, to the nanosecond.
    TimestampLtz(DateTime<Utc>),
    /// A list.
    Array(Vec<SqlValue>),
    /// Pairs of key and value.
    Map(Vec<(SqlValue, SqlValue)>),
    /// Named values.
    Struct(Vec<(Arc<str>, SqlValue)>),
}

impl SqlValue {
    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What the value is, for an error.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::UInt(_) => "a whole number",
            Self::Float(_) => "a floating point number",
            Self::Decimal(_) => "a decimal",
            Self::Text(_) => "text",
            Self::Binary(_) => "bytes",
            Self::Date(_) => "a date",
            Self::Time(_) => "a time",
            Self::TimestampNtz(_) | Self::TimestampLtz(_) => "a timestamp",
            Self::Array(_) => "a list",
            Self::Map(_) => "a map",
            Self::Struct(_) => "a struct",
        }
    }
}
