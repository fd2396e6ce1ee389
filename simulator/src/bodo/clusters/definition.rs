//! What a cluster is asked to be.

use serde_json::{Map, Value, json};

use super::super::fields::Fields;
use super::super::state::State;
use super::super::{inferred, offers};

/// A definition with everything decided.
#[derive(Debug, Clone)]
pub(in super::super) struct Definition {
    pub(in super::super) name: String,
    pub(super) description: String,
    pub(in super::super) instance_type: String,
    pub(in super::super) workers: u64,
    /// Minutes of idleness; 0 for never.
    pub(super) auto_stop: u64,
    /// Minutes of idleness; 0 for never.
    pub(super) auto_pause: u64,
    pub(super) auto_upgrade: bool,
    pub(super) version: String,
    pub(super) zone: String,
    pub(super) subnet: Option<String>,
    pub(super) role: Option<String>,
    pub(super) auto_az: bool,
    pub(in super::super) spot: bool,
    pub(in super::super) tags: Map<String, Value>,
    pub(super) memory_report: bool,
}

impl Definition {
    /// Reads a definition; `name` stands in for one without a name.
    pub(in super::super) fn read(fields: &mut Fields, name: Option<String>, state: &State) -> Self {
        let spot = fields.maybe_flag("useSpotInstance").unwrap_or(false);
        let definition = Self {
            name: match name {
                Some(name) => fields.maybe_text("name").unwrap_or(name),
                None => fields.text("name"),
            },
            description: fields.maybe_text("description").unwrap_or_default(),
            instance_type: fields.text("instanceType"),
            workers: fields.maybe_count("workersQuantity").unwrap_or_default(),
            auto_stop: fields.maybe_count("autoStop").unwrap_or(if spot { 60 } else { 0 }),
            auto_pause: fields.maybe_count("autoPause").unwrap_or(if spot { 0 } else { 60 }),
            auto_upgrade: fields.maybe_flag("autoUpgrade").unwrap_or(false),
            version: fields
                .maybe_text("bodoVersion")
                .unwrap_or_else(|| offers::latest().to_owned()),
            zone: fields
                .maybe_text("availabilityZone")
                .unwrap_or_else(|| inferred::ZONE.to_owned()),
            subnet: fields.maybe_text("awsDeploymentSubnetId"),
            role: fields.maybe_text("instanceRoleUUID"),
            auto_az: fields.maybe_flag("autoAZ").unwrap_or(true),
            spot,
            tags: fields.maybe_texts("customTags").unwrap_or_default(),
            memory_report: fields.maybe_flag("memoryReportEnabled").unwrap_or(false),
        };
        definition.judge(fields, state);
        definition
    }

    /// Notes what is wrong with it.
    pub(super) fn judge(&self, fields: &mut Fields, state: &State) {
        let (kind, version) = (&self.instance_type, &self.version);
        let is_known = offers::instance_named(kind).is_some();
        fields.demand(is_known, format!("instanceType {kind} is not available in this workspace"));
        fields.demand(self.workers > 0, "workersQuantity must not be less than 1");
        let is_known = offers::versions().any(|known| known == version);
        fields.demand(is_known, format!("bodoVersion {version} is not available"));
        if let Some(role) = &self.role {
            let is_known = state.roles.get(role).is_some();
            fields.demand(is_known, format!("instanceRoleUUID {role} does not exist"));
        }
    }

    /// Its part of a cluster's JSON.
    pub(super) fn to_json(&self, state: &State) -> Value {
        let offer = offers::instance_named(&self.instance_type);
        let role = self.role.as_deref().and_then(|id| state.roles.get(id));
        json!({
            "name": self.name, "description": self.description, "instanceType": self.instance_type,
            "workersQuantity": self.workers, "autoStop": self.auto_stop,
            "autoPause": self.auto_pause, "autoUpgrade": self.auto_upgrade,
            "bodoVersion": self.version, "imageId": offers::image(&self.version),
            "coresPerWorker": offer.map(|offer| offer.cores),
            "acceleratedNetworking": offer.map(|offer| offer.accelerated),
            "availabilityZone": self.zone, "awsDeploymentSubnetId": self.subnet,
            "instanceRole": role.map(|role| role.to_json()), "autoAZ": self.auto_az,
            "useSpotInstance": self.spot, "customTags": self.tags,
            "memoryReportEnabled": self.memory_report,
        })
    }
}
