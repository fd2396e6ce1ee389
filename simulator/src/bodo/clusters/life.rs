//! What the clock does to clusters: statuses, automatic pauses and stops, and the job runs that wait.

use super::super::agenda::Event;
use super::super::life::{Path, Status};
use super::super::offers;
use super::super::server::Server;
use super::super::state::State;
use super::super::{inferred, jobs};
use super::cluster::Cluster;
use crate::clock::Moment;
use crate::http::Reply;

/// Sends a cluster along a path.
pub(super) fn steer(server: &Server, state: &mut State, id: &str, path: Path<'_>, time: Moment) {
    let Some(cluster) = state.clusters.get_mut(id) else { return };
    cluster.life.follow(time, server.world.pace, path);
    cluster.updated = time;
    if path.last().is_some_and(|(status, _)| *status == "RUNNING") {
        let ending = server.options.ending(&[cluster.definition.name.as_str()]);
        cluster.life.end_as(ending.map(|ending| Status::from(ending.status.clone())));
    }
    settle(server, state, id, time);
}

/// A cluster may have reached its next status.
pub(in super::super) fn wake(server: &Server, state: &mut State, id: &str, time: Moment) {
    if state.clusters.get_mut(id).is_some_and(|cluster| cluster.life.step(time)) {
        settle(server, state, id, time);
    }
}

/// Does what the present status of a cluster asks for, and plans the next one.
pub(in super::super) fn settle(server: &Server, state: &mut State, id: &str, time: Moment) {
    let Some(cluster) = state.clusters.get_mut(id) else { return };
    if let Some(next) = cluster.life.next() {
        state.agenda.plan(next, Event::Cluster(id.to_owned()));
    }
    match cluster.status() {
        "RUNNING" => {
            cluster.idle_since = time;
            jobs::dispatch(server, state, id, time);
            plan_rest(server, state, id);
        }
        "PAUSED" | "STOPPED" if !cluster.queue.is_empty() => start(server, state, id, time),
        "FAILED" => jobs::abandon(server, state, id, inferred::CLUSTER_FAILED, time),
        "TERMINATED" => {
            cluster.ended = Some(time);
            jobs::abandon(server, state, id, inferred::CLUSTER_REMOVED, time);
        }
        _ => {}
    }
}

/// Starts a cluster that is paused or stopped; one with automatic upgrades gets the latest version.
pub(in super::super) fn start(server: &Server, state: &mut State, id: &str, time: Moment) {
    if let Some(cluster) =
        state.clusters.get_mut(id).filter(|cluster| cluster.definition.auto_upgrade)
    {
        cluster.definition.version = offers::latest().to_owned();
    }
    steer(server, state, id, inferred::START, time);
}

/// Removes a cluster.
pub(in super::super) fn terminate(server: &Server, state: &mut State, id: &str, time: Moment) {
    let is_going = state.clusters.get(id).is_none_or(Cluster::is_going);
    if !is_going {
        steer(server, state, id, inferred::REMOVAL, time);
    }
}

/// Somebody uses a cluster, which is not idle then.
pub(in super::super) fn touch(
    server: &Server,
    state: &mut State,
    id: &str,
) -> Result<(), Box<Reply>> {
    super::find_mut(state, id)?.idle_since = server.now();
    plan_rest(server, state, id);
    Ok(())
}

/// Looks again once the cluster may have been idle for long enough.
pub(in super::super) fn plan_rest(server: &Server, state: &mut State, id: &str) {
    let Some(cluster) = state.clusters.get(id) else { return };
    for limit in [cluster.pause_after(server), cluster.stop_after(server)].into_iter().flatten() {
        state.agenda.plan(limit, Event::Idle(id.to_owned()));
    }
}

/// Pauses or stops a cluster that has been idle for long enough.
pub(in super::super) fn rest(server: &Server, state: &mut State, id: &str, time: Moment) {
    let Some(cluster) = state.clusters.get(id).filter(|cluster| !cluster.is_busy()) else { return };
    let is_due = |limit: Option<Moment>| limit.is_some_and(|limit| limit <= time);
    let (pause, stop) = (is_due(cluster.pause_after(server)), is_due(cluster.stop_after(server)));
    match cluster.status() {
        "RUNNING" | "PAUSED" if stop => steer(server, state, id, inferred::STOP, time),
        "RUNNING" if pause && !cluster.definition.spot => {
            steer(server, state, id, inferred::PAUSE, time);
        }
        _ => {}
    }
}

impl Cluster {
    fn pause_after(&self, server: &Server) -> Option<Moment> {
        self.idle_limit(server, self.definition.auto_pause)
    }

    fn stop_after(&self, server: &Server) -> Option<Moment> {
        self.idle_limit(server, self.definition.auto_stop)
    }

    fn idle_limit(&self, server: &Server, minutes: u64) -> Option<Moment> {
        (minutes > 0).then(|| self.idle_since + server.minutes(minutes))
    }

    /// Whether it is being removed, or has been.
    pub(super) fn is_going(&self) -> bool {
        self.status() == "TERMINATED" || self.life.ends_as("TERMINATED")
    }
}
