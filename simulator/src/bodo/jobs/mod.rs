//! Job runs: submission, the queue of a cluster, attempts, logs and results.

mod attempt;
mod config;
mod job;
mod launch;
mod notebook;
mod product;
mod queue;
mod script;
mod submit;

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::links::{expiry, sign};
use super::page::{Page, Wanted};
use super::server::Server;
use super::state::State;
use super::{errors, inferred};
use crate::http::{Call, Outcome, Reply};

pub(super) use attempt::wake;
pub(super) use config::Config;
pub(super) use job::Job;
pub(super) use queue::{abandon, conclude, dispatch};
pub(super) use submit::{Submission, Target, create, submit};

/// `startedAt` is the earliest start, `finishedAt` the latest end.
pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let page = Page::of(server, call, inferred::JOBS_PAGE)?;
    let wanted = |name| Wanted::of(call.request, name);
    let (ids, kinds, statuses) = (wanted("uuid"), wanted("type"), wanted("status"));
    let (templates, clusters, crons) =
        (wanted("jobTemplateUUID"), wanted("clusterUUID"), wanted("cronJobUUID"));
    let from = bound(call, "startedAt");
    let to = bound(call, "finishedAt");
    let state = server.state();
    let fits = |job: &&Job| {
        ids.admits(&job.id)
            && kinds.admits(&job.kind)
            && statuses.admits(&job.status)
            && templates.admits_maybe(job.template.as_deref())
            && clusters.admits_maybe(job.cluster.as_deref())
            && crons.admits_maybe(job.cron.as_deref())
            && from
                .as_ref()
                .is_none_or(|from| job.started.is_some_and(|at| inferred::time(at) >= *from))
            && to.as_ref().is_none_or(|to| job.finished.is_some_and(|at| inferred::time(at) <= *to))
    };
    let found: Vec<&Job> = state.jobs.values().filter(fits).collect();
    page.reply(found, |job| job.to_json(&state))
}

/// A time of the query in the form of answers: `2024-01-01 00:00:00+00:00`, a day or RFC 3339.
fn bound(call: &Call<'_>, name: &str) -> Option<String> {
    let text = call.request.query(name)?.replacen(' ', "T", 1);
    Some(text.strip_suffix("+00:00").or(text.strip_suffix('Z')).unwrap_or(&text).to_owned())
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    reply(&server.state(), call.param(0), StatusCode::OK)
}

/// The job run as it is now.
pub(super) fn reply(state: &State, id: &str, status: StatusCode) -> Outcome {
    Ok(Reply::json(status, &find(state, id)?.to_json(state)))
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a Job, Box<Reply>> {
    state.jobs.get(id).ok_or_else(|| errors::not_found("Job run", id))
}

/// What has ended cannot be cancelled; what is being cancelled stays so.
pub(super) fn cancel(server: &Server, call: &Call<'_>) -> Outcome {
    let (id, mut state) = (call.param(0), server.state());
    let job = find(&state, id)?;
    if job.is_final() {
        return Err(errors::conflict(format!("Job run {id} is already {}", job.status)));
    }
    queue::cancel(server, &mut state, id, server.now());
    reply(&state, id, StatusCode::OK)
}

/// The links exist once the job run has begun or ended.
pub(super) fn logs(server: &Server, call: &Call<'_>) -> Outcome {
    let id = call.param(0);
    let state = server.state();
    let job = find(&state, id)?;
    if job.started.is_none() && !job.is_final() {
        return Err(errors::problem(
            StatusCode::NOT_FOUND,
            format!("Job run {id} has no logs yet"),
        ));
    }
    let link = |key: String| sign(server, call.request, &Method::GET, &key);
    Ok(Reply::ok(&json!({
        "stdoutUrl": link(product::stdout(id)), "stderrUrl": link(product::stderr(id)),
        "expirationDate": inferred::time(expiry(server)),
    })))
}

/// The link of the metadata and those of the files with the rows, in their order.
pub(super) fn result(server: &Server, call: &Call<'_>) -> Outcome {
    let id = call.param(0);
    let state = server.state();
    let missing = || errors::problem(StatusCode::NOT_FOUND, format!("Job run {id} has no result"));
    let files = find(&state, id)?.result_files.ok_or_else(missing)?;
    let keys =
        std::iter::once(product::metadata(id)).chain((0..files).map(|n| product::part(id, n)));
    let links = keys.map(|key| Value::from(sign(server, call.request, &Method::GET, &key)));
    Ok(Reply::ok(&links.collect()))
}
