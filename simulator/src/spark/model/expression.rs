//! The value of a formula for one record.

use std::fmt;

/// A formula.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::spark) enum Expression {
    Number(f64),
    Input(String),
    Negative(Box<Expression>),
    Binary(Box<Expression>, Operator, Box<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::spark) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Expression {
    /// The value, with the numbers that `input` tells.
    pub(in crate::spark) fn value(
        &self,
        input: &impl Fn(&str) -> Result<f64, String>,
    ) -> Result<f64, String> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Input(name) => input(name),
            Self::Negative(inner) => Ok(-inner.value(input)?),
            Self::Binary(left, operator, right) => {
                operator.apply(left.value(input)?, right.value(input)?)
            }
        }
    }

    pub(super) fn collect_inputs<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::Number(_) => {}
            Self::Input(name) => names.push(name),
            Self::Negative(inner) => inner.collect_inputs(names),
            Self::Binary(left, _, right) => {
                left.collect_inputs(names);
                right.collect_inputs(names);
            }
        }
    }
}

impl Operator {
    fn sign(self) -> char {
        match self {
            Self::Add => '+',
            Self::Subtract => '-',
            Self::Multiply => '*',
            Self::Divide => '/',
        }
    }

    fn apply(self, left: f64, right: f64) -> Result<f64, String> {
        let value = match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide if right == 0.0 => return Err("#DIV/0!".to_owned()),
            Self::Divide => left / right,
        };
        if value.is_finite() { Ok(value) } else { Err("#NUM!".to_owned()) }
    }
}

/// A number as JSON: whole numbers without a fraction.
pub(in crate::spark) fn render(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        (number as i64).to_string()
    } else {
        number.to_string()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&render(*number)),
            Self::Input(name) => f.write_str(name),
            Self::Negative(inner) => write!(f, "-({inner})"),
            Self::Binary(left, operator, right) => {
                write!(f, "({left}){}({right})", operator.sign())
            }
        }
    }
}
