//! What no public source tells about the platform, decided here and nowhere else.
//!
//! Each item is a guess about the real platform; its comment says what was guessed. Further guesses
//! are whole behaviours and have no value to put here:
//!
//! - a session key wins over an `Authorization` header;
//! - PutItem leaves the body of an object alone, and PUT of an object leaves its attributes alone;
//! - a path without a slash at its end names a file for PUT, GET and DELETE; HEAD takes a directory
//!   as well;
//! - doubled slashes and `%2F` in a path are slashes;
//! - `NOT` over a missing attribute is true; an operation on a missing attribute or on the wrong
//!   kinds makes a comparison false and an assignment an error;
//! - a quotient of integers is an integer when it is whole, and a sum that does not fit into 128
//!   bits is a floating-point number;
//! - a double written into an integer array has to be whole;
//! - a scan may be resumed with another `Limit` or other attributes, but not with another filter;
//! - `UpdateMode` of UpdateItem matters only as `CreateNewItemOnly`;
//! - a shard that was deleted begins again at sequence number 1;
//! - UpdateStream to the present number of shards succeeds;
//! - the 10 MB of PutRecords are counted over the body of the request;
//! - the control plane accepts the data plane's credentials besides its cookie.

use std::time::Duration;

use hyper::StatusCode;

use super::tree::{File, Kind};

/// Predefined containers; the ids are documented, the rule behind them is a guess.
pub(super) const CONTAINERS: [&str; 3] = ["bigdata", "users", "projects"];
pub(super) const FIRST_CONTAINER: u64 = 1026;

/// Guess: the codes of errors of which only the status or the text is known.
pub(super) const NO_CONTAINER: i64 = -2;
pub(super) const OTHER_ERROR: i64 = -5;
pub(super) const TOO_LARGE: i64 = -7;
pub(super) const IN_USE: i64 = -17;
pub(super) const NOT_EMPTY: i64 = -39;
pub(super) const NOT_A_STREAM: i64 = -201_326_591;
pub(super) const SHARD_COUNT: i64 = -201_326_593;
pub(super) const ILLEGAL_LOCATION: i64 = -201_326_595;
/// Guess: a record that could not be stored for now.
pub(super) const BUSY: (i64, &str) = (-201_326_596, "ServiceUnavailableException");
/// Guess: the sign of this code, and its status.
pub(super) const ITEM_EXISTS: i64 = -369_098_809;
pub(super) const ITEM_EXISTS_STATUS: StatusCode = StatusCode::BAD_REQUEST;
/// Guess: the text beside the documented code.
pub(super) const CONDITION_IS_FALSE: &str = "Condition evaluated to false";

/// Guess: owner, group and modes of what is made here; the type bits are as in listings.
pub(super) const OWNER: u32 = 0x3e8;
pub(super) const FILE_MODE: u32 = 0o100_664;
pub(super) const DIRECTORY_MODE: u32 = 0o40_775;

/// Guess: the object types besides that of shards, which is documented.
pub(super) fn object_type(file: &File) -> u64 {
    match file.kind {
        Kind::Regular => 0,
        Kind::Symlink(_) => 1,
        Kind::Shard(_) => 3,
    }
}

/// Guess: how many items one reply of a scan looks at. Small, so that clients have to go on.
pub(super) const SCAN: usize = 50;
/// Guess: `AttributesToGet` that is left out.
pub(super) const ATTRIBUTES_TO_GET: &str = "*";
/// Guess: the number of virtual nodes of a cluster.
pub(super) const VIRTUAL_NODES: u64 = 8;
/// Guess: the type of bodies of objects.
pub(super) const CONTENT_TYPE: &str = "application/octet-stream";
/// Guess: the type of listings.
pub(super) const XML: &str = "application/xml";

/// Guess: `bytes=4-3`, which a client sends for an offset without a length, reads to the end.
pub(super) const REVERSED_RANGE_IS_OPEN: bool = true;

/// An hour of retention.
pub(super) const HOUR: Duration = Duration::from_secs(3600);
/// Guess: a year of hours.
pub(super) const MAX_RETENTION_HOURS: u64 = 366 * 24;

/// Guess: the owner of all containers.
pub(super) const CLUSTER_OWNER: (&str, &str) = ("0123abcd", "iguazio");

/// Guess: the statuses of the control plane where only "success" is known.
pub(super) const CREATED: StatusCode = StatusCode::CREATED;
pub(super) const JOB_STARTED: StatusCode = StatusCode::ACCEPTED;
/// Guess: a name that is taken, and a container that is not empty, are conflicts.
pub(super) const TAKEN: StatusCode = StatusCode::CONFLICT;
/// Guess: the states that a job goes through, one step each; the last is `completed` or `failed`.
pub(super) const JOB_STATES: [&str; 3] = ["created", "dispatched", "in_progress"];
/// Guess: what a failed job tells for a result.
pub(super) const JOB_FAILURE: &str = "The job failed.";
/// Guess: the manifest that there is at the beginning.
pub(super) const MANIFEST: &str = "default-tenant";
