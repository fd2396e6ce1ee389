//! What is Spark's own where requests are compared.

use longhaul::raw::Operation;
use longhaul::raw::spark::OPERATIONS;
use longhaul_simulator::Recorded;
use serde_json::{Value, json};

use super::wire::{Manners, Message, Part, decoded};

pub(crate) struct Spark;

impl Manners for Spark {
    /// Of the official client.
    fn goldens(&self) -> &'static str {
        include_str!("golden.jsonl")
    }

    fn spec(&self) -> &'static str {
        include_str!("../../openapi/spark.json")
    }

    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    /// The tenant is part of the server's address.
    fn target(&self, request: &Recorded) -> String {
        request.path.strip_prefix("/my-tenant").unwrap_or(&request.path).to_owned()
    }

    /// Of files only what is said about them.
    fn part(&self, part: &Part<'_>) -> Value {
        let text = || String::from_utf8_lossy(part.content).into();
        let value = match part.filename {
            None => serde_json::from_slice(part.content).unwrap_or_else(|_| text()),
            Some(_) => Value::Null,
        };
        json!({
            "name": part.name, "filename": part.filename, "content_type": part.content_type,
            "value": value,
        })
    }

    /// Which letters of a path are escaped makes no difference, ids differ from one run to the
    /// next, every client has a name of its own, and what is not set we leave out where others
    /// send null.
    fn normalise(&self, message: &mut Message) {
        message.headers.remove("x-spark-ua");
        message.path = without_ids(&decoded(&message.path));
        message.headers.iter_mut().for_each(|(name, value)| normalise_header(name, value));
        if let Some(Value::String(text)) = message.body.get("transform_content") {
            let content = serde_json::from_str(text).expect("JSON text");
            message.body["transform_content"] = content;
        }
        let text = without_ids(&message.body.to_string());
        message.body = without_nulls(serde_json::from_str(&text).expect("JSON"));
    }
}

fn normalise_header(name: &str, value: &mut String) {
    match name {
        "authorization" if value.contains("issued-") => *value = "Bearer {issued}".to_owned(),
        "x-meta" | "x-request-meta" => {
            let json: Value = serde_json::from_str(value.trim_matches('\'')).expect("JSON");
            *value = json.to_string();
        }
        _ => {}
    }
}

/// Ids are 36 hexadecimal digits and dashes.
fn without_ids(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(next) = rest.chars().next() {
        match rest.get(..36).filter(|text| is_id(text)) {
            Some(id) => {
                plain.push_str("{id}");
                rest = &rest[id.len()..];
            }
            None => {
                plain.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    plain
}

fn is_id(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    let fits = |(at, byte): (usize, u8)| match dashes.contains(&at) {
        true => byte == b'-',
        false => byte.is_ascii_hexdigit(),
    };
    text.bytes().enumerate().all(fits)
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let filled = members.into_iter().filter(|(_, member)| !member.is_null());
            filled.map(|(name, member)| (name, without_nulls(member))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}
