//! From the generated code's result to ours, without losing what happened on the way.

use std::cell::Cell;
use std::future::Future;

use futures_util::FutureExt;
use progenitor_client::{ByteStream, Error as RawError, ResponseValue};
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::auth::Credential;
use super::{answer, redact};
use crate::error::{Error, ErrorKind, Result};

/// What is known of an answer once it is there.
pub(super) struct Head {
    pub(super) platform: &'static str,
    pub(super) operation: &'static str,
    pub(super) status: u16,
    pub(super) request_id: Option<HeaderValue>,
    pub(super) attempts: u32,
    pub(super) started: Instant,
    pub(super) credential: Credential,
    /// Whether the operation must not be repeated blindly.
    pub(super) once: bool,
}

/// What the caller of an operation that must not be repeated blindly has to know.
pub(super) const IN_DOUBT: &str =
    "it may have taken effect and was not repeated: look before trying again";

tokio::task_local! {
    /// The generated code drops an answer that it cannot decode; its head waits here meanwhile.
    static HEAD: Cell<Option<Head>>;
}

/// Keeps the head of the answer for the [`call`] around; without one it is not needed.
pub(super) fn note(head: Head) {
    let _ = HEAD.try_with(|slot| slot.set(Some(head)));
}

/// Sends a generated operation and decodes its answer.
///
/// # Errors
/// Every failure as our one error; an answer that cannot be decoded names the place in it.
pub(crate) fn call<T: DeserializeOwned>(
    send: impl Future<Output = Result<ResponseValue<T>, RawError<()>>>,
) -> impl Future<Output = Result<T>> {
    call_with_head(send).map(|outcome| outcome.map(ResponseValue::into_inner))
}

/// Like [`call`], and keeps the status and the headers.
pub(crate) fn call_with_head<T: DeserializeOwned>(
    send: impl Future<Output = Result<ResponseValue<T>, RawError<()>>>,
) -> impl Future<Output = Result<ResponseValue<T>>> {
    // No async block: it would hold the large future twice and copy it over.
    let decoded = send.map(|outcome| match outcome {
        Ok(answer) => Ok(answer),
        Err(RawError::InvalidResponsePayload(bytes, cause)) => {
            Err(undecodable::<T>(&bytes, &cause))
        }
        Err(other) => Err(convert(other)),
    });
    HEAD.scope(Cell::new(None), decoded)
}

/// Sends a generated operation whose answer is a stream of bytes.
pub(crate) fn call_streamed(
    send: impl Future<Output = Result<ResponseValue<ByteStream>, RawError<()>>>,
) -> impl Future<Output = Result<ResponseValue<ByteStream>>> {
    send.map(|outcome| outcome.map_err(convert))
}

/// Turns a failure inside a streamed body back into the error that [`answer`] made.
pub(crate) fn stream_error(error: reqwest::Error) -> Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(current) = cause {
        if let Some(ours) = current.downcast_ref::<Error>() {
            return Error::new(ours.kind(), ours.message());
        }
        cause = current.source();
    }
    Error::new(ErrorKind::Interrupted, "the answer broke off")
}

fn convert(error: RawError<()>) -> Error {
    match error {
        RawError::InvalidRequest(text) | RawError::Custom(text) => Error::invalid(text),
        RawError::UnexpectedResponse(response) => {
            answer::carried(&response).unwrap_or_else(|| unexpected(response.status().as_u16()))
        }
        RawError::ErrorResponse(response) => unexpected(response.status().as_u16()),
        RawError::CommunicationError(cause)
        | RawError::InvalidUpgrade(cause)
        | RawError::ResponseBodyError(cause) => stream_error(cause),
        RawError::InvalidResponsePayload(_, cause) => {
            Error::new(ErrorKind::Decode, format!("the answer could not be read: {cause}"))
        }
    }
}

fn unexpected(status: u16) -> Error {
    let message = format!("the server answered {status}, which this operation does not know");
    Error::new(ErrorKind::Status, message).with_status(status)
}

/// Decodes once more, slowly, to learn the place of the first mistake.
fn undecodable<T: DeserializeOwned>(bytes: &[u8], cause: &serde_json::Error) -> Error {
    let error = unreadable::<T>(bytes, cause);
    match HEAD.with(Cell::take) {
        Some(head) => error
            .with_body(redact::body(bytes, |text| head.credential.hide(text)))
            .with_operation(head.platform, head.operation)
            .with_status(head.status)
            .with_request_id(answer::text(head.request_id.as_ref()))
            .with_attempts(head.attempts, head.started.elapsed())
            .redacted(|text| head.credential.hide(text))
            .with_advice_if(head.once, IN_DOUBT),
        None => error.with_body(redact::body(bytes, str::to_owned)),
    }
}

/// Why an answer is not what it should be, with the place where it is JSON at all.
pub(crate) fn unreadable<T: DeserializeOwned>(bytes: &[u8], cause: &serde_json::Error) -> Error {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let located = serde_path_to_error::deserialize::<_, T>(&mut json).err();
    let why = match located.filter(|_| cause.is_data()) {
        Some(error) => format!("at `{}`: {}", error.path(), error.inner()),
        None if looks_like_html(bytes) => "it is HTML, perhaps from a proxy or a login page".into(),
        None => format!("it is not JSON: {cause}"),
    };
    Error::new(ErrorKind::Decode, format!("the answer could not be read, {why}"))
}

fn looks_like_html(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"<")
}
