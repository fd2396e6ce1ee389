//! Paths of the simulator itself, for programs that cannot use the library.
//!
//! `GET|POST /__fault/RULE?n=N` adds a rule (N times, for ever without `n`), `DELETE /__fault/`
//! removes all rules, `GET /__requests/` lists the recorded requests, `DELETE /__requests/`
//! forgets them.

use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::Shared;
use crate::fault::Fault;
use crate::http::{Reply, Request};

/// The answer to a control request; `None` for all other requests.
pub(super) fn answer(request: &Request, shared: &Shared) -> Option<Reply> {
    let path = request.path().strip_prefix("/__")?;
    let (area, rest) = path.split_once('/').unwrap_or((path, ""));
    match (area, request.method == Method::DELETE) {
        ("fault", false) => Some(add_fault(rest, request, shared)),
        ("fault", true) => {
            shared.rules.clear();
            Some(Reply::empty(StatusCode::NO_CONTENT))
        }
        ("requests", false) => Some(Reply::ok(&recorded(shared))),
        ("requests", true) => {
            shared.record.clear();
            Some(Reply::empty(StatusCode::NO_CONTENT))
        }
        _ => Some(problem("There is no such control path.", StatusCode::NOT_FOUND)),
    }
}

fn add_fault(rule: &str, request: &Request, shared: &Shared) -> Reply {
    let rule = percent_decode_str(rule).decode_utf8_lossy();
    match rule.parse::<Fault>() {
        Ok(fault) => {
            let times = request.query("n").and_then(|n| n.parse().ok());
            shared.rules.add(times.map_or(fault.clone(), |n| fault.first(n)));
            Reply::ok(&json!({"fault": rule}))
        }
        Err(error) => problem(&error.to_string(), StatusCode::BAD_REQUEST),
    }
}

fn recorded(shared: &Shared) -> Value {
    let describe = |request: &crate::Recorded| {
        json!({
            "method": request.method, "path": request.path, "query": request.query, "headers": request.headers,
            "body": request.text(), "bodyLength": request.body_length, "status": request.status, "applied": request.applied,
        })
    };
    shared.record.all().iter().map(describe).collect()
}

fn problem(message: &str, status: StatusCode) -> Reply {
    Reply::json(status, &json!({"detail": message}))
}
