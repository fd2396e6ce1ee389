//! What is Rescale's own where requests are compared.

use longhaul::raw::Operation;
use longhaul::raw::rescale::OPERATIONS;
use longhaul_simulator::Recorded;
use serde_json::Value;

use super::wire::{Manners, Message};

pub(crate) struct Rescale;

impl Manners for Rescale {
    /// Of the tutorial's notebook, rescalepy and the web client.
    fn goldens(&self) -> &'static str {
        include_str!("golden.jsonl")
    }

    fn spec(&self) -> &'static str {
        include_str!("../../openapi/rescale.json")
    }

    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    /// The last lines of a run's file and all its bytes are two operations.
    fn target(&self, request: &Recorded) -> String {
        let path = &request.path;
        match path.contains("/tail/") {
            true if request.query_value("lines").is_some() => format!("{path}#lines"),
            true => format!("{path}#bytes"),
            false => path.clone(),
        }
    }

    /// Ids differ from one run to the next; the order of parts says nothing.
    fn normalise(&self, message: &mut Message) {
        message.path = without_ids(&message.path);
        if let Some(tag) = message.headers.get_mut("if-match") {
            *tag = "{etag}".to_owned();
        }
        if let Some(Value::Array(parts)) = message.body.get_mut("multipart") {
            parts.sort_by_key(|part| part["name"].to_string());
        }
        hide_ids(&mut message.body);
    }
}

fn without_ids(path: &str) -> String {
    let mut before = "";
    let segments = path.split('/').map(|segment| {
        let hidden = is_id(segment) || before == "organizations" || before == "workspaces";
        before = segment;
        if hidden { "{id}" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Four letters after a capital one: the form of ids here and in the goldens.
fn is_id(text: &str) -> bool {
    let letters = text.len() == 5 && text.bytes().all(|letter| letter.is_ascii_alphabetic());
    letters && text.starts_with(|first: char| first.is_ascii_uppercase())
}

fn hide_ids(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.iter_mut().for_each(|(name, member)| hide_id(name, member))
        }
        Value::Array(elements) => elements.iter_mut().for_each(hide_ids),
        _ => {}
    }
}

fn hide_id(name: &str, value: &mut Value) {
    match value {
        Value::String(text) if name == "id" || name.ends_with("Id") => *text = "{id}".to_owned(),
        Value::Array(all) if name.ends_with("Ids") || name.ends_with("_ids") => {
            all.iter_mut().for_each(|id| *id = "{id}".into());
        }
        _ => hide_ids(value),
    }
}
