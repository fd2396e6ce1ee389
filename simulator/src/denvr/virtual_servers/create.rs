//! New virtual servers.

use super::super::capacity::{Slot, pools};
use super::super::catalog::{self, HARDWARE, Hardware};
use super::super::fields::Fields;
use super::super::instance::Instance;
use super::super::life::known;
use super::super::running;
use super::super::server::Server;
use super::super::snapshots::Snapshot;
use super::super::state::{Place, State};
use super::super::{envelope, errors, inferred};
use super::VirtualServer;
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

/// What a creation asks for.
struct Wish {
    place: Place,
    configuration: String,
    image: Option<String>,
    snapshot: Option<String>,
    root_disk: i32,
    is_storage_persisted: bool,
    pool: Option<String>,
    node: Option<String>,
}

impl Wish {
    fn read(server: &Server, call: &Call<'_>) -> Result<Self, Box<Reply>> {
        let mut fields = Fields::of_body(call);
        let (name, cluster) = (fields.maybe_text("name"), fields.text("cluster"));
        let root_disk = fields.maybe_number("rootDiskSize").unwrap_or(inferred::ROOT_DISK);
        fields.demand(root_disk > 0, "rootDiskSize", "must be positive");
        let given = name.filter(|name| !name.is_empty());
        let id = given.unwrap_or_else(|| inferred::name(server.now(), server.state().number()));
        let wish = Self {
            place: Place { cluster, namespace: fields.text("vpc"), id },
            configuration: fields.text("configuration"),
            image: fields.maybe_text("operatingSystemImage"),
            snapshot: fields.maybe_text("snapshotName"),
            root_disk,
            is_storage_persisted: fields.flag("persistStorage"),
            pool: fields.maybe_text("rpool"),
            node: fields.maybe_text("selectedNode"),
        };
        fields.texts("ssh_keys");
        for path in inferred::MOUNT_PATHS {
            fields.maybe_text(path);
        }
        fields.check(server).map(|()| wish)
    }

    /// Where it is to run, in a VPC that exists.
    fn slot(&self, server: &Server) -> Result<Slot, Box<Reply>> {
        let Place { cluster, namespace, .. } = &self.place;
        server.demand_cluster(cluster)?;
        if !server.state().vpcs.contains_key(&Place::plain(cluster, namespace)) {
            return Err(errors::not_found("VPC", namespace));
        }
        let hardware = Hardware::named(&self.configuration);
        let hardware = hardware.ok_or_else(|| unknown("configuration", &self.configuration))?;
        server.slot(cluster, self.pool.clone(), hardware, self.node.as_deref())
    }

    /// The image: the one that was asked for, that of the snapshot, or the first.
    fn image(&self, state: &State, now: Moment) -> Result<String, Box<Reply>> {
        let named =
            |name| catalog::image(name).ok_or_else(|| unknown("operating system image", name));
        let image = self.image.as_deref().map(named).transpose()?;
        let snapshot = self.snapshot.as_deref().map(|id| self.find(id, state, now)).transpose()?;
        let image = image.or_else(|| Some(snapshot?.image.clone()));
        Ok(image.unwrap_or_else(inferred::default_image))
    }

    fn find<'s>(
        &self,
        snapshot: &str,
        state: &'s State,
        now: Moment,
    ) -> Result<&'s Snapshot, Box<Reply>> {
        let place = Place::new(&self.place.cluster, &self.place.namespace, snapshot);
        let found = state.snapshots.get(&place);
        let found = found.ok_or_else(|| errors::not_found("Snapshot", snapshot))?;
        match found.is_ready(now) {
            true => Ok(found),
            false => Err(errors::user_facing(inferred::SNAPSHOT_IS_NOT_READY)),
        }
    }
}

fn unknown(kind: &str, name: &str) -> Box<Reply> {
    errors::user_facing(&inferred::unknown(kind, name))
}

/// Answers with the name of the configuration, and with a status that no read ever shows.
pub(in crate::denvr) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let owner = server.user(call)?.name.clone();
    let wish = Wish::read(server, call)?;
    let slot = wish.slot(server)?;
    let (time, mut state) = (server.time(), server.state());
    state.servers.demand_free(&wish.place, time.now)?;
    let image = wish.image(&state, time.now)?;
    let ending = running::ending::<VirtualServer>(server, &state, &slot, &wish.place.id)?;
    let addresses = state.addresses();
    let first = known(inferred::FIRST_STATUS);
    let instance = Instance::begin(first, slot, &owner, addresses, ending.as_ref(), time);
    let Wish { place, configuration, root_disk, is_storage_persisted, node, .. } = wish;
    let made = VirtualServer { instance, image, root_disk, is_storage_persisted, node };
    let mut answer = made.describe(&place, &server.options.tenant, time.now);
    answer["configuration"] = configuration.into();
    answer["status"] = inferred::CREATED.into();
    state.servers.insert(place, made, time.now);
    Ok(envelope::accepted(&answer))
}

/// The servers that are there from the beginning.
pub(in crate::denvr) fn seed(server: &Server) {
    let (time, mut state) = (server.time(), server.state());
    let [pool, _] = pools(&server.options);
    for (cluster, name) in &server.options.servers {
        let slot = Slot { cluster: cluster.clone(), pool: pool.clone(), hardware: &HARDWARE[0] };
        let addresses = state.addresses();
        let made = VirtualServer {
            instance: Instance::running(slot, inferred::OWNER, addresses, time),
            image: inferred::default_image(),
            root_disk: inferred::ROOT_DISK,
            is_storage_persisted: false,
            node: None,
        };
        let place = Place::new(cluster, &server.options.tenant, name);
        state.servers.insert(place, made, time.now);
    }
}
