//! Puts what the platform's SQL has and SQLite lacks into SQLite's words: `x::type`, `CAST`,
//! typed literals, `$$text$$` and a few names.

use super::cell::Cell;
use super::kind::Kind;
use super::piece::{self, Piece};
use super::token::{Shape, Token};

/// The functions behind `CAST` and `TRY_CAST`.
pub(super) const CAST: &str = "cast_as";
pub(super) const TRY_CAST: &str = "try_cast_as";

/// Functions of other names in SQLite.
const FUNCTIONS: [(&str, &str); 4] =
    [("NVL", "ifnull"), ("IFF", "iif"), ("LEN", "length"), ("CHARINDEX", "instr")];

/// Words that may stand before a parenthesis without calling anything.
const NO_FUNCTIONS: [&str; 18] = [
    "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "CASE", "WHEN", "THEN", "ELSE", "SELECT",
    "WHERE", "ON", "HAVING", "BY", "VALUES", "DISTINCT",
];

/// The statement in SQLite's words; `marks` are the types of its parameters.
pub(super) fn translate(tokens: &[Token<'_>], marks: &[Kind]) -> Result<Vec<Piece>, String> {
    let mut translation = Translation { tokens, next: 0, marks, bound: 0, out: Vec::new() };
    while translation.next < tokens.len() {
        translation.step()?;
    }
    if translation.bound != marks.len() {
        let (bound, given) = (translation.bound, marks.len());
        return Err(format!("the statement has {bound} parameters, but {given} were given"));
    }
    Ok(translation.out)
}

struct Translation<'a> {
    tokens: &'a [Token<'a>],
    next: usize,
    marks: &'a [Kind],
    bound: usize,
    out: Vec<Piece>,
}

impl<'a> Translation<'a> {
    fn step(&mut self) -> Result<(), String> {
        let token = self.take();
        let piece = Piece::from(&token);
        match token.shape {
            Shape::Symbol if token.text == "::" => return self.postfix_cast(),
            Shape::Symbol if token.text == ")" => {
                self.out.push(piece);
                return self.close();
            }
            Shape::Mark => self.mark(piece),
            Shape::Text if token.text.starts_with('$') => self.dollars(piece),
            Shape::Word if self.is_typed_literal(&piece) => return self.typed_literal(piece),
            Shape::Word if self.calls() => self.function(piece),
            _ => self.out.push(piece),
        }
        Ok(())
    }

    fn take(&mut self) -> Token<'a> {
        self.next += 1;
        self.tokens[self.next - 1]
    }

    fn peek(&self, ahead: usize) -> Option<&Token<'a>> {
        self.tokens.get(self.next + ahead)
    }

    fn calls(&self) -> bool {
        self.peek(0).is_some_and(|next| next.text == "(")
    }

    fn mark(&mut self, mut piece: Piece) {
        piece.kind = self.marks.get(self.bound).copied();
        self.bound += 1;
        self.out.push(piece);
    }

    fn dollars(&mut self, mut piece: Piece) {
        let inner = piece.text.trim_start_matches("$$").trim_end_matches("$$");
        piece.text = format!("'{}'", inner.replace('\'', "''"));
        piece.rewritten = true;
        self.out.push(piece);
    }

    /// `NVL(..)` and the like; `CURRENT_DATE()` loses its parentheses.
    fn function(&mut self, mut piece: Piece) {
        let empty = self.peek(1).is_some_and(|token| token.text == ")");
        if piece.kind.is_some() && empty {
            piece.span.end = self.tokens[self.next + 1].start + 1;
            piece.rewritten = true;
            self.next += 2;
        } else if let Some((_, name)) = FUNCTIONS.iter().find(|(from, _)| piece.is_word(from)) {
            piece.text = (*name).to_owned();
            piece.rewritten = true;
        }
        self.out.push(piece);
    }

    fn is_typed_literal(&self, piece: &Piece) -> bool {
        let temporal = matches!(
            Kind::named(&piece.text),
            Some(Kind::Date | Kind::Time | Kind::Timestamp { .. })
        );
        temporal && self.peek(0).is_some_and(|next| next.shape == Shape::Text)
    }

    /// `DATE '2024-01-01'`.
    fn typed_literal(&mut self, word: Piece) -> Result<(), String> {
        let kind = Kind::named(&word.text).unwrap_or(Kind::Text);
        let literal = Piece::from(&self.take());
        let inner = literal.text.trim_matches('\'');
        let cell = Cell::text(inner).read(kind).ok_or_else(|| unrecognised(kind, inner))?;
        let text = format!("'{}'", cell.render(kind));
        self.out.push(Piece::joined(&[word, literal], text, Some(kind)));
        Ok(())
    }

    /// `x::type`, `type` being all that is left to take.
    fn postfix_cast(&mut self) -> Result<(), String> {
        let start = operand(&self.out).ok_or("unexpected '::'")?;
        let (kind, end) = self.type_name()?;
        let operand = self.out.split_off(start);
        let text = cast(CAST, &piece::text(&operand), kind);
        let mut piece = Piece::joined(&operand, text, Some(kind));
        piece.span.end = end;
        self.out.push(piece);
        Ok(())
    }

    /// `DECIMAL(12, 2)`, and where it ends in the statement.
    fn type_name(&mut self) -> Result<(Kind, usize), String> {
        let first = self.next;
        let mut last = self.next;
        if self.peek(1).is_some_and(|next| next.text.eq_ignore_ascii_case("PRECISION")) {
            last += 1;
        }
        if self.tokens.get(last + 1).is_some_and(|next| next.text == "(") {
            let rest = &self.tokens[last..];
            last += rest.iter().position(|token| token.text == ")").ok_or("missing ')'")?;
        }
        let words = self.tokens.get(first..=last).ok_or("a type is missing after '::'")?;
        let name: String = words.iter().map(|token| format!("{} ", token.text)).collect();
        self.next = last + 1;
        Ok((named(&name)?, words[words.len() - 1].start + words[words.len() - 1].text.len()))
    }

    /// After a closing parenthesis: `CAST(x AS type)` is complete.
    fn close(&mut self) -> Result<(), String> {
        let close = self.out.len() - 1;
        let Some(open) = piece::opening(&self.out, close).filter(|open| *open > 0) else {
            return Ok(());
        };
        let function = &self.out[open - 1];
        let function = if function.is_word("CAST") {
            CAST
        } else if function.is_word("TRY_CAST") {
            TRY_CAST
        } else {
            return Ok(());
        };
        let call = self.out.split_off(open - 1);
        let inner = &call[2..call.len() - 1];
        let Some(at) = last_as(inner).filter(|at| *at > 0) else {
            return Err("CAST without AS".to_owned());
        };
        let kind = named(&piece::text(&inner[at + 1..]))?;
        let text = cast(function, &piece::text(&inner[..at]), kind);
        self.out.push(Piece::joined(&call, text, Some(kind)));
        Ok(())
    }
}

/// What the platform says of a value that is none of its type.
pub(super) fn unrecognised(kind: Kind, text: &str) -> String {
    let what = match kind {
        Kind::Bool => "Boolean",
        Kind::Int(_) | Kind::Double | Kind::Decimal { .. } => "Numeric",
        Kind::Date => "Date",
        Kind::Time => "Time",
        Kind::Timestamp { .. } => "Timestamp",
        Kind::Binary => "Binary",
        Kind::Null | Kind::Text => "Text",
    };
    format!("{what} value '{text}' is not recognized")
}

fn cast(function: &str, operand: &str, kind: Kind) -> String {
    let arguments = match kind {
        Kind::Decimal { precision, scale } => format!("({precision},{scale})"),
        _ => String::new(),
    };
    format!("{function}({operand}, '{}{arguments}')", kind.name())
}

fn named(name: &str) -> Result<Kind, String> {
    Kind::named(name).ok_or_else(|| format!("Unsupported data type '{}'", name.trim()))
}

fn last_as(pieces: &[Piece]) -> Option<usize> {
    let mut depth = 0;
    let outer = |piece: &Piece| {
        depth += piece.nesting();
        depth == 0 && piece.is_word("AS")
    };
    let found: Vec<bool> = pieces.iter().map(outer).collect();
    found.iter().rposition(|is_as| *is_as)
}

/// Where the operand begins that `out` ends with.
fn operand(out: &[Piece]) -> Option<usize> {
    let last = out.len().checked_sub(1)?;
    let mut start = match &out[last] {
        piece if piece.nesting() < 0 => with_function(out, piece::opening(out, last)?),
        piece if piece.shape == Shape::Symbol => return None,
        _ => last,
    };
    while start >= 2 && out[start - 1].is_symbol(".") {
        start -= 2;
    }
    Some(start)
}

/// A parenthesis with the name of the function before it.
fn with_function(out: &[Piece], open: usize) -> usize {
    let called = open > 0 && out[open].is_symbol("(") && {
        let before = &out[open - 1];
        before.shape == Shape::Name
            || before.shape == Shape::Word && !before.is_one_of(&NO_FUNCTIONS)
    };
    if called { open - 1 } else { open }
}
