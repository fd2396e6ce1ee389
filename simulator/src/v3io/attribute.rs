//! Attributes as they are on the wire: an object with one member that names the type.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// The attributes of an item by name.
pub(super) type Attributes = BTreeMap<String, Attribute>;

/// One attribute; numbers, blobs and timestamps are kept as the text that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Attribute {
    S(String),
    N(String),
    #[serde(rename = "BOOL")]
    Bool(bool),
    B(String),
    #[serde(rename = "TS")]
    Timestamp(String),
}

impl Attribute {
    pub(super) fn number(number: impl std::fmt::Display) -> Self {
        Self::N(number.to_string())
    }

    pub(super) fn blob(bytes: &[u8]) -> Self {
        Self::B(STANDARD.encode(bytes))
    }

    /// What is wrong with the text of the value.
    pub(super) fn fault(&self) -> Option<&'static str> {
        match self {
            Self::N(text) if !is_number(text) => Some("this is not a number"),
            Self::B(text) if STANDARD.decode(text).is_err() => Some("this is not base64"),
            Self::Timestamp(text) if timestamp(text).is_none() => {
                Some("this is not a timestamp (seconds:nanoseconds)")
            }
            _ => None,
        }
    }

    /// The bytes that count for the limits.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::B(text) => text.len() / 4 * 3,
            Self::N(_) | Self::Bool(_) | Self::Timestamp(_) => 8,
        }
    }
}

/// The bytes of a blob; none when it is not base64.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Seconds, which may be negative, and nanoseconds.
pub(super) fn timestamp(text: &str) -> Option<(i64, u32)> {
    let (secs, nsecs) = text.split_once(':')?;
    let nsecs = nsecs.parse().ok().filter(|&nsecs: &u32| nsecs < 1_000_000_000)?;
    Some((secs.parse().ok()?, nsecs))
}

fn is_number(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    begins && text.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_numbers() {
        for good in ["42", "-7", "3.14E+00", "1e3", ".5", "123456789012345678901234567890"] {
            assert_eq!(Attribute::N(good.into()).fault(), None, "{good}");
        }
        for bad in ["", "x", "NaN", "inf", "-inf", "1 ", "0x10", "1e999"] {
            assert!(Attribute::N(bad.into()).fault().is_some(), "{bad}");
        }
    }
}
