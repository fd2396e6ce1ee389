//! What the head of an answer promises, and whether that is what was asked for.

use std::ops::Range;

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName};

use super::source::Incoming;
use crate::error::{Error, ErrorKind, Result};

/// What the body of an answer will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// Exactly the range that was asked for, of a file of this size.
    Part { total: u64 },
    /// The file from its first byte to its last.
    Whole { size: Option<u64> },
}

impl Head {
    /// # Errors
    /// `Protocol` when the answer is not what was asked for, `Status` when it is no success.
    pub(super) fn read(incoming: &Incoming, asked: Option<&Range<u64>>) -> Result<Self> {
        match (incoming.status, asked) {
            (206, Some(asked)) => read_part(&incoming.headers, asked),
            (200, _) => Ok(Self::Whole { size: content_length(&incoming.headers)? }),
            (status, _) => {
                let message = format!("the server answered {status} to the request for the file");
                let kind = if status >= 400 { ErrorKind::Status } else { ErrorKind::Protocol };
                Err(Error::new(kind, message).with_status(status))
            }
        }
    }

    /// The size of the file, as far as the answer tells.
    pub(super) fn size(&self) -> Option<u64> {
        match *self {
            Self::Part { total } => Some(total),
            Self::Whole { size } => size,
        }
    }
}

fn read_part(headers: &HeaderMap, asked: &Range<u64>) -> Result<Head> {
    let text = text(headers, CONTENT_RANGE).unwrap_or_default();
    let refused = || {
        let (first, last) = (asked.start, asked.end - 1);
        let message =
            format!("the server sent the range `{text}` when bytes {first}-{last} were asked for");
        Error::protocol(message)
    };
    let (range, total) = parse_content_range(text).ok_or_else(refused)?;
    let expected = asked.start..asked.end.min(total);
    let length = content_length(headers)?.unwrap_or(range.end - range.start);
    if range != expected || length != range.end - range.start {
        return Err(refused());
    }
    Ok(Head::Part { total })
}

/// Reads `bytes first-last/total`.
pub(super) fn parse_content_range(text: &str) -> Option<(Range<u64>, u64)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (digits(first)?, digits(last)?);
    let total = digits(total)?;
    (first <= last && last < total).then_some((first..last + 1, total))
}

/// The entity tag, if it is one that promises equal bytes.
pub(super) fn strong_etag(headers: &HeaderMap) -> Option<String> {
    let tag = text(headers, ETAG)?.trim();
    let quoted = tag.len() >= 2 && tag.starts_with('"') && tag.ends_with('"');
    quoted.then(|| tag.to_owned())
}

fn content_length(headers: &HeaderMap) -> Result<Option<u64>> {
    match headers.get(CONTENT_LENGTH) {
        None => Ok(None),
        Some(_) => text(headers, CONTENT_LENGTH)
            .and_then(digits)
            .map(Some)
            .ok_or_else(|| Error::protocol("the server sent a Content-Length that is no number")),
    }
}

/// Digits only: `parse` would allow a sign.
fn digits(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(HeaderName, &str)]) -> Incoming {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name, value.parse().unwrap());
        }
        Incoming::new(status, map, futures_util::stream::empty())
    }

    #[test]
    fn only_the_exact_range_is_accepted() {
        let asked = 100..200;
        let read = |range: &str| {
            Head::read(&answer(206, &[(CONTENT_RANGE, range)]), Some(&asked)).map(|h| h.size())
        };
        assert_eq!(read("bytes 100-199/1000").unwrap(), Some(1000));
        assert_eq!(read("bytes 100-149/150").unwrap(), Some(150));
        for wrong in [
            "",
            "bytes 0-99/1000",
            "bytes 100-198/1000",
            "bytes 100-200/1000",
            "bytes 100-199/*",
            "bytes */1000",
            "bytes 100-199/150",
            "bytes 199-100/1000",
            "bytes +100-199/1000",
            "bytes 100-199/99999999999999999999999",
            "octets 100-199/1000",
            "100-199/1000",
        ] {
            assert_eq!(read(wrong).unwrap_err().kind(), ErrorKind::Protocol, "{wrong:?}");
        }
    }

    #[test]
    fn a_length_must_agree_with_the_range() {
        let asked = 0..10;
        for (length, good) in [("10", true), ("9", false), ("11", false), ("x", false)] {
            let headers = [(CONTENT_RANGE, "bytes 0-9/20"), (CONTENT_LENGTH, length)];
            assert_eq!(Head::read(&answer(206, &headers), Some(&asked)).is_ok(), good, "{length}");
        }
    }

    #[test]
    fn a_whole_file_and_other_statuses_are_told_apart() {
        let whole = Head::read(&answer(200, &[(CONTENT_LENGTH, "7")]), Some(&(0..5)));
        assert_eq!(whole.unwrap(), Head::Whole { size: Some(7) });
        let unasked = Head::read(&answer(206, &[(CONTENT_RANGE, "bytes 0-9/10")]), None);
        assert_eq!(unasked.unwrap_err().kind(), ErrorKind::Protocol);
        for status in [204, 302, 404, 412, 416] {
            let error = Head::read(&answer(status, &[]), None).unwrap_err();
            assert_eq!(error.status(), Some(status));
        }
    }

    #[test]
    fn weak_and_malformed_tags_pin_nothing() {
        let tag = |text: &str| strong_etag(&answer(200, &[(ETAG, text)]).headers);
        assert_eq!(tag("\"abc\""), Some("\"abc\"".to_owned()));
        assert_eq!(tag("W/\"abc\""), None);
        assert_eq!(tag("abc"), None);
        assert_eq!(tag("\""), None);
    }
}
