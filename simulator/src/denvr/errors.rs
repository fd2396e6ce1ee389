//! Errors: in the envelope, empty, or as the page of a gateway.

use hyper::StatusCode;
use hyper::header::WWW_AUTHENTICATE;
use serde_json::{Value, json};

use super::envelope::json_reply;
use super::inferred;
use crate::http::Reply;

/// One field that the platform does not accept.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) message: String,
    /// The name of the field in camel case; none for the body as a whole.
    pub(super) member: Option<String>,
}

/// The envelope of an error without validation errors.
fn envelope(status: StatusCode, code: u16, message: &str, details: Option<&str>) -> Box<Reply> {
    let error =
        json!({"code": code, "message": message, "details": details, "validationErrors": null});
    wrap(status, &error)
}

fn wrap(status: StatusCode, error: &Value) -> Box<Reply> {
    let is_unauthorized = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let body = json!({
        "result": null, "targetUrl": null, "success": false, "error": error,
        "unAuthorizedRequest": is_unauthorized, "__abp": true,
    });
    Box::new(json_reply(status, &body))
}

/// 500 with a sentence for the user.
pub(super) fn user_facing(message: &str) -> Box<Reply> {
    envelope(StatusCode::INTERNAL_SERVER_ERROR, 0, message, None)
}

pub(super) fn login_failed(details: &str) -> Box<Reply> {
    envelope(StatusCode::INTERNAL_SERVER_ERROR, 0, "Login failed!", Some(details))
}

/// 401 without credentials.
pub(super) fn not_logged_in() -> Box<Reply> {
    envelope(StatusCode::UNAUTHORIZED, 0, inferred::NOT_LOGGED_IN, None)
}

/// 401 with a credential that is wrong or no longer valid: an empty body.
pub(super) fn invalid_token() -> Box<Reply> {
    let reply = Reply::empty(StatusCode::UNAUTHORIZED);
    Box::new(reply.with(WWW_AUTHENTICATE, inferred::CHALLENGE))
}

pub(super) fn forbidden() -> Box<Reply> {
    envelope(StatusCode::FORBIDDEN, 0, inferred::FORBIDDEN, None)
}

/// 404; clients look for the quoted id before `not found`.
pub(super) fn not_found(kind: &str, id: &str) -> Box<Reply> {
    envelope(StatusCode::NOT_FOUND, 404, &format!("{kind} \"{id}\" not found"), None)
}

pub(super) fn duplicate(kind: &str, id: &str) -> Box<Reply> {
    envelope(inferred::DUPLICATE, 0, &format!("{kind} \"{id}\" already exists."), None)
}

pub(super) fn no_capacity(configuration: &str, cluster: &str) -> Box<Reply> {
    let message = inferred::no_capacity(configuration, cluster);
    envelope(StatusCode::SERVICE_UNAVAILABLE, 0, &message, None)
}

/// The answer to bad input, with every field that is wrong.
pub(super) fn invalid(status: StatusCode, problems: &[Problem]) -> Box<Reply> {
    let describe = |problem: &Problem| {
        let members: Vec<_> = problem.member.iter().collect();
        json!({"message": problem.message, "members": members})
    };
    let lines: String = problems.iter().map(|p| format!("\r\n - {}", p.message)).collect();
    let error = json!({
        "code": 0, "message": "Your request is not valid!",
        "details": format!("{}{lines}\r\n", inferred::VALIDATION_DETAILS),
        "validationErrors": problems.iter().map(describe).collect::<Vec<_>>(),
    });
    wrap(status, &error)
}

/// The error of a status that a rule prescribes.
pub(super) fn of_status(status: StatusCode, message: &str) -> Box<Reply> {
    match status {
        StatusCode::UNAUTHORIZED => invalid_token(),
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => Box::new(Reply::html(status)),
        StatusCode::NOT_FOUND => envelope(status, 404, message, None),
        _ => envelope(status, 0, message, None),
    }
}
