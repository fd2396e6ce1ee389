//! Virtual servers: what they look like, and what can be read of them.

mod commands;
mod create;

use serde_json::{Value, json};

use super::fields::Fields;
use super::instance::Instance;
use super::running::{Kind, Running};
use super::server::Server;
use super::state::{Place, State};
use super::{envelope, inferred};
use crate::clock::Moment;
use crate::http::{Call, Outcome};

pub(super) use commands::{destroy, start, stop};
pub(super) use create::{create, seed};

/// A virtual server.
#[derive(Debug)]
pub(super) struct VirtualServer {
    instance: Instance,
    /// As servers show it, with underscores.
    pub(super) image: String,
    /// GiB.
    pub(super) root_disk: i32,
    is_storage_persisted: bool,
    node: Option<String>,
}

impl Kind for VirtualServer {
    const NAME: &'static str = "Virtual server";
    const NEEDS_CAPACITY: bool = true;

    fn instance(&self) -> &Instance {
        &self.instance
    }

    fn instance_mut(&mut self) -> &mut Instance {
        &mut self.instance
    }

    fn all(state: &State) -> &Running<Self> {
        &state.servers
    }

    fn all_mut(state: &mut State) -> &mut Running<Self> {
        &mut state.servers
    }
}

impl VirtualServer {
    /// The configuration is told by its id, but for the answer to a creation.
    fn describe(&self, place: &Place, tenant: &str, now: Moment) -> Value {
        let (instance, hardware) = (&self.instance, self.instance.slot.hardware);
        json!({
            "username": instance.owner, "tenancy_name": tenant, "rpool": instance.slot.pool,
            "directAttachedStoragePersisted": self.is_storage_persisted, "id": place.id,
            "namespace": place.namespace, "configuration": hardware.id.to_string(),
            "storage": hardware.storage, "gpu_type": hardware.gpu_type, "gpus": hardware.gpus,
            "vcpus": hardware.vcpus, "memory": hardware.memory, "ip": instance.public_ip(now),
            "privateIp": instance.private_ip, "image": self.image, "cluster": place.cluster,
            "status": instance.status(now), "storageType": "na",
            "rootDiskSize": self.root_disk.to_string(), "lastUpdated": self.last_updated(now),
            "nodeSelector": self.node,
        })
    }

    /// A date without a zone; a server that never changed has a date long ago.
    fn last_updated(&self, now: Moment) -> String {
        match self.instance.since(now) {
            since if since == self.instance.created => inferred::NEVER_UPDATED.to_owned(),
            since => inferred::seconds(since),
        }
    }
}

/// The place that a request names.
fn place(fields: &mut Fields) -> Place {
    let (id, namespace) = (fields.text("Id"), fields.text("Namespace"));
    Place { cluster: fields.text("Cluster"), namespace, id }
}

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let cluster = fields.maybe_text("Cluster");
    fields.check(server)?;
    let (now, tenant) = (server.now(), &server.options.tenant);
    let state = server.state();
    let wanted = state.servers.iter(now).filter(|(place, _)| place.is_in(cluster.as_deref()));
    Ok(envelope::items(wanted.map(|(place, one)| one.describe(place, tenant, now)).collect()))
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let place = place(&mut fields);
    fields.check(server)?;
    server.demand_cluster(&place.cluster)?;
    let now = server.now();
    let state = server.state();
    let found = state.servers.get(&place, now)?;
    Ok(envelope::ok(&found.describe(&place, &server.options.tenant, now)))
}

pub(super) fn boot_logs(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_query(call.request);
    let (place, limit) = (place(&mut fields), inferred::log_limit(&mut fields));
    fields.check(server)?;
    let now = server.now();
    let state = server.state();
    let logs = state.servers.get(&place, now)?.instance.logs(now, limit);
    Ok(envelope::ok(&json!({
        "id": place.id, "namespace": place.namespace, "cluster": place.cluster, "bootLogs": logs,
    })))
}
