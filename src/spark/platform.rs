//! What is peculiar to Spark on the wire: its error bodies, in three families.

use serde_json::Value;

use crate::raw;
use crate::transport::{Explanation, Platform};

pub(super) static PLATFORM: Platform = Platform {
    name: "spark",
    operations: raw::spark::OPERATIONS,
    explain,
    function_header: None,
    forbids_ended_tokens: false,
};

/// Version 1 has `message` and `errorCode`, version 3 an object `error` in its envelope, version 4
/// `code` and `message`; tokens come with OAuth's `error_description` (sources: cspark 0.3.3,
/// Coherent-Partners/spark-openapi, RFC 6749).
pub(super) fn explain(body: &[u8]) -> Explanation {
    let Ok(json) = serde_json::from_slice::<Value>(body) else { return Explanation::default() };
    let inner = if json["error"].is_object() { &json["error"] } else { &json };
    let text = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| inner[*name].as_str());
        values.find(|text| !text.is_empty()).map(str::to_owned)
    };
    let details = match &inner["additional_details"] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let code = text(&["errorCode", "code", "error_type", "error"]);
    let message = match (text(&["message", "error_description"]), details) {
        (Some(message), Some(details)) => Some(format!("{message}: {details}")),
        (message, details) => message.or(details).or_else(|| code.clone()),
    };
    Explanation { message, code }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(body: &str) -> (Option<String>, Option<String>) {
        let Explanation { message, code } = explain(body.as_bytes());
        (message, code)
    }

    fn some(message: &str, code: &str) -> (Option<String>, Option<String>) {
        (Some(message.to_owned()), Some(code.to_owned()))
    }

    #[test]
    fn every_family_of_errors_is_read() {
        let v1 = r#"{"status":"Error","data":null,"message":"taken","errorCode":"EXISTS"}"#;
        assert_eq!(explained(v1), some("taken", "EXISTS"));
        let v3 = r#"{"status":"Error","response_data":null,"error":{"error_category":"x",
            "error_type":"error.application_error","message":"TENANT_MISMATCH",
            "additional_details":{"inputs":["is wrong"]}}}"#;
        let message = r#"TENANT_MISMATCH: {"inputs":["is wrong"]}"#;
        assert_eq!(explained(v3), some(message, "error.application_error"));
        let v4 = r#"{"type":"invalid_input","code":"SERVICE_NOT_FOUND","message":null}"#;
        assert_eq!(explained(v4), some("SERVICE_NOT_FOUND", "SERVICE_NOT_FOUND"));
        let oauth = r#"{"error":"invalid_client","error_description":"Bad secret"}"#;
        assert_eq!(explained(oauth), some("Bad secret", "invalid_client"));
        assert_eq!(explained("<html>"), (None, None));
    }
}
