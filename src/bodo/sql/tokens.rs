//! What of a query's text is a place for a value.

/// A piece of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that stays as it is.
    Text(&'a str),
    /// `?`, a place for the next value.
    Mark,
    /// `:name`, a place for the value of that name.
    Name(&'a str),
}

/// Splits a query at its places for values.
///
/// Quoted text (`'..'`, `".."`, `$$..$$`), comments (`--`, `//`, `/* */`) and casts (`::`) stay
/// whole. A colon right behind a name, a quote or a bracket looks into semi-structured data
/// (`payload:city`) and is no place for a value either.
pub(super) fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(first) = sql[at..].chars().next() {
        let rest = &sql[at..];
        let place = match first {
            '?' => Some((Piece::Mark, 1)),
            ':' => named(&sql[..at], rest),
            _ => None,
        };
        match place {
            Some((piece, length)) => {
                pieces.extend([Piece::Text(&sql[from..at]), piece]);
                at += length;
                from = at;
            }
            None => at += closed(rest).unwrap_or(first.len_utf8()),
        }
    }
    pieces.push(Piece::Text(&sql[from..]));
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}

/// A name behind a colon, with the length of both.
fn named<'a>(before: &str, rest: &'a str) -> Option<(Piece<'a>, usize)> {
    let name = &rest[1..];
    let begins = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    if !begins || before.ends_with(is_accessed) {
        return None;
    }
    let length = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
    Some((Piece::Name(&name[..length]), 1 + length))
}

fn is_accessed(last: char) -> bool {
    last.is_alphanumeric() || matches!(last, '_' | '$' | '"' | '\'' | ']' | ')')
}

/// How long what begins here is, when it is whole in itself. What is never closed goes to the end.
/// A doubled quote is the end of one text and the beginning of the next, which comes to the same.
fn closed(rest: &str) -> Option<usize> {
    const WHOLE: [(&str, &str); 6] =
        [("'", "'"), ("\"", "\""), ("$$", "$$"), ("--", "\n"), ("//", "\n"), ("/*", "*/")];
    if rest.starts_with("::") {
        return Some(2);
    }
    let (open, close) = WHOLE.into_iter().find(|(open, _)| rest.starts_with(open))?;
    let inside = &rest[open.len()..];
    Some(inside.find(close).map_or(rest.len(), |end| open.len() + end + close.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places(sql: &str) -> Vec<Piece<'_>> {
        pieces(sql).into_iter().filter(|piece| !matches!(piece, Piece::Text(_))).collect()
    }

    #[test]
    fn places_are_found() {
        let sql = "SELECT ?, :a,:b_2::int FROM t WHERE x=:ä AND y IN (:a)";
        let found =
            [Piece::Mark, Piece::Name("a"), Piece::Name("b_2"), Piece::Name("ä"), Piece::Name("a")];
        assert_eq!(places(sql), found);
    }

    #[test]
    fn what_is_no_place_is_left_alone() {
        for sql in [
            "SELECT x::int, '2024'::date",
            "SELECT '10:30', ':a ?', 'it''s :a', ''':a'",
            r#"SELECT ":a", "x"":a?", "#,
            "SELECT $$ :a ? ' $$",
            "SELECT 1 -- :a ?\n, 2 // it's ?\r\n, 3 /* :a ' ? */",
            "SELECT payload:city, payload[0]:city, f(x):city, \"P\":city",
            "SELECT a[1:2], ':",
            "SELECT 1 /* never :closed ?",
            "",
        ] {
            assert_eq!(places(sql), [], "{sql}");
        }
    }

    #[test]
    fn a_quote_in_a_comment_opens_nothing() {
        assert_eq!(places("-- it's\nSELECT :a /* ' */, ?"), [Piece::Name("a"), Piece::Mark]);
        assert_eq!(places("SELECT '--', :a, '/*', ?"), [Piece::Name("a"), Piece::Mark]);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(sql in "[-:?'\"$/*a-c \n\u{e4}]{0,40}") {
            let whole: String = pieces(&sql)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.to_owned(),
                    Piece::Mark => "?".to_owned(),
                    Piece::Name(name) => format!(":{name}"),
                })
                .collect();
            prop_assert_eq!(whole, sql);
        }
    }
}
