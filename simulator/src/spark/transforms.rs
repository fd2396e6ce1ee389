//! Transforms: kept as documents, and applied to the body of an execution.

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::HeaderName;
use serde_json::{Value, json};

use super::envelope::{Page, fits};
use super::execute::{execute_v3, execute_v4};
use super::form::Form;
use super::ids::stamp;
use super::locator::Locator;
use super::server::{self, Server};
use super::tenant::lock;
use super::{errors, inferred};
use crate::clock::Moment;
use crate::http::{Answer, Call, Outcome, Reply, Request};

/// A file of a transform may have this many bytes.
const LIMIT: usize = 1 << 20;
/// Files of transforms have names that end so.
const FILE_SUFFIX: &str = "_transform.json";
/// The headers that carry the settings of an execution by API v3 and v4.
const META_V3: HeaderName = HeaderName::from_static("x-request-meta");
const META_V4: HeaderName = HeaderName::from_static("x-meta");

#[derive(Debug)]
pub(super) struct Transform {
    id: String,
    folder: String,
    name: String,
    document: String,
    created: Moment,
    updated: Moment,
}

/// What is wrong with a document.
fn problem(document: &str) -> Option<Value> {
    let problem = |code: &str, message: String| {
        Some(json!({"code": code, "type": inferred::V4_ERROR_TYPE, "message": message}))
    };
    let parsed: Value = match serde_json::from_str(document) {
        Ok(parsed) => parsed,
        Err(error) => return problem("INVALID_JSON", error.to_string()),
    };
    let kind = parsed["transform_type"].as_str().unwrap_or_default();
    match ["JSONtransforms_", "Nodejs"].iter().any(|known| kind.starts_with(known)) {
        true => None,
        false => problem("INVALID_TRANSFORM_TYPE", format!("unknown transform_type {kind:?}")),
    }
}

fn answer(server: &Server, outputs: &Value) -> Reply {
    Reply::ok(&json!({
        "object": "transform", "response_timestamp": server.stamp(), "process_time": 1,
        "id": server.ids.next(), "status": "Success", "outputs": outputs,
    }))
}

fn content(call: &Call<'_>) -> Result<String, Box<Reply>> {
    let content = server::json(call)?["transform_content"].as_str().map(str::to_owned);
    content.ok_or_else(|| errors::input("INVALID_TRANSFORM", "transform_content is missing"))
}

pub(super) fn validate(server: &Server, call: &Call<'_>) -> Outcome {
    let problem = problem(&content(call)?);
    let errors = problem.as_ref().map(|problem| json!([problem]));
    Ok(answer(server, &json!({"isValid": problem.is_none(), "error": errors})))
}

pub(super) fn save(server: &Server, call: &Call<'_>) -> Outcome {
    store(server, call.request, (call.param(1), call.param(2)), content(call)?)
}

pub(super) fn upload<'a>(server: &'a Server, call: Call<'a>) -> Answer<'a> {
    Box::pin(async move { take_in(server, call).await.unwrap_or_else(|error| *error) })
}

async fn take_in(server: &Server, call: Call<'_>) -> Outcome {
    let form = Form::read(server, call.request, LIMIT).await?;
    let refused = || errors::input("INVALID_FILE_NAME", "The name has to end in _transform.json");
    let (name, document) = form.file("file").ok_or_else(refused)?;
    let name = name.strip_suffix(FILE_SUFFIX).ok_or_else(refused)?;
    let document = String::from_utf8_lossy(document).into_owned();
    store(server, call.request, (call.param(1), name), document)
}

fn store(
    server: &Server,
    request: &Request,
    (folder, name): (&str, &str),
    document: String,
) -> Outcome {
    let tenant = server.tenant(request)?;
    let missing =
        || errors::v4(StatusCode::NOT_FOUND, inferred::NO_FOLDER, "The folder is not found");
    tenant.catalog().folder(folder).ok_or_else(missing)?;
    if let Some(problem) = problem(&document) {
        let message = problem["message"].as_str().unwrap_or_default();
        return Err(errors::input("INVALID_TRANSFORM", message));
    }
    let now = server.now();
    let mut transforms = lock(&tenant.transforms);
    match transforms.iter_mut().find(|known| known.is(folder, name)) {
        Some(known) => (known.document, known.updated) = (document, now),
        None => transforms.push(Transform {
            id: server.ids.next(),
            folder: folder.to_owned(),
            name: name.to_owned(),
            document,
            created: now,
            updated: now,
        }),
    }
    Ok(answer(server, &located(folder, name)))
}

fn located(folder: &str, name: &str) -> Value {
    json!({"name": name, "transform_uri": format!("{folder}/{name}")})
}

impl Transform {
    fn is(&self, folder: &str, name: &str) -> bool {
        self.folder == folder && self.name == name
    }

    fn describe(&self) -> Value {
        let document: Value = serde_json::from_str(&self.document).unwrap_or_default();
        json!({
            "id": self.id, "name": self.name, "transform_type": document["transform_type"],
            "createdAt": stamp(self.created), "createdBy": inferred::USER,
            "updatedAt": stamp(self.updated), "modifiedBy": inferred::USER,
        })
    }
}

fn missing() -> Box<Reply> {
    errors::v4(StatusCode::NOT_FOUND, inferred::NO_TRANSFORM, "The transform is not found")
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let transforms = lock(&server.tenant(call.request)?.transforms);
    let found = transforms.iter().find(|known| known.is(call.param(1), call.param(2)));
    let found = found.ok_or_else(missing)?;
    let outputs = json!({"transform_document": found.document, "updatedAt": stamp(found.updated)});
    Ok(answer(server, &outputs))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let (folder, name) = (call.param(1), call.param(2));
    let mut transforms = lock(&server.tenant(call.request)?.transforms);
    let before = transforms.len();
    transforms.retain(|known| !known.is(folder, name));
    match transforms.len() < before {
        true => Ok(answer(server, &located(folder, name))),
        false => Err(missing()),
    }
}

/// The transforms of a folder; the body may be wrapped in `request_data`.
pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let body = server::json(call)?;
    let body = body.get("request_data").unwrap_or(&body);
    let transforms = lock(&server.tenant(call.request)?.transforms);
    let mut found: Vec<_> = transforms
        .iter()
        .filter(|known| known.folder == call.param(1))
        .filter(|known| {
            fits(&body["search"], |field| (field == "name").then(|| known.name.as_str().into()))
        })
        .collect();
    found.sort_by_key(|transform| std::cmp::Reverse(transform.updated));
    let items: Vec<_> = found.into_iter().map(Transform::describe).collect();
    let page = Page::of(body, "pageSize", Some(server.world.page_size.unwrap_or(100) as u64));
    Ok(Reply::ok(&json!({
        "count": items.len(), "page": page.number, "pageSize": page.size, "result": page.cut(&items),
    })))
}

/// `transforms/{transform}/for/folders/{folder}/services/{service}`.
pub(super) fn apply(server: &Server, call: &Call<'_>) -> Outcome {
    execute(server, call, (call.param(2), call.param(3)))
}

/// `transforms/{folder}/{transform}/for/{folder}/{service}`.
pub(super) fn apply_from_folder(server: &Server, call: &Call<'_>) -> Outcome {
    execute(server, call, (call.param(3), call.param(4)))
}

/// Hands the body on as the inputs: objects to API v3, unless the header is that of v4.
fn execute(server: &Server, call: &Call<'_>, (folder, service): (&str, &str)) -> Outcome {
    let inputs: Value = server::json(call)?;
    let request = &*call.request;
    if request.headers.contains_key(META_V4) || inputs.is_array() {
        let mut body = meta(request, META_V4);
        body["inputs"] = if inputs.is_array() { inputs } else { json!([inputs]) };
        body["service"] = format!("{folder}/{service}").into();
        return execute_v4(server, request, &Bytes::from(body.to_string()));
    }
    let body = json!({"request_data": {"inputs": inputs}, "request_meta": meta(request, META_V3)});
    let locator = Locator::named(folder, service);
    execute_v3(server, request, body.to_string().as_bytes(), Some(locator))
}

/// The settings in a header: JSON between single quotes, or as a JSON string.
fn meta(request: &Request, header: HeaderName) -> Value {
    let text = request.header(header).unwrap_or("{}").trim_matches('\'');
    let parsed = serde_json::from_str(text).unwrap_or_default();
    let parsed = match parsed {
        Value::String(inner) => serde_json::from_str(&inner).unwrap_or_default(),
        other => other,
    };
    if parsed.is_object() { parsed } else { json!({}) }
}

/// `transforms/{folder}/{transform}/run`: without a service, the body is the answer.
pub(super) fn run(_: &Server, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(&server::json(call)?))
}
