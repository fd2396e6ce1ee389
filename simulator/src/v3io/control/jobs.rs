//! Jobs, which advance by the clock, and the reloads that start them.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Value, json};

use super::super::inferred;
use super::super::server::Server;
use super::document::{Attributes, document, missing, resource};
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

const CONFIGURATIONS: [&str; 4] =
    ["cluster", "events", "app_services", "artifact_version_manifest"];

/// Something that takes time.
#[derive(Debug)]
pub(super) struct Job {
    kind: String,
    params: Value,
    created: Moment,
    fails: bool,
}

impl Job {
    fn describe(&self, id: &str, now: Moment, pace: Duration) -> Value {
        let step = (pace.as_micros() as u64).max(1);
        let steps = (now.micros() - self.created.micros()) / step;
        let running = usize::try_from(steps).ok().and_then(|n| inferred::JOB_STATES.get(n));
        let end = if self.fails { "failed" } else { "completed" };
        let failed = self.fails && running.is_none();
        let updated = self.created + pace * steps.min(inferred::JOB_STATES.len() as u64) as u32;
        let attributes = json!({
            "kind": self.kind, "params": self.params, "handler": "simulated",
            "state": running.copied().unwrap_or(end),
            "result": if failed { inferred::JOB_FAILURE } else { "" },
            "created_at": self.created.offset(), "updated_at": updated.offset(),
        });
        resource("job", &id.into(), attributes.as_object().unwrap_or(&Attributes::new()))
    }
}

/// Starts a job and answers with its id.
pub(super) fn start(server: &Server, kind: &str, params: Value) -> Reply {
    let fails = server.options.failing_jobs;
    let job = Job { kind: kind.to_owned(), params, created: server.now(), fails };
    let mut records = server.control.records();
    let id = records.issue();
    let data = job.describe(&id, server.now(), server.world.pace);
    records.jobs.insert(id, job);
    document(inferred::JOB_STARTED, &data)
}

pub(super) fn reload(server: &Server, call: &Call<'_>) -> Outcome {
    let kind = call.param(0);
    match CONFIGURATIONS.contains(&kind) {
        true => Ok(start(server, &format!("{kind}_configuration_reload"), json!({}))),
        false => Err(missing()),
    }
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let id = call.param(0);
    let records = server.control.records();
    let job = records.jobs.get(id).ok_or_else(missing)?;
    Ok(document(StatusCode::OK, &job.describe(id, server.now(), server.world.pace)))
}

pub(super) fn list(server: &Server, _: &Call<'_>) -> Outcome {
    let records = server.control.records();
    let describe = |(id, job): (&String, &Job)| job.describe(id, server.now(), server.world.pace);
    Ok(document(StatusCode::OK, &records.jobs.iter().map(describe).collect()))
}
