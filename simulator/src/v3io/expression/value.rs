//! Values, and their ways from and to attributes.

use std::cmp::Ordering;
use std::fmt;

use super::array::Array;
use crate::v3io::attribute::{self, Attribute};

/// What an expression can be.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::v3io) enum Value {
    Bool(bool),
    Number(Number),
    Text(String),
    Blob(Vec<u8>),
    /// Seconds and nanoseconds.
    Time(i64, u32),
    Array(Array),
}

/// Integers are exact; everything else is floating-point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::v3io) enum Number {
    Int(i128),
    Double(f64),
}

impl Number {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let integral = !text.contains(['.', 'e', 'E']);
        let exact = text.parse().ok().filter(|_| integral).map(Self::Int);
        exact.or_else(|| Self::double(text.parse().ok()?))
    }

    /// None for what is not finite.
    pub(super) fn double(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self::Double(value))
    }

    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Double(value) => value,
        }
    }

    /// The same number as an integer; none when it has a fraction or does not fit.
    pub(super) fn as_i64(self) -> Option<i64> {
        match self {
            Self::Int(value) => value.try_into().ok(),
            Self::Double(value) => {
                (value.fract() == 0.0 && value.abs() < 9e18).then_some(value as i64)
            }
        }
    }

    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            _ => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }
}

/// The text that attributes carry; a double can be told from an integer.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Double(value) => write!(f, "{value:?}"),
        }
    }
}

impl Value {
    pub(super) const fn int(value: i128) -> Self {
        Self::Number(Number::Int(value))
    }

    /// Booleans count as 0 and 1.
    pub(super) fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Bool(value) => Some(Number::Int((*value).into())),
            _ => None,
        }
    }

    pub(super) fn is_true(&self) -> bool {
        self.number().is_some_and(|number| number.as_f64() != 0.0)
    }

    /// None for values of different kinds.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.compare(*b),
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Blob(a), Self::Blob(b)) => Some(a.cmp(b)),
            (Self::Time(a, b), Self::Time(c, d)) => Some((a, b).cmp(&(c, d))),
            (Self::Array(a), Self::Array(b)) => a.partial_cmp(b),
            _ => None,
        }
    }

    /// None for an attribute whose text is not what its type says.
    pub(super) fn of(attribute: Attribute) -> Option<Self> {
        Some(match attribute {
            Attribute::S(text) => Self::Text(text),
            Attribute::N(text) => Self::Number(Number::parse(&text)?),
            Attribute::Bool(value) => Self::Bool(value),
            Attribute::Timestamp(text) => {
                let (secs, nsecs) = attribute::timestamp(&text)?;
                Self::Time(secs, nsecs)
            }
            Attribute::B(text) => {
                let bytes = attribute::decode(&text)?;
                Array::decode(&bytes).map_or(Self::Blob(bytes), Self::Array)
            }
        })
    }

    pub(super) fn into_attribute(self) -> Attribute {
        match self {
            Self::Bool(value) => Attribute::Bool(value),
            Self::Number(number) => Attribute::number(number),
            Self::Text(text) => Attribute::S(text),
            Self::Blob(bytes) => Attribute::blob(&bytes),
            Self::Time(secs, nsecs) => Attribute::Timestamp(format!("{secs}:{nsecs}")),
            Self::Array(array) => Attribute::blob(&array.encode()),
        }
    }
}
