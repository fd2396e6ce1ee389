//! One job run at a time on a cluster; the others wait in their order.

use super::super::agenda::Event;
use super::super::server::Server;
use super::super::state::State;
use super::super::{clusters, inferred};
use super::attempt;
use crate::clock::Moment;

/// Puts a job run into the queue of its cluster, which is started if it sleeps.
pub(super) fn enqueue(server: &Server, state: &mut State, id: &str, time: Moment) {
    let Some(job) = state.jobs.get(id) else { return };
    let never_starts =
        server.options.ending(&job.names()).is_some_and(|end| end.status == "PENDING");
    let cluster_id = job.cluster.clone().unwrap_or_default();
    let Some(cluster) = state.clusters.get_mut(&cluster_id).filter(|_| !never_starts) else {
        return;
    };
    cluster.queue.push_back(id.to_owned());
    match cluster.status() {
        "PAUSED" | "STOPPED" => clusters::start(server, state, &cluster_id, time),
        _ => dispatch(server, state, &cluster_id, time),
    }
}

/// Starts the next job run of a cluster that is free.
pub(in super::super) fn dispatch(server: &Server, state: &mut State, cluster: &str, time: Moment) {
    let Some(cluster) = state.clusters.get_mut(cluster) else { return };
    if cluster.status() != "RUNNING" || cluster.active.is_some() {
        return;
    }
    cluster.active = cluster.queue.pop_front();
    if let Some(id) = cluster.active.clone() {
        attempt::begin(server, state, &id, time);
    }
}

pub(super) fn cancel(server: &Server, state: &mut State, id: &str, time: Moment) {
    let Some(job) = state.jobs.get_mut(id).filter(|job| job.status != "CANCELLING") else { return };
    job.status = "CANCELLING".into();
    let through = time + server.world.pace * inferred::CANCEL_STEPS;
    (job.cancelled_at, job.retry_at) = (Some(through), None);
    let cluster = job.cluster.as_deref().and_then(|id| state.clusters.get_mut(id));
    if let Some(cluster) = cluster {
        cluster.queue.retain(|queued| queued != id);
    }
    state.agenda.plan(through, Event::Job(id.to_owned()));
}

/// Ends every job run of a cluster that fails or is gone.
pub(in super::super) fn abandon(
    server: &Server,
    state: &mut State,
    cluster: &str,
    reason: &str,
    time: Moment,
) {
    let on_cluster = |job: &&super::Job| job.cluster.as_deref() == Some(cluster) && !job.is_final();
    let left: Vec<_> = state.jobs.values().filter(on_cluster).map(|job| job.id.clone()).collect();
    for id in left {
        let is_cancelled = state.jobs.get(&id).is_some_and(|job| job.status == "CANCELLING");
        match is_cancelled {
            true => conclude(server, state, &id, "CANCELLED", Some(inferred::CANCELLED), time),
            false => conclude(server, state, &id, "FAILED", Some(reason), time),
        }
    }
}

/// Ends a job run for good and lets its cluster go on, or go away.
pub(in super::super) fn conclude(
    server: &Server,
    state: &mut State,
    id: &str,
    status: &str,
    reason: Option<&str>,
    time: Moment,
) {
    let Some(job) = state.jobs.get_mut(id) else { return };
    job.status = status.to_owned().into();
    job.reason = reason.map(str::to_owned);
    job.finished = Some(time);
    job.keep_product(server);
    let cluster_id = job.cluster.clone().unwrap_or_default();
    let Some(cluster) = state.clusters.get_mut(&cluster_id) else { return };
    cluster.queue.retain(|queued| queued != id);
    if cluster.active.as_deref() == Some(id) {
        (cluster.active, cluster.idle_since) = (None, time);
    }
    match cluster.is_dedicated() {
        true => clusters::terminate(server, state, &cluster_id, time),
        false => {
            dispatch(server, state, &cluster_id, time);
            clusters::plan_rest(server, state, &cluster_id);
        }
    }
}
