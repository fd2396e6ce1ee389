//! What is Bodo's own where requests are compared.

use longhaul::raw::Operation;
use longhaul::raw::bodo::OPERATIONS;
use longhaul_simulator::Recorded;
use serde_json::Value;

use super::wire::{Manners, Message};

/// What the official client puts into every new job, and what means something in answers only.
const OF_ANSWERS: [&str; 3] = ["isDDL", "numRetriesUsed", "tag"];

pub(crate) struct Bodo;

impl Manners for Bodo {
    /// Of the official client, releases 2.0 to 2.3. Its notes about deprecated and modified fields
    /// are left out of the bodies, and the ways of signing out of the links to files.
    fn goldens(&self) -> &'static str {
        include_str!("golden.jsonl")
    }

    fn spec(&self) -> &'static str {
        include_str!("../../openapi/bodo.json")
    }

    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    /// The API is below `/api`, the token service is not.
    fn target(&self, request: &Recorded) -> String {
        request.path.strip_prefix("/api").unwrap_or(&request.path).to_owned()
    }

    /// Files behind signed links are not.
    fn is_of_spec(&self, request: &Recorded) -> bool {
        !request.path.starts_with("/storage/")
    }

    /// The official client names the type of a body that is not there, says what means nothing, and
    /// asks for pages of 10; here they have 100.
    fn correct(&self, golden: &mut Message) {
        if golden.body.is_null() {
            golden.headers.remove("content-type");
        }
        if let (Value::Object(job), "/api/v1/jobs") = (&mut golden.body, &*golden.path) {
            OF_ANSWERS.iter().for_each(|field| _ = job.remove(*field));
        }
        if let Some(size) = golden.query.get_mut("size") {
            *size = "100".into();
        }
    }

    /// Ids, tokens and links differ from one run to the next. With which good status a server says
    /// yes is not documented.
    fn normalise(&self, message: &mut Message) {
        message.path = without_ids(&message.path);
        if message.path.starts_with("/storage/") {
            message.path = "/storage/{file}".to_owned();
            message.query.clear();
        }
        message.query.values_mut().for_each(hide_ids);
        hide_ids(&mut message.body);
        if let Some(token) = message.headers.get_mut("authorization") {
            *token = token.split(' ').next().unwrap_or_default().to_owned();
        }
        if message.status < 300 {
            message.status = 200;
        }
    }
}

fn without_ids(path: &str) -> String {
    let segments = path.split('/').map(|segment| if is_id(segment) { "{id}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn hide_ids(value: &mut Value) {
    match value {
        Value::String(text) if is_id(text) => "{id}".clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(hide_ids),
        Value::Object(members) => members.values_mut().for_each(hide_ids),
        _ => {}
    }
}

/// Whether it is an id that was made in a run: a UUID that is none of the keys.
fn is_id(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    let is_uuid =
        parts == [8, 4, 4, 4, 12] && text.chars().all(|one| one.is_ascii_hexdigit() || one == '-');
    is_uuid && !text.starts_with("00000000-")
}
