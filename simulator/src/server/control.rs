//! Paths of the simulator itself, for programs that cannot use the library.
//!
//! `GET|POST /__fault/RULE?n=N` adds a rule (N times, for ever without `n`), `DELETE /__fault/`
//! removes all rules, `GET /__requests/` lists the recorded requests, `DELETE /__requests/`
//! forgets them, `POST /__ctl` takes an order as JSON: `{"fault": {"method", "path", "status",
//! "times"}}` adds a rule for paths that contain the text (or end with it, if that ends with `$`);
//! all other members are the platform's own.

use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::Shared;
use crate::fault::Fault;
use crate::http::{Reply, Request};

/// An order may have this many bytes.
const ORDER_LIMIT: usize = 1 << 16;

/// The answer to a control request; `None` for all other requests.
pub(super) async fn answer(request: &mut Request, shared: &Shared) -> Option<Reply> {
    if request.path() == "/__ctl" {
        return Some(obey(request, shared).await);
    }
    let request = &*request;
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

async fn obey(request: &mut Request, shared: &Shared) -> Reply {
    let body = request.body.collect(ORDER_LIMIT).await.unwrap_or_default();
    let Ok(order) = serde_json::from_slice::<Value>(&body) else {
        return problem("The order must be JSON.", StatusCode::BAD_REQUEST);
    };
    let rule = &order["fault"];
    if let Some(status) = rule["status"].as_u64().and_then(|status| status.try_into().ok()) {
        let (text, times) = (rule["path"].as_str().unwrap_or_default(), rule["times"].as_u64());
        let path = text.strip_suffix('$').map_or(format!("**{text}**"), |end| format!("**{end}"));
        let fault = Fault::status(status).on(rule["method"].as_str().unwrap_or("*"), path);
        shared.rules.add(fault.first(times.unwrap_or(1)));
    }
    shared.backend.control(&order);
    Reply::ok(&order)
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
