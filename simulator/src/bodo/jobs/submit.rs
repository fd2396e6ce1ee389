//! Submission: which configuration, on which cluster.

use hyper::StatusCode;
use serde_json::{Map, Value};

use super::super::fields::{Fields, merged};
use super::super::server::Server;
use super::super::state::State;
use super::super::{clusters, errors, inferred};
use super::config::Config;
use super::job::Job;
use super::queue::enqueue;
use super::reply;
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

/// Job runs that ended are forgotten beyond this many, the oldest first.
const KEPT: usize = 10_000;

/// Where a job run goes.
#[derive(Debug)]
pub(in super::super) enum Target {
    Existing(String),
    Temporary(Map<String, Value>),
}

/// Everything that a job run is made of.
#[derive(Debug)]
pub(in super::super) struct Submission {
    pub(in super::super) name: Option<String>,
    pub(in super::super) kind: String,
    pub(in super::super) config: Config,
    pub(in super::super) target: Target,
    pub(in super::super) template: Option<String>,
    pub(in super::super) cron: Option<String>,
}

pub(in super::super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let (name, kind) = (fields.maybe_text("name"), fields.maybe_text("type"));
    let (cluster, template) =
        (fields.maybe_text("clusterUUID"), fields.maybe_text("jobTemplateUUID"));
    let (cluster_config, config) =
        (fields.maybe_object("clusterConfig"), fields.maybe_object("jobConfig"));
    let kind = kind.unwrap_or_else(|| "BATCH".to_owned());
    let is_known = matches!(kind.as_str(), "BATCH" | "INTERACTIVE");
    fields.demand(is_known, "type must be one of the following values: BATCH, INTERACTIVE");
    fields.check()?;
    let (now, mut state) = (server.now(), server.state());
    let base = template
        .as_deref()
        .map(|id| state.templates.get(id).ok_or_else(|| errors::not_found("Job template", id)));
    let base = base.transpose()?;
    let submission = Submission {
        name,
        kind,
        config: Config::over(base.map(|base| &base.config), config)?,
        target: Target::of(
            cluster,
            base.and_then(|base| base.cluster_config.as_ref()),
            cluster_config,
        )?,
        template,
        cron: None,
    };
    let id = submit(server, &mut state, submission, now)?;
    reply(&state, &id, StatusCode::CREATED)
}

impl Target {
    /// One cluster or one configuration; that of the template is what a request fills in.
    pub(in super::super) fn of(
        cluster: Option<String>,
        template: Option<&Map<String, Value>>,
        request: Option<Map<String, Value>>,
    ) -> Result<Self, Box<Reply>> {
        match (cluster, request) {
            (Some(_), Some(_)) => {
                Err(errors::bad_request("Only one of clusterUUID and clusterConfig is allowed"))
            }
            (Some(cluster), None) => Ok(Self::Existing(cluster)),
            (None, None) if template.is_none() => {
                Err(errors::bad_request("clusterUUID or clusterConfig is required"))
            }
            (None, request) => Ok(Self::Temporary(merged(template, request))),
        }
    }
}

/// Takes a job run in and gives its id.
pub(in super::super) fn submit(
    server: &Server,
    state: &mut State,
    submission: Submission,
    time: Moment,
) -> Result<String, Box<Reply>> {
    let (cluster, cluster_config) = match submission.target {
        Target::Existing(id) => (admit(state, id)?, None),
        Target::Temporary(config) => {
            (clusters::build(server, state, config.clone(), time)?, Some(config))
        }
    };
    forget(server, state);
    let id = state.ids.next();
    let job = Job {
        name: submission.name.unwrap_or_else(|| inferred::job_name(&id)),
        kind: submission.kind,
        config: submission.config,
        cluster: Some(cluster),
        cluster_config,
        template: submission.template,
        cron: submission.cron,
        submitted: time,
        started: None,
        finished: None,
        status: "PENDING".into(),
        reason: None,
        retries_used: 0,
        attempt: None,
        retry_at: None,
        cancelled_at: None,
        ddl: None,
        result_files: None,
        id: id.clone(),
    };
    state.jobs.insert(id.clone(), job);
    enqueue(server, state, &id, time);
    Ok(id)
}

/// The id of a cluster that takes another job run.
fn admit(state: &State, id: String) -> Result<String, Box<Reply>> {
    let cluster = clusters::find(state, &id)?;
    if matches!(cluster.status(), "FAILED" | "TERMINATED") {
        let message = format!("Cluster {id} is {} and takes no jobs", cluster.status());
        return Err(errors::conflict(message));
    }
    match cluster.queue.len() < inferred::MAX_QUEUED {
        true => Ok(id),
        false => Err(errors::conflict(format!(
            "{} jobs wait for cluster {id} already",
            inferred::MAX_QUEUED
        ))),
    }
}

/// Makes room by forgetting the oldest job run that has ended.
fn forget(server: &Server, state: &mut State) {
    if state.jobs.len() < KEPT {
        return;
    }
    let ended = state.jobs.iter().find(|(_, job)| job.is_final()).map(|(id, _)| id.to_owned());
    if let Some(job) = ended.and_then(|id| state.jobs.remove(&id)) {
        let mut storage = server.storage();
        job.keys().iter().for_each(|key| storage.remove(key));
    }
}
