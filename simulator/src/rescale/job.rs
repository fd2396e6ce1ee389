//! A job: its definition as it was resolved, and what became of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::submission::Submission;
use super::{catalogue, inferred};
use crate::clock::Moment;

/// A job of the workspace.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: String,
    /// The answer to a GET, but for the forms that depend on the API's version.
    pub(super) definition: Map<String, Value>,
    pub(super) inserted: Moment,
    pub(super) submission: Option<Submission>,
    pub(super) tags: Vec<String>,
    pub(super) fields: Map<String, Value>,
    pub(super) storage: u64,
}

impl Job {
    pub(super) fn new(id: &str, definition: Map<String, Value>, inserted: Moment) -> Self {
        let id = id.to_owned();
        Self {
            id,
            definition,
            inserted,
            submission: None,
            tags: Vec::new(),
            fields: Map::new(),
            storage: 0,
        }
    }

    /// The display text of the newest status; empty for a job that was never submitted.
    pub(super) fn status(&self, now: Moment) -> &str {
        self.submission.as_ref().map_or("", |submission| submission.statuses.latest_name(now))
    }

    /// Whether nothing of it is running: it may be changed or deleted.
    pub(super) fn is_released(&self, now: Moment) -> bool {
        self.submission.as_ref().is_none_or(|submission| submission.is_released(now))
    }

    pub(super) fn render(&self, version3: bool) -> Value {
        let mut job = self.definition.clone();
        job.insert("id".into(), self.id.clone().into());
        job.insert("owner".into(), catalogue::EMAIL.into());
        job.insert("dateInserted".into(), self.inserted.zulu().into());
        if inferred::core_type_is_object(version3) {
            let analyses = job.get_mut("jobanalyses").and_then(Value::as_array_mut);
            for analysis in analyses.into_iter().flatten() {
                let code = analysis["hardware"]["coreType"].take();
                analysis["hardware"]["coreType"] = json!({"code": code});
            }
            job.insert("customFields".into(), self.fields.clone().into());
        }
        Value::Object(job)
    }

    /// The form in which lists show a job.
    pub(super) fn summary(&self, now: Moment) -> Value {
        let submission = self.submission.as_ref();
        let status = submission.and_then(|submission| submission.statuses.latest(now));
        let reason = status.and_then(|status| status.reason.clone());
        let cluster = submission.map(
            |s| json!({"content": s.cluster.latest_name(now), "labelClass": "", "useLabel": false}),
        );
        json!({
            "id": self.id, "name": self.definition["name"], "owner": catalogue::EMAIL, "dateInserted": self.inserted.zulu(),
            "jobStatus": {"content": self.status(now), "statusReason": reason, "labelClass": "", "useLabel": false},
            "clusterStatusDisplay": cluster, "analysisNames": self.analysis_names(), "storage": self.storage,
            "sharedWith": [], "isVisible": true,
        })
    }

    fn analysis_names(&self) -> Vec<&Value> {
        self.analyses().map(|analysis| &analysis["analysis"]["name"]).collect()
    }

    fn analyses(&self) -> impl Iterator<Item = &Value> {
        self.definition.get("jobanalyses").and_then(Value::as_array).into_iter().flatten()
    }

    pub(super) fn commands(&self) -> impl Iterator<Item = &str> {
        self.analyses().filter_map(|analysis| analysis["command"].as_str())
    }

    /// The input files of all analyses, as they were resolved.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &Value> {
        self.analyses().filter_map(|analysis| analysis["inputFiles"].as_array()).flatten()
    }

    /// The names of the files that a run finds: inputs and what is made from templates.
    pub(super) fn file_names(&self) -> Vec<String> {
        let tasks = self.analyses().filter_map(|analysis| analysis["templateTasks"].as_array());
        let rendered = tasks.flatten().filter_map(|task| task["processedFilename"].as_str());
        let inputs = self.inputs().filter_map(|file| file["name"].as_str());
        inputs.chain(rendered).map(str::to_owned).collect()
    }

    /// The environment of all analyses.
    pub(super) fn environment(&self) -> BTreeMap<String, String> {
        let pairs =
            self.analyses().filter_map(|analysis| analysis["envVars"].as_object()).flatten();
        pairs
            .map(|(key, value)| {
                (key.clone(), value.as_str().map_or(value.to_string(), str::to_owned))
            })
            .collect()
    }

    pub(super) fn slots(&self) -> u32 {
        let slots =
            self.analyses().next().and_then(|analysis| analysis["hardware"]["slots"].as_u64());
        slots.map_or(1, |slots| slots as u32)
    }
}
