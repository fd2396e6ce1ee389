//! Export and import jobs: one of a kind at a time, done by the clock.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::errors;
use super::ids::stamp;
use super::inferred;
use super::kept::Kept;
use super::server::Server;
use crate::clock::Moment;
use crate::content::Content;
use crate::http::{Call, Reply, Request};

/// The two kinds of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Export,
    Import,
}

/// One job.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) started: Moment,
    pub(super) source: Value,
    pub(super) correlation: Value,
    pub(super) status_url: String,
    /// What the job tells once it is done.
    pub(super) outputs: Value,
    /// What went wrong with what was asked for; the job itself ends well.
    pub(super) errors: Value,
    /// Whether the job itself goes wrong.
    pub(super) fails: bool,
    pub(super) cancelled: Option<Moment>,
    /// The package of an export, and the link to it.
    pub(super) package: Option<Content>,
    pub(super) link: Option<String>,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Import => "import",
        }
    }

    /// Refuses a job while another one runs.
    pub(super) fn admit(self, server: &Server, jobs: &Kept<Job>) -> Result<(), Box<Reply>> {
        if !jobs.iter().any(|(_, job)| job.is_running(server)) {
            return Ok(());
        }
        let code = format!("{}_JOB_LIMIT_EXCEEDED", self.name().to_uppercase());
        let message = format!("One {} job can run at a time", self.name());
        Err(errors::v4(inferred::JOB_LIMIT, &code, &message))
    }

    /// Tells a job, as of now.
    pub(super) fn describe(self, server: &Server, id: &str, job: &Job) -> Reply {
        let is_done = job.status(server) == "completed";
        let outputs = if is_done { job.outputs_with_link() } else { Value::Null };
        Reply::ok(&json!({
            "object": self.name(), "id": id, "status": job.status(server),
            "status_url": job.status_url, "response_timestamp": server.stamp(),
            "process_time": job.process_time(server), "source_system": job.source,
            "correlation_id": job.correlation, "errors": job.errors(server), "warnings": [],
            "outputs": outputs,
        }))
    }

    /// The jobs in progress and those of the last hour.
    pub(super) fn overview(self, server: &Server, jobs: &Kept<Job>) -> Reply {
        let entry = |(id, job): (&str, &Job)| {
            let status = format!("{}_status", self.name());
            json!({"object": self.name(), "id": id, "data": {
                status: job.status(server), "response_timestamp": server.stamp(),
                "created_by": inferred::USER, "created_timestamp": stamp(job.started),
                "updated_timestamp": stamp(job.ended(server).unwrap_or(job.started)),
                "process_time": job.process_time(server),
            }})
        };
        let running: Vec<_> =
            jobs.iter().filter(|(_, job)| job.is_running(server)).map(entry).collect();
        let is_recent =
            |job: &Job| job.ended(server).is_some_and(|end| end + inferred::RECENT > server.now());
        let recent: Vec<_> = jobs.iter().filter(|(_, job)| is_recent(job)).map(entry).collect();
        let name = self.name();
        Reply::ok(&json!({
            format!("in_progress_{name}s"): running, format!("recent_{name}s"): recent,
            "tenant": {
                "configuration": {format!("{name}_api_job_limit"): 1},
                "status": {format!("{name}_api_jobs_in_progress"): running.len()},
            },
        }))
    }
}

impl Job {
    pub(super) fn new(
        server: &Server,
        request: &Request,
        (kind, id): (Kind, &str),
        body: &Value,
    ) -> Self {
        let tenant = super::target::tenant(request).unwrap_or_default();
        let origin = request.origin();
        Self {
            started: server.now(),
            source: body["source_system"].clone(),
            correlation: body["correlation_id"].clone(),
            status_url: format!("{origin}/{tenant}/api/v4/{}/{id}/status", kind.name()),
            outputs: json!({"services": [], "service_versions": []}),
            errors: Value::Null,
            fails: false,
            cancelled: None,
            package: None,
            link: None,
        }
    }

    pub(super) fn is_running(&self, server: &Server) -> bool {
        self.ended(server).is_none()
    }

    fn ended(&self, server: &Server) -> Option<Moment> {
        let end = self.started + server.world.pace * inferred::IMPEX_STEPS as u32;
        self.cancelled.or_else(|| (end <= server.now()).then_some(end))
    }

    pub(super) fn status(&self, server: &Server) -> &'static str {
        match server.progress(self.started, inferred::IMPEX_STEPS) {
            _ if self.cancelled.is_some() => "cancelled",
            0 => "created",
            100 if self.fails => "failed",
            100 => "completed",
            _ => "in_progress",
        }
    }

    fn errors(&self, server: &Server) -> Value {
        match self.status(server) {
            "failed" => json!([{"code": "JOB_FAILED", "message": "The job failed"}]),
            "completed" => self.errors.clone(),
            _ => Value::Null,
        }
    }

    fn process_time(&self, server: &Server) -> f64 {
        let end = self.ended(server).unwrap_or(server.now());
        end.micros().saturating_sub(self.started.micros()) as f64 / 1000.0
    }

    fn outputs_with_link(&self) -> Value {
        let mut outputs = self.outputs.clone();
        if let Some(link) = &self.link {
            outputs["files"][0]["file"] = link.as_str().into();
        }
        outputs
    }
}

/// The 500 for a job that does not exist.
pub(super) fn missing() -> Box<Reply> {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    errors::v4(status, "INVALID_JOB_ID", "The job is not found")
}

/// The id of the job that the path names.
pub(super) fn id<'a>(call: &'a Call<'_>) -> &'a str {
    call.param(1)
}
