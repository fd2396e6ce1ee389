//! Applications: what they are, and the commands that they take.

mod catalog;
mod custom;
mod request;
mod rules;
mod view;

use serde_json::{Map, Value, json};

use super::catalog::Item;
use super::envelope;
use super::fields::Fields;
use super::inferred;
use super::instance::Instance;
use super::running::{Command, Kind, Running};
use super::server::Server;
use super::state::{Place, State};
use crate::http::{Call, Outcome};

pub(super) use catalog::create as create_catalog;
pub(super) use custom::create as create_custom;
pub(super) use view::{details, list};

/// An application.
#[derive(Debug)]
pub(super) struct Application {
    instance: Instance,
    origin: Origin,
    environment: Map<String, Value>,
    proxy_port: Option<i32>,
    node: Option<String>,
    storage: Storage,
}

/// Where the application comes from.
#[derive(Debug)]
enum Origin {
    Catalog { item: &'static Item, version: &'static str },
    Custom(Container),
}

/// What a custom application tells of its container.
#[derive(Debug)]
struct Container {
    command: Option<Vec<String>>,
    readiness_port: Option<i32>,
    runs_as_root: bool,
    user: Option<i32>,
    group: Option<i32>,
}

/// Which storage is persisted or shared.
#[derive(Debug)]
struct Storage {
    persisted: bool,
    personal: bool,
    tenant: bool,
}

impl Kind for Application {
    const NAME: &'static str = "Application";
    const NEEDS_CAPACITY: bool = false;

    fn instance(&self) -> &Instance {
        &self.instance
    }

    fn instance_mut(&mut self) -> &mut Instance {
        &mut self.instance
    }

    fn all(state: &State) -> &Running<Self> {
        &state.applications
    }

    fn all_mut(state: &mut State) -> &mut Running<Self> {
        &mut state.applications
    }
}

/// The place that a request names.
fn place(fields: &mut Fields) -> Place {
    let id = fields.text("Id");
    Place::plain(&fields.text("Cluster"), &id)
}

pub(super) fn start(server: &Server, call: &Call<'_>) -> Outcome {
    command(server, Fields::of_body(call), Command::Start)
}

pub(super) fn stop(server: &Server, call: &Call<'_>) -> Outcome {
    command(server, Fields::of_body(call), Command::Stop)
}

pub(super) fn destroy(server: &Server, call: &Call<'_>) -> Outcome {
    command(server, Fields::of_query(call.request), Command::Destroy)
}

/// The answer repeats the request and tells no status.
fn command(server: &Server, mut fields: Fields, command: Command) -> Outcome {
    let place = place(&mut fields);
    fields.check(server)?;
    command.run::<Application>(server, &mut server.state(), &place)?;
    Ok(envelope::accepted(&json!({"id": place.id, "cluster": place.cluster})))
}

pub(super) fn logs(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let (place, limit) = (place(&mut fields), inferred::log_limit(&mut fields));
    fields.check(server)?;
    let now = server.now();
    let logs = server.state().applications.get(&place, now)?.instance.logs(now, limit);
    Ok(envelope::ok(&json!({"id": place.id, "cluster": place.cluster, "logs": logs})))
}
