//! Where the lists after SELECT and their clauses are, and names of columns that translation must
//! not change.

use std::ops::Range;

use super::piece::Piece;
use super::token::Shape;

/// Words that end a list after SELECT, or a FROM clause.
const CLAUSES: [&str; 9] =
    ["WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "WINDOW"];
/// Words before a name that is part of the expression, not the name of its column.
const OPERATORS: [&str; 17] = [
    "AND", "OR", "NOT", "IS", "IN", "LIKE", "GLOB", "BETWEEN", "CASE", "WHEN", "THEN", "ELSE",
    "COLLATE", "ESCAPE", "OVER", "DISTINCT", "FROM",
];

/// Names each column without a name after its text, where the text was translated.
pub(super) fn keep_names(pieces: &mut [Piece], source: &str) {
    let selects: Vec<usize> =
        (0..pieces.len()).filter(|&at| pieces[at].is_word("SELECT")).collect();
    for select in selects {
        for item in list(pieces, select).0 {
            let rewritten = pieces[item.clone()].iter().any(|piece| piece.rewritten);
            if rewritten && expression(pieces, &item) == item {
                let text = &source[pieces[item.start].span.start..pieces[item.end - 1].span.end];
                let alias = format!(" AS \"{}\"", text.replace('"', "\"\""));
                pieces[item.end - 1].text.push_str(&alias);
            }
        }
    }
}

/// The items after `pieces[select]`, and where they end.
pub(super) fn list(pieces: &[Piece], select: usize) -> (Vec<Range<usize>>, usize) {
    let first = select + 1;
    let quantified = pieces.get(first).is_some_and(|piece| piece.is_one_of(&["DISTINCT", "ALL"]));
    let start = first + usize::from(quantified);
    let end = list_end(pieces, start);
    let mut depth = 0;
    let mut bounds: Vec<usize> = (start..end)
        .filter(|&at| {
            depth += pieces[at].nesting();
            depth == 0 && pieces[at].is_symbol(",")
        })
        .collect();
    bounds.push(end);
    let starts = std::iter::once(start).chain(bounds.iter().map(|bound| bound + 1));
    let items = starts.zip(&bounds).map(|(start, end)| start..*end);
    (items.filter(|item| !item.is_empty()).collect(), end)
}

fn list_end(pieces: &[Piece], start: usize) -> usize {
    let clause = clause_end(pieces, start);
    let mut depth = 0;
    (start..clause)
        .find(|&at| {
            depth += pieces[at].nesting();
            // IS DISTINCT FROM is an operator.
            depth == 0 && pieces[at].is_word("FROM") && !pieces[at - 1].is_word("DISTINCT")
        })
        .unwrap_or(clause)
}

/// The FROM clause, if that is what begins at `start`.
pub(super) fn from(pieces: &[Piece], start: usize) -> &[Piece] {
    match pieces.get(start) {
        Some(piece) if piece.is_word("FROM") => &pieces[start..clause_end(pieces, start)],
        _ => &[],
    }
}

/// Where the next clause begins, or the parenthesis ends that all this is in.
fn clause_end(pieces: &[Piece], start: usize) -> usize {
    let mut depth = 0;
    (start..pieces.len())
        .find(|&at| {
            depth += pieces[at].nesting();
            depth < 0 || depth == 0 && pieces[at].is_one_of(&CLAUSES)
        })
        .unwrap_or(pieces.len())
}

/// The item without the name that it gives to its column.
pub(super) fn expression(pieces: &[Piece], item: &Range<usize>) -> Range<usize> {
    let [.., before, last] = &pieces[item.clone()] else { return item.clone() };
    if before.is_word("AS") {
        return item.start..item.end - 2;
    }
    let is_name = match last.shape {
        Shape::Name => true,
        Shape::Word => last.kind.is_none() && !last.is_one_of(&["END", "ISNULL", "NOTNULL"]),
        _ => false,
    };
    let ends_operand = match before.shape {
        Shape::Word => !before.is_one_of(&OPERATORS),
        Shape::Symbol => before.is_symbol(")"),
        _ => true,
    };
    if is_name && ends_operand { item.start..item.end - 1 } else { item.clone() }
}
