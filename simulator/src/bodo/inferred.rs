//! What no public source of Bodo tells. Each item is a guess about the platform.
//!
//! Guesses that are values stand below. Those that are rules stand with what they rule:
//!
//! - Keys of a workspace get 403 on what is the organisation's, and the other way round.
//! - While job runs of a cluster are unfinished, its pause, its stop and its deletion without
//!   `force` get 409. A timeout ends a job run as `TIMEOUT`; between attempts it keeps its cluster;
//!   those of a cluster that fails end as `FAILED`. An unknown catalog is found by the engine, when
//!   the job runs.
//! - What is `TERMINATED` is listed only when that status is asked for. An `ordering` that is none
//!   gets 400, a wrong method 404.
//! - A schedule leaves out runs beyond the most concurrent ones; one that is asked for gets 409. The
//!   zones of regions count as UTC.
//! - A result that is not there, because it was not stored or is inline, gets 404.
//! - Prices come as one object, or as a page where that is set; the dates of the query choose
//!   nothing.
//! - Passwords of catalogs are not told again; tokens of Git and keys of clouds are.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Value, json};

use super::life::Path;
use crate::clock::Moment;

/// Guess: texts of errors.
pub(super) const WRONG_KEYS: &str = "Invalid authentication";
pub(super) const UNAUTHORIZED: &str = "Unauthorized";
pub(super) const TWO_CREDENTIALS: &str = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified";
pub(super) const WRONG_SIGNATURE: &str =
    "The request signature we calculated does not match the signature you provided.";

/// Guess: a key of a workspace does not reach the organisation, and the other way round.
pub(super) const WORKSPACE_ONLY: &str = "This resource needs the keys of a workspace";
pub(super) const ORGANIZATION_ONLY: &str = "This resource needs the keys of the organization";
pub(super) const OTHER_WORKSPACE: &str = "The token belongs to another workspace";

/// Guess: how long tokens and links are good for.
pub(super) const TOKEN_LIFETIME: Duration = Duration::from_secs(86_400);
pub(super) const URL_LIFETIME: Duration = Duration::from_secs(3600);

/// The field is known; the guess is its form. The official client never uses it.
pub(super) fn refresh_token(number: u64) -> String {
    format!("fake-refresh-{number:016x}")
}

/// Guess: times have milliseconds and `Z`.
pub(super) fn time(moment: Moment) -> String {
    let mut text = moment.zulu();
    text.truncate("1970-01-01T00:00:00.000".len());
    text + "Z"
}

pub(super) fn maybe_time(moment: Option<Moment>) -> Option<String> {
    moment.map(time)
}

/// The day of a moment; dates of workspaces, schedules and prices are known to have no time.
pub(super) fn day(moment: Moment) -> String {
    let mut text = moment.zulu();
    text.truncate("1970-01-01".len());
    text
}

/// The form is that of S3; the guess is that Bodo's links look like this.
pub(super) fn link_parameters(issued: Moment, seconds: u64) -> String {
    let date: String = issued.zulu().chars().take(19).filter(|c| !matches!(c, '-' | ':')).collect();
    format!(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}Z&X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host"
    )
}

/// The code of an error of the storage that a rule prescribes.
pub(super) fn code_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "InvalidRequest",
        403 => "AccessDenied",
        404 => "NoSuchKey",
        503 => "SlowDown",
        _ => "InternalError",
    }
}

/// Guess: sizes of pages for requests that name none; the official client's own defaults.
pub(super) const JOBS_PAGE: usize = 5;
pub(super) const PAGE: usize = 10;

/// Guess: the order of the statuses; their durations make a new cluster take half a second at the
/// default pace.
pub(super) const CREATION: Path<'static> =
    &[("NEW", 5), ("INPROGRESS", 12), ("INITIALIZING", 8), ("RUNNING", 0)];
pub(super) const START: Path<'static> = &[("INPROGRESS", 2), ("INITIALIZING", 3), ("RUNNING", 0)];
pub(super) const PAUSE: Path<'static> = &[("PAUSING", 3), ("PAUSED", 0)];
pub(super) const STOP: Path<'static> = &[("STOPPING", 3), ("STOPPED", 0)];
/// Guess: a cluster that grows or shrinks is in progress.
pub(super) const SCALING: Path<'static> = &[("INPROGRESS", 3), ("RUNNING", 0)];
/// Guess: a cluster that is being removed is stopping, and can be asked for afterwards.
pub(super) const REMOVAL: Path<'static> = &[("STOPPING", 3), ("TERMINATED", 0)];
pub(super) const TERMINATED: Path<'static> = &[("TERMINATED", 0)];
/// Guess: what restart starts besides a stopped cluster.
pub(super) const RESTARTABLE: [&str; 2] = ["STOPPED", "FAILED"];
/// Known in part: `name`, `description`, `autoPause`, `autoStop` and `workersQuantity` may change
/// while a cluster runs. The guess is that `autoUpgrade` and `customTags` may, and these may not.
pub(super) const LOCKED: [&str; 5] =
    ["instanceType", "bodoVersion", "instanceRoleUUID", "autoAZ", "availabilityZone"];

/// Guess: how long an attempt takes at least, in steps, and how long a cancellation takes.
pub(super) const ATTEMPT_STEPS: u32 = 3;
pub(super) const CANCEL_STEPS: u32 = 2;
/// The texts are documented; the guess is which of them goes with a job run that waits.
pub(super) const SUBMITTED: &str = "Recently submitted";
pub(super) const IN_QUEUE: &str = "In queue";
pub(super) const CANCELLED: &str = "Cancelled by user";
pub(super) const NON_ZERO: &str = "NonZeroExitCode";
pub(super) const TIMED_OUT: &str = "Timeout";
/// Guess: reasons that the documentation does not list.
pub(super) const NO_SUCH_FILE: &str = "FileNotFound";
pub(super) const SQL_FAILED: &str = "SqlError";
pub(super) const CLUSTER_FAILED: &str = "ClusterFailed";
pub(super) const CLUSTER_REMOVED: &str = "ClusterTerminated";
pub(super) const PRESCRIBED: &str = "NonZeroExitCode";
/// Known: how many job runs may wait for a cluster. The guess is 409 beyond that.
pub(super) const MAX_QUEUED: usize = 100;
/// Known default of the timeout, in minutes.
pub(super) const TIMEOUT: u64 = 60;

/// Guess: names that are given to what has none.
pub(super) fn job_name(id: &str) -> String {
    format!("job-{}", &id[..8])
}
pub(super) fn job_cluster_name(id: &str) -> String {
    format!("job-cluster-{}", &id[..8])
}
/// Guess: who submits.
pub(super) const SUBMITTER: &str = "user@example.invalid";
/// Guess: how much of a table a SQL job prints; its rows are in the result.
pub(super) const PRINTED_ROWS: usize = 1000;

/// Guess: versions, newest first, and the images that bring them.
pub(super) const VERSIONS: [&str; 3] = ["2025.6.2", "2025.5.1", "2025.4.0"];
pub(super) fn image_of(number: usize) -> String {
    format!("ami-{:016}", number + 1)
}
/// Guess: where a cluster is when nothing else was asked for.
pub(super) const ZONE: &str = "us-east-2a";
pub(super) const REGION: &str = "us-east-2";

/// Guess: the life of a workspace, of a change of its infrastructure and of a cloud configuration.
pub(super) const WORKSPACE: Path<'static> = &[("NEW", 3), ("INPROGRESS", 5), ("READY", 0)];
pub(super) const INFRASTRUCTURE: Path<'static> = &[("INPROGRESS", 5), ("READY", 0)];
pub(super) const WORKSPACE_REMOVAL: Path<'static> = &[("TERMINATING", 3), ("TERMINATED", 0)];
pub(super) const CLOUD_CONFIG: Path<'static> = &[("NEW", 2), ("READY", 0)];
/// The words are documented; the guess is their spelling on the wire.
pub(super) const ROLE_STATUS: &str = "ACTIVE";
/// Guess: the group and the type of a secret that names none.
pub(super) const SECRET_GROUP: &str = "default";
pub(super) const SECRET_TYPE: &str = "GENERIC";
/// Known: the most concurrent runs of a schedule. The guess is that more is refused.
pub(super) const MAX_CONCURRENT: u64 = 10;
/// The flag is known; the guess is its name in answers.
pub(super) const CRON_ACTIVE: &str = "isActive";

/// Guess: dollars an hour and core that Bodo itself costs.
pub(super) const HOURLY_RATE: f64 = 0.05;

/// Guess: the prices of something that has cost nothing so far.
pub(super) fn no_price() -> Value {
    json!({
        "name": "", "jobRunUUID": "", "batchJobDefinitionUUID": "", "sqlQuery": "", "status": "",
        "workspaceName": "", "startedAt": "1970-01-01", "finishedAt": "1970-01-01",
        "clusterName": "", "clusterInstanceType": "", "clusterWorkersQuantity": 0,
        "clusterUseSpotInstance": false, "instancePrice": 0, "bodoHourlyRate": 0, "duration": 0,
        "totalAWSPrice": 0, "totalBodoPrice": 0,
    })
}

/// Guess: what a deprecated client is told.
pub(super) fn deprecation_notes(day: &str) -> String {
    format!("This version is supported until {day}.")
}

/// Guess: how a notebook reaches a cluster.
pub(super) fn connection_info(address: &str, addresses: &[String]) -> Value {
    json!({"host": address, "port": 22, "nodes": addresses})
}
