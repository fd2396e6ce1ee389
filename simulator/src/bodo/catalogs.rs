//! Catalogs: where SQL finds its tables. Their passwords are taken and never told.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::page::Wanted;
use super::server::Server;
use super::state::State;
use super::{errors, inferred};
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

/// A catalog; its tables are in the engine, under its name.
#[derive(Debug)]
pub(super) struct Catalog {
    id: String,
    pub(super) name: String,
    description: String,
    kind: String,
    data: Map<String, Value>,
    created: Moment,
    updated: Moment,
}

impl Catalog {
    pub(super) fn to_json(&self) -> Value {
        let shown = self.data.iter().filter(|(name, _)| *name != "password");
        json!({
            "uuid": self.id, "name": self.name, "description": self.description,
            "catalogType": self.kind, "createdAt": inferred::time(self.created),
            "updatedAt": inferred::time(self.updated),
            "data": Map::from_iter(shown.map(|(name, value)| (name.clone(), value.clone()))),
        })
    }
}

/// The catalogs that are there from the beginning.
pub(super) fn seed(server: &Server) {
    let mut state = server.state_as_left();
    for name in &server.options.catalogs {
        let kind = "SNOWFLAKE".to_owned();
        insert(server, &mut state, (name.clone(), String::new(), kind, Map::new()));
    }
}

fn insert(
    server: &Server,
    state: &mut State,
    (name, description, kind, data): (String, String, String, Map<String, Value>),
) -> Value {
    server.engine.add_catalog(&name);
    let (id, now) = (state.ids.next(), server.now());
    let catalog =
        Catalog { id: id.clone(), name, description, kind, data, created: now, updated: now };
    let shown = catalog.to_json();
    state.catalogs.insert(id, catalog);
    shown
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let (names, ids) = (Wanted::of(call.request, "name"), Wanted::of(call.request, "uuid"));
    let state = server.state();
    let found =
        state.catalogs.values().filter(|one| names.admits(&one.name) && ids.admits(&one.id));
    Ok(Reply::ok(&found.map(Catalog::to_json).collect()))
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let (name, kind) = (fields.text("name"), fields.text("catalogType"));
    let description = fields.maybe_text("description").unwrap_or_default();
    let data = fields.maybe_object("data").unwrap_or_default();
    fields.check()?;
    let mut state = server.state();
    demand_free(&state, &name, None)?;
    let made = insert(server, &mut state, (name, description, kind, data));
    Ok(Reply::json(StatusCode::CREATED, &made))
}

fn demand_free(state: &State, name: &str, own: Option<&str>) -> Result<(), Box<Reply>> {
    match state.catalogs.iter().any(|(id, one)| one.name == name && Some(id) != own) {
        true => Err(errors::conflict(format!("Catalog {name} already exists"))),
        false => Ok(()),
    }
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let state = server.state();
    let found = state.catalogs.get(call.param(0)).ok_or_else(|| missing(call))?;
    Ok(Reply::ok(&found.to_json()))
}

fn missing(call: &Call<'_>) -> Box<Reply> {
    errors::not_found("Catalog", call.param(0))
}

/// A new name comes with new tables.
pub(super) fn update(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let (name, kind) = (fields.maybe_text("name"), fields.maybe_text("catalogType"));
    let (description, data) = (fields.maybe_text("description"), fields.maybe_object("data"));
    fields.check()?;
    let (id, mut state) = (call.param(0), server.state());
    if let Some(name) = &name {
        demand_free(&state, name, Some(id))?;
    }
    let catalog = state.catalogs.get_mut(id).ok_or_else(|| missing(call))?;
    if let Some(name) = name.filter(|name| *name != catalog.name) {
        server.engine.remove_catalog(&catalog.name);
        server.engine.add_catalog(&name);
        catalog.name = name;
    }
    catalog.kind = kind.unwrap_or(std::mem::take(&mut catalog.kind));
    catalog.description = description.unwrap_or(std::mem::take(&mut catalog.description));
    catalog.data = data.unwrap_or(std::mem::take(&mut catalog.data));
    catalog.updated = server.now();
    Ok(Reply::ok(&catalog.to_json()))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let removed = server.state().catalogs.remove(call.param(0)).ok_or_else(|| missing(call))?;
    server.engine.remove_catalog(&removed.name);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

pub(super) fn delete_all(server: &Server, _: &Call<'_>) -> Outcome {
    let removed = std::mem::take(&mut server.state().catalogs);
    removed.values().for_each(|catalog| server.engine.remove_catalog(&catalog.name));
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
