//! What no public source tells about Rescale, decided here and nowhere else.
//!
//! Each item is a guess about the real platform; its comment says what was guessed. Further guesses
//! are whole behaviours and have no value to put here:
//!
//! - every key of a request may be in snake case, but for the keys of maps that belong to the user;
//! - `search` looks for its text in the name, with case;
//! - uploads lie in the library's root folder, outputs in none, and outputs go when their job goes;
//! - a file in the trash can still be read by its id;
//! - without resources a job goes from `Queued` to `Completed`;
//! - the runs of a design go in waves of as many as there are slots;
//! - PUT of a job replaces it; custom fields can be read in version 2; tags are removed by a DELETE
//!   with a body.

use hyper::StatusCode;

use super::submission::Run;
use crate::clock::Moment;

/// Guess: errors have the form of Django REST framework, `{"detail": ".."}`, and its texts.
pub(super) const NOT_FOUND: &str = "Not found.";
pub(super) const INVALID_PAGE: &str = "Invalid page.";
pub(super) const UNAUTHENTICATED: &str = "Authentication credentials were not provided.";
pub(super) const INVALID_CREDENTIAL: &str = "Invalid token.";
pub(super) const MALFORMED: &str = "JSON parse error";

/// Guess: a path without its last slash is redirected to the one with it, for every method.
pub(super) const MISSING_SLASH: StatusCode = StatusCode::MOVED_PERMANENTLY;

/// Guess: pages of version 3 have 25 items; those of version 2 have 10, as in Rescale's samples.
pub(super) const fn page_size(version3: bool) -> usize {
    if version3 { 25 } else { 10 }
}

/// Guess: a failed run is the reason of `Completed` as well as of `Stopping`.
pub(super) const RUN_FAILED: &str = "A run failed";
/// Guess: the reason of `Completed` after a stop by the user repeats that of `Stopping`.
pub(super) const USER_TERMINATED: &str = "User Terminated";

/// Guess: a forced stop is accepted as a stop is, and nothing follows `Force Stop` unless a setting
/// says so.
pub(super) const FORCE_STOP_COMPLETES: bool = false;

/// Guess: `hardware.coreType` is a code in version 2 and an object in version 3.
pub(super) const fn core_type_is_object(version3: bool) -> bool {
    version3
}

/// Guess: contents carry an ETag that changes with every file, and honour If-Match and If-Range.
pub(super) fn etag(file: &str, size: u64) -> String {
    format!("\"{file}-{size:x}\"")
}

/// Guess: clusters start with the job's `Started` and stop within two steps of its end.
pub(super) const CLUSTER_STEPS_TO_STOP: [&str; 3] = ["Stop Requested", "Stopping", "Stopped"];

/// Guess: stopping one run ends that run and leaves the job as it is.
pub(super) fn stop_run(run: &mut Run, now: Moment) {
    if !run.is_over(now) {
        run.completed = Some(now);
    }
}

/// Guess: the tail of a file that does not exist yet is empty.
pub(super) const TAIL_OF_NOTHING: &str = "";

/// Guess: the type of a live text file in the answer of `tail`.
pub(super) const TAIL_FILE_TYPE: &str = "text";

/// Guess: the bodies of answers that public clients only check for success.
pub(super) const ACCEPTED: StatusCode = StatusCode::ACCEPTED;

/// Guess: an archive made by a snapshot is a file of this type, of the run.
pub(super) const SNAPSHOT_TYPE: u64 = 12;

/// Guess: a registration of the same name in the same folder is a conflict with this text.
pub(super) fn duplicate(name: &str) -> String {
    format!("A file named {name} already exists in this folder.")
}

/// Guess: a `filesymlink` has an id of its own that differs from that of its file.
pub(super) fn symlink(file: &str) -> String {
    format!("L{file}")
}

/// Guess: what the server says when a job automation has no environment variables (only the
/// status, 500, is known).
pub(super) const SERVER_ERROR: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// Guess: contents are redirected with this status where they are redirected.
pub(super) const STORAGE_REDIRECT: StatusCode = StatusCode::FOUND;
