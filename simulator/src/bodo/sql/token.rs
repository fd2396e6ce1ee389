//! Cuts SQL text into tokens, so that quoted text and comments are never taken for SQL.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A keyword or a plain name.
    Word,
    /// A quoted name.
    Name,
    Text,
    Blob,
    Number,
    /// `?`, the place of a parameter.
    Mark,
    Symbol,
    /// An expression that was translated as a whole.
    Value,
}

/// One token with the white space and comments before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) shape: Shape,
    pub(super) gap: &'a str,
    pub(super) text: &'a str,
    /// Where the text begins in the statement.
    pub(super) start: usize,
}

/// Symbols of more than one character, longest first.
const LONG: [&str; 11] = ["->>", "::", "||", "<=", ">=", "<>", "!=", "==", "->", "<<", ">>"];

pub(super) fn tokens(source: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let gap = gap(&source[at..])?;
        let start = at + gap;
        let rest = &source[start..];
        if rest.is_empty() {
            return Ok(tokens);
        }
        let (shape, length) = token(rest)?;
        let (gap, text) = (&source[at..start], &rest[..length]);
        tokens.push(Token { shape, gap, text, start });
        at = start + length;
    }
}

/// The length of the white space and comments that `text` begins with.
fn gap(text: &str) -> Result<usize, String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.starts_with("--") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").ok_or("unterminated comment")?.1;
        } else {
            return Ok(text.len() - rest.len());
        }
    }
}

fn token(rest: &str) -> Result<(Shape, usize), String> {
    let bytes = rest.as_bytes();
    Ok(match (bytes[0], bytes.get(1)) {
        (b'\'', _) => (Shape::Text, quoted(rest, '\'')?),
        (b'"', _) => (Shape::Name, quoted(rest, '"')?),
        (b'`', _) => (Shape::Name, quoted(rest, '`')?),
        (b'x' | b'X', Some(b'\'')) => (Shape::Blob, 1 + quoted(&rest[1..], '\'')?),
        (b'$', Some(b'$')) => (Shape::Text, dollars(rest)?),
        (b'?', _) => (Shape::Mark, 1),
        (b'0'..=b'9', _) | (b'.', Some(b'0'..=b'9')) => (Shape::Number, number(bytes)),
        _ => match length_while(rest, in_word) {
            0 => (Shape::Symbol, symbol(rest)),
            length => (Shape::Word, length),
        },
    })
}

/// A doubled quote stands for itself: it ends one quoted part and begins the next.
fn quoted(rest: &str, quote: char) -> Result<usize, String> {
    let mut at = 0;
    while rest[at..].starts_with(quote) {
        let inner = &rest[at + 1..];
        let end = inner.find(quote).ok_or_else(|| format!("unterminated {quote}"))?;
        at += end + 2;
    }
    Ok(at)
}

fn dollars(rest: &str) -> Result<usize, String> {
    let end = rest[2..].find("$$").ok_or("unterminated $$")?;
    Ok(end + 4)
}

fn number(bytes: &[u8]) -> usize {
    let mut length = 0;
    while let Some(&byte) = bytes.get(length) {
        let sign = matches!(byte, b'+' | b'-') && matches!(bytes[length - 1], b'e' | b'E');
        if !(byte.is_ascii_alphanumeric() || byte == b'.' || sign) {
            break;
        }
        length += 1;
    }
    length
}

fn symbol(rest: &str) -> usize {
    let long = LONG.iter().find(|symbol| rest.starts_with(**symbol));
    long.map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), |symbol| symbol.len())
}

fn length_while(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accept(c)).unwrap_or(text.len())
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii() && !c.is_whitespace()
}
