//! Instance roles: an ARN of AWS or an identity of Azure.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::fields::Fields;
use super::page::{Page, Wanted};
use super::server::Server;
use super::{errors, inferred};
use crate::http::{Call, Outcome, Reply};

/// An instance role.
#[derive(Debug)]
pub(super) struct Role {
    id: String,
    name: String,
    description: String,
    identity: Identity,
}

/// Whose rights its nodes have.
#[derive(Debug, PartialEq)]
enum Identity {
    Arn(String),
    Azure(String),
}

impl Role {
    pub(super) fn to_json(&self) -> Value {
        let data = match &self.identity {
            Identity::Arn(arn) => json!({"roleArn": arn}),
            Identity::Azure(identity) => json!({"identity": identity}),
        };
        json!({
            "uuid": self.id, "name": self.name, "data": data, "status": inferred::ROLE_STATUS,
            "description": self.description,
        })
    }

    fn arn(&self) -> Option<&str> {
        if let Identity::Arn(arn) = &self.identity { Some(arn) } else { None }
    }

    fn azure(&self) -> Option<&str> {
        if let Identity::Azure(identity) = &self.identity { Some(identity) } else { None }
    }
}

/// A page where one is asked for, else everything at once.
pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let page = Page::of(server, call, inferred::PAGE)?;
    let wanted = |name| Wanted::of(call.request, name);
    let (ids, names) = (wanted("uuid"), wanted("name"));
    let (arns, identities) = (wanted("roleArn"), wanted("identity"));
    let state = server.state();
    let fits = |role: &&Role| {
        ids.admits(&role.id)
            && names.admits(&role.name)
            && arns.admits_maybe(role.arn())
            && identities.admits_maybe(role.azure())
    };
    let found: Vec<&Role> = state.roles.values().filter(fits).collect();
    let is_paged = ["page", "size"].iter().any(|name| call.request.query(name).is_some());
    match is_paged {
        true => page.reply(found, |role| role.to_json()),
        false => Ok(Reply::ok(&found.into_iter().map(Role::to_json).collect())),
    }
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let name = fields.text("name");
    let description = fields.maybe_text("description").unwrap_or_default();
    let mut data = Fields::of(fields.maybe_object("data").unwrap_or_default());
    let arn = data.maybe_text("role_arn").or(data.maybe_text("roleArn")).map(Identity::Arn);
    let identity = data.maybe_text("identity").map(Identity::Azure);
    fields
        .demand(arn.is_some() != identity.is_some(), "data must have either role_arn or identity");
    fields.check()?;
    data.check()?;
    let identity = arn.or(identity).ok_or_else(|| errors::bad_request("data is required"))?;
    let mut state = server.state();
    if state.roles.values().any(|role| role.identity == identity) {
        return Err(errors::conflict("An instance role with this identity already exists"));
    }
    let id = state.ids.next();
    let role = Role { id: id.clone(), name, description, identity };
    let made = role.to_json();
    state.roles.insert(id, role);
    Ok(Reply::json(StatusCode::CREATED, &made))
}

fn missing(call: &Call<'_>) -> Box<Reply> {
    errors::not_found("Instance role", call.param(0))
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let state = server.state();
    let role = state.roles.get(call.param(0)).ok_or_else(|| missing(call))?;
    Ok(Reply::ok(&role.to_json()))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    server.state().roles.remove(call.param(0)).ok_or_else(|| missing(call))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
