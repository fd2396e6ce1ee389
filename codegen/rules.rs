//! What a spec of ours must have and must not have.
//!
//! Some rules are for its readers. Others keep out what the generator would get wrong in silence,
//! each with the reason beside it.

use serde_json::Value;

/// The methods that the generator can handle.
const METHODS: [&str; 6] = ["get", "put", "post", "delete", "patch", "head"];

/// Every rule that the spec breaks, with the place.
pub(super) fn broken(spec: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let version = spec["info"]["version"].as_str().unwrap_or_default();
    if version.is_empty() || !version.is_ascii() {
        // It is sent in a header that is made without a check: other text panics on every call.
        broken.push("info.version must be ASCII text".to_owned());
    }
    for (path, item) in members(&spec["paths"]) {
        if !path.starts_with('/') {
            broken.push(format!("{path}: must begin with a slash, or it is dropped"));
        }
        for (method, operation) in members(item) {
            let place = format!("{} {path}", method.to_uppercase());
            if METHODS.contains(&method.as_str()) {
                check_operation(&place, operation, &mut broken);
            } else if method != "parameters" {
                broken.push(format!("{place}: no such method can be generated"));
            }
        }
    }
    for (name, parameter) in members(&spec["components"]["parameters"]) {
        check_parameter(&format!("parameter {name}"), parameter, &mut broken);
    }
    for (name, schema) in members(&spec["components"]["schemas"]) {
        check_schema(name, schema, true, &mut broken);
    }
    broken
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn check_operation(place: &str, operation: &Value, broken: &mut Vec<String>) {
    for key in ["operationId", "summary", "x-source", "x-repeat"] {
        if operation[key].as_str().unwrap_or_default().is_empty() {
            broken.push(format!("{place}: `{key}` is missing"));
        }
    }
    if !matches!(operation["x-repeat"].as_str(), Some("free" | "keyed" | "once")) {
        broken.push(format!("{place}: `x-repeat` must be free, keyed or once"));
    }
    if operation["tags"].as_array().map(Vec::len) != Some(1) {
        broken.push(format!("{place}: needs exactly one tag"));
    }
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        check_parameter(place, parameter, broken);
    }
    let contents = members(&operation["requestBody"]["content"]).chain(
        members(&operation["responses"]).flat_map(|(_, answer)| members(&answer["content"])),
    );
    for (media, content) in contents {
        // A form's schema is for readers: the reduction replaces it by bytes.
        if media != "multipart/form-data" {
            check_schema(place, &content["schema"], false, broken);
        }
    }
}

fn check_parameter(place: &str, parameter: &Value, broken: &mut Vec<String>) {
    let place = format!("{place}, parameter {}", parameter["name"].as_str().unwrap_or("?"));
    let schema = &parameter["schema"];
    let location = parameter["in"].as_str().unwrap_or_default();
    if parameter["style"] == "deepObject" || (location == "query" && schema["type"] == "object") {
        broken.push(format!("{place}: objects in queries cannot be generated"));
    }
    if schema["format"] == "date-time" && location != "query" {
        // It would be written as `2024-01-02 03:04:05 UTC`.
        broken.push(format!("{place}: a date-time in a path or header is written wrongly"));
    }
    check_schema(&place, schema, false, broken);
}

fn check_schema(place: &str, schema: &Value, named: bool, broken: &mut Vec<String>) {
    let Some(object) = schema.as_object() else { return };
    if object.contains_key("anyOf") {
        broken.push(format!("{place}: anyOf becomes a struct that cannot be read; use oneOf"));
    }
    if object.get("additionalProperties") == Some(&Value::Bool(false)) {
        broken.push(format!("{place}: an unknown field must not break a call"));
    }
    if !named && object.contains_key("enum") {
        broken.push(format!("{place}: name the enum, so that unknown values can be kept"));
    }
    if !named && object.contains_key("title") {
        broken.push(format!("{place}: two titles that are equal become one type in silence"));
    }
    for (name, property) in members(&schema["properties"]) {
        check_schema(&format!("{place}.{name}"), property, false, broken);
    }
    for key in ["items", "additionalProperties"] {
        check_schema(&format!("{place}.{key}"), &schema[key], false, broken);
    }
    for key in ["allOf", "oneOf"] {
        for part in schema[key].as_array().into_iter().flatten() {
            check_schema(&format!("{place}.{key}"), part, false, broken);
        }
    }
}
