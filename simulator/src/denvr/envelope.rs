//! The envelope of every answer, with a result.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::inferred;
use crate::http::Reply;

/// 200, for reads.
pub(super) fn ok(result: &Value) -> Reply {
    success(StatusCode::OK, result)
}

/// 202, for what takes its time.
pub(super) fn accepted(result: &Value) -> Reply {
    success(StatusCode::ACCEPTED, result)
}

/// All items, in one object.
pub(super) fn items(items: Vec<Value>) -> Reply {
    ok(&json!({"items": items}))
}

fn success(status: StatusCode, result: &Value) -> Reply {
    let body = json!({
        "result": result, "targetUrl": null, "success": true, "error": null,
        "unAuthorizedRequest": false, "__abp": true,
    });
    json_reply(status, &body)
}

pub(super) fn json_reply(status: StatusCode, body: &Value) -> Reply {
    Reply::text(status, inferred::CONTENT_TYPE, body.to_string())
}
