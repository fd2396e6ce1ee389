//! Reduces a truthful spec, in memory, to what the generator handles well.

use serde_json::{Map, Value, json};

/// Request body types that the generator knows.
const KNOWN_BODIES: [&str; 4] = [
    "application/json",
    "application/octet-stream",
    "text/plain",
    "application/x-www-form-urlencoded",
];

/// Limits that a server may lift: a value beyond them must not fail a call.
const BOUNDS: [&str; 10] = [
    "default",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
];

/// The spec as the generator gets it.
pub(super) fn reduced(mut spec: Value) -> Value {
    for item in values(spec.get_mut("paths")) {
        for operation in values(Some(item)) {
            if operation.is_object() {
                reduce_responses(operation);
                reduce_body(operation);
            }
        }
    }
    for part in ["schemas", "parameters"] {
        for schema in values(spec.pointer_mut(&format!("/components/{part}"))) {
            reduce_schema(schema);
        }
    }
    if let Some(components) = spec.get_mut("components").and_then(Value::as_object_mut) {
        components.retain(|part, _| part == "schemas" || part == "parameters");
    }
    spec
}

fn values(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    value.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
}

/// Keeps the successes, as one: with typed errors an HTML error page would lose its status, and
/// the generator allows one success type. Any 2xx is then taken for the success.
fn reduce_responses(operation: &mut Value) {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    responses.retain(|status, _| status.starts_with('2'));
    let mut contents = responses.values().map(|answer| answer.get("content").cloned());
    let first = contents.next().flatten();
    let content = if contents.all(|other| other == first) {
        first.filter(|content| content.as_object().is_some_and(|types| !types.is_empty()))
    } else {
        Some(json!({ "*/*": {} }))
    };
    let mut success = json!({ "description": "" });
    if let Some(content) = content {
        success["content"] = content;
    }
    *responses = Map::from_iter([("2XX".to_owned(), success)]);
}

fn reduce_body(operation: &mut Value) {
    let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) else {
        return;
    };
    let optional = body.insert("required".to_owned(), json!(true)) != Some(json!(true));
    let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) else { return };
    if !content.keys().all(|media| KNOWN_BODIES.contains(&media.as_str())) {
        let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
        *content = Map::from_iter([("application/octet-stream".to_owned(), bytes)]);
        add_content_type(operation);
    } else if optional && let Some(schema) = content.get_mut("application/json") {
        // The generator sends a body whatever `required` says: `null` for an absent one, which
        // the transport drops.
        let inner = schema["schema"].take();
        schema["schema"] = json!({ "nullable": true, "allOf": [inner] });
    }
}

/// A body whose type the generator does not know is bytes, and the caller names the type.
fn add_content_type(operation: &mut Value) {
    let parameter = json!({
        "name": "Content-Type", "in": "header", "required": true, "schema": { "type": "string" }
    });
    match operation.get_mut("parameters").and_then(Value::as_array_mut) {
        Some(parameters) => parameters.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

/// Nothing that a server may do differently tomorrow: no defaults, no bounds, and every optional
/// value may be null.
fn reduce_schema(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    object.retain(|key, _| !BOUNDS.contains(&key.as_str()));
    let required = object.get("required").cloned().unwrap_or_default();
    let required: Vec<_> = required.as_array().into_iter().flatten().cloned().collect();
    for (name, property) in
        object.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
    {
        reduce_schema(property);
        let collection = matches!(property["type"].as_str(), Some("array" | "object"));
        if collection && !required.contains(&json!(name)) {
            property["nullable"] = json!(true);
        }
    }
    for key in ["items", "additionalProperties", "schema"] {
        if let Some(part) = schema.get_mut(key) {
            reduce_schema(part);
        }
    }
    for key in ["allOf", "oneOf"] {
        schema
            .get_mut(key)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .for_each(reduce_schema);
    }
}
