//! What happens to an answer after the request took effect.

use std::time::{Duration, SystemTime};

use hyper::header::{CONTENT_TYPE, ETAG, HeaderName, RETRY_AFTER};
use serde_json::Value;

use super::patch::{remove, set};
use super::shape::{Cut, Shape};
use super::{Action, Canned, Retry};
use crate::http::{Payload, Reply, Request};
use crate::server::{Backend, Ending};

/// Changes the answer and says how its body has to be sent.
pub(crate) fn apply(
    actions: &[Action],
    reply: &mut Reply,
    request: &Request,
    backend: &dyn Backend,
) -> Shape {
    for action in actions {
        change(action, reply, request, backend);
    }
    let mut shape = Shape::default();
    for action in actions {
        mark(action, reply.payload.len(), &mut shape);
    }
    shape
}

/// The answer that a rule prescribes.
pub(crate) fn replace(canned: &Canned, request: &Request, backend: &dyn Backend) -> Reply {
    let mut reply = match &canned.body {
        Some(body) => Reply::json_text(canned.status, body.clone()),
        None if canned.html => Reply::html(canned.status),
        None => {
            let reason = canned.status.canonical_reason().unwrap_or("Error");
            backend.error_for(request, canned.status, reason)
        }
    };
    match canned.retry {
        Some(Retry::Seconds(seconds)) => reply = reply.with(RETRY_AFTER, seconds.to_string()),
        Some(Retry::Date(seconds)) => {
            let date = SystemTime::now() + Duration::from_secs(seconds);
            reply = reply.with(RETRY_AFTER, httpdate::fmt_http_date(date));
        }
        None => {}
    }
    for (name, value) in &canned.headers {
        reply = header(reply, name, value);
    }
    reply
}

fn change(action: &Action, reply: &mut Reply, request: &Request, backend: &dyn Backend) {
    let empty = Reply::empty(reply.status);
    match action {
        Action::Status(canned @ Canned { after: true, .. }) => {
            *reply = replace(canned, request, backend)
        }
        Action::Etag(etag) => *reply = std::mem::replace(reply, empty).with(ETAG, etag),
        Action::Header(name, value) => {
            *reply = header(std::mem::replace(reply, empty), name, value)
        }
        Action::Body(content_type, body) => {
            *reply = std::mem::replace(reply, empty).with(CONTENT_TYPE, content_type);
            reply.payload = Payload::Bytes(body.clone());
        }
        Action::Short(bytes) => shorten(&mut reply.payload, *bytes),
        Action::Set(pointer, value) => edit(reply, |body| set(body, pointer, value)),
        Action::Remove(pointer) => edit(reply, |body| remove(body, pointer)),
        Action::Next(link) => edit(reply, |body| next(body, link, request)),
        _ => {}
    }
}

fn mark(action: &Action, length: u64, shape: &mut Shape) {
    let within = |bytes: Option<u64>| bytes.unwrap_or(length / 2).min(length);
    match action {
        Action::ResetInBody(bytes) => {
            shape.cut = Some((within(Some(*bytes)), Cut::End(Ending::Reset)))
        }
        Action::Truncate(bytes) => shape.cut = Some((within(*bytes), Cut::End(Ending::Close))),
        Action::Stall(bytes) => shape.cut = Some((within(*bytes), Cut::Silence)),
        Action::Corrupt(offset) if length > 0 => {
            shape.corrupt = Some(offset.map_or(length / 2, |o| o % length))
        }
        Action::Trickle(rate) => shape.rate = Some(*rate),
        Action::Close => shape.close = true,
        _ => {}
    }
}

fn header(reply: Reply, name: &str, value: &str) -> Reply {
    match HeaderName::from_bytes(name.as_bytes()) {
        Ok(name) => reply.with(name, value),
        Err(_) => reply,
    }
}

fn shorten(payload: &mut Payload, bytes: u64) {
    match payload {
        Payload::Bytes(body) => body.truncate(body.len().saturating_sub(bytes as usize)),
        Payload::Content(_, start, end) => *end = end.saturating_sub(bytes).max(*start),
    }
}

/// Leaves answers alone that are not JSON.
fn edit(reply: &mut Reply, change: impl FnOnce(&mut Value)) {
    let Payload::Bytes(text) = &reply.payload else { return };
    let Ok(mut body) = serde_json::from_slice(text) else { return };
    change(&mut body);
    reply.payload = Payload::Bytes(body.to_string().into());
}

fn next(body: &mut Value, link: &str, request: &Request) {
    let Some(old) = body.get("next").and_then(Value::as_str) else { return };
    let target = old.split_once("://").and_then(|(_, rest)| Some(&rest[rest.find('/')?..]));
    let new = match link {
        "self" => format!("{}{}", request.origin(), request.uri),
        link => at_origin(link, target.unwrap_or("/")),
    };
    body["next"] = new.into();
}

/// The target on another host when the link is only an origin, else the link as it is.
pub(super) fn at_origin(link: &str, target: &str) -> String {
    match link.split_once("://") {
        Some((_, rest)) if !rest.trim_end_matches('/').contains('/') => {
            format!("{}{target}", link.trim_end_matches('/'))
        }
        _ => link.to_owned(),
    }
}
