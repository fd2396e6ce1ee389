//! Pause, resume, stop, restart and removal, each from the statuses that allow it.

use super::super::life::Path;
use super::super::server::Server;
use super::super::{errors, inferred};
use super::create::refused;
use super::life::{start, steer, terminate};
use super::{find, find_mut, reply};
use crate::http::{Call, Outcome};

pub(in super::super) fn pause(server: &Server, call: &Call<'_>) -> Outcome {
    halt(server, call, &["RUNNING", "INITIALIZING"], inferred::PAUSE, "paused")
}

pub(in super::super) fn stop(server: &Server, call: &Call<'_>) -> Outcome {
    halt(server, call, &["RUNNING", "INITIALIZING", "PAUSED"], inferred::STOP, "stopped")
}

/// A cluster with job runs is not halted, one of spot instances not paused.
fn halt(server: &Server, call: &Call<'_>, from: &[&str], path: Path<'_>, verb: &str) -> Outcome {
    let (id, mut state) = (call.param(0), server.state());
    let cluster = find(&state, id)?;
    if !from.contains(&cluster.status()) {
        return Err(refused(cluster, verb));
    }
    if cluster.is_busy() {
        return Err(errors::conflict(format!("A cluster with unfinished jobs cannot be {verb}")));
    }
    if cluster.definition.spot && path == inferred::PAUSE {
        return Err(errors::conflict("A cluster of spot instances cannot be paused"));
    }
    steer(server, &mut state, id, path, server.now());
    reply(&state, id)
}

pub(in super::super) fn resume(server: &Server, call: &Call<'_>) -> Outcome {
    begin(server, call, &["PAUSED"], "resumed")
}

pub(in super::super) fn restart(server: &Server, call: &Call<'_>) -> Outcome {
    begin(server, call, &inferred::RESTARTABLE, "restarted")
}

fn begin(server: &Server, call: &Call<'_>, from: &[&str], verb: &str) -> Outcome {
    let (id, mut state) = (call.param(0), server.state());
    let cluster = find(&state, id)?;
    if !from.contains(&cluster.status()) {
        return Err(refused(cluster, verb));
    }
    start(server, &mut state, id, server.now());
    reply(&state, id)
}

/// Without `force`, a cluster with unfinished job runs stays.
pub(in super::super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let is_set = |name| call.request.query(name).as_deref() == Some("true");
    let (id, now, mut state) = (call.param(0), server.now(), server.state());
    let cluster = find_mut(&mut state, id)?;
    if is_set("mark_as_terminated") {
        steer(server, &mut state, id, inferred::TERMINATED, now);
    } else if cluster.is_busy() && !is_set("force") {
        return Err(errors::conflict("A cluster with unfinished jobs is only removed by force"));
    } else {
        terminate(server, &mut state, id, now);
    }
    reply(&state, id)
}
