//! Workspaces of the organisation.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::auth::{ORGANIZATION, Scope, WORKSPACE};
use super::fields::{Fields, merged};
use super::life::{Life, Path};
use super::page::{Page, Wanted};
use super::server::Server;
use super::state::State;
use super::{cloud_configs, errors, inferred};
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

/// A workspace.
#[derive(Debug)]
pub(super) struct Workspace {
    id: String,
    pub(super) name: String,
    region: String,
    life: Life,
    /// `networkData`, `workspaceData`, `customTags` and `cloudConfig` as they are told.
    data: Map<String, Value>,
    pub(super) jupyter_active: bool,
    pub(super) jupyter_activity: Option<Moment>,
    /// Who was assigned, by address.
    pub(super) users: Map<String, Value>,
}

impl Workspace {
    fn new(id: String, name: String, region: String, life: Life) -> Self {
        let (data, users) = (Map::new(), Map::new());
        let (jupyter_active, jupyter_activity) = (false, None);
        Self { id, name, region, life, data, jupyter_active, jupyter_activity, users }
    }

    fn to_json(&self) -> Value {
        let defaults = json!({
            "name": self.name, "uuid": self.id, "status": self.life.status(),
            "region": self.region, "organizationUUID": ORGANIZATION,
            "networkData": {"region": self.region}, "workspaceData": {},
            "createdBy": inferred::SUBMITTER, "assignedAt": null,
            "customTags": {}, "jupterLastActivity": self.jupyter_activity.map(inferred::day),
            "jupyterIsActive": self.jupyter_active, "notebookAutoDeployEnabled": false,
        });
        merged(defaults.as_object(), Some(self.data.clone())).into()
    }
}

/// The workspace that the keys belong to.
pub(super) fn seed(server: &Server) {
    let mut state = server.state_as_left();
    let provider = if server.options.azure { "AZURE" } else { "AWS" };
    let config = cloud_configs::seed(server, &mut state, provider);
    let life = Life::begin(server.now(), server.world.pace, &[("READY", 0)]);
    let (name, region) = ("Simulated workspace".to_owned(), inferred::REGION.to_owned());
    let mut workspace = Workspace::new(WORKSPACE.to_owned(), name, region, life);
    workspace.data.insert("cloudConfig".to_owned(), config);
    state.workspaces.insert(WORKSPACE.to_owned(), workspace);
}

/// A workspace as it is by now.
pub(super) fn find<'a>(
    server: &Server,
    state: &'a mut State,
    id: &str,
) -> Result<&'a mut Workspace, Box<Reply>> {
    let workspace =
        state.workspaces.get_mut(id).ok_or_else(|| errors::not_found("Workspace", id))?;
    workspace.life.catch_up(server.now());
    Ok(workspace)
}

/// Terminated workspaces show only where their status is asked for.
pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let page = Page::of(server, call, inferred::PAGE)?;
    let wanted = |name| Wanted::of(call.request, name);
    let (ids, names, statuses) = (wanted("uuid"), wanted("name"), wanted("status"));
    let (now, mut state) = (server.now(), server.state());
    state.workspaces.values_mut().for_each(|workspace| workspace.life.catch_up(now));
    let fits = |workspace: &&Workspace| {
        let status = workspace.life.status();
        ids.admits(&workspace.id)
            && names.admits(&workspace.name)
            && statuses.admits(status)
            && (status != "TERMINATED" || statuses.names(status))
    };
    page.reply(state.workspaces.values().filter(fits).collect(), |workspace| workspace.to_json())
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let name = fields.text("name");
    let mut network = fields.maybe_object("networkData").unwrap_or_default();
    let region =
        fields.maybe_text("region").or_else(|| Some(network.get("region")?.as_str()?.to_owned()));
    fields.demand(region.is_some(), "region should not be empty");
    let mut config = Fields::of(fields.maybe_object("cloudConfig").unwrap_or_default());
    let config = config.text("uuid");
    fields.demand(!config.is_empty(), "cloudConfig.uuid should not be empty");
    let (tags, data) = (fields.maybe_texts("customTags"), fields.maybe_object("workspaceData"));
    fields.check()?;
    let (now, mut state) = (server.now(), server.state());
    let config = cloud_configs::reference(&state, &config)?;
    let region = region.unwrap_or_default();
    network.insert("region".to_owned(), region.clone().into());
    let mut life = Life::begin(now, server.world.pace, inferred::WORKSPACE);
    life.end_as(server.options.ending(&[&name]).map(|ending| ending.status.clone().into()));
    let id = state.ids.next();
    let mut workspace = Workspace::new(id.clone(), name, region, life);
    let told = [
        ("networkData", network.into()),
        ("cloudConfig", config),
        ("customTags", tags.unwrap_or_default().into()),
        ("workspaceData", data.unwrap_or_default().into()),
    ];
    workspace.data.extend(told.map(|(name, value)| (name.to_owned(), value)));
    let made = workspace.to_json();
    state.workspaces.insert(id, workspace);
    Ok(Reply::json(StatusCode::CREATED, &made))
}

/// The keys of a workspace show that workspace alone.
pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let scope = server.gate.scope(call.request, server.now());
    if scope == Some(Scope::Workspace) && call.param(0) != WORKSPACE {
        return Err(errors::problem(StatusCode::FORBIDDEN, inferred::OTHER_WORKSPACE));
    }
    let mut state = server.state();
    Ok(Reply::ok(&find(server, &mut state, call.param(0))?.to_json()))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let mark = call.request.query("mark_as_terminated").as_deref() == Some("true");
    let path = if mark { inferred::TERMINATED } else { inferred::WORKSPACE_REMOVAL };
    let mut state = server.state();
    let workspace = find(server, &mut state, call.param(0))?;
    if mark || !matches!(workspace.life.status(), "TERMINATING" | "TERMINATED") {
        workspace.life.follow(server.now(), server.world.pace, path);
    }
    Ok(Reply::ok(&workspace.to_json()))
}

/// Only a workspace that is ready gets a new infrastructure.
pub(super) fn update_infrastructure(server: &Server, call: &Call<'_>) -> Outcome {
    let mut state = server.state();
    let workspace = find(server, &mut state, call.param(0))?;
    steer(server, workspace, inferred::INFRASTRUCTURE)?;
    Ok(Reply::empty(StatusCode::CREATED))
}

fn steer(server: &Server, workspace: &mut Workspace, path: Path<'_>) -> Result<(), Box<Reply>> {
    let status = workspace.life.status();
    if status != "READY" {
        return Err(errors::conflict(format!("Workspace {} is {status}", workspace.name)));
    }
    workspace.life.follow(server.now(), server.world.pace, path);
    Ok(())
}
