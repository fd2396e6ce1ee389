//! One cron job.

use serde_json::{Map, Value, json};

use super::super::inferred;
use super::schedule::Schedule;
use super::zone::Zone;
use crate::clock::Moment;

/// A cron job.
#[derive(Debug)]
pub(in super::super) struct CronJob {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) template: String,
    pub(super) cluster: Option<String>,
    pub(super) cluster_config: Option<Map<String, Value>>,
    pub(super) config: Option<Map<String, Value>>,
    pub(super) max_concurrent: u64,
    pub(super) schedule: Schedule,
    pub(super) zone: Zone,
    pub(super) schedule_text: String,
    pub(super) zone_text: String,
    pub(super) is_active: bool,
    /// When the next run is due, in the time of the platform.
    pub(super) next: Option<Moment>,
    pub(super) last: Option<Moment>,
}

impl CronJob {
    pub(super) fn to_json(&self) -> Value {
        let day = |moment: Option<Moment>| moment.map(inferred::day);
        json!({
            "uuid": self.id, "name": self.name, "description": self.description,
            "createdBy": inferred::SUBMITTER, "schedule": self.schedule_text,
            "timezone": self.zone_text, "lastRunDate": day(self.last), "nextRunDate": day(self.next),
            "maxConcurrentRuns": self.max_concurrent, "jobTemplateUUID": self.template,
            "clusterUUID": self.cluster, "clusterConfig": self.cluster_config,
            "jobConfig": self.config, inferred::CRON_ACTIVE: self.is_active,
        })
    }
}
