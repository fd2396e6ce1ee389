//! The parts of a statement on their way from the platform's SQL to SQLite's.

use std::ops::Range;

use super::kind::Kind;
use super::token::{Shape, Token};

/// A token, or an expression that was translated as a whole.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) shape: Shape,
    /// The white space and comments before it.
    pub(super) gap: String,
    pub(super) text: String,
    /// Where it stood in the statement as it was sent.
    pub(super) span: Range<usize>,
    /// The type, of an expression whose type is plain to see.
    pub(super) kind: Option<Kind>,
    /// Whether SQLite gets other text than was sent.
    pub(super) rewritten: bool,
}

impl From<&Token<'_>> for Piece {
    fn from(token: &Token<'_>) -> Self {
        Self {
            shape: token.shape,
            gap: token.gap.to_owned(),
            text: token.text.to_owned(),
            span: token.start..token.start + token.text.len(),
            kind: literal(token),
            rewritten: false,
        }
    }
}

impl Piece {
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.shape == Shape::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.shape == Shape::Symbol && self.text == symbol
    }

    /// Whether it may be a name; it may be a keyword too.
    pub(super) fn is_name(&self) -> bool {
        matches!(self.shape, Shape::Word | Shape::Name)
    }

    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(word))
    }

    /// How it changes the depth of nesting.
    pub(super) fn nesting(&self) -> isize {
        if self.is_symbol("(") || self.is_word("CASE") {
            1
        } else if self.is_symbol(")") || self.is_word("END") {
            -1
        } else {
            0
        }
    }

    /// `pieces` as one expression that reads `text`.
    pub(super) fn joined(pieces: &[Self], text: String, kind: Option<Kind>) -> Self {
        let (first, last) = (&pieces[0], &pieces[pieces.len() - 1]);
        Self {
            shape: Shape::Value,
            gap: first.gap.clone(),
            text,
            span: first.span.start..last.span.end,
            kind,
            rewritten: true,
        }
    }
}

/// The text of `pieces`, without the gap before the first.
pub(super) fn text(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        if at > 0 {
            text.push_str(&piece.gap);
        }
        text.push_str(&piece.text);
    }
    text
}

/// Where the nesting that `pieces[open]` begins ends.
pub(super) fn closing(pieces: &[Piece], open: usize) -> Option<usize> {
    let mut depth = 0;
    (open..pieces.len()).find(|&at| {
        depth += pieces[at].nesting();
        depth == 0
    })
}

/// Where the nesting that `pieces[close]` ends began.
pub(super) fn opening(pieces: &[Piece], close: usize) -> Option<usize> {
    let mut depth = 0;
    (0..=close).rev().find(|&at| {
        depth += pieces[at].nesting();
        depth == 0
    })
}

fn literal(token: &Token<'_>) -> Option<Kind> {
    match token.shape {
        Shape::Text => Some(Kind::Text),
        Shape::Blob => Some(Kind::Binary),
        Shape::Number if token.text.parse::<i64>().is_ok() => Some(Kind::INT64),
        Shape::Number => Some(Kind::Double),
        Shape::Word => match token.text.to_ascii_uppercase().as_str() {
            "TRUE" | "FALSE" => Some(Kind::Bool),
            "NULL" => Some(Kind::Null),
            "CURRENT_DATE" => Some(Kind::Date),
            "CURRENT_TIME" => Some(Kind::Time),
            "CURRENT_TIMESTAMP" => Some(Kind::Timestamp { utc: true }),
            _ => None,
        },
        _ => None,
    }
}
