//! What is peculiar to Bodo on the wire: its error bodies.

use serde_json::Value;

use crate::raw;
use crate::transport::{Explanation, Platform};

pub(super) static PLATFORM: Platform = Platform {
    name: "bodo",
    operations: raw::bodo::OPERATIONS,
    explain,
    function_header: None,
    // Other clients of the platform take a 403 for an ended token (source: Bodo JupyterLab server
    // extension).
    forbids_ended_tokens: true,
};

/// `message` is a text or several; `error` is the name of the status, which says nothing new
/// beside a message. The token service has `errors`, a list of texts (inferred from the frameworks
/// that answer: NestJS and Frontegg).
pub(super) fn explain(body: &[u8]) -> Explanation {
    let Ok(json) = serde_json::from_slice::<Value>(body) else { return Explanation::default() };
    let said = [&json["message"], &json["errors"], &json["error"]];
    let message = said.into_iter().find_map(texts);
    Explanation { message, code: None }
}

fn texts(value: &Value) -> Option<String> {
    let texts: Vec<_> = match value {
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    let text = texts.join("; ");
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> Option<String> {
        explain(body.as_bytes()).message
    }

    #[test]
    fn one_message_and_several_are_read() {
        let one = r#"{"statusCode":404,"message":"no such cluster","error":"Not Found"}"#;
        assert_eq!(message(one).unwrap(), "no such cluster");
        let several = r#"{"message":["name must be text","size must be positive"]}"#;
        assert_eq!(message(several).unwrap(), "name must be text; size must be positive");
        assert_eq!(
            message(r#"{"errors":["Invalid authentication"]}"#).unwrap(),
            "Invalid authentication"
        );
        assert_eq!(message(r#"{"statusCode":403,"error":"Forbidden"}"#).unwrap(), "Forbidden");
        assert_eq!(message(r#"{"message":{"a":1}}"#), None);
        assert_eq!(message("<html>"), None);
    }
}
