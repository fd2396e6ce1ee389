//! What every new application asks for, and how it comes to life.

use serde_json::{Map, Value};

use super::super::capacity::Slot;
use super::super::catalog::Hardware;
use super::super::fields::Fields;
use super::super::instance::Instance;
use super::super::running;
use super::super::server::Server;
use super::super::state::Place;
use super::super::{envelope, errors, inferred};
use super::{Application, Origin, Storage, rules};
use crate::http::{Call, Outcome, Reply};

/// The fields that both kinds of creations have.
pub(super) struct Common {
    name: String,
    cluster: String,
    package: String,
    pool: Option<String>,
    node: Option<String>,
    storage: Storage,
    pub(super) environment: Map<String, Value>,
}

impl Common {
    pub(super) fn read(fields: &mut Fields) -> Self {
        let environment = fields.map("environmentVariables");
        rules::environment(fields, &environment);
        Self {
            name: fields.text("name"),
            cluster: fields.text("cluster"),
            package: fields.text("hardwarePackageName"),
            pool: fields.maybe_text("resourcePool"),
            node: fields.maybe_text("selectedNode"),
            storage: Storage {
                persisted: fields.flag("persistDirectAttachedStorage"),
                personal: fields.flag("personalSharedStorage"),
                tenant: fields.flag("tenantSharedStorage"),
            },
            environment,
        }
    }

    fn slot(&self, server: &Server) -> Result<Slot, Box<Reply>> {
        server.demand_cluster(&self.cluster)?;
        let unknown = || errors::user_facing(&inferred::unknown("hardware package", &self.package));
        let hardware = Hardware::packaged(&self.package).ok_or_else(unknown)?;
        server.slot(&self.cluster, self.pool.clone(), hardware, self.node.as_deref())
    }

    /// Begins without a status and without a public address.
    pub(super) fn create(
        self,
        server: &Server,
        call: &Call<'_>,
        origin: Origin,
        proxy_port: Option<i32>,
    ) -> Outcome {
        let owner = server.user(call)?.name.clone();
        let (slot, place) = (self.slot(server)?, Place::plain(&self.cluster, &self.name));
        let (time, mut state) = (server.time(), server.state());
        state.applications.demand_free(&place, time.now)?;
        let ending = running::ending::<Application>(server, &state, &slot, &place.id)?;
        let addresses = state.addresses();
        let instance = Instance::begin(None, slot, &owner, addresses, ending.as_ref(), time);
        let Self { environment, node, storage, .. } = self;
        let made = Application { instance, origin, environment, proxy_port, node, storage };
        let answer = made.overview(&place, &server.options.tenant, time.now);
        state.applications.insert(place, made, time.now);
        Ok(envelope::accepted(&answer))
    }
}
