//! Sessions: a cookie in exchange for a user name and a password.

use hyper::StatusCode;
use hyper::header::{COOKIE, SET_COOKIE};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

use super::super::inferred;
use super::super::server::Server;
use super::document::{attributes, document, failure, resource, text};
use crate::http::{Call, Outcome, Request};

/// The user and password stand in the body or in a Basic header.
pub(super) fn open(server: &Server, call: &Call<'_>) -> Outcome {
    let mut attributes = attributes(call, "session")?;
    if !server.gate.admits(call.request) {
        let login =
            format!("{}:{}", text(&attributes, "username")?, text(&attributes, "password")?);
        if !server.gate.rights().admits_login(&login) {
            return Err(failure(StatusCode::UNAUTHORIZED, "Wrong user name or password"));
        }
    }
    attributes.remove("password");
    let mut records = server.control.records();
    let id = records.issue();
    records.sessions.insert(id.clone());
    let data = resource("session", &Value::from(id.as_str()), &attributes);
    Ok(document(inferred::CREATED, &data).with(SET_COOKIE, cookie(&id)))
}

fn cookie(id: &str) -> String {
    let value = format!("j:{}", json!({"sid": id}));
    format!("session={}; Path=/; HttpOnly", utf8_percent_encode(&value, NON_ALPHANUMERIC))
}

/// Whether a request has a session, an access key in the place of one, or other credentials.
pub(super) fn admits(server: &Server, request: &Request) -> bool {
    match session(request) {
        Some(id) => {
            let known = server.control.records().sessions.contains(&id);
            known || server.gate.rights().admits_key(&id)
        }
        None => server.gate.admits(request),
    }
}

/// The id in the cookie, which may be wrapped in JSON.
fn session(request: &Request) -> Option<String> {
    let cookies = request.header(COOKIE)?.split(';');
    let value = cookies.filter_map(|cookie| cookie.trim().strip_prefix("session=")).next()?;
    let value = percent_decode_str(value).decode_utf8_lossy();
    match value.strip_prefix("j:") {
        Some(wrapped) => {
            let wrapped: Value = serde_json::from_str(wrapped).ok()?;
            wrapped["sid"].as_str().map(str::to_owned)
        }
        None => Some(value.into_owned()),
    }
}
