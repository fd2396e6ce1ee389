//! Why a value and attributes do not fit each other.

use std::fmt;

use serde::de::{Expected, Unexpected};

use crate::values::Attribute;

/// What serde reports, until it is known which attribute it is about.
#[derive(Debug)]
pub(super) enum Error {
    /// Another type was wanted, which completes "... where _ is wanted".
    Wanted(String),
    /// Any other reason.
    Because(String),
    /// The whole sentence, with the name of the attribute.
    Named(String),
}

impl Error {
    pub(super) fn wanted(expected: &dyn Expected) -> Self {
        Self::Wanted(expected.to_string())
    }

    pub(super) fn because(reason: impl fmt::Display) -> Self {
        Self::Because(reason.to_string())
    }

    /// The failure to read an attribute.
    pub(super) fn reading(self, name: &str, attribute: &Attribute) -> Self {
        let is = Described(attribute);
        Self::Named(match self {
            Self::Wanted(what) => format!("the attribute `{name}` is {is} where {what} is wanted"),
            Self::Because(reason) => {
                format!("the attribute `{name}` is {is} that cannot be read: {reason}")
            }
            Self::Named(sentence) => sentence,
        })
    }

    /// The failure to make an attribute.
    pub(super) fn making(self, name: &str) -> Self {
        Self::Named(format!("the field `{name}` cannot be an attribute: {self}"))
    }
}

/// What an attribute is, without texts and bytes, which may be long.
struct Described<'a>(&'a Attribute);

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Attribute::String(_) => f.write_str("a string"),
            Attribute::Number(number) => write!(f, "the number {number}"),
            Attribute::Bool(flag) => write!(f, "the boolean {flag}"),
            Attribute::Blob(bytes) => write!(f, "a blob of {} bytes", bytes.len()),
            Attribute::Timestamp(moment) => write!(f, "the timestamp {moment}"),
            Attribute::Integers(values) => write!(f, "an array of {} integers", values.len()),
            Attribute::Doubles(values) => write!(f, "an array of {} floats", values.len()),
            Attribute::Other { kind, .. } => write!(f, "an unreadable value of the kind {kind:?}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wanted(what) => write!(f, "{what} is wanted"),
            Self::Because(text) | Self::Named(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::because(reason)
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::because(reason)
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::wanted(expected)
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::wanted(expected)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::Named(format!("the attribute `{name}` is missing"))
    }
}
