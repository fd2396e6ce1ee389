//! The life of a job: submit, stop, and the histories of job and cluster.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::json;

use super::command::Script;
use super::file::{File, Origin};
use super::job::Job;
use super::jobs::{is_version3, read};
use super::server::{Server, not_found};
use super::state::State;
use super::submission::{Circumstances, Submission};
use super::{doe, inferred};
use crate::clock::Moment;
use crate::content::Content;
use crate::http::{Call, Outcome, Reply};

/// A second submission is answered with success and has no effect.
pub(super) fn submit(server: &Server, call: &Call<'_>) -> Outcome {
    let id = call.param(0);
    let mut state = server.state();
    let job = state.jobs.get(id).ok_or_else(not_found)?;
    if job.submission.is_none() {
        let (script, submission) = plan(server, &state, job);
        let delay = server.options.late_files + script.late_files;
        let (submission, storage) =
            with_outputs(&mut state, id, submission, &script, delay, server.now());
        let job = state.jobs.get_mut(id).ok_or_else(not_found)?;
        (job.submission, job.storage) = (Some(submission), storage);
    }
    Ok(Reply::empty(StatusCode::OK))
}

fn plan(server: &Server, state: &State, job: &Job) -> (Script, Submission) {
    let script = Script::run(job.commands(), &job.file_names(), &job.environment());
    let parameters = job.definition["paramFile"]["id"].as_str().and_then(|id| state.files.get(id));
    let submission = Submission::plan(
        &script,
        Circumstances {
            now: server.now(),
            step: server.world.pace,
            low_priority: job.definition["isLowPriority"] == true,
            force_stop_completes: server.options.force_stop_completes,
            slots: job.slots(),
            variables: doe::runs(
                &job.definition,
                parameters.and_then(|file| file.content.as_ref()),
            ),
        },
    );
    (script, submission)
}

/// Makes the output files of every run; they show once the run is over.
fn with_outputs(
    state: &mut State,
    job: &str,
    mut submission: Submission,
    script: &Script,
    delay: Duration,
    now: Moment,
) -> (Submission, u64) {
    let log = ("process_output.log".to_owned(), Content::of(script.log.clone()));
    for (n, run) in (1..).zip(&mut submission.runs) {
        let date = run.completed.unwrap_or(now);
        for (path, content) in script.outputs.iter().chain([&log]) {
            let origin = Origin { job: job.to_owned(), run: n, delay };
            run.output_size += content.len();
            run.outputs.push(
                state.files.insert(|id| File::output(id, path, content.clone(), origin, date)),
            );
        }
    }
    let storage = submission.runs.iter().map(|run| run.output_size).sum();
    (submission, storage)
}

pub(super) fn stop(server: &Server, call: &Call<'_>) -> Outcome {
    end(server, call, Submission::stop)
}

pub(super) fn force_stop(server: &Server, call: &Call<'_>) -> Outcome {
    end(server, call, Submission::force_stop)
}

fn end(server: &Server, call: &Call<'_>, end: fn(&mut Submission, Moment)) -> Outcome {
    let now = server.now();
    let mut state = server.state();
    let job = state.jobs.get_mut(call.param(0)).ok_or_else(not_found)?;
    if let Some(submission) = &mut job.submission {
        end(submission, now);
    }
    Ok(Reply::empty(inferred::ACCEPTED))
}

pub(super) fn statuses(server: &Server, call: &Call<'_>) -> Outcome {
    let now = server.now();
    let mut items = read(server, call.param(0), |job| {
        job.submission.as_ref().map(|submission| submission.statuses.render(now, Moment::offset))
    })?
    .unwrap_or_default();
    if is_version3(call.request) {
        for item in &mut items {
            item["jobId"] = call.param(0).into();
            item["notify"] = json!(false);
            item["preventDuplicates"] = json!(false);
        }
    }
    server.list(call.request, &items)
}

pub(super) fn cluster_statuses(server: &Server, call: &Call<'_>) -> Outcome {
    let now = server.now();
    let items = read(server, call.param(0), |job| {
        job.submission.as_ref().map(|submission| submission.cluster.render(now, Moment::zulu))
    })?;
    server.list(call.request, &items.unwrap_or_default())
}
