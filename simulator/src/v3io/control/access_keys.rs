//! Access keys: the id of one is the key itself.

use hyper::StatusCode;
use serde_json::Value;

use super::super::inferred;
use super::super::server::Server;
use super::document::{Attributes, attributes, document, missing, resource};
use crate::http::{Call, Outcome, Reply};

const KIND: &str = "access_key";

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let attributes = attributes(call, KIND)?;
    Ok(document(inferred::CREATED, &issue(server, attributes)))
}

fn issue(server: &Server, mut attributes: Attributes) -> Value {
    attributes.insert("created_at".to_owned(), server.now().offset().into());
    let mut records = server.control.records();
    let key = records.issue();
    server.gate.rights().add_key(&key);
    let data = resource(KIND, &Value::from(key.as_str()), &attributes);
    records.access_keys.insert(key, attributes);
    data
}

/// The key with the wanted label and plane, made where it is missing.
pub(super) fn get_or_create(server: &Server, call: &Call<'_>) -> Outcome {
    let wanted = attributes(call, KIND)?;
    let same = |attributes: &Attributes| {
        ["label", "plane"].iter().all(|&name| attributes.get(name) == wanted.get(name))
    };
    let found = {
        let records = server.control.records();
        let found = records.access_keys.iter().find(|(_, attributes)| same(attributes));
        found.map(|(key, attributes)| resource(KIND, &Value::from(key.as_str()), attributes))
    };
    Ok(match found {
        Some(data) => document(StatusCode::OK, &data),
        None => document(inferred::CREATED, &issue(server, wanted)),
    })
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let key = call.param(0);
    server.control.records().access_keys.remove(key).ok_or_else(missing)?;
    server.gate.rights().revoke_key(key);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
