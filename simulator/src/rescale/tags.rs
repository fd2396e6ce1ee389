//! Tags of jobs and of files, one per call.

use serde_json::{Value, json};

use super::server::{Server, body, not_found, text};
use super::state::State;
use super::{inferred, jobs};
use crate::http::{Call, Outcome, Reply};

/// Where the tags of a resource are.
type Tags = for<'s> fn(&'s mut State, &str) -> Option<&'s mut Vec<String>>;

fn of_job<'s>(state: &'s mut State, id: &str) -> Option<&'s mut Vec<String>> {
    state.jobs.get_mut(id).map(|job| &mut job.tags)
}

fn of_file<'s>(state: &'s mut State, id: &str) -> Option<&'s mut Vec<String>> {
    state.files.get_mut(id).map(|file| &mut file.tags)
}

pub(super) fn job_list(server: &Server, call: &Call<'_>) -> Outcome {
    jobs::read(server, call.param(0), |job| render(&job.tags))
}

pub(super) fn job_add(server: &Server, call: &Call<'_>) -> Outcome {
    add(server, call, of_job)
}

pub(super) fn job_remove(server: &Server, call: &Call<'_>) -> Outcome {
    remove(server, call, of_job)
}

pub(super) fn file_list(server: &Server, call: &Call<'_>) -> Outcome {
    of_file(&mut server.state(), call.param(0)).map(|tags| render(tags)).ok_or_else(not_found)
}

pub(super) fn file_add(server: &Server, call: &Call<'_>) -> Outcome {
    add(server, call, of_file)
}

pub(super) fn file_remove(server: &Server, call: &Call<'_>) -> Outcome {
    remove(server, call, of_file)
}

fn render(tags: &[String]) -> Reply {
    let tag = |name: &String| json!({"name": name, "normalizedName": name.to_lowercase()});
    Reply::ok(&tags.iter().map(tag).collect::<Value>())
}

fn add(server: &Server, call: &Call<'_>, tags: Tags) -> Outcome {
    let name = text(&body(call)?, "name")?;
    let mut state = server.state();
    let tags = tags(&mut state, call.param(0)).ok_or_else(not_found)?;
    if !tags.contains(&name) {
        tags.push(name);
    }
    Ok(Reply::empty(inferred::ACCEPTED))
}

fn remove(server: &Server, call: &Call<'_>, tags: Tags) -> Outcome {
    let name = text(&body(call)?, "name")?;
    let mut state = server.state();
    tags(&mut state, call.param(0)).ok_or_else(not_found)?.retain(|tag| *tag != name);
    Ok(Reply::empty(inferred::ACCEPTED))
}
