//! Numbers without loss: the platform writes them as text of any length.

mod exact;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use self::exact::Exact;
use crate::error::{Error, Result};

/// A number as the platform keeps it: decimal text.
///
/// Integers that `i128` holds are exact, beyond 2^53 too. Floats have the shortest text that gives
/// the same `f64` again. Every other numeric text that the server sends, such as `3.14E+00` or 40
/// digits, is kept as it came. `Display` is the text on the wire.
///
/// Equality is of the value: `1`, `1.0` and `1.00E+00` are equal.
#[derive(Clone, Debug)]
pub struct Number(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Integer(i128),
    Float(f64),
    /// Numeric text that neither of the others would write again.
    Text(Box<str>),
}

impl Number {
    /// The number in a text, or `None` when it is not numeric.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(integer) = canonical_integer(text) {
            return Some(Self(Repr::Integer(integer)));
        }
        let float: f64 = text.parse().ok()?;
        let number = Self(Repr::Float(float));
        let same = float.is_finite() && number.to_string() == text;
        Some(if same { number } else { Self(Repr::Text(text.into())) })
    }

    /// Whether it is written as an integer: digits alone, without point and exponent.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Integer(_) => true,
            Repr::Float(_) => false,
            Repr::Text(text) => text.trim_start_matches(['-', '+']).bytes().all(is_digit),
        }
    }

    /// Whether it can be sent: not a NaN or infinity that was made here.
    ///
    /// One that the server sent goes back as it came.
    pub(super) fn can_be_sent(&self) -> bool {
        !matches!(self.0, Repr::Float(float) if !float.is_finite())
    }

    /// The value, when it is whole and fits; `130.0` is whole.
    pub fn as_i128(&self) -> Option<i128> {
        match &self.0 {
            Repr::Integer(integer) => Some(*integer),
            _ => self.whole_digits()?.parse().ok(),
        }
    }

    /// The value, when it is whole and fits.
    pub fn as_u128(&self) -> Option<u128> {
        match &self.0 {
            Repr::Integer(integer) => (*integer).try_into().ok(),
            _ => self.whole_digits()?.parse().ok(),
        }
    }

    /// The value, when it is whole and fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_i128()?.try_into().ok()
    }

    /// The value, when it is whole and fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_i128()?.try_into().ok()
    }

    /// The nearest `f64`, or `None` when the number is beyond all of them.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Repr::Integer(integer) => Some(*integer as f64),
            Repr::Float(float) => Some(*float),
            Repr::Text(text) => nearest(text, f64::is_finite),
        }
    }

    /// The nearest `f32`, or `None` when the number is beyond all of them.
    pub fn as_f32(&self) -> Option<f32> {
        nearest(&self.to_string(), f32::is_finite)
    }

    /// All digits of a whole number, with its sign when it is negative.
    fn whole_digits(&self) -> Option<String> {
        /// What 128 bits can hold.
        const MOST_DIGITS: i64 = 39;
        let exact = Exact::of(&self.to_string())?;
        let zeros = usize::try_from(exact.exponent.min(MOST_DIGITS)).ok()?;
        let sign = if exact.negative { "-" } else { "" };
        Some(format!("{sign}0{}{}", exact.digits, "0".repeat(zeros)))
    }
}

/// An integer whose text is the one that is written for it.
fn canonical_integer(text: &str) -> Option<i128> {
    match text.as_bytes() {
        [b'0'] | [b'1'..=b'9', ..] | [b'-', b'1'..=b'9', ..] => text.parse().ok(),
        _ => None,
    }
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// A number with digits that becomes infinite did not fit; the word `inf` did.
fn nearest<F: FromStr + Copy>(text: &str, is_finite: fn(F) -> bool) -> Option<F> {
    let float = text.parse().ok()?;
    (is_finite(float) || !text.bytes().any(is_digit)).then_some(float)
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Integer(a), Repr::Integer(b)) => a == b,
            (Repr::Float(a), Repr::Float(b)) => a == b,
            _ => {
                let (a, b) = (self.to_string(), other.to_string());
                a == b || Exact::of(&a).is_some_and(|a| Exact::of(&b) == Some(a))
            }
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(integer) => fmt::Display::fmt(integer, f),
            // This form keeps the point of a whole float, so that it comes back as a float.
            Repr::Float(float) => write!(f, "{float:?}"),
            Repr::Text(text) => f.pad(text),
        }
    }
}

impl FromStr for Number {
    type Err = Error;

    /// Reads decimal text; anything else is an [`InvalidInput`](crate::ErrorKind::InvalidInput)
    /// error.
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text).ok_or_else(|| Error::invalid(format!("{text:?} is not a number")))
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Number {
            fn from(integer: $integer) -> Self {
                Self(Repr::Integer(integer.into()))
            }
        }
    )*};
}

from_integers!(i8 i16 i32 i64 i128 u8 u16 u32 u64);

macro_rules! from_wide_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Number {
            fn from(integer: $integer) -> Self {
                let text = || Repr::Text(integer.to_string().into());
                Self(i128::try_from(integer).map_or_else(|_| text(), Repr::Integer))
            }
        }
    )*};
}

from_wide_integers!(isize usize u128);

impl From<f64> for Number {
    fn from(float: f64) -> Self {
        Self(Repr::Float(float))
    }
}

impl From<f32> for Number {
    /// Goes by the shortest text, so that `0.1_f32` is sent as `0.1`.
    fn from(float: f32) -> Self {
        Self(Repr::Float(format!("{float:?}").parse().unwrap_or(float.into())))
    }
}
