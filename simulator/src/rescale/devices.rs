//! Storage devices: create, start, look, attach.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use super::catalogue;
use super::history::History;
use super::server::{Server, body, invalid, not_found};
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply, Request};

/// A storage device; its life begins when it is submitted.
#[derive(Debug)]
pub(super) struct Device {
    id: String,
    request: Map<String, Value>,
    inserted: Moment,
    statuses: History,
}

impl Device {
    fn render(&self, origin: &str) -> Value {
        let url = |action: &str| format!("{origin}/api/v2/storage-devices/{}/{action}/", self.id);
        let mut device = self.request.clone();
        device.insert("id".into(), self.id.clone().into());
        device.insert("clusterId".into(), format!("C{}", &self.id[1..]).into());
        device.insert("owner".into(), catalogue::EMAIL.into());
        device.insert("dateInserted".into(), self.inserted.zulu().into());
        let urls = json!({"statuses": url("statuses"), "start": url("submit"), "fileDownload": url("file-downloads")});
        device.insert("urls".into(), urls);
        Value::Object(device)
    }
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let origin = call.request.origin();
    let items: Vec<_> =
        server.state().devices.newest_first().map(|device| device.render(&origin)).collect();
    server.list(call.request, &items)
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let Value::Object(request) = body(call)? else {
        return Err(invalid(&json!({"name": ["This field is required."]})));
    };
    let required = ["name", "storageSize", "hardware", "region"];
    let missing: Map<_, _> = required
        .iter()
        .filter(|field| request.get(**field).is_none_or(Value::is_null))
        .map(|field| (field.to_string(), json!(["This field is required."])))
        .collect();
    if !missing.is_empty() {
        return Err(invalid(&missing.into()));
    }
    let mut statuses = History::default();
    statuses.push("Not Started", None, server.now());
    let mut state = server.state();
    let id = state.devices.insert(|id| Device {
        id: id.to_owned(),
        request,
        inserted: server.now(),
        statuses,
    });
    let device = state.devices.get(&id).ok_or_else(not_found)?;
    Ok(Reply::json(StatusCode::CREATED, &device.render(&call.request.origin())))
}

fn look<T>(
    server: &Server,
    request: &Request,
    id: &str,
    look: impl FnOnce(&Device, &str) -> T,
) -> Result<T, Box<Reply>> {
    server
        .state()
        .devices
        .get(id)
        .map(|device| look(device, &request.origin()))
        .ok_or_else(not_found)
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    look(server, call.request, call.param(0), |device, origin| Reply::ok(&device.render(origin)))
}

pub(super) fn submit(server: &Server, call: &Call<'_>) -> Outcome {
    let (mut state, step) = (server.state(), server.world.pace);
    let device = state.devices.get_mut(call.param(0)).ok_or_else(not_found)?;
    if device.statuses.begins("Starting").is_none() {
        device.statuses.steps(&["Starting", "Started"], server.now() + step, step);
    }
    Ok(Reply::empty(StatusCode::OK))
}

pub(super) fn statuses(server: &Server, call: &Call<'_>) -> Outcome {
    let now = server.now();
    let items = look(server, call.request, call.param(0), |device, _| {
        device.statuses.render(now, Moment::zulu)
    })?;
    server.list(call.request, &items)
}

pub(super) fn regions(_: &Server, _: &Call<'_>) -> Outcome {
    let region = |(id, name): (&str, &str)| json!({"id": id, "name": name});
    Ok(Reply::ok(&catalogue::REGIONS.into_iter().map(region).collect()))
}

/// Neither its method nor its answer is known; an empty list offends nobody.
pub(super) fn downloads(server: &Server, call: &Call<'_>) -> Outcome {
    look(server, call.request, call.param(0), |_, _| Reply::ok(&json!([])))
}

/// Attaches a device to a job.
pub(super) fn attach(server: &Server, call: &Call<'_>) -> Outcome {
    let request = body(call)?;
    let device = request["storageDevice"]["id"].as_str().unwrap_or_default();
    let state = server.state();
    let job = state.jobs.get(call.param(0)).ok_or_else(not_found)?;
    if state.devices.get(device).is_none() {
        return Err(invalid(&json!({"storageDevice": {"id": ["Storage device does not exist."]}})));
    }
    let id = format!("A{}{}", &job.id[1..], &device[1..]);
    Ok(Reply::json(StatusCode::CREATED, &json!({"id": id, "storageDevice": {"id": device}})))
}
