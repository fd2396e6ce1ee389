//! One cluster.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::super::auth::WORKSPACE;
use super::super::inferred;
use super::super::life::Life;
use super::super::state::State;
use super::definition::Definition;
use crate::clock::Moment;

/// A cluster with its life and the job runs that wait for it.
#[derive(Debug)]
pub(in super::super) struct Cluster {
    pub(in super::super) id: String,
    pub(in super::super) definition: Definition,
    pub(super) life: Life,
    pub(in super::super) created: Moment,
    pub(super) updated: Moment,
    /// Since when nothing was asked of it.
    pub(in super::super) idle_since: Moment,
    /// Whether it is there for one job run only.
    pub(super) dedicated: bool,
    /// The job run that has it.
    pub(in super::super) active: Option<String>,
    pub(in super::super) queue: VecDeque<String>,
    pub(super) ended: Option<Moment>,
}

impl Cluster {
    pub(in super::super) fn status(&self) -> &str {
        self.life.status()
    }

    pub(in super::super) fn is_called(&self, name: &str) -> bool {
        self.definition.name == name
    }

    /// Whether it is there for one job run only.
    pub(in super::super) fn is_dedicated(&self) -> bool {
        self.dedicated
    }

    /// Whether a job run has it or waits for it.
    pub(super) fn is_busy(&self) -> bool {
        self.active.is_some() || !self.queue.is_empty()
    }

    /// How long it has been there, up to now.
    pub(in super::super) fn age(&self, now: Moment) -> std::time::Duration {
        let end = self.ended.unwrap_or(now).micros();
        std::time::Duration::from_micros(end.saturating_sub(self.created.micros()))
    }

    pub(in super::super) fn to_json(&self, state: &State) -> Value {
        let mut cluster = self.definition.to_json(state);
        let addresses = self.addresses();
        let node = |address: &String| json!({"privateIP": address, "instanceId": self.instance_of(address), "memUsage": 0.25});
        let own = json!({
            "uuid": self.id, "status": self.status(), "nodesIp": addresses,
            "primaryAgentIP": addresses.first(),
            "nodeMetadata": addresses.iter().map(node).collect::<Vec<_>>(),
            "autoscalingIdentifier": null, "lastAsgActivityId": null,
            "createdAt": inferred::time(self.created), "updatedAt": inferred::time(self.updated),
            "inStateSince": inferred::time(self.life.since()),
            "lastKnownActivity": inferred::time(self.idle_since),
            "isJobDedicated": self.dedicated, "workspace": {"uuid": WORKSPACE},
        });
        if let (Value::Object(cluster), Value::Object(own)) = (&mut cluster, own) {
            cluster.extend(own);
        }
        cluster
    }

    /// The private addresses of its nodes while they are there.
    pub(in super::super) fn addresses(&self) -> Vec<String> {
        if self.status() != "RUNNING" {
            return Vec::new();
        }
        let net = u8::from_str_radix(&self.id[..2], 16).unwrap_or_default();
        (0..self.definition.workers.min(250)).map(|n| format!("172.31.{net}.{}", n + 4)).collect()
    }

    fn instance_of(&self, address: &str) -> String {
        let number = address.rsplit('.').next().unwrap_or_default();
        format!("i-{}{number:0>3}", &self.id.replace('-', "")[..14])
    }
}
