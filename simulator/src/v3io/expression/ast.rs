//! The tree of an expression.

use super::functions::Function;
use super::operators::{Binary, Comparison, Unary};
use super::value::Value;

/// Anything that has a value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::v3io) enum Expression {
    Literal(Value),
    Attribute(String),
    Element(String, Box<Expression>),
    Slice(String, Box<(Expression, Expression)>),
    Call(Function, Vec<Expression>),
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<(Expression, Expression)>),
    Compare(Comparison, Box<(Expression, Expression)>),
    In(Box<Expression>, Vec<Expression>),
    Not(Box<Expression>),
    And(Box<(Expression, Expression)>),
    Or(Box<(Expression, Expression)>),
}

/// One step of an update.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::v3io) enum Action {
    Set(Target, Expression),
    Remove(String),
}

/// What an assignment writes to.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::v3io) enum Target {
    Attribute(String),
    Element(String, Expression),
    Slice(String, Expression, Expression),
}

impl Target {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Attribute(name) | Self::Element(name, _) | Self::Slice(name, ..) => name,
        }
    }
}
