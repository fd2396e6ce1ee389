//! Types of expressions that can be told without running them.

use super::kind::{Kind, MAX_PRECISION};
use super::piece::{self, Piece};
use super::token::Shape;

/// What is known of the type of a column without looking at its values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Typing {
    Known(Kind),
    /// That of a column of a table.
    Column(String),
    /// That of the sum of a column of a table.
    Sum(String),
    Unknown,
}

const PREDICATES: [&str; 9] = ["AND", "OR", "NOT", "IS", "IN", "LIKE", "BETWEEN", "EXISTS", "GLOB"];
const COMPARISONS: [&str; 8] = ["=", "==", "<>", "!=", "<", "<=", ">", ">="];
const COUNTS: [&str; 7] = ["COUNT", "LENGTH", "LEN", "ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE"];
/// Functions whose result is one of their first argument's values.
const CHOICES: [&str; 11] = [
    "MIN",
    "MAX",
    "COALESCE",
    "IFNULL",
    "NVL",
    "NULLIF",
    "LAG",
    "LEAD",
    "FIRST_VALUE",
    "LAST_VALUE",
    "NTH_VALUE",
];

impl Typing {
    /// Of an expression without the name that it gives to its column.
    pub(super) fn of(expression: &[Piece]) -> Self {
        match expression {
            [] => Self::Unknown,
            [first, ..] if first.is_one_of(&["SELECT", "WITH"]) => Self::Unknown,
            [one] if one.kind.is_some() => one.kind.map_or(Self::Unknown, Self::Known),
            [sign, number] if sign.is_symbol("-") || sign.is_symbol("+") => {
                Self::of(std::slice::from_ref(number))
            }
            [open, inner @ .., _]
                if open.is_symbol("(")
                    && piece::closing(expression, 0) == Some(inner.len() + 1) =>
            {
                Self::of(inner)
            }
            _ if is_predicate(expression) => Self::Known(Kind::Bool),
            [name, open, ..] if name.shape == Shape::Word && open.is_symbol("(") => {
                call(expression)
            }
            _ if is_column(expression) => Self::Column(piece::text(expression)),
            _ => Self::Unknown,
        }
    }
}

fn is_predicate(expression: &[Piece]) -> bool {
    let mut depth = 0;
    expression.iter().any(|piece| {
        depth += piece.nesting();
        let compares = piece.shape == Shape::Symbol && COMPARISONS.contains(&piece.text.as_str());
        depth == 0 && (compares || piece.is_one_of(&PREDICATES))
    })
}

/// Names with dots between them.
fn is_column(expression: &[Piece]) -> bool {
    expression.iter().enumerate().all(|(at, piece)| match at % 2 {
        0 => matches!(piece.shape, Shape::Word | Shape::Name),
        _ => piece.is_symbol("."),
    })
}

/// `name(arguments)`, perhaps over a window.
fn call(expression: &[Piece]) -> Typing {
    let Some(close) = piece::closing(expression, 1) else { return Typing::Unknown };
    let whole = expression.get(close + 1).is_none_or(|next| next.is_one_of(&["OVER", "FILTER"]));
    let name = &expression[0];
    let first = || Typing::of(first_argument(&expression[2..close]));
    match () {
        () if !whole => Typing::Unknown,
        () if name.is_one_of(&COUNTS) => Typing::Known(Kind::INT64),
        () if name.is_one_of(&CHOICES) => first(),
        () if name.is_word("SUM") => match first() {
            Typing::Column(column) => Typing::Sum(column),
            Typing::Known(kind) => sum(kind).map_or(Typing::Unknown, Typing::Known),
            _ => Typing::Unknown,
        },
        () => Typing::Unknown,
    }
}

/// The type of the sum of a column, where it is not that of its value.
pub(super) fn sum(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Decimal { scale, .. } => Some(Kind::Decimal { precision: MAX_PRECISION, scale }),
        _ => None,
    }
}

fn first_argument(arguments: &[Piece]) -> &[Piece] {
    let mut depth = 0;
    let end = arguments.iter().position(|piece| {
        depth += piece.nesting();
        depth == 0 && piece.is_symbol(",")
    });
    &arguments[..end.unwrap_or(arguments.len())]
}
