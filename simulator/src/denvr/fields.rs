//! The fields of a query or a JSON body: names without regard to case, and all problems at once.

use std::collections::HashMap;

use hyper::StatusCode;
use serde_json::{Map, Value};

use super::errors::{self, Problem};
use super::inferred;
use super::server::Server;
use crate::http::{Call, Reply, Request};

/// What a request brings. Unknown fields are ignored, null counts as left out.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// By the lower-case name.
    values: HashMap<String, Value>,
    problems: Vec<Problem>,
    /// Everything in a query is text.
    is_query: bool,
}

impl Fields {
    pub(super) fn of_query(request: &Request) -> Self {
        let mut values = HashMap::new();
        for (name, value) in request.query_pairs().filter(|(_, value)| !value.is_empty()) {
            values.entry(name.to_ascii_lowercase()).or_insert(Value::from(value));
        }
        Self { values, is_query: true, ..Self::default() }
    }

    pub(super) fn of_body(call: &Call<'_>) -> Self {
        let mut fields = Self::default();
        match call.json() {
            Ok(Value::Object(members)) => fields.values = folded(members),
            Ok(_) => fields.problem(None, inferred::NO_BODY.to_owned()),
            Err(error) => fields.problem(None, error.to_string()),
        }
        fields
    }

    /// A text that has to be there and has to be more than blanks.
    pub(super) fn text(&mut self, name: &str) -> String {
        let text = self.maybe_text(name).filter(|text| !text.trim().is_empty());
        text.unwrap_or_else(|| {
            self.require(name);
            String::new()
        })
    }

    pub(super) fn maybe_text(&mut self, name: &str) -> Option<String> {
        self.read(name, |value| value.as_str().map(str::to_owned))
    }

    /// A switch that is off when it is left out.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        self.maybe_flag(name).unwrap_or(false)
    }

    pub(super) fn maybe_flag(&mut self, name: &str) -> Option<bool> {
        match self.is_query {
            true => self.read(name, |value| value.as_str()?.to_ascii_lowercase().parse().ok()),
            false => self.read(name, Value::as_bool),
        }
    }

    /// An integer of 32 bits.
    pub(super) fn maybe_number(&mut self, name: &str) -> Option<i32> {
        match self.is_query {
            true => self.read(name, |value| value.as_str()?.parse().ok()),
            false => self.read(name, |value| value.as_i64()?.try_into().ok()),
        }
    }

    pub(super) fn maybe_texts(&mut self, name: &str) -> Option<Vec<String>> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        self.read(name, |value| value.as_array()?.iter().map(text).collect())
    }

    /// A list that has to be there; it may be empty.
    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        self.maybe_texts(name).unwrap_or_else(|| {
            self.require(name);
            Vec::new()
        })
    }

    /// A map of names to texts or null; its names keep their case.
    pub(super) fn map(&mut self, name: &str) -> Map<String, Value> {
        let is_text = |value: &Value| value.is_string() || value.is_null();
        let map = self.read(name, |value| {
            value.as_object().filter(|members| members.values().all(is_text)).cloned()
        });
        map.unwrap_or_default()
    }

    /// The fields of an object within this one; its problems go to [`absorb`](Self::absorb).
    pub(super) fn inner(&mut self, name: &str) -> Option<Self> {
        let members = self.read(name, |value| value.as_object().cloned())?;
        Some(Self { values: folded(members), ..Self::default() })
    }

    pub(super) fn absorb(&mut self, inner: Self) {
        self.problems.extend(inner.problems);
    }

    /// Notes a problem unless the condition holds.
    pub(super) fn demand(&mut self, condition: bool, name: &str, rule: &str) {
        if !condition {
            self.problem(Some(name), format!("The field {name} {rule}."));
        }
    }

    /// Refuses the request if anything is wrong with it.
    pub(super) fn check(&self, server: &Server) -> Result<(), Box<Reply>> {
        let status = match server.options.validation_as_500 {
            true => StatusCode::INTERNAL_SERVER_ERROR,
            false => StatusCode::BAD_REQUEST,
        };
        match self.problems.is_empty() {
            true => Ok(()),
            false => Err(errors::invalid(status, &self.problems)),
        }
    }

    fn read<T>(&mut self, name: &str, convert: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.values.get(&name.to_ascii_lowercase())?;
        let converted = convert(value);
        if converted.is_none() {
            self.problem(Some(name), format!("The value of {name} could not be converted."));
        }
        converted
    }

    /// Notes that a field is missing, unless another problem with it is known.
    fn require(&mut self, name: &str) {
        let member = camel(name);
        if !self.problems.iter().any(|known| known.member.as_ref() == Some(&member)) {
            self.problem(Some(name), format!("The {name} field is required."));
        }
    }

    fn problem(&mut self, name: Option<&str>, message: String) {
        self.problems.push(Problem { message, member: name.map(camel) });
    }
}

fn folded(members: Map<String, Value>) -> HashMap<String, Value> {
    let given = members.into_iter().filter(|(_, value)| !value.is_null());
    given.map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()
}

fn camel(name: &str) -> String {
    let (first, rest) = name.split_at(name.len().min(1));
    first.to_ascii_lowercase() + rest
}
