//! Containers, which the data plane shows at once.

use hyper::StatusCode;
use serde_json::Value;

use super::super::inferred;
use super::super::server::Server;
use super::super::tree::Container;
use super::document::{attributes, document, failure, missing, resource, text};
use crate::http::{Call, Outcome, Reply};

const MAX_NAME: usize = 128;

pub(super) fn list(server: &Server, _: &Call<'_>) -> Outcome {
    let state = server.state();
    let containers = state.containers.iter();
    let data = containers.map(|(name, container)| describe(name, container)).collect();
    Ok(document(StatusCode::OK, &data))
}

fn describe(name: &str, container: &Container) -> Value {
    let attributes = [
        ("name".to_owned(), Value::from(name)),
        ("created_at".to_owned(), container.created.text().into()),
    ];
    resource("container", &container.id.into(), &attributes.into_iter().collect())
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let name = text(&attributes(call, "container")?, "name")?;
    if !is_name(&name) {
        let detail = "A name has lower-case letters, digits, - and _, at most 128 of them";
        return Err(failure(StatusCode::BAD_REQUEST, detail));
    }
    let mut state = server.state();
    if state.containers.contains_key(&name) {
        return Err(failure(inferred::TAKEN, "The name is taken"));
    }
    state.add_container(&name, server.now());
    let data = state.containers.get(&name).map(|container| describe(&name, container));
    Ok(document(inferred::CREATED, &data.ok_or_else(missing)?))
}

/// `api` would hide the control plane.
fn is_name(name: &str) -> bool {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'_');
    name.len() <= MAX_NAME && name != "api" && name.bytes().all(fits)
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let mut state = server.state();
    let (name, container) = state.container(call.param(0)).map_err(|_| missing())?;
    if !container.root.is_empty() {
        return Err(failure(inferred::TAKEN, "The container is not empty"));
    }
    let name = name.to_owned();
    state.containers.remove(&name);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
