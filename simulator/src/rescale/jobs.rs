//! Jobs: list, create, look, change, delete.

use hyper::StatusCode;
use serde_json::{Map, Value};

use super::definition::{camel_case, merge, resolve};
use super::job::Job;
use super::server::{Server, body, invalid, not_found, refused};
use super::state::State;
use super::{inferred, synthetic, validate};
use crate::http::{Call, Outcome, Reply, Request};

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let (request, now) = (&*call.request, server.now());
    let state = server.state();
    let jobs: Vec<_> =
        state.jobs.newest_first().filter(|job| is_wanted(job.status(now), request)).collect();
    let synthetic = if is_wanted("Completed", request) { server.options.jobs } else { 0 };
    let total = jobs.len() + synthetic;
    let oldest_first = request.query("ordering").is_some_and(|order| order == "dateInserted");
    let write = |index: usize, body: &mut Vec<u8>| {
        let index = if oldest_first { total - 1 - index } else { index };
        match jobs.get(index) {
            Some(job) => body.extend_from_slice(job.summary(now).to_string().as_bytes()),
            None => synthetic::summary(index - jobs.len(), body),
        }
    };
    server.page(request)?.reply(request, total, write).ok_or_else(super::server::invalid_page)
}

fn is_wanted(status: &str, request: &Request) -> bool {
    let state = request
        .query("state")
        .is_none_or(|state| (state == "completed") == (status == "Completed"));
    let named = |wanted: &str| status.to_uppercase().replace(' ', "_") == wanted;
    state && request.query("job_status").is_none_or(|wanted| named(&wanted))
}

/// A job that a request names, whether it was created or is one of the synthetic ones.
pub(super) fn read<T>(
    server: &Server,
    id: &str,
    look: impl FnOnce(&Job) -> T,
) -> Result<T, Box<Reply>> {
    let state = server.state();
    match state.jobs.get(id) {
        Some(job) => Ok(look(job)),
        None => synthetic::job(id, server.options.jobs).map(|job| look(&job)).ok_or_else(not_found),
    }
}

pub(super) fn is_version3(request: &Request) -> bool {
    request.path().starts_with("/api/v3/")
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    read(server, call.param(0), |job| Reply::ok(&job.render(is_version3(call.request))))
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let request = definition(call)?;
    check_automations(&request)?;
    let mut state = server.state();
    check(&request, false, &state)?;
    let definition = resolve(request, &state);
    let id = state.jobs.insert(|id| Job::new(id, definition, server.now()));
    let job = state.jobs.get(&id).ok_or_else(not_found)?;
    Ok(Reply::json(StatusCode::CREATED, &job.render(is_version3(call.request))))
}

fn definition(call: &Call<'_>) -> Result<Map<String, Value>, Box<Reply>> {
    match camel_case(body(call)?) {
        Value::Object(request) => Ok(request),
        // Clients that follow a redirect of a PATCH may lose its body.
        Value::Null => Ok(Map::new()),
        _ => Err(refused("Invalid data. Expected a dictionary.")),
    }
}

fn check(request: &Map<String, Value>, partial: bool, state: &State) -> Result<(), Box<Reply>> {
    validate::errors(request, partial, state).map_or(Ok(()), |errors| Err(invalid(&errors)))
}

/// Known to fail with 500: an automation without environment variables.
fn check_automations(request: &Map<String, Value>) -> Result<(), Box<Reply>> {
    let automations = request.get("jobAutomations").and_then(Value::as_array).into_iter().flatten();
    let incomplete = |entry: &Value| {
        !entry["environmentVariables"].is_object() || !entry["automation"]["id"].is_string()
    };
    if automations.into_iter().any(incomplete) {
        return Err(Box::new(Reply::html(inferred::SERVER_ERROR)));
    }
    Ok(())
}

pub(super) fn patch(server: &Server, call: &Call<'_>) -> Outcome {
    change(server, call, true)
}

pub(super) fn put(server: &Server, call: &Call<'_>) -> Outcome {
    change(server, call, false)
}

/// A change of a job that was submitted is answered with success and has no effect.
fn change(server: &Server, call: &Call<'_>, partial: bool) -> Outcome {
    let request = definition(call)?;
    let version3 = is_version3(call.request);
    let mut state = server.state();
    let job = state.jobs.get(call.param(0)).ok_or_else(not_found)?;
    if job.submission.is_some() {
        return Ok(Reply::ok(&job.render(version3)));
    }
    check(&request, partial, &state)?;
    let mut definition = if partial { job.definition.clone() } else { resolve(Map::new(), &state) };
    merge(&mut definition, request, &state);
    let job = state.jobs.get_mut(call.param(0)).ok_or_else(not_found)?;
    job.definition = definition;
    Ok(Reply::ok(&job.render(version3)))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let id = call.param(0);
    let mut state = server.state();
    let job = state.jobs.get(id).ok_or_else(not_found)?;
    if !job.is_released(server.now()) {
        return Err(refused("A job cannot be deleted while its cluster is running."));
    }
    let with_inputs = call
        .request
        .query("deleteInputFiles")
        .is_some_and(|v| v == "1" || v.eq_ignore_ascii_case("true"));
    let inputs: Vec<_> =
        job.inputs().filter_map(|file| file["id"].as_str()).map(str::to_owned).collect();
    state.jobs.remove(id);
    for file in inputs.iter().filter(|_| with_inputs) {
        state.files.remove(file);
    }
    state.files.retain(|file| file.origin.as_ref().is_none_or(|origin| origin.job != id));
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
