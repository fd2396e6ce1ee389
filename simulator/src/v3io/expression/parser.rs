//! Walks over tokens; the grammars of conditions and updates build on it.

use super::lexer::{Token, tokens};
use super::{OPERATIONS, SyntaxError};

/// How deep brackets, signs and negations may be nested.
const DEPTH: usize = 100;

pub(super) type Parsed<T> = Result<T, SyntaxError>;

/// The tokens of a text and the next one to look at.
pub(super) struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    operations: usize,
    depth: usize,
}

impl Parser {
    pub(super) fn new(text: &str) -> Parsed<Self> {
        Ok(Self { tokens: tokens(text)?, next: 0, operations: 0, depth: 0 })
    }

    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }

    /// The token behind the present one.
    pub(super) fn following(&self) -> Option<&Token> {
        self.tokens.get(self.next + 1).map(|(_, token)| token)
    }

    pub(super) fn advance(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    pub(super) fn error<T>(&self, reason: impl Into<String>) -> Parsed<T> {
        Err(SyntaxError::new(self.tokens[self.next].0, reason))
    }

    pub(super) fn accept(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(found) if *found == symbol);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.accept(symbol) { Ok(()) } else { self.error(format!("{symbol:?} is expected")) }
    }

    pub(super) fn accept_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword));
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn end(&self) -> Parsed<()> {
        match self.peek() {
            Token::End => Ok(()),
            _ => self.error("the end of the expression is expected"),
        }
    }

    pub(super) fn count_operation(&mut self) -> Parsed<()> {
        self.operations += 1;
        match self.operations > OPERATIONS {
            true => self.error(format!("there are more than {OPERATIONS} operations")),
            false => Ok(()),
        }
    }

    pub(super) fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.error("the expression is nested too deeply");
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Whether a bracket follows the present word.
    pub(super) fn is_call(&self) -> bool {
        self.following() == Some(&Token::Symbol("("))
    }
}
