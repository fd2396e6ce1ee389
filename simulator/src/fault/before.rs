//! What happens to a request before the platform sees it.

use hyper::StatusCode;
use hyper::header::{ETAG, HeaderValue, IF_MATCH, IF_RANGE, LOCATION, RANGE};

use super::after::{at_origin, replace};
use super::{Action, Canned};
use crate::http::range::precondition_failed;
use crate::http::{Reply, Request};
use crate::server::{Backend, Ending, Line};

/// What stands in the place of the platform's answer.
#[derive(Debug)]
pub(crate) enum Interruption {
    Reply(Reply),
    /// The listener closes for a while.
    Refuse(std::time::Duration),
}

/// Delays, changes or interrupts the request. Never returns when the connection ends here.
pub(crate) async fn prepare(
    actions: &[Action],
    request: &mut Request,
    line: &Line,
    backend: &dyn Backend,
) -> Option<Interruption> {
    for action in actions {
        match action {
            Action::Delay(time) => tokio::time::sleep(*time).await,
            Action::Hang => std::future::pending().await,
            Action::Reset => line.end(Ending::Reset).await,
            Action::Raw(bytes) => line.end(Ending::Raw(bytes.clone())).await,
            Action::Refuse(time) => return Some(Interruption::Refuse(*time)),
            action => {
                if let Some(reply) = instead(action, request, backend) {
                    return Some(Interruption::Reply(reply));
                }
            }
        }
    }
    None
}

fn instead(action: &Action, request: &mut Request, backend: &dyn Backend) -> Option<Reply> {
    match action {
        Action::Status(canned @ Canned { after: false, .. }) => {
            Some(replace(canned, request, backend))
        }
        Action::Expired => {
            Some(backend.error_for(request, StatusCode::UNAUTHORIZED, "The token has expired."))
        }
        Action::Redirect(status, url) => {
            Some(Reply::empty(*status).with(LOCATION, location(url, request)))
        }
        Action::Etag(etag) => changed(etag, request),
        Action::IgnoreRange => {
            request.headers.remove(RANGE);
            None
        }
        Action::Narrow(bytes) => {
            narrow(*bytes, request);
            None
        }
        _ => None,
    }
}

fn location(url: &str, request: &Request) -> String {
    at_origin(url, request.uri.path_and_query().map_or("/", |target| target.as_str()))
}

/// Judges the preconditions by the new ETag, so that the platform cannot judge them by its own.
fn changed(etag: &str, request: &mut Request) -> Option<Reply> {
    if precondition_failed(request, etag) {
        return Some(Reply::empty(StatusCode::PRECONDITION_FAILED).with(ETAG, etag));
    }
    request.headers.remove(IF_MATCH);
    if request.headers.remove(IF_RANGE).is_some_and(|tag| tag != etag) {
        request.headers.remove(RANGE);
    }
    None
}

/// Asks for less than the client did, at the end of a range `a-b`.
fn narrow(bytes: u64, request: &mut Request) {
    let bounds = request
        .header(RANGE)
        .and_then(|r| r.strip_prefix("bytes="))
        .and_then(|r| r.split_once('-'));
    let parsed = bounds.and_then(|(a, b)| Some((a.parse::<u64>().ok()?, b.parse::<u64>().ok()?)));
    if let Some((start, last)) = parsed {
        let range = format!("bytes={start}-{}", last.saturating_sub(bytes).max(start));
        if let Ok(value) = HeaderValue::from_str(&range) {
            request.headers.insert(RANGE, value);
        }
    }
}
