//! Binary values as text.

/// Upper-case hexadecimal digits, as Snowflake shows binary values.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Reads hexadecimal digits, or the literal `b'..'` that Python's `str` makes of bytes.
pub(super) fn parse(text: &str) -> Option<Vec<u8>> {
    let quoted = ["'", "\""]
        .iter()
        .find_map(|quote| text.strip_prefix('b')?.strip_prefix(quote)?.strip_suffix(quote));
    match quoted {
        Some(inner) => unescape(inner),
        None => unhex(text),
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).map(|value| value as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (byte, length) = match rest.as_bytes() {
            [b'\\', b'x', ..] => (unhex(rest.get(2..4)?)?[0], 4),
            [b'\\', escaped, ..] => (control(*escaped)?, 2),
            _ => (u8::try_from(first).ok().filter(u8::is_ascii)?, 1),
        };
        bytes.push(byte);
        rest = &rest[length..];
    }
    Some(bytes)
}

fn control(escaped: u8) -> Option<u8> {
    match escaped {
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'\\' | b'\'' | b'"' => Some(escaped),
        _ => None,
    }
}
