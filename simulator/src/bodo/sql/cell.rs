//! One value of a table, read as the type that its column has.

use rusqlite::types::{Value, ValueRef};

use super::kind::Kind;
use super::{bytes, decimal, temporal};

/// A value as SQLite has it, or, in a column of a known type, its canonical form: booleans are 0
/// and 1, dates days, times and timestamps microseconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Float(f64),
    /// The whole number of the last digit; in the canonical form only.
    Decimal(i128),
    Text(Box<str>),
    Bytes(Box<[u8]>),
}

impl From<ValueRef<'_>> for Cell {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Int(number),
            ValueRef::Real(number) => Self::Float(number),
            ValueRef::Text(text) => Self::Text(String::from_utf8_lossy(text).into()),
            ValueRef::Blob(bytes) => Self::Bytes(bytes.into()),
        }
    }
}

impl Cell {
    pub(super) fn text(text: impl Into<Box<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Bytes beyond those of the cell itself.
    pub(super) fn heap(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            _ => 0,
        }
    }

    /// Whether SQLite's form and the canonical form for `kind` are the same.
    pub(super) fn is_canonical(&self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Self::Null, _)
                | (Self::Int(_), Kind::Int(64))
                | (Self::Float(_), Kind::Double)
                | (Self::Text(_), Kind::Text)
                | (Self::Bytes(_), Kind::Binary)
        )
    }

    /// The canonical form for a column of `kind`; `None` when the value is none of that type.
    /// Decimals are rounded to their scale, integers are never rounded.
    pub(super) fn read(&self, kind: Kind) -> Option<Self> {
        if *self == Self::Null {
            return Some(Self::Null);
        }
        match kind {
            Kind::Null => None,
            Kind::Bool => self.boolean().map(|truth| Self::Int(truth.into())),
            Kind::Int(bits) => self.integer(bits).map(Self::Int),
            Kind::Double => self.double().map(Self::Float),
            Kind::Decimal { precision, scale } => self.decimal(precision, scale).map(Self::Decimal),
            Kind::Text => Some(Self::text(self.plain())),
            Kind::Binary => self.bytes().map(Self::Bytes),
            Kind::Date => temporal::parse_date(self.as_text()?).map(Self::Int),
            Kind::Time => temporal::parse_time(self.as_text()?).map(Self::Int),
            Kind::Timestamp { utc } => {
                temporal::parse_timestamp(self.as_text()?, utc).map(Self::Int)
            }
        }
    }

    /// Converts as `CAST` does: like [`read`](Self::read), and rounds to integers.
    pub(super) fn cast(&self, kind: Kind) -> Option<Self> {
        match kind {
            Kind::Int(bits) if *self != Self::Null => {
                let whole = decimal::parse(&self.plain(), 0)?;
                Self::Int(i64::try_from(whole).ok()?).read(Kind::Int(bits))
            }
            _ => self.read(kind),
        }
    }

    /// What SQLite calculates with, of the canonical form for `kind`.
    pub(super) fn to_sqlite(&self, kind: Kind) -> Value {
        match (self, kind) {
            (Self::Null, _) => Value::Null,
            (Self::Decimal(unscaled), Kind::Decimal { scale, .. }) => number(*unscaled, scale),
            (Self::Int(_), Kind::Date | Kind::Time | Kind::Timestamp { .. }) => {
                Value::Text(self.render(kind))
            }
            (Self::Int(number), _) => Value::Integer(*number),
            (Self::Float(number), _) => Value::Real(*number),
            (Self::Text(text), _) => Value::Text(text.to_string()),
            (Self::Decimal(_), _) => Value::Text(self.plain()),
            (Self::Bytes(bytes), _) => Value::Blob(bytes.to_vec()),
        }
    }

    /// As a person reads it, of the canonical form for `kind`.
    pub(super) fn render(&self, kind: Kind) -> String {
        match (self, kind) {
            (Self::Int(truth), Kind::Bool) => (*truth != 0).to_string(),
            (Self::Decimal(unscaled), Kind::Decimal { scale, .. }) => {
                decimal::format(*unscaled, scale)
            }
            (Self::Int(days), Kind::Date) => temporal::format_date(*days),
            (Self::Int(micros), Kind::Time) => temporal::format_time(*micros),
            (Self::Int(micros), Kind::Timestamp { .. }) => temporal::format_timestamp(*micros),
            _ => self.plain(),
        }
    }

    /// The value as text, whatever its column is.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Decimal(unscaled) => unscaled.to_string(),
            Self::Text(text) => text.to_string(),
            Self::Bytes(bytes) => bytes::hex(bytes),
        }
    }

    fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn boolean(&self) -> Option<bool> {
        match self.plain().to_ascii_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
            "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
            _ => None,
        }
    }

    fn integer(&self, bits: u8) -> Option<i64> {
        let number = match self {
            Self::Int(number) => *number,
            Self::Float(number) if number.fract() == 0.0 && number.abs() < 9.2e18 => *number as i64,
            Self::Text(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        let spare = 64 - u32::from(bits);
        (number << spare >> spare == number).then_some(number)
    }

    fn double(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn decimal(&self, precision: u8, scale: u8) -> Option<i128> {
        if let Self::Bytes(_) = self {
            return None;
        }
        let unscaled = decimal::parse(&self.plain(), scale)?;
        let limit = 10_i128.pow(precision.into());
        (unscaled.abs() < limit).then_some(unscaled)
    }

    fn bytes(&self) -> Option<Box<[u8]>> {
        match self {
            Self::Bytes(bytes) => Some(bytes.clone()),
            Self::Text(text) => bytes::parse(text).map(Into::into),
            _ => None,
        }
    }
}

/// A decimal as SQLite calculates with it; text where a floating point number would lose digits.
fn number(unscaled: i128, scale: u8) -> Value {
    let text = decimal::format(unscaled, scale);
    if let (0, Ok(whole)) = (scale, i64::try_from(unscaled)) {
        return Value::Integer(whole);
    }
    match text.parse::<f64>() {
        Ok(float) if decimal::parse(&float.to_string(), scale) == Some(unscaled) => {
            Value::Real(float)
        }
        _ => Value::Text(text),
    }
}
