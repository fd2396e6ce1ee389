//! What no public source tells about Denvr Cloud, decided here and nowhere else.
//!
//! Each item is a guess about the real platform; its comment says what was guessed. Further guesses
//! are whole behaviours and have no value to put here:
//!
//! - paths and the names of query parameters and body fields may be written in any case; an unknown
//!   path is answered by 404 and a wrong method by 405, both empty; other bodies than JSON by 415;
//! - names of users have no case; every API key belongs to the first user;
//! - no credential gives an enveloped 401, a wrong or expired one an empty 401; every path wants
//!   one but login and refresh;
//! - model validation gives 400, unknown things that a body names give 500 with a sentence;
//! - GET of `RefreshToken` gives 405; an old access token stays good after a refresh; a logout ends
//!   the access token and leaves the refresh token alone;
//! - an account with a second factor or an outdated password gets 200 without tokens;
//! - the order of statuses; the present status still shows for one step after start and stop; a
//!   destroyed thing is `PENDING` for one step and then not found;
//! - start, stop and destroy in the wrong state succeed and do nothing, unless a setting says
//!   otherwise; what failed can be started again;
//! - servers and applications share the hardware of a pool, failed ones hold none of it; without
//!   capacity a server is refused with 503 and an application is taken and ends as `FAILED`;
//! - a list without a cluster is about all of them, one of an unknown cluster is empty; everything
//!   else about an unknown cluster is not found;
//! - application resources default to the first pool of the tenant, as those of servers do;
//! - a public address and a DNS name exist while something is `ONLINE`;
//! - only administrators of the tenant may see VPCs; a VPC has its name for an id and goes only once
//!   it holds no server; servers need a VPC that exists;
//! - a snapshot needs a source, and a server can be made of it once it is ready;
//! - uid and gid may be left out although the container does not run as root.

use std::time::Duration;

use hyper::StatusCode;

use super::catalog::IMAGES;
use super::fields::Fields;
use crate::clock::Moment;

/// Guess: the type of every answer but the empty ones.
pub(super) const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// Guess: the defaults of the framework, a day and 365 days.
pub(super) const TOKEN_LIFETIME: Duration = Duration::from_secs(86_400);
pub(super) const REFRESH_TOKEN_LIFETIME: Duration = Duration::from_secs(365 * 86_400);
/// Guess: how long a client need not give a second factor again.
pub(super) const REMEMBERED: Duration = Duration::from_secs(30 * 86_400);
/// Guess: what stands beside `accessToken`; nothing reads it.
pub(super) const ENCRYPTED_TOKEN: &str = "fake-encrypted";
/// Guess: the fields of a login that has to go on elsewhere.
pub(super) const PASSWORD_RESET_CODE: &str = "fake-reset-code";
pub(super) const TWO_FACTOR_PROVIDERS: [&str; 1] = ["Email"];

/// Guess: the texts of the framework.
pub(super) const WRONG_PASSWORD: &str = "Invalid user name or password";
pub(super) const WRONG_CODE: &str = "Invalid security code";
pub(super) const NOT_LOGGED_IN: &str = "Current user did not login to the application!";
pub(super) const FORBIDDEN: &str = "Required permissions are not granted.";
pub(super) const CHALLENGE: &str = "Bearer error=\"invalid_token\"";
pub(super) const VALIDATION_DETAILS: &str = "The following errors were detected during validation.";
pub(super) const NO_BODY: &str = "A non-empty request body is required.";
/// Guess: a refresh token that is unknown or expired is an error for the user (500).
pub(super) const BAD_REFRESH_TOKEN: &str = "Refresh token is not valid!";
/// Guess: the status for a name that is taken.
pub(super) const DUPLICATE: StatusCode = StatusCode::BAD_REQUEST;

/// Guess: the text for something that a body names and that does not exist.
pub(super) fn unknown(kind: &str, name: &str) -> String {
    format!("The {kind} '{name}' could not be found.")
}

/// Guess: the texts of further refusals.
pub(super) const NODE_ON_DEMAND: &str = "A node cannot be selected in the pool on-demand.";
pub(super) const SNAPSHOT_IS_NOT_READY: &str = "The snapshot is not ready to use.";
pub(super) const SECOND_DEFAULT_VPC: &str = "The cluster has a default VPC already.";
pub(super) const VPC_IS_IN_USE: &str = "The VPC still holds servers.";

pub(super) fn no_capacity(configuration: &str, cluster: &str) -> String {
    format!("No capacity is available for {configuration} in {cluster}.")
}

pub(super) fn wrong_state(kind: &str, id: &str, status: &str) -> String {
    format!("{kind} \"{id}\" is {status} and cannot take this command.")
}

/// The rule for other VPCs is documented; the guess is that the default one is called as the tenant.
pub(super) fn vpc_name(tenant: &str, is_default: bool) -> String {
    match is_default {
        true => format!("The default VPC must be named {tenant}."),
        false => format!("The name of a VPC must start with {tenant}-."),
    }
}

/// Guess: how many of a configuration one pool of one cluster holds, and its nodes.
pub(super) const CAPACITY: u64 = 100;
pub(super) const NODES: [&str; 4] = ["node-01", "node-02", "node-03", "node-04"];

/// Guess: ids, names and prices of hardware of which other values are known.
pub(super) const H100_ID: i32 = 12;
pub(super) const H100_PRICE: f64 = 26.8;
pub(super) const GAUDI_NAME: &str = "GAUDI2_8x";
pub(super) const GAUDI_PRICE: f64 = 10.0;
/// Guess: the values of catalogue items that no source shows.
pub(super) const IMAGE_PUSHED: &str = "2025-03-01T00:00:00";
pub(super) const ITEM_PLATFORM: &str = "linux/amd64";
pub(super) const ITEM_ACCELERATOR: &str = "NVIDIA";
pub(super) const ITEM_LAUNCH_TYPE: &str = "container";

/// The answer to a creation is known from an example; the guess is what a read shows right after it.
pub(super) const CREATED: &str = "na";
pub(super) const FIRST_STATUS: &str = "PLANNED";
/// Guess: the status in the answer to start, stop and destroy.
pub(super) const COMMANDED: &str = "PENDING";
/// Guess: what `statusReason` and `statusMessage` say when nothing else was set.
pub(super) const STATUS_REASON: &str = "Failed";
pub(super) const FAILURE_REASON: &str = "The instance could not be started.";
/// Guess: the end of the logs of something that is ready.
pub(super) const READY_LINES: [&str; 3] =
    ["Network is up", "Waiting for the readiness probe", "Ready"];

/// Guess: logs have as many lines as the text of the interface says, counted from their end, also
/// where `Limit` is left out.
pub(super) fn log_limit(fields: &mut Fields) -> usize {
    let limit = fields.maybe_number("Limit").unwrap_or(2000);
    fields.demand(limit >= 0, "Limit", "must not be negative");
    usize::try_from(limit).unwrap_or_default()
}

/// Guess: the image and the root disk, in GiB, of servers that ask for none.
pub(super) fn default_image() -> String {
    IMAGES[0].0.replace(' ', "_")
}
pub(super) const ROOT_DISK: i32 = 500;
/// Guess: mounts are texts that change nothing that can be seen.
pub(super) const MOUNT_PATHS: [&str; 3] =
    ["personalStorageMountPath", "tenantSharedAdditionalStorage", "directStorageMountPath"];
/// Guess: the owner of what is there from the beginning.
pub(super) const OWNER: &str = super::auth::USER.0;

/// The form is known from examples; the guess is the rule behind it.
pub(super) fn name(now: Moment, number: u32) -> String {
    let digits: String = now.zulu().chars().filter(char::is_ascii_digit).take(12).collect();
    format!("vm-{digits}{:04}", number % 10_000)
}

/// Guess: the name of a snapshot that is made without one, and how many steps it takes.
pub(super) fn snapshot_name(source: &str, number: u32) -> String {
    format!("{source}-snapshot-{number}")
}
pub(super) const SNAPSHOT_STEPS: u32 = 2;

/// Known from examples; the guess is that it is so until the first change.
pub(super) const NEVER_UPDATED: &str = "0001-01-01T00:00:00";

/// Guess: times have whole seconds, without a zone unless one is appended.
pub(super) fn seconds(moment: Moment) -> String {
    let mut text = moment.zulu();
    text.truncate("1970-01-01T00:00:00".len());
    text
}

/// Guess: addresses of applications, and the variables that the platform adds to them.
pub(super) fn dns(id: &str, cluster: &str) -> String {
    format!("https://{id}.{}.example.test/", cluster.to_lowercase())
}
pub(super) const SSH_USER: &str = "ubuntu";
pub(super) const OWN_VARIABLES: [(&str, &str); 2] =
    [("USERNAME", "ubuntu"), ("DIRECT_ATTACHED_STORAGE", "True")];

/// Guess: the addresses of a VPC.
pub(super) fn ip_range(number: u32) -> String {
    format!("10.{}.0.0/16", number % 256)
}

/// The forms are documented; the guess is the provisioning states, which are those of Metal3.
pub(super) const NODE_TYPE: &str = "NVIDIA_H100_SXM5_80GB";
pub(super) const HOST_IMAGE: &str = "jammy-server-cloudimg-amd64";
pub(super) const PROVISIONED: &str = "provisioned";
pub(super) const PROVISIONING: [&str; 2] = ["deprovisioning", "provisioning"];

/// Guess: the name of a host's image is the file name of its URL without the ending.
pub(super) fn image_of_url(url: &str) -> String {
    let file = url.rsplit('/').next().unwrap_or(url);
    file.rsplit_once('.').map_or(file, |(name, _)| name).to_owned()
}
