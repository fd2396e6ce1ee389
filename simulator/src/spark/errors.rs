//! Errors in the forms of the three APIs and of Keycloak.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::inferred;
use super::target::{Family, Target};
use crate::http::Reply;

/// An error in the form of API v1.
pub(super) fn v1(status: StatusCode, code: &str) -> Box<Reply> {
    let body = json!({"status": "Error", "data": null, "message": code, "errorCode": code});
    Box::new(Reply::json(status, &body))
}

/// An error in the form of API v3.
pub(super) fn v3(status: StatusCode, category: &str, kind: &str, message: &str) -> Box<Reply> {
    let error = json!({
        "error_category": category, "error_type": kind, "message": message, "additional_details": null,
    });
    let body =
        json!({"status": "Error", "response_data": null, "response_meta": null, "error": error});
    Box::new(Reply::json(status, &body))
}

/// An error in the form of API v4.
pub(super) fn v4(status: StatusCode, code: &str, message: &str) -> Box<Reply> {
    let body = json!({"type": inferred::V4_ERROR_TYPE, "code": code, "message": message});
    Box::new(Reply::json(status, &body))
}

/// The 400 of API v3 for a mistake of the caller.
pub(super) fn application(message: &str) -> Box<Reply> {
    v3(StatusCode::BAD_REQUEST, inferred::APPLICATION_CATEGORY, "error.application_error", message)
}

/// The 400 of API v4 for a mistake of the caller.
pub(super) fn input(code: &str, message: &str) -> Box<Reply> {
    v4(StatusCode::BAD_REQUEST, code, message)
}

/// The 400 for a body that is no JSON, or not the JSON that is expected.
pub(super) fn malformed(path: &str, error: &serde_json::Error) -> Box<Reply> {
    let message = format!("{}: {error}", inferred::MALFORMED);
    Box::new(of_path(path, StatusCode::BAD_REQUEST, &message))
}

/// 401 in the form that the path asks for.
pub(super) fn unauthorized(path: &str) -> Box<Reply> {
    const CODE: &str = "INVALID_TOKEN";
    let status = StatusCode::UNAUTHORIZED;
    match Target::of(path).family {
        Family::V1 => v1(status, CODE),
        Family::V4 => Box::new(Reply::json(status, &json!({"status": "Error", "errorCode": CODE}))),
        Family::Keycloak => Box::new(keycloak(status, "invalid_client", CODE)),
        Family::V3 | Family::Other => v3(status, "access_error", "error.UNAUTHORIZED", CODE),
    }
}

/// 403 in the form that the path asks for.
pub(super) fn forbidden(path: &str) -> Box<Reply> {
    const MESSAGE: &str = "UNAUTHORIZED";
    let status = StatusCode::FORBIDDEN;
    match Target::of(path).family {
        Family::V1 => v1(status, MESSAGE),
        Family::V4 => v4(status, MESSAGE, MESSAGE),
        _ => v3(status, "access_error", "error.UNAUTHORIZED", MESSAGE),
    }
}

/// An error of Keycloak, as OAuth 2 has it.
pub(super) fn keycloak(status: StatusCode, error: &str, description: &str) -> Reply {
    let body: Value = json!({"error": error, "error_description": description});
    Reply::json(status, &body)
}

/// Any other error in the form that the path asks for.
pub(super) fn of_path(path: &str, status: StatusCode, message: &str) -> Reply {
    if status == StatusCode::UNAUTHORIZED {
        return *unauthorized(path);
    }
    let code = || message.to_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    match Target::of(path).family {
        Family::V1 => *v1(status, &code()),
        Family::V4 => *v4(status, &code(), message),
        Family::Keycloak => keycloak(status, "invalid_request", message),
        Family::V3 | Family::Other => {
            let kind = "error.application_error";
            *v3(status, inferred::APPLICATION_CATEGORY, kind, message)
        }
    }
}
