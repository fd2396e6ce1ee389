//! Changes of a cluster, judged against what it is.

use super::super::fields::Fields;
use super::super::server::Server;
use super::super::{errors, inferred};
use super::cluster::Cluster;
use super::create::refused;
use super::definition::Definition;
use super::life::{plan_rest, steer};
use super::{find, find_mut, reply};
use crate::http::{Call, Outcome, Reply};

/// Only what differs counts as a change.
pub(in super::super) fn modify(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let (id, now, mut state) = (call.param(0), server.now(), server.state());
    let cluster = find(&state, id)?;
    let wanted = cluster.definition.changed(&mut fields);
    wanted.judge(&mut fields, &state);
    fields.check()?;
    admit(cluster, &wanted)?;
    let scales = cluster.status() == "RUNNING" && wanted.workers != cluster.definition.workers;
    let cluster = find_mut(&mut state, id)?;
    (cluster.definition, cluster.updated) = (wanted, now);
    plan_rest(server, &mut state, id);
    if scales {
        steer(server, &mut state, id, inferred::SCALING, now);
    }
    reply(&state, id)
}

/// Refuses changes that the status of the cluster does not allow.
fn admit(cluster: &Cluster, wanted: &Definition) -> Result<(), Box<Reply>> {
    let (present, status) = (&cluster.definition, cluster.status());
    if status == "TERMINATED" {
        return Err(refused(cluster, "changed"));
    }
    let locked = present.locked_difference(wanted).filter(|_| status != "STOPPED");
    if let Some(field) = locked {
        return Err(errors::conflict(format!(
            "{field} can only be changed while the cluster is STOPPED, not while it is {status}"
        )));
    }
    let can_scale = matches!(status, "RUNNING" | "PAUSED" | "STOPPED");
    match present.workers == wanted.workers || can_scale {
        true => Ok(()),
        false => Err(refused(cluster, "scaled")),
    }
}

impl Definition {
    fn changed(&self, fields: &mut Fields) -> Self {
        let mut wanted = self.clone();
        let set = |text: Option<String>, field: &mut String| {
            *field = text.unwrap_or(std::mem::take(field))
        };
        set(fields.maybe_text("name"), &mut wanted.name);
        set(fields.maybe_text("description"), &mut wanted.description);
        set(fields.maybe_text("instanceType"), &mut wanted.instance_type);
        set(fields.maybe_text("bodoVersion"), &mut wanted.version);
        set(fields.maybe_text("availabilityZone"), &mut wanted.zone);
        wanted.workers = fields.maybe_count("workersQuantity").unwrap_or(wanted.workers);
        wanted.auto_stop = fields.maybe_count("autoStop").unwrap_or(wanted.auto_stop);
        wanted.auto_pause = fields.maybe_count("autoPause").unwrap_or(wanted.auto_pause);
        wanted.auto_upgrade = fields.maybe_flag("autoUpgrade").unwrap_or(wanted.auto_upgrade);
        wanted.auto_az = fields.maybe_flag("autoAZ").unwrap_or(wanted.auto_az);
        wanted.tags = fields.maybe_texts("customTags").unwrap_or(wanted.tags);
        wanted.role = fields.maybe_text("instanceRoleUUID").or(wanted.role);
        wanted
    }

    /// A field that differs and may not while the cluster runs.
    fn locked_difference(&self, other: &Self) -> Option<&'static str> {
        let differences = [
            self.instance_type != other.instance_type,
            self.version != other.version,
            self.role != other.role,
            self.auto_az != other.auto_az,
            self.zone != other.zone,
        ];
        let mut compared = inferred::LOCKED.iter().zip(differences);
        compared.find(|(_, differs)| *differs).map(|(field, _)| *field)
    }
}
