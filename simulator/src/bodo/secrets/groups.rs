//! Groups of secrets, addressed by their name.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::super::fields::Fields;
use super::super::server::Server;
use super::super::state::State;
use super::super::{errors, inferred};
use crate::http::{Call, Outcome, Reply};

/// A group.
#[derive(Debug)]
pub(in super::super) struct Group {
    id: String,
    description: String,
}

impl Group {
    fn to_json(&self, name: &str) -> Value {
        json!({"uuid": self.id, "name": name, "description": self.description})
    }
}

/// Refuses a group that does not exist; the one of secrets without a group always does.
pub(super) fn demand(state: &State, name: &str) -> Result<(), Box<Reply>> {
    match name == inferred::SECRET_GROUP || state.groups.get(name).is_some() {
        true => Ok(()),
        false => Err(missing(name)),
    }
}

fn missing(name: &str) -> Box<Reply> {
    errors::problem(StatusCode::NOT_FOUND, format!("Secret group {name} was not found"))
}

pub(in super::super) fn list(server: &Server, _: &Call<'_>) -> Outcome {
    let state = server.state();
    Ok(Reply::ok(&state.groups.iter().map(|(name, group)| group.to_json(name)).collect()))
}

pub(in super::super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let (name, description) = (fields.text("name"), fields.maybe_text("description"));
    fields.check()?;
    let mut state = server.state();
    if state.groups.get(&name).is_some() {
        return Err(errors::conflict(format!("Secret group {name} already exists")));
    }
    let group = Group { id: state.ids.next(), description: description.unwrap_or_default() };
    let made = group.to_json(&name);
    state.groups.insert(name, group);
    Ok(Reply::json(StatusCode::CREATED, &made))
}

/// The name in the path stays.
pub(in super::super) fn update(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let description = fields.maybe_text("description");
    fields.check()?;
    let (name, mut state) = (call.param(0), server.state());
    let group = state.groups.get_mut(name).ok_or_else(|| missing(name))?;
    group.description = description.unwrap_or(std::mem::take(&mut group.description));
    Ok(Reply::ok(&group.to_json(name)))
}

/// A group with secrets stays.
pub(in super::super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let (name, mut state) = (call.param(0), server.state());
    if state.secrets.values().any(|secret| secret.group == name) {
        return Err(errors::conflict(format!("Secret group {name} is not empty")));
    }
    state.groups.remove(name).ok_or_else(|| missing(name))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
