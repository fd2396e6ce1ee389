//! Job templates: configurations that job runs fill in.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::fields::{Fields, merged};
use super::jobs::Config;
use super::page::{Page, Wanted};
use super::server::Server;
use super::state::State;
use super::{errors, inferred};
use crate::http::{Call, Outcome, Reply};

/// A template.
#[derive(Debug)]
pub(super) struct Template {
    id: String,
    name: String,
    description: String,
    pub(super) config: Map<String, Value>,
    pub(super) cluster_config: Option<Map<String, Value>>,
    tags: Map<String, Value>,
}

impl Template {
    fn to_json(&self) -> Value {
        json!({
            "uuid": self.id, "name": self.name, "description": self.description,
            "config": self.config, "clusterConfig": self.cluster_config, "tags": self.tags,
            "createdBy": inferred::SUBMITTER,
        })
    }
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let page = Page::of(server, call, inferred::JOBS_PAGE)?;
    let wanted = |name| Wanted::of(call.request, name);
    let (ids, names, tags) = (wanted("uuid"), wanted("name"), wanted("tag"));
    let state = server.state();
    let fits = |template: &&Template| {
        ids.admits(&template.id) && names.admits(&template.name) && tags.admits_tags(&template.tags)
    };
    page.reply(state.templates.values().filter(fits).collect(), |template| template.to_json())
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let name = fields.text("name");
    let description = fields.maybe_text("description").unwrap_or_default();
    let (config, cluster_config) =
        (fields.maybe_object("config"), fields.maybe_object("clusterConfig"));
    let tags = fields.maybe_texts("tags").unwrap_or_default();
    fields.demand(config.is_some(), "config should not be empty");
    fields.check()?;
    let config = Config::read(config.unwrap_or_default())?.told();
    let mut state = server.state();
    demand_free(&state, &name, None)?;
    let id = state.ids.next();
    let template = Template { id: id.clone(), name, description, config, cluster_config, tags };
    let made = template.to_json();
    state.templates.insert(id, template);
    Ok(Reply::json(StatusCode::CREATED, &made))
}

/// The name of a template that was deleted is free again.
fn demand_free(state: &State, name: &str, own: Option<&str>) -> Result<(), Box<Reply>> {
    match state.templates.iter().any(|(id, template)| template.name == name && Some(id) != own) {
        true => Err(errors::conflict(format!("Job template {name} already exists"))),
        false => Ok(()),
    }
}

fn missing(call: &Call<'_>) -> Box<Reply> {
    errors::not_found("Job template", call.param(0))
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let state = server.state();
    let template = state.templates.get(call.param(0)).ok_or_else(|| missing(call))?;
    Ok(Reply::ok(&template.to_json()))
}

/// What is left out stays; the configurations change field by field.
pub(super) fn update(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let (name, description) = (fields.maybe_text("name"), fields.maybe_text("description"));
    let (config, cluster_config) =
        (fields.maybe_object("config"), fields.maybe_object("clusterConfig"));
    let tags = fields.maybe_texts("tags");
    fields.check()?;
    let (id, mut state) = (call.param(0), server.state());
    if let Some(name) = &name {
        demand_free(&state, name, Some(id))?;
    }
    let template = state.templates.get_mut(id).ok_or_else(|| missing(call))?;
    template.config = Config::over(Some(&template.config), config)?.told();
    if cluster_config.is_some() {
        template.cluster_config = Some(merged(template.cluster_config.as_ref(), cluster_config));
    }
    template.name = name.unwrap_or(std::mem::take(&mut template.name));
    template.description = description.unwrap_or(std::mem::take(&mut template.description));
    template.tags = tags.unwrap_or(std::mem::take(&mut template.tags));
    Ok(Reply::ok(&template.to_json()))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    server.state().templates.remove(call.param(0)).ok_or_else(|| missing(call))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
