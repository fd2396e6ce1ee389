//! Errors: a status, a message or several, and the name of the status.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{inferred, storage};
use crate::http::{Reply, Request};

/// An error with one message.
pub(super) fn problem(status: StatusCode, message: impl AsRef<str>) -> Box<Reply> {
    body(status, &message.as_ref().into())
}

fn body(status: StatusCode, message: &Value) -> Box<Reply> {
    let name = status.canonical_reason().unwrap_or("Error");
    let body = json!({"statusCode": status.as_u16(), "message": message, "error": name});
    Box::new(Reply::json(status, &body))
}

/// 400 with everything that is wrong.
pub(super) fn invalid(messages: &[String]) -> Box<Reply> {
    body(StatusCode::BAD_REQUEST, &messages.into())
}

pub(super) fn bad_request(message: impl AsRef<str>) -> Box<Reply> {
    problem(StatusCode::BAD_REQUEST, message)
}

pub(super) fn conflict(message: impl AsRef<str>) -> Box<Reply> {
    problem(StatusCode::CONFLICT, message)
}

pub(super) fn not_found(kind: &str, id: &str) -> Box<Reply> {
    problem(StatusCode::NOT_FOUND, format!("{kind} with uuid {id} was not found"))
}

/// 404 of a path that nobody serves.
pub(super) fn no_route(request: &Request) -> Box<Reply> {
    let message = format!("Cannot {} {}", request.method, request.path());
    problem(StatusCode::NOT_FOUND, message)
}

pub(super) fn unauthorized() -> Box<Reply> {
    problem(StatusCode::UNAUTHORIZED, inferred::UNAUTHORIZED)
}

/// The token service has a form of its own.
pub(super) fn identity(status: StatusCode, message: &str) -> Box<Reply> {
    Box::new(Reply::json(status, &json!({"errors": [message]})))
}

/// The error of a status that a rule prescribes, in the form of what was asked.
pub(super) fn of_status(request: &Request, status: StatusCode, message: &str) -> Box<Reply> {
    match request.path() {
        path if storage::is_storage(path) => {
            storage::refusal(status, inferred::code_of(status), message)
        }
        path if path.starts_with("/identity/") => identity(status, message),
        _ => of_api(status, message),
    }
}

/// The error of a status as the API answers it; a gateway answers for a server that is away.
pub(super) fn of_api(status: StatusCode, message: &str) -> Box<Reply> {
    match status {
        StatusCode::UNAUTHORIZED => unauthorized(),
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => Box::new(Reply::html(status)),
        _ => problem(status, message),
    }
}
