//! Snapshots of virtual servers.

use serde_json::{Value, json};

use super::fields::Fields;
use super::server::Server;
use super::state::Place;
use super::{envelope, errors, inferred};
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

/// A snapshot.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// The server that it is of, which may be gone.
    pub(super) source: Place,
    pub(super) image: String,
    /// GiB.
    root_disk: i32,
    owner: String,
    created: Moment,
    ready: Moment,
}

impl Snapshot {
    pub(super) fn is_ready(&self, now: Moment) -> bool {
        self.ready <= now
    }

    fn describe(&self, place: &Place, tenant: &str, now: Moment) -> Value {
        json!({
            "id": place.id, "namespace": place.namespace, "sourceName": self.source.id,
            "osImage": self.image, "customPackage": null,
            "rootDiskSize": self.root_disk.to_string(),
            "creationDate": inferred::seconds(self.created), "username": self.owner,
            "tenancyName": tenant, "readyToUse": self.is_ready(now),
        })
    }
}

fn place(server: &Server, call: &Call<'_>) -> Result<Place, Box<Reply>> {
    let mut fields = Fields::of_query(call.request);
    let (id, namespace) = (fields.text("Id"), fields.text("Namespace"));
    let cluster = fields.text("Cluster");
    fields.check(server)?;
    Ok(Place { cluster, namespace, id })
}

fn missing(place: &Place) -> Box<Reply> {
    errors::not_found("Snapshot", &place.id)
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let cluster = fields.maybe_text("Cluster");
    fields.check(server)?;
    let (now, tenant, state) = (server.now(), &server.options.tenant, server.state());
    let wanted = state.snapshots.iter().filter(|(place, _)| place.is_in(cluster.as_deref()));
    Ok(envelope::items(wanted.map(|(place, one)| one.describe(place, tenant, now)).collect()))
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let place = place(server, call)?;
    let state = server.state();
    let found = state.snapshots.get(&place).ok_or_else(|| missing(&place))?;
    Ok(envelope::ok(&found.describe(&place, &server.options.tenant, server.now())))
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let owner = server.user(call)?.name.clone();
    let mut fields = Fields::of_body(call);
    let (name, namespace) = (fields.maybe_text("name"), fields.text("namespace"));
    let (cluster, source) = (fields.text("cluster"), fields.text("sourceVMName"));
    fields.check(server)?;
    let (now, mut state) = (server.now(), server.state());
    let source = Place::new(&cluster, &namespace, &source);
    let number = state.number();
    let id = name.unwrap_or_else(|| inferred::snapshot_name(&source.id, number));
    let place = Place { cluster, namespace, id };
    if state.snapshots.contains_key(&place) {
        return Err(errors::duplicate("Snapshot", &place.id));
    }
    let of = state.servers.get(&source, now)?;
    let (image, root_disk) = (of.image.clone(), of.root_disk);
    let ready = now + server.world.pace * inferred::SNAPSHOT_STEPS;
    let made = Snapshot { source, image, root_disk, owner, created: now, ready };
    let answer = made.describe(&place, &server.options.tenant, now);
    state.snapshots.insert(place, made);
    Ok(envelope::accepted(&answer))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let place = place(server, call)?;
    let removed = server.state().snapshots.remove(&place);
    removed.ok_or_else(|| missing(&place))?;
    Ok(envelope::accepted(&json!({"id": place.id})))
}
