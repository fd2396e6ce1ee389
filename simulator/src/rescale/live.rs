//! Files of a run in progress: what there is, and its last lines.

use hyper::StatusCode;
use serde_json::json;

use super::server::{Server, not_found, refused};
use super::state::State;
use super::{inferred, runs};
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

const LOG: &str = "process_output.log";

/// The names of the live files and the text of the log.
struct Live {
    names: Vec<String>,
    log: String,
}

fn live(state: &State, call: &Call<'_>, now: Moment) -> Result<Live, Box<Reply>> {
    let (submission, _) =
        runs::find(state, call.param(0), runs::number(call), now).ok_or_else(not_found)?;
    if !submission.is_executing(now) {
        return Err(refused("The run is not in progress."));
    }
    let job = state.jobs.get(call.param(0)).ok_or_else(not_found)?;
    let inputs = job.inputs().filter_map(|file| file["name"].as_str()).map(str::to_owned);
    Ok(Live {
        names: std::iter::once(LOG.to_owned()).chain(inputs).collect(),
        log: submission.log.clone(),
    })
}

pub(super) fn directory(server: &Server, call: &Call<'_>) -> Outcome {
    let live = live(&server.state(), call, server.now())?;
    let (job, run) = (call.param(0), call.param(1));
    let entry = |name: &String| json!({"path": name, "resource": format!("/api/jobs/{job}/runs/{run}/tail/{name}")});
    Ok(Reply::ok(&live.names.iter().map(entry).collect()))
}

/// JSON with the last lines when `lines` is given, else the bytes of the file.
pub(super) fn tail(server: &Server, call: &Call<'_>) -> Outcome {
    let state = server.state();
    let live = live(&state, call, server.now())?;
    let path = call.param(2);
    let text = if path == LOG { live.log } else { input(&state, call, path) };
    let Some(wanted) = call.request.query("lines") else {
        return Ok(Reply::text(StatusCode::OK, "application/octet-stream", text));
    };
    let count: usize = wanted.parse().map_err(|_| refused("lines must be a number."))?;
    let lines: Vec<&str> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(count)..];
    Ok(Reply::ok(&json!({"fileType": inferred::TAIL_FILE_TYPE, "lines": last})))
}

/// The text of an input file of the job.
fn input(state: &State, call: &Call<'_>, name: &str) -> String {
    let job = state.jobs.get(call.param(0));
    let reference = job.and_then(|job| job.inputs().find(|file| file["name"] == name));
    let file = reference.and_then(|file| state.files.get(file["id"].as_str()?));
    let bytes = file.and_then(|file| file.content.as_ref()?.read(0, u64::MAX, 1 << 20).ok());
    bytes.map_or(inferred::TAIL_OF_NOTHING.to_owned(), |bytes| {
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
