//! What comes back: small bodies read whole and bounded, large ones guarded against stalls.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::response::Parts;
use http_body::{Body as _, Frame, SizeHint};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Response, ResponseBuilderExt, StatusCode, Url};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};

use super::attempts::status_error;
use super::wire::{Incoming, innermost};
use super::{Operation, Shared, redact};
use crate::error::{Error, ErrorKind, Result};

/// The name that some servers give the request's id.
const OTHER_REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// How much of an error's body is read.
const ERROR_BODY: usize = 64 * 1024;
/// How much of what it says goes into the error's sentence.
const LONGEST_MESSAGE: usize = 1024;

/// Turns an answer into what the operation promises, or into the error that it is.
#[expect(clippy::manual_async_fn, reason = "an async fn would hold the answer twice")]
pub(super) fn receive(
    answer: Incoming,
    url: Url,
    operation: &Operation,
    shared: &Shared,
    permit: OwnedSemaphorePermit,
) -> impl Future<Output = Result<Response>> {
    async move {
        let (head, body) = answer.into_parts();
        if !head.status.is_success() {
            // Boxed, because it is rare and would make every call's future larger.
            return Err(Box::pin(refusal(head, body, shared)).await);
        }
        if operation.streamed {
            let stall = shared.stall_timeout;
            let guard = GuardedBody { body, stall, timer: None, _permit: permit };
            return Ok(assembled(head, Body::wrap(guard), url));
        }
        let bytes = read_bounded(body, shared.largest_answer).await?;
        #[cfg(feature = "spark")]
        let bytes = super::encoding::unpacked(&head.headers, bytes, shared.largest_answer)?;
        Ok(assembled(head, (shared.normalise)(bytes), url))
    }
}

/// The answer as the generated code expects it.
fn assembled(head: Parts, body: impl Into<Body>, url: Url) -> Response {
    let mut answer = http::Response::builder().status(head.status).url(url);
    if let Some(headers) = answer.headers_mut() {
        *headers = head.headers;
    }
    answer.body(body).expect("a status and headers that were parsed").into()
}

/// The error of an answer that is no success.
async fn refusal(head: Parts, mut body: Body, shared: &Shared) -> Error {
    let bytes = read_prefix(&mut body, ERROR_BODY).await;
    #[cfg(feature = "spark")]
    let bytes = super::encoding::unpacked(&head.headers, bytes, ERROR_BODY).unwrap_or_default();
    let explain = shared.platform.explain;
    let mut explanation = explain(&redact::members(&bytes));
    let hide = |text: &str| shared.credential.hide(text);
    explanation.message =
        explanation.message.map(|text| redact::clip(&hide(&text), LONGEST_MESSAGE));
    status_error(head.status, &head.headers, explanation, redact::body(&bytes, hide))
}

/// Reads a whole body of a known largest size.
async fn read_bounded(mut body: Body, limit: usize) -> Result<Bytes> {
    let too_large = || {
        let message = format!("the answer is larger than the allowed {limit} bytes");
        Error::protocol(message).with_doubt(true)
    };
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    let mut first: Option<Bytes> = None;
    let mut rest = BytesMut::new();
    while let Some(chunk) = next_chunk(&mut body).await.transpose()? {
        if rest.len() + first.as_ref().map_or(0, Bytes::len) + chunk.len() > limit {
            return Err(too_large());
        }
        // Most answers are one chunk, which is then handed on without a copy.
        match first.take() {
            None if rest.is_empty() => first = Some(chunk),
            None => rest.extend_from_slice(&chunk),
            Some(start) => {
                // All that is announced at once: growing step by step would hold it twice.
                let announced = body.size_hint().lower() as usize;
                rest.reserve(start.len() + chunk.len() + announced);
                rest.extend_from_slice(&start);
                rest.extend_from_slice(&chunk);
            }
        }
    }
    Ok(first.unwrap_or_else(|| rest.freeze()))
}

/// The beginning of a body; whatever breaks ends it.
async fn read_prefix(body: &mut Body, limit: usize) -> Bytes {
    let mut bytes = BytesMut::new();
    while bytes.len() < limit
        && let Some(Ok(chunk)) = next_chunk(body).await
    {
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(limit);
    bytes.freeze()
}

/// The next piece of a body; trailers are passed over.
async fn next_chunk(body: &mut Body) -> Option<Result<Bytes>> {
    loop {
        match poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await? {
            Err(error) => return Some(Err(broken_body(&error))),
            Ok(frame) => {
                if let Ok(data) = frame.into_data() {
                    return Some(Ok(data));
                }
            }
        }
    }
}

fn broken_body(error: &(dyn std::error::Error + 'static)) -> Error {
    let cause = innermost(error);
    Error::new(ErrorKind::Interrupted, format!("the answer broke off: {cause}"))
}

/// A body that fails when nothing comes for too long while somebody waits for it. A reader who
/// pauses is not a stall.
struct GuardedBody {
    body: Body,
    stall: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    _permit: OwnedSemaphorePermit,
}

impl http_body::Body for GuardedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            self.timer = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(|error| broken_body(&error))));
        }
        let stall = self.stall;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(stall)));
        match timer.as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                self.timer = None;
                let message = format!("the answer stalled: no byte for {} s", stall.as_secs_f64());
                Poll::Ready(Some(Err(Error::new(ErrorKind::Timeout, message))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer that no server gave.
pub(super) fn synthetic(status: StatusCode) -> Response {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = status;
    response.into()
}

/// Carries an error of ours through the generated code, which knows only responses.
#[derive(Clone)]
struct Carried(Arc<Mutex<Option<Error>>>);

/// An answer that the generated code takes for unexpected and hands back whole.
pub(super) fn carrying(error: Error) -> Response {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = StatusCode::from_u16(599).expect("in the valid range");
    response.extensions_mut().insert(Carried(Arc::new(Mutex::new(Some(error)))));
    response.into()
}

/// The error that [`carrying`] put in.
pub(super) fn carried(response: &Response) -> Option<Error> {
    let carried = response.extensions().get::<Carried>()?;
    carried.0.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// The id under which the server knows the request.
pub(super) fn request_id(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get(super::REQUEST_ID).or_else(|| headers.get(OTHER_REQUEST_ID))
}

/// A header's value as text.
pub(super) fn text(value: Option<&HeaderValue>) -> Option<String> {
    value?.to_str().ok().map(str::to_owned)
}
