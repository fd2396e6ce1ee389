//! What no public source tells about Coherent Spark, decided here and nowhere else.
//!
//! Each item is a guess about the real platform; its comment says what was guessed. Further guesses
//! are whole behaviours and have no value to put here:
//!
//! - literal segments of paths may be written in any case, with or without a slash at the end;
//! - every service may be asked below `public/`; history, folders and batches may not;
//! - API keys may read services, search them, download them and ask whether they or folders exist;
//!   publishing, recompiling and deleting need the right to upload, imports that to export;
//! - names of folders and services differ by case; a deleted name can be used again;
//! - `transaction_date` and `version_by_timestamp` pick the newest version that is effective then, and
//!   the newest of all when none is;
//! - an import that replaces a service leaves its old versions to those who name them;
//! - an import of what the package does not hold takes the service that is there;
//! - an import that cannot do what it was asked for is completed, with errors and without effect;
//! - a transform hands its body on as the inputs, whether or not it exists; `run` gives it back;
//! - `requested_output_regex`, `subservice` and `debug_solve` change nothing;
//! - a push is taken whole or not at all, counts rows and not the `size` that it claims, and computes
//!   a chunk as often as it is sent; a chunk without an id gets one;
//! - a failed record has null in the place of its output, in tables too, and counts as completed;
//! - a summary is a row of names and a row of numbers; without `ignore_error` a failed record makes
//!   its numbers null, and `return_all_records: false` leaves the outputs out;
//! - a batch is idle while nothing is pushed, pulled or computed; asking for its status is not use;
//! - a closed batch still computes; it is `completed` once it computed everything, pulled or not;
//! - a batch that ended gives up its buffers after one more idle time, and so does a closed one that
//!   waits for room;
//! - a failed batch drops what it did not compute and still hands out what it did.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Value, json};

/// Guess: the `type` of errors of API v4, after the one that is known.
pub(super) const V4_ERROR_TYPE: &str = "invalid_input";
/// Guess: the `error_category` beside `error.application_error`.
pub(super) const APPLICATION_CATEGORY: &str = "application_error";
/// Guess: how a body is refused that cannot be read.
pub(super) const MALFORMED: &str = "INVALID_REQUEST_BODY";
/// Guess: what is said where a tenant has to be named and is not.
pub(super) const TENANT_IS_MISSING: &str = "TENANT_NAME_REQUIRED";
/// Guess: the kind of value that is allowed for an input of a formula; documented is `List`.
pub(super) const ALLOWED: &str = "Decimal";
/// Guess: texts for services, versions, folders and so on that do not exist.
pub(super) const NO_SERVICE: &str = "SERVICE_NOT_FOUND";
pub(super) const NO_VERSION: &str = "VERSION_NOT_FOUND";
pub(super) const NO_FOLDER: &str = "FOLDER_NOT_FOUND";
/// Guess: the status for a batch that does not exist, and its code.
pub(super) const NO_BATCH: (StatusCode, &str) = (StatusCode::NOT_FOUND, "BATCH_NOT_FOUND");
/// Guess: the codes of the errors 400 of batches.
pub(super) const BATCH_IS_CLOSED: &str = "BATCH_CLOSED";
pub(super) const INPUT_BUFFER_IS_FULL: &str = "INPUT_BUFFER_FULL";
pub(super) const CHUNK_IS_TOO_LARGE: &str = "CHUNK_TOO_LARGE";
pub(super) const NO_CHUNKS: &str = "NO_CHUNKS";
pub(super) const INVALID_BATCH_STATUS: &str = "INVALID_BATCH_STATUS";
pub(super) const INVALID_MAX: &str = "INVALID_MAX";

/// Guess: an access token lasts two hours.
pub(super) const TOKEN_LIFETIME: Duration = Duration::from_secs(7200);

/// The buffers of the documented sample.
pub(super) const INPUT_BUFFER: u64 = 70_000_000;
pub(super) const OUTPUT_BUFFER: u64 = 80_000_000;
/// `Batch_Max_Input_In_Mb` and `Batch_Max_Output_In_Mb` of the documented configuration; the guess
/// is that a megabyte has a million bytes.
pub(super) const MEGABYTE: f64 = 1e6;
pub(super) const MAX_BUFFER_MB: f64 = 450.0;
/// Guess: how many records one batch computes a second.
pub(super) const RATE: f64 = 10_000.0;
/// The documented defaults of a batch; the guess is that the platform's are those of the client.
pub(super) const INITIAL_WORKERS: u64 = 10;
pub(super) const MAX_WORKERS: u64 = 100;
pub(super) const CHUNKS_PER_REQUEST: u64 = 2;
pub(super) const RUNNER_THREADS: u64 = 2;
/// Documented: an idle batch is closed after 30 minutes.
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(30 * 60);
/// Documented: batches are described for an hour after their end.
pub(super) const RECENT: Duration = Duration::from_secs(3600);

/// Guess: more than the 100 chunks of the limit are not refused; 100 are handed out.
pub(super) const MAX_PULL: usize = 100;
pub(super) const DEFAULT_PULL: usize = 50;
/// Guess: `data` is null when there is nothing to pull.
pub(super) const NOTHING_TO_PULL: &str = "null";
/// Guess: `pipeline_status` besides the documented `idle` and `closed`.
pub(super) const COMPUTING: &str = "processing";
/// Guess: the time that a record took, in milliseconds.
pub(super) const PROCESS_TIME: &str = "1";
/// The summary of a chunk that asked for none, as in the documented sample.
pub(super) const NO_SUMMARY: &str = "[[]]";

/// Guess: a batch fails once more than the acceptable share of the records submitted so far failed.
pub(super) const fn is_beyond(acceptable: u64, failed: u64, submitted: u64) -> bool {
    failed * 100 > acceptable * submitted
}

/// Guess: why a record fails that holds the value `boom`, or is none.
pub(super) const BOOM_MESSAGE: &str = "#BOOM!";
pub(super) const NOT_A_RECORD: &str = "the record is neither an object nor a row";

/// Guess: the entry of one failed record; its fields are documented.
pub(super) fn record_error(message: &str) -> Value {
    json!({
        "error_category": "calculation_error", "error_type": "error.calculation_error",
        "additional_details": null, "source_path": null, "message": message,
    })
}

/// Guess: the version numbers after this kind of change; the first version of a service is 0.1.0.
pub(super) const fn next_revision((major, minor, patch): Revision, change: &str) -> Revision {
    match change.as_bytes() {
        b"major" => (major + 1, 0, 0),
        b"patch" => (major, minor, patch + 1),
        _ => (major, minor + 1, 0),
    }
}

/// Major, minor and patch number.
pub(super) type Revision = (u64, u64, u64);

/// Guess: who does everything, and the names of versions of the compiler.
pub(super) const USER: &str = "simulated.user@coherent.global";
pub(super) const COMPILER: &str = "Neuron_v1.13.0";
/// Guess: the time in which services count as effective that were given none.
pub(super) const EFFECTIVE: (&str, &str) = ("2020-01-01T00:00:00", "2099-12-31T00:00:00");
/// Guess: what a folder has that was made without saying so.
pub(super) const CATEGORY: &str = "Other";
pub(super) const FOLDER_STATUS: &str = "Design";
/// The workbook of services that nobody uploaded.
pub(super) const WORKBOOK: &[u8] = b"PK simulated workbook";
/// Guess: execution by API v4 without inputs computes one record of default inputs.
pub(super) const DEFAULT_RECORDS: &[u8] = b"[{}]";
/// Guess: texts for jobs, uploads, calls and so on that do not exist or are not ready.
pub(super) const NO_JOB: &str = "JOB_NOT_FOUND";
pub(super) const NO_UPLOAD: &str = "ENGINE_FILE_NOT_FOUND";
pub(super) const NOT_COMPILED: &str = "SERVICE_NOT_COMPILED";
pub(super) const NO_CALL: &str = "CALL_ID_NOT_FOUND";
pub(super) const NO_RECORD: &str = "INDEX_OUT_OF_RANGE";
pub(super) const NO_TRANSFORM: &str = "TRANSFORM_NOT_FOUND";
/// Guess: what a compilation is called that has not ended, or ended badly.
pub(super) const COMPILING: &str = "InProgress";
pub(super) const COMPILATION_FAILED: &str = "Failed";
/// Guess: how many steps of the clock these jobs take.
pub(super) const COMPILE_STEPS: u64 = 5;
pub(super) const DOWNLOAD_STEPS: u64 = 4;
pub(super) const IMPEX_STEPS: u64 = 4;
/// The description in the Swagger document of a service.
pub(super) const SWAGGER: &str = "A simulated service.";
/// Guess: the status for one job too many.
pub(super) const JOB_LIMIT: StatusCode = StatusCode::TOO_MANY_REQUESTS;
/// Guess: what a Hybrid Runner calls itself.
pub(super) const RUNNER_VERSION: &str = "1.46.0";
