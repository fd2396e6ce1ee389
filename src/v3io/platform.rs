//! What is peculiar to V3IO on the wire: the function header and the error bodies.

use reqwest::header::HeaderName;
use serde_json::Value;

use crate::raw;
use crate::transport::{Explanation, Platform};

/// Codes that the platform gives with its errors; compare them with
/// [`Error::code`](crate::Error::code).
pub mod codes {
    /// The condition of a conditional call was false (source: v3io/frames and v3io/v3io-tsdb,
    /// which look for it).
    pub const CONDITION_FALSE: &str = "-16777244";
    /// The item exists that was to be new (source: v3io/frames, which looks for it).
    pub const ITEM_EXISTS: &str = "-369098809";
    /// There is no such file, directory or item (source: V3IO web-API reference).
    pub const NOT_FOUND: &str = "-2";
    /// The call is not permitted at all, such as writing a system attribute (source: V3IO web-API
    /// reference).
    pub const NOT_PERMITTED: &str = "-1";
    /// The access key lacks the permission (source: V3IO web-API reference).
    pub const PERMISSION_DENIED: &str = "-13";
    /// An argument was refused (source: V3IO web-API reference).
    pub const INVALID_ARGUMENT: &str = "-201326592";
    /// The stream has no shard with this id (source: V3IO web-API reference).
    pub const SHARD_OUT_OF_RANGE: &str = "-201326594";
}

/// Older platforms nest the code of a false condition, or give its sibling (source:
/// v3io/v3io-tsdb).
const FALSE_CONDITIONS: [&str; 2] = ["16777244", "16777245"];

/// The code of an item that exists, of which no source tells the sign (source: v3io/frames).
const ITEM_EXISTS: &str = "369098809";

/// The header that tells apart the functions on one path (source: V3IO web-API reference).
pub(super) const FUNCTION: HeaderName = HeaderName::from_static("x-v3io-function");

/// The header with the access key (source: v3io-py, v3io/dataplane/transport).
pub(super) const SESSION_KEY: HeaderName = HeaderName::from_static("x-v3io-session-key");

pub(super) static PLATFORM: Platform = Platform {
    name: "v3io",
    operations: raw::v3io::OPERATIONS,
    explain,
    function_header: Some(FUNCTION),
    forbids_ended_tokens: false,
};

/// Errors are `{"ErrorCode": number, "ErrorMessage": text}`, and those of the control plane
/// `{"errors": [{"status": number, "detail": text}]}` (source: V3IO web-API reference).
fn explain(body: &[u8]) -> Explanation {
    let Ok(json) = serde_json::from_slice::<Value>(body) else { return Explanation::default() };
    if let Some(errors) = json["errors"].as_array() {
        let details = errors.iter().filter_map(|error| error["detail"].as_str());
        let message = details.collect::<Vec<_>>().join("; ");
        return Explanation { message: (!message.is_empty()).then_some(message), code: None };
    }
    let message = json["ErrorMessage"].as_str().map(str::to_owned);
    Explanation { message, code: code(&json) }
}

fn code(json: &Value) -> Option<String> {
    let text = json.to_string();
    if FALSE_CONDITIONS.iter().any(|code| text.contains(code)) {
        return Some(codes::CONDITION_FALSE.to_owned());
    }
    if text.contains(ITEM_EXISTS) {
        return Some(codes::ITEM_EXISTS.to_owned());
    }
    match &json["ErrorCode"] {
        Value::Null => None,
        Value::String(code) => Some(code.clone()),
        code => Some(code.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(body: &str) -> (Option<String>, Option<String>) {
        let Explanation { message, code } = explain(body.as_bytes());
        (message, code)
    }

    #[test]
    fn every_form_of_error_is_read() {
        let some = |text: &str| Some(text.to_owned());
        let missing = r#"{"ErrorCode": -2, "ErrorMessage": "No such file or directory"}"#;
        assert_eq!(explained(missing), (some("No such file or directory"), some(codes::NOT_FOUND)));
        let nested =
            r#"{"ErrorCode": -22, "ErrorMessage": "x", "Inner": {"ErrorCode": -16777245}}"#;
        assert_eq!(explained(nested), (some("x"), some(codes::CONDITION_FALSE)));
        let exists = r#"{"ErrorCode": 369098809, "ErrorMessage": "x"}"#;
        assert_eq!(explained(exists), (some("x"), some(codes::ITEM_EXISTS)));
        let control = r#"{"errors": [{"status": 404, "detail": "no such user"}]}"#;
        assert_eq!(explained(control), (some("no such user"), None));
        assert_eq!(explained("<html>"), (None, None));
        assert_eq!(explained("[]"), (None, None));
    }
}
