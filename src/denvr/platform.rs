//! What is peculiar to Denvr Cloud on the wire: the envelope around every answer.

use bytes::Bytes;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::raw;
use crate::transport::{Explanation, Platform};

pub(super) static PLATFORM: Platform = Platform {
    name: "denvr",
    operations: raw::denvr::OPERATIONS,
    explain,
    function_header: None,
    forbids_ended_tokens: false,
};

/// What an envelope says of a failure: the message, its details and what was wrong with which
/// field (source: aspnetboilerplate, src/Abp.Web.Common/Web/Models/ErrorInfo.cs).
pub(super) fn explain(body: &[u8]) -> Explanation {
    let Ok(json) = serde_json::from_slice::<Value>(body) else { return Explanation::default() };
    if let Some(text) = json.as_str().or(json["error"].as_str()) {
        return Explanation { message: line(text), code: None };
    }
    let error = &json["error"];
    let mut parts: Vec<String> = Vec::new();
    let complaints = error["validationErrors"].as_array().into_iter().flatten().map(complaint);
    let said = [error["message"].as_str().and_then(line), error["details"].as_str().and_then(line)];
    for part in said.into_iter().chain(complaints).flatten() {
        // The details often repeat what follows.
        if !parts.iter().any(|before| before.contains(&part)) {
            parts.push(part);
        }
    }
    let code = error["code"].as_i64().filter(|code| *code != 0).map(|code| code.to_string());
    let message = (!parts.is_empty()).then(|| parts.join("; "));
    Explanation { message, code }
}

fn complaint(error: &Value) -> Option<String> {
    let members: Vec<_> =
        error["members"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    match (error["message"].as_str().and_then(line), members.join(", ")) {
        (Some(message), members) if members.is_empty() => Some(message),
        (Some(message), members) => Some(format!("{members}: {message}")),
        (None, members) => line(&members),
    }
}

/// A text of several lines as one; `None` when nothing is left.
fn line(text: &str) -> Option<String> {
    let words: Vec<_> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Puts an answer without an envelope into one: the platform's own clients take both (sources:
/// denvr 0.5.0, session.py; go-denvr, response.go). An empty answer becomes an empty envelope.
pub(super) fn enveloped(body: Bytes) -> Bytes {
    let is_bare = match body.trim_ascii_start().first() {
        None => return Bytes::from_static(b"{}"),
        Some(b'[') => true,
        Some(b'{') => serde_json::from_slice::<Marks>(&body).is_ok_and(|marks| !marks.any()),
        Some(_) => false,
    };
    if !is_bare {
        return body;
    }
    [&br#"{"result":"#[..], &body, b"}"].concat().into()
}

/// The members by which an envelope is known.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Marks {
    #[serde(deserialize_with = "present")]
    result: bool,
    #[serde(deserialize_with = "present")]
    success: bool,
    #[serde(rename = "__abp", deserialize_with = "present")]
    abp: bool,
}

impl Marks {
    fn any(&self) -> bool {
        self.result || self.success || self.abp
    }
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> Option<String> {
        explain(body.as_bytes()).message
    }

    #[test]
    fn message_details_and_complaints_are_joined_without_repeating() {
        let body = r#"{"success":false,"error":{"code":7,"message":"Your request is not valid!",
            "details":"The following errors were detected.\r\n - Cluster is required.\r\n",
            "validationErrors":[{"message":"Cluster is required.","members":["cluster"]},
            {"message":"Id is required.","members":[]}]}}"#;
        let text = message(body).unwrap();
        assert_eq!(
            text,
            "Your request is not valid!; The following errors were detected. - Cluster is \
             required.; cluster: Cluster is required.; Id is required."
        );
        assert_eq!(explain(body.as_bytes()).code.as_deref(), Some("7"));
    }

    #[test]
    fn odd_errors_are_no_reason_to_fail() {
        assert_eq!(message(r#"{"error":null}"#), None);
        assert_eq!(message(r#"{"error":{}}"#), None);
        assert_eq!(message(r#"{"error":"no such thing"}"#).unwrap(), "no such thing");
        assert_eq!(message(r#""just text""#).unwrap(), "just text");
        assert_eq!(message(r#"["a"]"#), None);
        assert_eq!(message("<html>"), None);
        assert_eq!(message(""), None);
    }

    #[test]
    fn bare_answers_get_an_envelope_and_others_stay() {
        let put = |body: &'static str| enveloped(Bytes::from_static(body.as_bytes()));
        assert_eq!(put(r#"["Hou1"]"#), r#"{"result":["Hou1"]}"#);
        assert_eq!(put(r#" {"items":[]}"#), r#"{"result": {"items":[]}}"#);
        assert_eq!(put(""), "{}");
        let kept = [
            r#"{"result":null}"#,
            r#"{"success":false,"error":null}"#,
            r#"{"__abp":true}"#,
            "<html>",
            r#"{"items":["#,
        ];
        for body in kept {
            assert_eq!(put(body), body);
        }
    }
}
