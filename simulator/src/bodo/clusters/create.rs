//! New clusters.

use std::collections::VecDeque;
use std::slice;

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::super::fields::Fields;
use super::super::life::{Life, Path};
use super::super::server::Server;
use super::super::state::State;
use super::super::{errors, inferred};
use super::cluster::Cluster;
use super::definition::Definition;
use super::life::settle;
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

/// Terminated clusters are forgotten beyond this many, the oldest first.
const KEPT: usize = 10_000;

pub(in super::super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let mut state = server.state();
    let definition = Definition::read(&mut fields, None, &state);
    fields.check()?;
    let id = add(server, &mut state, definition, false, inferred::CREATION, server.now());
    let made = super::find(&state, &id)?.to_json(&state);
    Ok(Reply::json(StatusCode::CREATED, &made))
}

/// A cluster for one job run, from the `clusterConfig` of a request.
pub(in super::super) fn build(
    server: &Server,
    state: &mut State,
    config: Map<String, Value>,
    time: Moment,
) -> Result<String, Box<Reply>> {
    let name = inferred::job_cluster_name(&state.ids.next());
    let mut fields = Fields::of(config);
    let definition = Definition::read(&mut fields, Some(name), state);
    fields.check()?;
    Ok(add(server, state, definition, true, inferred::CREATION, time))
}

/// The clusters that are there from the beginning.
pub(in super::super) fn seed(server: &Server) {
    let mut state = server.state_as_left();
    for name in &server.options.clusters {
        let wish = json!({"name": name, "instanceType": "c5.large", "workersQuantity": 1});
        let mut fields = Fields::of(wish.as_object().cloned().unwrap_or_default());
        let definition = Definition::read(&mut fields, None, &state);
        add(server, &mut state, definition, false, &[("RUNNING", 0)], server.now());
    }
}

fn add(
    server: &Server,
    state: &mut State,
    definition: Definition,
    dedicated: bool,
    path: Path<'_>,
    time: Moment,
) -> String {
    forget(state);
    let id = state.ids.next();
    let mut life = Life::begin(time, server.world.pace, path);
    let ending = server.options.ending(slice::from_ref(&definition.name.as_str()));
    life.end_as(ending.map(|ending| ending.status.clone().into()));
    let cluster = Cluster {
        id: id.clone(),
        definition,
        life,
        created: time,
        updated: time,
        idle_since: time,
        dedicated,
        active: None,
        queue: VecDeque::new(),
        ended: None,
    };
    state.clusters.insert(id.clone(), cluster);
    settle(server, state, &id, time);
    id
}

/// Makes room by forgetting the oldest cluster that is gone.
fn forget(state: &mut State) {
    if state.clusters.len() < KEPT {
        return;
    }
    let gone = state.clusters.iter().find(|(_, cluster)| cluster.status() == "TERMINATED");
    if let Some(id) = gone.map(|(id, _)| id.to_owned()) {
        state.clusters.remove(&id);
    }
}

/// Refuses a status that does not allow what is asked.
pub(super) fn refused(cluster: &Cluster, verb: &str) -> Box<Reply> {
    let (name, status) = (&cluster.definition.name, cluster.status());
    errors::conflict(format!("Cluster {name} cannot be {verb} while it is {status}"))
}
