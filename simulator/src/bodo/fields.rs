//! The fields of a JSON object, read with all problems noted at once.

use serde_json::{Map, Value};

use super::errors;
use crate::http::{Call, Reply};

/// What a request brings. Unknown fields are ignored, null counts as left out.
#[derive(Debug, Default)]
pub(super) struct Fields {
    members: Map<String, Value>,
    problems: Vec<String>,
}

impl Fields {
    pub(super) fn of_body(call: &Call<'_>) -> Result<Self, Box<Reply>> {
        match call.json() {
            Ok(Value::Object(members)) => Ok(Self::of(members)),
            Ok(_) => Err(errors::bad_request("The body must be a JSON object")),
            Err(error) => Err(errors::bad_request(error.to_string())),
        }
    }

    pub(super) fn of(members: Map<String, Value>) -> Self {
        Self { members: without_null(members), problems: Vec::new() }
    }

    /// A text that has to be there and may not be empty.
    pub(super) fn text(&mut self, name: &str) -> String {
        let text = self.maybe_text(name);
        if text.as_deref().is_none_or(str::is_empty) {
            self.problem(format!("{name} should not be empty"));
        }
        text.unwrap_or_default()
    }

    pub(super) fn maybe_text(&mut self, name: &str) -> Option<String> {
        self.read(name, "a string", |value| value.as_str().map(str::to_owned))
    }

    pub(super) fn maybe_count(&mut self, name: &str) -> Option<u64> {
        self.read(name, "an integer of at least 0", Value::as_u64)
    }

    pub(super) fn maybe_flag(&mut self, name: &str) -> Option<bool> {
        self.read(name, "a boolean value", Value::as_bool)
    }

    pub(super) fn maybe_object(&mut self, name: &str) -> Option<Map<String, Value>> {
        self.read(name, "an object", |value| value.as_object().cloned().map(without_null))
    }

    /// An object of texts.
    pub(super) fn maybe_texts(&mut self, name: &str) -> Option<Map<String, Value>> {
        self.read(name, "an object of strings", |value| {
            let members = value.as_object().cloned().map(without_null)?;
            members.values().all(Value::is_string).then_some(members)
        })
    }

    pub(super) fn maybe_list(&mut self, name: &str) -> Option<Vec<Value>> {
        self.read(name, "an array", |value| value.as_array().cloned())
    }

    /// Any value.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// Notes a problem unless the condition holds.
    pub(super) fn demand(&mut self, condition: bool, message: impl Into<String>) {
        if !condition {
            self.problem(message.into());
        }
    }

    /// Refuses the request if anything is wrong with it.
    pub(super) fn check(&self) -> Result<(), Box<Reply>> {
        match self.problems.is_empty() {
            true => Ok(()),
            false => Err(errors::invalid(&self.problems)),
        }
    }

    fn problem(&mut self, message: String) {
        self.problems.push(message);
    }

    fn read<T>(
        &mut self,
        name: &str,
        what: &str,
        convert: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.members.get(name)?;
        let converted = convert(value);
        if converted.is_none() {
            self.problem(format!("{name} must be {what}"));
        }
        converted
    }
}

/// The official client's own notes, which it sends along.
const BOOKKEEPING: [&str; 5] =
    ["_deprecated_fields", "_deprecated_methods", "_modified_fields", "_modified", "_mutable"];

/// The members that say something.
pub(super) fn without_null(members: Map<String, Value>) -> Map<String, Value> {
    let is_kept =
        |(name, value): &(String, Value)| !value.is_null() && !BOOKKEEPING.contains(&name.as_str());
    members.into_iter().filter(is_kept).collect()
}

/// The base with every member replaced that the other has: field by field, not deeper.
pub(super) fn merged(
    base: Option<&Map<String, Value>>,
    over: Option<Map<String, Value>>,
) -> Map<String, Value> {
    let mut merged = base.cloned().unwrap_or_default();
    merged.extend(over.unwrap_or_default());
    merged
}
