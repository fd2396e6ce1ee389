//! Path patterns: `*` stands for any run within a segment, `**` for any run at all.

/// Whether the whole text fits the pattern.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    fits(pattern.as_bytes(), text.as_bytes())
}

fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=text.len()).any(|n| fits(rest, &text[n..])),
        [b'*', rest @ ..] => {
            let reach = text.iter().position(|&c| c == b'/').unwrap_or(text.len());
            (0..=reach).any(|n| fits(rest, &text[n..]))
        }
        [first, rest @ ..] => text.first() == Some(first) && fits(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn one_star_stays_in_its_segment() {
        assert!(matches("/jobs/*/statuses/", "/jobs/abc/statuses/"));
        assert!(!matches("/jobs/*/", "/jobs/abc/statuses/"));
        assert!(matches("/jobs/**", "/jobs/abc/statuses/"));
        assert!(matches("**", ""));
        assert!(!matches("/jobs/", "/jobs"));
    }
}
