//! What a cluster can be told, checked before it is told.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::arguments::filled;
use crate::bodo::ClusterStatus;
use crate::bodo::models::{self, ClusterUpdate};
use crate::error::{Error, Result};

/// More minutes are taken for a mistake: the platform's numbers are believed to have 32 bits.
const MOST_MINUTES: i64 = i32::MAX as i64;

/// What a running cluster takes (source: Bodo's documentation of its SDK, "Update your cluster").
const CHANGED_WHILE_RUNNING: &str = "name, description, auto_pause, auto_stop and workers";

/// Idle time as the wire has it: 0 means never, so that nothing else is rounded to it.
pub(super) fn idle_minutes(idle: Option<Duration>) -> i64 {
    let Some(idle) = idle else { return 0 };
    let minutes = idle.as_nanos().div_ceil(Duration::from_secs(60).as_nanos()).max(1);
    i64::try_from(minutes).unwrap_or(i64::MAX)
}

/// What is wrong with the description of a new cluster, or of a part of one.
pub(super) fn check_config(config: &models::ClusterConfig) -> Result<()> {
    check_texts([
        ("the name of the cluster", &config.name),
        ("the instance type of the cluster", &config.instance_type),
        ("the version of Bodo", &config.bodo_version),
        ("the availability zone", &config.availability_zone),
        ("the subnet", &config.aws_deployment_subnet_id),
        ("the id of the instance role", &config.instance_role_uuid),
    ])?;
    check_numbers(config.workers_quantity, config.auto_pause, config.auto_stop)?;
    check_tags(config.custom_tags.as_ref())?;
    let pauses = config.auto_pause.is_some_and(|minutes| minutes != 0);
    if config.use_spot_instance == Some(true) && pauses {
        return Err(Error::invalid(
            "a cluster of spot instances cannot be paused: leave `auto_pause` out, or use \
             `auto_stop`",
        ));
    }
    Ok(())
}

/// What is wrong with a change, whatever the cluster does.
pub(super) fn check_update(change: &ClusterUpdate) -> Result<()> {
    check_texts([
        ("the name of the cluster", &change.name),
        ("the instance type of the cluster", &change.instance_type),
        ("the version of Bodo", &change.bodo_version),
        ("the availability zone", &change.availability_zone),
        ("the id of the instance role", &change.instance_role_uuid),
    ])?;
    check_numbers(change.workers_quantity, change.auto_pause, change.auto_stop)?;
    check_tags(change.custom_tags.as_ref())
}

fn check_texts<const N: usize>(texts: [(&str, &Option<String>); N]) -> Result<()> {
    let mut given = texts.into_iter().filter_map(|(what, text)| Some((what, text.as_ref()?)));
    given.try_for_each(|(what, text)| filled(what, text).map(drop))
}

fn check_numbers(workers: Option<i64>, pause: Option<i64>, stop: Option<i64>) -> Result<()> {
    if workers.is_some_and(|machines| machines < 1) {
        return Err(Error::invalid("a cluster needs at least 1 worker"));
    }
    for (name, minutes) in [("auto_pause", pause), ("auto_stop", stop)] {
        if let Some(minutes) = minutes.filter(|minutes| !(0..=MOST_MINUTES).contains(minutes)) {
            let message = format!(
                "`{name}` cannot be {minutes} minutes: at most {MOST_MINUTES} are counted, and \
                 `None` means never"
            );
            return Err(Error::invalid(message));
        }
    }
    Ok(())
}

fn check_tags(tags: Option<&BTreeMap<String, String>>) -> Result<()> {
    let mut keys = tags.into_iter().flat_map(BTreeMap::keys);
    keys.try_for_each(|key| filled("the key of a tag", key).map(drop))
}

/// What a change has that a cluster takes only when it is stopped.
pub(super) fn locked(change: &ClusterUpdate) -> Vec<&'static str> {
    let fields = [
        ("instance_type", change.instance_type.is_some()),
        ("bodo_version", change.bodo_version.is_some()),
        ("instance_role", change.instance_role_uuid.is_some()),
        ("auto_upgrade", change.auto_upgrade.is_some()),
        ("auto_az", change.auto_az.is_some()),
        ("availability_zone", change.availability_zone.is_some()),
        ("tags", change.custom_tags.is_some()),
    ];
    fields.into_iter().filter_map(|(name, given)| given.then_some(name)).collect()
}

/// Refuses to change these fields of a cluster that is known not to take it. A status that this
/// version does not know is left to the platform.
pub(super) fn unlocked(cluster: &str, status: &ClusterStatus, fields: &[&str]) -> Result<()> {
    let first = match status {
        ClusterStatus::Stopped | ClusterStatus::Other(_) => return Ok(()),
        ClusterStatus::Terminated => {
            return Err(Error::invalid(format!("{cluster} is `{status}` and cannot be changed")));
        }
        ClusterStatus::Stopping => "wait until it is `STOPPED`",
        _ => "stop the cluster first (`stop`)",
    };
    Err(Error::invalid(format!(
        "{cluster} is `{status}` and can change {CHANGED_WHILE_RUNNING} only: {first}, then change \
         {}",
        fields.join(", ")
    )))
}
