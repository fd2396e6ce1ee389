//! A statement as a job sends it: one, of a kind that the platform runs, with its parameters.

use super::dialect;
use super::kind::Kind;
use super::outline::Outline;
use super::parameters::{Bound, Parameter};
use super::piece::{self, Piece};
use super::query::Query;
use super::select;
use super::token::{self, Token};

/// A statement in SQLite's words.
pub(super) struct Statement {
    pub(super) class: Class,
    pub(super) pieces: Vec<Piece>,
    pub(super) bound: Vec<Bound>,
    outline: Outline,
    sql: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Query,
    /// INSERT and the like, with the name for the number of rows that it changed.
    Write(&'static str),
    /// CREATE, DROP and ALTER.
    Define,
    Show,
    Describe,
    Use,
}

impl Statement {
    pub(super) fn read(text: &str, parameters: &[Parameter]) -> Result<Self, String> {
        let tokens = token::tokens(text).map_err(compilation)?;
        let tokens = single(&tokens)?;
        let class = Class::of(&tokens[0])?;
        let bound = parameters.iter().map(Bound::read).collect::<Result<Vec<_>, _>>()?;
        let marks: Vec<Kind> = bound.iter().map(|bound| bound.kind).collect();
        let mut pieces = dialect::translate(tokens, &marks).map_err(compilation)?;
        let outline = Outline::of(&pieces);
        select::keep_names(&mut pieces, text);
        let sql = piece::text(&pieces);
        Ok(Self { class, pieces, bound, outline, sql })
    }

    pub(super) fn outline(&self) -> &Outline {
        &self.outline
    }

    pub(super) fn query(&self) -> Query<'_> {
        Query { sql: &self.sql, bound: &self.bound, outline: &self.outline }
    }
}

impl Class {
    fn of(first: &Token<'_>) -> Result<Self, String> {
        Ok(match first.text.to_ascii_uppercase().as_str() {
            "SELECT" | "WITH" | "VALUES" => Self::Query,
            "INSERT" | "REPLACE" => Self::Write("number of rows inserted"),
            "UPDATE" => Self::Write("number of rows updated"),
            "DELETE" => Self::Write("number of rows deleted"),
            "CREATE" | "DROP" | "ALTER" => Self::Define,
            "SHOW" => Self::Show,
            "DESCRIBE" | "DESC" => Self::Describe,
            "USE" => Self::Use,
            _ => return Err(compilation(format!("syntax error: unexpected '{}'", first.text))),
        })
    }
}

/// The tokens of the one statement, without a semicolon at its end.
fn single<'a, 'b>(tokens: &'b [Token<'a>]) -> Result<&'b [Token<'a>], String> {
    let statement = match tokens.split_last() {
        Some((last, before)) if last.text == ";" => before,
        _ => tokens,
    };
    if statement.is_empty() {
        return Err(compilation("empty statement"));
    }
    if statement.iter().any(|token| token.text == ";") {
        return Err(compilation("a job runs one statement: unexpected ';'"));
    }
    Ok(statement)
}

fn compilation(message: impl AsRef<str>) -> String {
    format!("SQL compilation error: {}", message.as_ref())
}
