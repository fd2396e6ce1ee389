//! What comes back: small bodies read whole and bounded, large ones guarded against stalls.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, ResponseBuilderExt, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};

use super::attempts::{innermost, status_error};
use super::{Operation, Shared, redact};
use crate::error::{Error, ErrorKind, Result};

/// The name that some servers give the request's id.
const OTHER_REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// How much of an error's body is read.
const ERROR_BODY: usize = 64 * 1024;
/// How much of what it says goes into the error's sentence.
const LONGEST_MESSAGE: usize = 1024;

/// Turns an answer into what the operation promises, or into the error that it is.
#[expect(clippy::manual_async_fn, reason = "an async fn would hold the response twice")]
pub(super) fn receive(
    mut response: Response,
    operation: &Operation,
    shared: &Shared,
    permit: OwnedSemaphorePermit,
) -> impl Future<Output = Result<Response>> {
    async move {
        if !response.status().is_success() {
            // Boxed, because it is rare and would make every call's future larger.
            return Err(Box::pin(refusal(response, shared)).await);
        }
        if operation.streamed {
            return Ok(guarded(response, shared.stall_timeout, permit));
        }
        let bytes = read_bounded(&mut response, shared.largest_answer).await?;
        Ok(whole(response, bytes))
    }
}

/// The answer with its body in memory.
fn whole(mut response: Response, bytes: Bytes) -> Response {
    let mut whole = http::Response::builder().status(response.status());
    if let Some(headers) = whole.headers_mut() {
        *headers = std::mem::take(response.headers_mut());
    }
    if let Some(extensions) = whole.extensions_mut() {
        *extensions = std::mem::take(response.extensions_mut());
    }
    let whole = whole.url(response.url().clone());
    whole.body(bytes).expect("a status and headers that were parsed").into()
}

/// The error of an answer that is no success.
async fn refusal(response: Response, shared: &Shared) -> Error {
    let status = response.status();
    let mut response = response;
    let bytes = read_prefix(&mut response, ERROR_BODY).await;
    let explain = shared.platform.explain;
    let mut explanation = explain(&redact::members(&bytes));
    let hide = |text: &str| shared.credential.hide(text);
    explanation.message =
        explanation.message.map(|text| redact::clip(&hide(&text), LONGEST_MESSAGE));
    status_error(status, response.headers(), explanation, redact::body(&bytes, hide))
}

/// Reads a whole body of a known largest size.
async fn read_bounded(response: &mut Response, limit: usize) -> Result<Bytes> {
    let too_large = || {
        let message = format!("the answer is larger than the allowed {limit} bytes");
        Error::protocol(message).with_doubt(true)
    };
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut first: Option<Bytes> = None;
    let mut rest = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken_body(&error))? {
        if rest.len() + first.as_ref().map_or(0, Bytes::len) + chunk.len() > limit {
            return Err(too_large());
        }
        // Most answers are one chunk, which is then handed on without a copy.
        match first.take() {
            None if rest.is_empty() => first = Some(chunk),
            None => rest.extend_from_slice(&chunk),
            Some(start) => {
                rest.reserve(start.len() + chunk.len());
                rest.extend_from_slice(&start);
                rest.extend_from_slice(&chunk);
            }
        }
    }
    Ok(first.unwrap_or_else(|| rest.freeze()))
}

/// The beginning of a body; whatever breaks ends it.
async fn read_prefix(response: &mut Response, limit: usize) -> Bytes {
    let mut bytes = BytesMut::new();
    while bytes.len() < limit
        && let Ok(Some(chunk)) = response.chunk().await
    {
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(limit);
    bytes.freeze()
}

fn broken_body(error: &(dyn std::error::Error + 'static)) -> Error {
    let cause = innermost(error);
    Error::new(ErrorKind::Interrupted, format!("the answer broke off: {cause}"))
}

/// Hands a body on with its connection slot and a guard against stalls.
fn guarded(response: Response, stall: Duration, permit: OwnedSemaphorePermit) -> Response {
    let url = response.url().clone();
    let (parts, body) = http::Response::from(response).into_parts();
    let guard = GuardedBody { body, stall, timer: None, _permit: permit };
    let mut answer = http::Response::builder().status(parts.status).url(url);
    if let Some(headers) = answer.headers_mut() {
        *headers = parts.headers;
    }
    let body = reqwest::Body::wrap(guard);
    answer.body(body).expect("a status and headers that were parsed").into()
}

/// A body that fails when nothing comes for too long while somebody waits for it. A reader who
/// pauses is not a stall.
struct GuardedBody {
    body: reqwest::Body,
    stall: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    _permit: OwnedSemaphorePermit,
}

impl Body for GuardedBody {
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
