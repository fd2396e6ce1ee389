//! JSON:API: documents with one resource or several, and errors.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::http::{Call, Reply};

pub(super) type Attributes = Map<String, Value>;

pub(super) fn resource(kind: &str, id: &Value, attributes: &Attributes) -> Value {
    json!({"type": kind, "id": id, "attributes": attributes})
}

pub(super) fn document(status: StatusCode, data: &Value) -> Reply {
    Reply::json(status, &json!({"data": data}))
}

pub(in crate::v3io) fn failure(status: StatusCode, detail: &str) -> Box<Reply> {
    let body = json!({"errors": [{"status": status.as_u16(), "detail": detail}]});
    Box::new(Reply::json(status, &body))
}

pub(super) fn missing() -> Box<Reply> {
    failure(StatusCode::NOT_FOUND, "There is no such resource")
}

/// The attributes of the resource that a request brings, which has to be of this kind.
pub(super) fn attributes(call: &Call<'_>, kind: &str) -> Result<Attributes, Box<Reply>> {
    let wrong = |detail: &str| failure(StatusCode::BAD_REQUEST, detail);
    let mut body = call.json().map_err(|error| wrong(&error.to_string()))?;
    if body["data"]["type"] != kind {
        return Err(wrong(&format!("data.type must be {kind:?}")));
    }
    match body["data"]["attributes"].take() {
        Value::Object(attributes) => Ok(attributes),
        Value::Null => Ok(Attributes::new()),
        _ => Err(wrong("data.attributes must be an object")),
    }
}

/// A text that has to be there.
pub(super) fn text(attributes: &Attributes, name: &str) -> Result<String, Box<Reply>> {
    let text = attributes.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let missing = || failure(StatusCode::BAD_REQUEST, &format!("attributes.{name} is missing"));
    text.map(str::to_owned).ok_or_else(missing)
}
