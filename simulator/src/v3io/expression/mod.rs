//! The expression language of conditions, filters and updates.
//!
//! Text becomes tokens, tokens a tree, and a tree a value. An operation that has no value, because
//! an attribute is missing or of the wrong kind, makes a comparison false and an assignment fail.

mod action;
mod array;
mod ast;
mod condition;
mod evaluate;
mod functions;
mod lexer;
mod operators;
mod parser;
mod update;
mod value;

use std::fmt;

use super::attribute::{Attribute, Attributes};
use super::system::Identity;

pub(super) use ast::{Action, Expression};
pub(super) use update::{Refusal, apply};

/// The most bytes of an expression, and the most operations in it.
const LENGTH: usize = 8 << 10;
const OPERATIONS: usize = 700;

/// What is wrong with a text, and where: bytes from its beginning.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) position: usize,
    pub(super) reason: String,
}

impl SyntaxError {
    fn new(position: usize, reason: impl Into<String>) -> Self {
        Self { position, reason: reason.into() }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "syntax error at position {}: {}", self.position, self.reason)
    }
}

/// The attributes that an expression sees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) attributes: &'a Attributes,
    /// None for an item that does not exist.
    pub(super) identity: Option<Identity<'a>>,
}

impl Scope<'_> {
    fn attribute(&self, name: &str) -> Option<Attribute> {
        let own = self.attributes.get(name).cloned();
        own.or_else(|| self.identity.as_ref()?.value(name))
    }
}

/// A condition or filter, ready to be asked; an empty text holds always.
#[derive(Debug)]
pub(super) struct Condition(Option<Expression>);

impl Condition {
    pub(super) fn parse(text: Option<&str>) -> Result<Self, SyntaxError> {
        let text = text.filter(|text| !text.trim().is_empty());
        text.map(condition::parse).transpose().map(Self)
    }

    pub(super) fn holds(&self, scope: Scope<'_>) -> bool {
        self.0.as_ref().is_none_or(|expression| evaluate::holds(expression, scope))
    }
}

/// The actions of an update; an empty text has none.
pub(super) fn parse_update(text: &str) -> Result<Vec<Action>, SyntaxError> {
    if text.trim().is_empty() { Ok(Vec::new()) } else { action::parse(text) }
}
