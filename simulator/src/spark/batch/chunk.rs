//! A chunk: read from a push, computed off to the side, and written when it is pulled.

use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::super::compute::{Computed, Task};
use super::super::inferred;
use super::super::model::Model;
use super::super::rows::Fields;
use super::super::summary::Summary;

/// A chunk with what will come of it.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) id: Arc<str>,
    /// The size of its inputs.
    pub(super) input_bytes: u64,
    computed: Computed,
}

/// The body of a push.
#[derive(Debug, Deserialize)]
struct Push<'a> {
    #[serde(borrow, default)]
    chunks: Vec<Sent<'a>>,
}

#[derive(Debug, Deserialize)]
struct Sent<'a> {
    id: Option<String>,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Debug, Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    inputs: &'a RawValue,
    #[serde(borrow, default)]
    parameters: Option<&'a RawValue>,
    #[serde(default)]
    summary: Option<Summary>,
}

/// Reads the chunks of a push and computes them; `new_id` names those without an id.
pub(super) fn read(
    body: &Bytes,
    (model, selected): (&Model, &[String]),
    new_id: impl Fn() -> String,
) -> serde_json::Result<Vec<Chunk>> {
    let push: Push<'_> = serde_json::from_slice(body)?;
    let chunk = |sent: Sent<'_>| {
        let Data { inputs, parameters, summary } = sent.data;
        let task = Task { model, parameters: Fields::of(parameters)?, selected, summary };
        Ok(Chunk {
            id: sent.id.unwrap_or_else(&new_id).into(),
            input_bytes: inputs.get().len() as u64,
            computed: task.run(body, inputs)?,
        })
    };
    push.chunks.into_iter().map(chunk).collect()
}

impl Chunk {
    pub(super) fn records(&self) -> u64 {
        self.computed.records as u64
    }

    pub(super) fn failures(&self) -> u64 {
        self.computed.failures.len() as u64
    }

    /// The size of its outputs.
    pub(super) fn output_bytes(&self) -> u64 {
        self.computed.outputs.len() as u64
    }

    /// Appends the chunk as a pull tells it.
    pub(super) fn write(&self, text: &mut Vec<u8>) {
        let id = json!(*self.id).to_string();
        let nulls = self.computed.repeated("null");
        let errors = self.computed.errors();
        let times = self.computed.repeated(inferred::PROCESS_TIME);
        let fields: [(&str, &[u8]); 6] = [
            ("{\"id\":", id.as_bytes()),
            (",\"summary_output\":", &self.computed.summary),
            (",\"outputs\":", &self.computed.outputs),
            (",\"warnings\":", nulls.as_bytes()),
            (",\"errors\":", errors.as_bytes()),
            (",\"process_time\":", times.as_bytes()),
        ];
        for (name, value) in fields {
            text.extend_from_slice(name.as_bytes());
            text.extend_from_slice(value);
        }
        text.push(b'}');
    }
}
