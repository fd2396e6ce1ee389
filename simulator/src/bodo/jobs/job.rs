//! One job run.

use serde_json::{Map, Value, json};

use super::super::life::Status;
use super::super::state::State;
use super::super::{clusters, inferred};
use super::attempt::Attempt;
use super::config::Config;
use crate::clock::Moment;

/// A job run, from its submission to its end.
#[derive(Debug)]
pub(in super::super) struct Job {
    pub(in super::super) id: String,
    pub(in super::super) name: String,
    /// `BATCH` or `INTERACTIVE`.
    pub(super) kind: String,
    pub(in super::super) config: Config,
    pub(in super::super) cluster: Option<String>,
    pub(super) cluster_config: Option<Map<String, Value>>,
    pub(super) template: Option<String>,
    pub(in super::super) cron: Option<String>,
    pub(in super::super) submitted: Moment,
    pub(in super::super) started: Option<Moment>,
    pub(in super::super) finished: Option<Moment>,
    pub(in super::super) status: Status,
    pub(in super::super) reason: Option<String>,
    pub(super) retries_used: u64,
    pub(super) attempt: Option<Attempt>,
    /// When the next attempt begins, after one that failed.
    pub(super) retry_at: Option<Moment>,
    /// When the cancellation is through.
    pub(super) cancelled_at: Option<Moment>,
    pub(super) ddl: Option<Value>,
    /// How many files hold the rows of the result, where there is one.
    pub(super) result_files: Option<usize>,
}

impl Job {
    pub(in super::super) fn template(&self) -> Option<&str> {
        self.template.as_deref()
    }

    pub(in super::super) fn is_final(&self) -> bool {
        matches!(&*self.status, "SUCCEEDED" | "FAILED" | "CANCELLED" | "TIMEOUT")
    }

    /// What a setting may call it: its name, and the file that it executes.
    pub(super) fn names(&self) -> Vec<&str> {
        std::iter::once(self.name.as_str()).chain(self.config.location()).collect()
    }

    /// Why it is as it is; one that waits says for what.
    fn told_reason(&self, state: &State) -> Option<String> {
        let waits = self.status == "PENDING" && self.reason.is_none();
        let cluster = self.cluster.as_deref().and_then(|id| state.clusters.get(id));
        match waits {
            true if cluster.is_some_and(|cluster| cluster.active.is_some()) => {
                Some(inferred::IN_QUEUE.to_owned())
            }
            true => Some(inferred::SUBMITTED.to_owned()),
            false => self.reason.clone(),
        }
    }

    pub(in super::super) fn to_json(&self, state: &State) -> Value {
        let time = inferred::maybe_time;
        json!({
            "uuid": self.id, "name": self.name, "type": self.kind,
            "submittedAt": inferred::time(self.submitted), "startedAt": time(self.started),
            "finishedAt": time(self.finished), "lastHealthCheck": time(self.started),
            "lastKnownActivity": time(self.finished.or(self.started)), "status": self.status,
            "reason": self.told_reason(state), "numRetriesUsed": self.retries_used, "tag": [],
            "clusterUUID": self.cluster, "clusterConfig": self.cluster_config,
            "cluster": clusters::embedded(state, self.cluster.as_deref()),
            "config": self.config.told(), "jobTemplateUUID": self.template,
            "cronJobUUID": self.cron, "submitter": inferred::SUBMITTER, "stats": null,
            "isDDL": self.ddl.is_some(), "sqlQueryResult": self.ddl,
        })
    }
}
