//! The runs of a job: list, stop, snapshot.

use serde_json::json;

use super::file::{File, Origin};
use super::server::{Server, not_found, refused};
use super::state::State;
use super::submission::{Run, Submission};
use super::{inferred, jobs};
use crate::clock::Moment;
use crate::content::Content;
use crate::http::{Call, Outcome, Reply};

/// A run that can be seen.
pub(super) fn find<'s>(
    state: &'s State,
    job: &str,
    number: usize,
    now: Moment,
) -> Option<(&'s Submission, &'s Run)> {
    let submission = state.jobs.get(job)?.submission.as_ref()?;
    let run = submission.visible_runs(now).find(|(n, _)| *n == number)?.1;
    Some((submission, run))
}

pub(super) fn number(call: &Call<'_>) -> usize {
    call.param(1).parse().unwrap_or(0)
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let now = server.now();
    let render =
        |s: &Submission| s.visible_runs(now).map(|(n, run)| run.render(n, now)).collect::<Vec<_>>();
    let items = jobs::read(server, call.param(0), |job| job.submission.as_ref().map(render))?;
    server.list(call.request, &items.unwrap_or_default())
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let (state, now) = (server.state(), server.now());
    let (_, run) = find(&state, call.param(0), number(call), now).ok_or_else(not_found)?;
    Ok(Reply::ok(&run.render(number(call), now)))
}

pub(super) fn stop(server: &Server, call: &Call<'_>) -> Outcome {
    let (mut state, now) = (server.state(), server.now());
    find(&state, call.param(0), number(call), now).ok_or_else(not_found)?;
    let submission = state
        .jobs
        .get_mut(call.param(0))
        .and_then(|job| job.submission.as_mut())
        .ok_or_else(not_found)?;
    inferred::stop_run(&mut submission.runs[number(call) - 1], now);
    Ok(Reply::ok(&json!({})))
}

/// Archives what the run has written so far.
pub(super) fn snapshot(server: &Server, call: &Call<'_>) -> Outcome {
    let (mut state, now) = (server.state(), server.now());
    let (submission, run) = find(&state, call.param(0), number(call), now).ok_or_else(not_found)?;
    if !submission.is_executing(now) {
        return Err(refused("Snapshots can be taken only while a run is in progress."));
    }
    let (last, count) = (run.snapshots.last().cloned(), run.snapshots.len());
    let origin =
        Origin { job: call.param(0).to_owned(), run: number(call), delay: Default::default() };
    let content = Content::of(submission.log.clone());
    let name = format!("snapshot_{}.zip", count + 1);
    let id = state.files.insert(|id| File {
        type_id: inferred::SNAPSHOT_TYPE,
        ..File::output(id, &name, content, origin, now)
    });
    let submission = state
        .jobs
        .get_mut(call.param(0))
        .and_then(|job| job.submission.as_mut())
        .ok_or_else(not_found)?;
    submission.runs[number(call) - 1].snapshots.push(id);
    Ok(Reply::ok(&json!({"data": "", "exitcode": 0, "lastSnapshotID": last, "reason": ""})))
}
