//! Secrets, each in a group that is known by its name.

pub(super) mod groups;

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::server::Server;
use super::{errors, inferred};
use crate::http::{Call, Outcome, Reply};

pub(super) use groups::Group;

/// A secret with its values.
#[derive(Debug)]
pub(super) struct Secret {
    id: String,
    name: String,
    group: String,
    kind: String,
    data: Map<String, Value>,
}

impl Secret {
    /// Without the values.
    fn info(&self) -> Value {
        json!({"uuid": self.id, "name": self.name, "secretGroup": self.group, "secretType": self.kind})
    }
}

pub(super) fn list(server: &Server, _: &Call<'_>) -> Outcome {
    Ok(Reply::ok(&server.state().secrets.values().map(Secret::info).collect()))
}

pub(super) fn list_of_group(server: &Server, call: &Call<'_>) -> Outcome {
    let state = server.state();
    let of_group = state.secrets.values().filter(|secret| secret.group == call.param(0));
    Ok(Reply::ok(&of_group.map(Secret::info).collect()))
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let name = fields.text("name");
    let group =
        fields.maybe_text("secretGroup").unwrap_or_else(|| inferred::SECRET_GROUP.to_owned());
    let kind = fields.maybe_text("secretType").unwrap_or_else(|| inferred::SECRET_TYPE.to_owned());
    let data = fields.maybe_object("data").unwrap_or_default();
    fields.check()?;
    let mut state = server.state();
    groups::demand(&state, &group)?;
    let id = state.ids.next();
    let secret = Secret { id: id.clone(), name, group, kind, data };
    let info = secret.info();
    state.secrets.insert(id, secret);
    Ok(Reply::json(StatusCode::CREATED, &info))
}

fn missing(call: &Call<'_>) -> Box<Reply> {
    errors::not_found("Secret", call.param(0))
}

/// With the values.
pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let state = server.state();
    let secret = state.secrets.get(call.param(0)).ok_or_else(|| missing(call))?;
    let mut shown = secret.info();
    shown["data"] = secret.data.clone().into();
    Ok(Reply::ok(&shown))
}

pub(super) fn update(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let (name, group) = (fields.maybe_text("name"), fields.maybe_text("secretGroup"));
    let (kind, data) = (fields.maybe_text("secretType"), fields.maybe_object("data"));
    fields.check()?;
    let mut state = server.state();
    if let Some(group) = &group {
        groups::demand(&state, group)?;
    }
    let secret = state.secrets.get_mut(call.param(0)).ok_or_else(|| missing(call))?;
    secret.name = name.unwrap_or(std::mem::take(&mut secret.name));
    secret.group = group.unwrap_or(std::mem::take(&mut secret.group));
    secret.kind = kind.unwrap_or(std::mem::take(&mut secret.kind));
    secret.data = data.unwrap_or(std::mem::take(&mut secret.data));
    Ok(Reply::ok(&secret.info()))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    server.state().secrets.remove(call.param(0)).ok_or_else(|| missing(call))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
