//! What is peculiar to Rescale on the wire: its hosts, limits and error bodies.

use std::collections::HashMap;

use reqwest::Url;
use serde_json::Value;

use crate::raw;
use crate::transport::{Explanation, Platform};

/// The default host, for North America.
pub(super) const DEFAULT_HOST: &str = "https://platform.rescale.com";

/// The hosts that Rescale itself runs (source: rescale-labs/Rescale_Interlink,
/// internal/config/platforms.go).
const HOSTS: [&str; 6] = [
    "platform.rescale.com",
    "eu.rescale.com",
    "kr.rescale.com",
    "platform.rescale.jp",
    "itar.rescale.com",
    "itar.rescale-gov.com",
];

/// Requests per second and scope (source: rescale-labs/Rescale_Interlink,
/// internal/ratelimit/constants.go): 7,200, 1,000 and 90,000 an hour.
const RATES: [(&str, f64); 3] =
    [("user", 2.0), ("job-submission", 1000.0 / 3600.0), ("jobs-usage", 25.0)];

pub(super) static PLATFORM: Platform = Platform {
    name: "rescale",
    operations: raw::rescale::OPERATIONS,
    explain,
    function_header: None,
    forbids_ended_tokens: false,
};

/// The limits of Rescale's own hosts; other hosts, such as a simulator, have none.
pub(super) fn default_rates(base: &Url) -> HashMap<String, f64> {
    match base.host_str() {
        Some(host) if HOSTS.contains(&host) => {
            RATES.map(|(scope, rate)| (scope.to_owned(), rate)).into()
        }
        _ => HashMap::new(),
    }
}

/// Errors are `{"detail": text}`, or maps of fields to texts nested as the request was (source:
/// rescale/nf-rescale-hpc, RescaleJob.groovy).
fn explain(body: &[u8]) -> Explanation {
    let message = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(map))
            if map.len() == 1 && map.get("detail").is_some_and(Value::is_string) =>
        {
            map["detail"].as_str().map(str::to_owned)
        }
        Ok(json) => {
            let mut lines = Vec::new();
            flatten("", &json, &mut lines);
            Some(lines.join("; "))
        }
        Err(_) => None,
    };
    Explanation { message, code: None }
}

/// Nested maps and lists of texts as `path: text` lines.
fn flatten(path: &str, error: &Value, lines: &mut Vec<String>) {
    match error {
        Value::Object(map) => {
            for (key, inner) in map {
                let dot = if path.is_empty() { "" } else { "." };
                flatten(&format!("{path}{dot}{key}"), inner, lines);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| flatten(path, inner, lines)),
        Value::String(text) if path.is_empty() => lines.push(text.clone()),
        Value::String(text) => lines.push(format!("{path}: {text}")),
        Value::Null => {}
        other => lines.push(format!("{path}: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> Option<String> {
        explain(body.as_bytes()).message
    }

    #[test]
    fn every_form_of_error_is_read() {
        assert_eq!(message(r#"{"detail":"Not found."}"#).unwrap(), "Not found.");
        let nested = r#"{"jobanalyses":[{"hardware":{"coresPerSlot":["1 is wrong."]}}],
            "projectId":["Invalid project id."]}"#;
        let text = "jobanalyses.hardware.coresPerSlot: 1 is wrong.; projectId: Invalid project id.";
        assert_eq!(message(nested).unwrap(), text);
        assert_eq!(message(r#"["already exists"]"#).unwrap(), "already exists");
        assert_eq!(message("<html>"), None);
    }

    #[test]
    fn limits_hold_for_the_hosts_of_rescale_only() {
        let rates = |url: &str| default_rates(&Url::parse(url).unwrap());
        assert_eq!(rates("https://eu.rescale.com")["jobs-usage"], 25.0);
        assert!(rates("http://127.0.0.1:18120").is_empty());
    }
}
