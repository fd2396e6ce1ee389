//! Serves a content whole or in part: Range, If-Range, If-Match, 206, 412 and 416.

use hyper::StatusCode;
use hyper::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_MATCH, IF_RANGE, RANGE};

use super::{Payload, Reply, Request};
use crate::content::Content;

/// What a Range header asks of a content of a known size.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Span {
    Whole,
    Part(u64, u64),
    Unsatisfiable,
}

/// The bytes that the request asks for, as `application/octet-stream`.
pub(crate) fn serve(content: Content, request: &Request, etag: Option<&str>) -> Reply {
    let refused = etag.is_some_and(|etag| precondition_failed(request, etag));
    if refused {
        return Reply::empty(StatusCode::PRECONDITION_FAILED).with(ETAG, etag.unwrap_or_default());
    }
    let reply = match wanted(request, etag, content.len()) {
        Span::Whole => whole(content),
        Span::Part(start, end) => part(content, start, end),
        Span::Unsatisfiable => {
            return Reply::empty(StatusCode::RANGE_NOT_SATISFIABLE)
                .with(CONTENT_RANGE, format!("bytes */{}", content.len()));
        }
    };
    let reply = reply.with(CONTENT_TYPE, "application/octet-stream").with(ACCEPT_RANGES, "bytes");
    match etag {
        Some(etag) => reply.with(ETAG, etag),
        None => reply,
    }
}

pub(crate) fn precondition_failed(request: &Request, etag: &str) -> bool {
    request
        .header(IF_MATCH)
        .is_some_and(|wanted| wanted != "*" && !wanted.split(',').any(|tag| tag.trim() == etag))
}

fn wanted(request: &Request, etag: Option<&str>, size: u64) -> Span {
    let outdated = request.header(IF_RANGE).is_some_and(|tag| Some(tag) != etag);
    match request.header(RANGE) {
        Some(range) if !outdated => parse(range, size),
        _ => Span::Whole,
    }
}

/// 200 and all bytes.
pub(crate) fn whole(content: Content) -> Reply {
    let end = content.len();
    Reply { payload: Payload::Content(content, 0, end), ..Reply::empty(StatusCode::OK) }
}

/// 206 and the bytes from `start` up to `end`.
pub(crate) fn part(content: Content, start: u64, end: u64) -> Reply {
    let range = format!("bytes {start}-{}/{}", end - 1, content.len());
    let reply = Reply::empty(StatusCode::PARTIAL_CONTENT).with(CONTENT_RANGE, range);
    Reply { payload: Payload::Content(content, start, end), ..reply }
}

/// `bytes=a-b`, `bytes=a-` and `bytes=-n`, with the end clamped; anything else means the whole.
pub(crate) fn parse(range: &str, size: u64) -> Span {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|r| r.split_once('-')) else {
        return Span::Whole;
    };
    let (start, end) = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(start), Ok(last)) if start <= last => (start, last.saturating_add(1).min(size)),
        (Ok(start), Err(_)) if last.trim().is_empty() => (start, size),
        (Err(_), Ok(count)) if first.trim().is_empty() => (size.saturating_sub(count), size),
        _ => return Span::Whole,
    };
    if start < end { Span::Part(start, end) } else { Span::Unsatisfiable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_clamped_and_judged() {
        assert_eq!(parse("bytes=0-0", 10), Span::Part(0, 1));
        assert_eq!(parse("bytes=5-99", 10), Span::Part(5, 10));
        assert_eq!(parse("bytes=5-", 10), Span::Part(5, 10));
        assert_eq!(parse("bytes=-3", 10), Span::Part(7, 10));
        assert_eq!(parse("bytes=-30", 10), Span::Part(0, 10));
        assert_eq!(parse("bytes=10-11", 10), Span::Unsatisfiable);
        assert_eq!(parse("bytes=-0", 10), Span::Unsatisfiable);
        assert_eq!(parse("bytes=3-2", 10), Span::Whole);
        assert_eq!(parse("bytes=0-1,4-5", 10), Span::Whole);
        assert_eq!(parse("lines=0-1", 10), Span::Whole);
    }
}
