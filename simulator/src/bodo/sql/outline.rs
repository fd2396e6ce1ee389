//! What the outermost SELECT says of the types of its columns.

use std::ops::Range;

use super::piece::{self, Piece};
use super::select;
use super::typing::Typing;

/// The columns of the outermost SELECT.
#[derive(Debug, Default)]
pub(super) struct Outline {
    typings: Vec<Typing>,
    /// How many columns are before and after those that `*` stands for.
    star: Option<(usize, usize)>,
    /// What is before SELECT, and the FROM clause.
    before: String,
    from: String,
}

impl Outline {
    pub(super) fn of(pieces: &[Piece]) -> Self {
        let mut depth = 0;
        let at = pieces.iter().position(|piece| {
            depth += piece.nesting();
            depth == 0 && piece.is_word("SELECT")
        });
        let Some(at) = at else { return Self::default() };
        let (items, end) = select::list(pieces, at);
        let is_star = |item: &Range<usize>| pieces[item.end - 1].is_symbol("*");
        let star = items.iter().position(is_star).map(|first| {
            let last = items.iter().rposition(is_star).unwrap_or(first);
            (first, items.len() - last - 1)
        });
        let typing = |item| Typing::of(&pieces[select::expression(pieces, item)]);
        Self {
            typings: items.iter().map(typing).collect(),
            star,
            before: piece::text(&pieces[..at]),
            from: piece::text(select::from(pieces, end)),
        }
    }

    /// One for each of the `count` columns that the statement turned out to have.
    pub(super) fn typings(&self, count: usize) -> Vec<Typing> {
        let known = &self.typings;
        match self.star {
            None if known.len() == count => known.clone(),
            Some((before, after)) if before + after <= count => {
                let mut typings = known[..before].to_vec();
                typings.resize(count - after, Typing::Unknown);
                typings.extend_from_slice(&known[known.len() - after..]);
                typings
            }
            _ => vec![Typing::Unknown; count],
        }
    }

    /// A statement whose one column is `column`, for the database to tell the type of.
    pub(super) fn probe(&self, column: &str) -> String {
        format!("{} SELECT {column} {}", self.before, self.from)
    }
}
