//! Clusters: what there is, what is asked of it, and what the clock does to it.

mod cluster;
mod commands;
mod create;
mod definition;
mod life;
mod modify;

use serde_json::Value;

use super::page::{Page, Wanted};
use super::server::Server;
use super::state::State;
use super::{errors, inferred};
use crate::http::{Call, Outcome, Reply};

pub(super) use cluster::Cluster;
pub(super) use commands::{delete, pause, restart, resume, stop};
pub(super) use create::{build, create, seed};
pub(super) use life::{plan_rest, rest, start, terminate, touch, wake};
pub(super) use modify::modify;

/// Terminated clusters show only where their status is asked for.
pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let page = Page::of(server, call, inferred::PAGE)?;
    let wanted = |name| Wanted::of(call.request, name);
    let (ids, names, statuses, tags) =
        (wanted("uuid"), wanted("clusterName"), wanted("status"), wanted("tag"));
    let state = server.state();
    let fits = |cluster: &&Cluster| {
        ids.admits(&cluster.id)
            && names.admits(&cluster.definition.name)
            && statuses.admits(cluster.status())
            && tags.admits_tags(&cluster.definition.tags)
            && (cluster.status() != "TERMINATED" || statuses.names("TERMINATED"))
    };
    let found: Vec<&Cluster> = state.clusters.values().filter(fits).collect();
    page.reply(found, |cluster| cluster.to_json(&state))
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    reply(&server.state(), call.param(0))
}

/// The cluster as it is now.
pub(super) fn reply(state: &State, id: &str) -> Outcome {
    Ok(Reply::ok(&find(state, id)?.to_json(state)))
}

pub(super) fn find<'a>(state: &'a State, id: &str) -> Result<&'a Cluster, Box<Reply>> {
    state.clusters.get(id).ok_or_else(|| errors::not_found("Cluster", id))
}

fn find_mut<'a>(state: &'a mut State, id: &str) -> Result<&'a mut Cluster, Box<Reply>> {
    state.clusters.get_mut(id).ok_or_else(|| errors::not_found("Cluster", id))
}

/// A cluster within an answer about something else.
pub(super) fn embedded(state: &State, id: Option<&str>) -> Value {
    id.and_then(|id| state.clusters.get(id)).map_or(Value::Null, |cluster| cluster.to_json(state))
}
