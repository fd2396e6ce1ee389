//! What is V3IO's own where requests are compared.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use longhaul::raw::Operation;
use longhaul::raw::v3io::OPERATIONS;
use longhaul_simulator::Recorded;
use serde_json::{Value, json};

use super::support::FUNCTION;
use super::wire::{Manners, Message, decoded};

pub(crate) struct V3io;

impl Manners for V3io {
    /// Of the official client.
    fn goldens(&self) -> &'static str {
        include_str!("golden.jsonl")
    }

    fn spec(&self) -> &'static str {
        include_str!("../../openapi/v3io.json")
    }

    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    fn target(&self, request: &Recorded) -> String {
        with_function(&request.path, request.header(FUNCTION))
    }

    /// An object may be anything, also what looks like JSON.
    fn body(&self, request: &Recorded) -> Value {
        match request.json() {
            _ if request.body.is_empty() => Value::Null,
            json @ Value::Object(_) => json,
            _ => json!({"base64": STANDARD.encode(&request.body)}),
        }
    }

    /// Which letters of a path are escaped makes no difference, and texts that only the server
    /// understands differ from one server to the next.
    fn normalise(&self, message: &mut Message) {
        let function = message.headers.get(FUNCTION).map(String::as_str);
        message.path = with_function(&decoded(&message.path), function);
        for opaque in ["Marker", "Location"] {
            if let Some(place) = message.body.get_mut(opaque) {
                *place = opaque.into();
            }
        }
        if let Some(condition) = message.body.get_mut("ConditionExpression")
            && condition.as_str().is_some_and(|text| text.starts_with("__mtime_secs=="))
        {
            *condition = "{revision}".into();
        }
    }
}

/// Functions tell apart what is asked of one path with one method.
fn with_function(path: &str, function: Option<&str>) -> String {
    match function {
        Some(function) => format!("{path}#{function}"),
        None => path.to_owned(),
    }
}
