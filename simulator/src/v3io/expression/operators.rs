//! Operators on values. None means: there is no such value.

use std::cmp::Ordering;

use super::value::{Number, Value};

/// `-`, `+` and `~`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::v3io) enum Unary {
    Minus,
    Plus,
    Complement,
}

/// Arithmetic and bitwise operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::v3io) enum Binary {
    Or,
    Xor,
    And,
    ShiftLeft,
    ShiftRight,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// The six comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::v3io) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Binary {
    /// The operator of a symbol and how tightly it binds.
    pub(super) fn of(symbol: &str) -> Option<(Self, u8)> {
        Some(match symbol {
            "|" => (Self::Or, 1),
            "^" => (Self::Xor, 2),
            "&" => (Self::And, 3),
            "<<" => (Self::ShiftLeft, 4),
            ">>" => (Self::ShiftRight, 4),
            "+" => (Self::Add, 5),
            "-" => (Self::Subtract, 5),
            "*" => (Self::Multiply, 6),
            "/" => (Self::Divide, 6),
            "%" => (Self::Remainder, 6),
            _ => return None,
        })
    }

    pub(super) fn apply(self, left: &Value, right: &Value) -> Option<Value> {
        if let (Self::Add, Value::Text(a), Value::Text(b)) = (self, left, right) {
            return Some(Value::Text(format!("{a}{b}")));
        }
        let (a, b) = (left.number()?, right.number()?);
        let exact = match (a, b) {
            (Number::Int(a), Number::Int(b)) => self.on_integers(a, b).map(Number::Int),
            _ => None,
        };
        exact.or_else(|| self.on_doubles(a.as_f64(), b.as_f64())).map(Value::Number)
    }

    /// None also when the result is no integer that fits.
    fn on_integers(self, a: i128, b: i128) -> Option<i128> {
        match self {
            Self::Or => Some(a | b),
            Self::Xor => Some(a ^ b),
            Self::And => Some(a & b),
            Self::ShiftLeft => shift(a, b, i128::checked_shl),
            Self::ShiftRight => shift(a, b, i128::checked_shr),
            Self::Add => a.checked_add(b),
            Self::Subtract => a.checked_sub(b),
            Self::Multiply => a.checked_mul(b),
            Self::Divide => (a.checked_rem(b)? == 0).then(|| a.checked_div(b))?,
            Self::Remainder => a.checked_rem(b),
        }
    }

    fn on_doubles(self, a: f64, b: f64) -> Option<Number> {
        Number::double(match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Remainder => a % b,
            Self::Or | Self::Xor | Self::And | Self::ShiftLeft | Self::ShiftRight => return None,
        })
    }
}

/// Integers of the platform have 64 bits, so no shift may be longer.
fn shift(a: i128, b: i128, shift: fn(i128, u32) -> Option<i128>) -> Option<i128> {
    let count = u32::try_from(b).ok().filter(|&count| count < 64)?;
    shift(a, count)
}

impl Unary {
    pub(super) fn apply(self, value: &Value) -> Option<Value> {
        let number = match (self, value.number()?) {
            (Self::Plus, number) => number,
            (Self::Minus, Number::Int(value)) => Number::Int(value.checked_neg()?),
            (Self::Minus, Number::Double(value)) => Number::Double(-value),
            (Self::Complement, Number::Int(value)) => Number::Int(!value),
            (Self::Complement, Number::Double(_)) => return None,
        };
        Some(Value::Number(number))
    }
}

impl Comparison {
    pub(super) fn of(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}
