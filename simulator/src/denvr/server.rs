//! The platform as a whole: credentials, routes, and what handlers share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, StatusCode};

use super::auth::{Account, Gate, User};
use super::capacity::{self, ON_DEMAND, Slot};
use super::catalog::Hardware;
use super::instance::{Ending, Time};
use super::options::Denvr;
use super::state::State;
use super::{errors, inferred, metal, routes, virtual_servers, vpcs};
use crate::clock::Moment;
use crate::glob;
use crate::http::{Answer, Call, Found, Handler, Outcome, Reply, Request, Router};
use crate::server::{Backend, World};

/// Bodies may have this many bytes.
const BODY_LIMIT: usize = 16 << 20;

/// A simulated Denvr Cloud.
pub(super) struct Server {
    pub(super) world: World,
    pub(super) options: Denvr,
    pub(super) gate: Gate,
    router: Router<Server>,
    state: Mutex<State>,
}

impl Server {
    pub(super) fn new(options: Denvr, world: World) -> Self {
        let gate = Gate::new(&options, world.clock.now().micros());
        let router = Router::new(routes::all(&options)).ignoring_case();
        let server = Self { gate, router, state: Mutex::default(), world, options };
        vpcs::seed(&server);
        metal::seed(&server);
        virtual_servers::seed(&server);
        server
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Moment {
        self.world.clock.now()
    }

    pub(super) fn time(&self) -> Time {
        Time { now: self.now(), pace: self.world.pace }
    }

    /// The user who asks.
    pub(super) fn user(&self, call: &Call<'_>) -> Result<&User, Box<Reply>> {
        self.gate.user(call.request, self.now())
    }

    /// Refuses users who are not administrators of the tenant.
    pub(super) fn demand_admin(&self, call: &Call<'_>) -> Result<(), Box<Reply>> {
        match self.user(call)?.account {
            Account::Member => Err(errors::forbidden()),
            _ => Ok(()),
        }
    }

    pub(super) fn demand_cluster(&self, name: &str) -> Result<(), Box<Reply>> {
        match self.options.clusters.iter().any(|cluster| cluster == name) {
            true => Ok(()),
            false => Err(errors::not_found("Cluster", name)),
        }
    }

    /// Hardware in a pool, or in the tenant's first one, perhaps on one node of it.
    pub(super) fn slot(
        &self,
        cluster: &str,
        pool: Option<String>,
        hardware: &'static Hardware,
        node: Option<&str>,
    ) -> Result<Slot, Box<Reply>> {
        let [first, other] = capacity::pools(&self.options);
        let pool = pool.unwrap_or_else(|| first.clone());
        if ![first, other].contains(&pool) {
            return Err(errors::user_facing(&inferred::unknown("resource pool", &pool)));
        }
        match node {
            Some(_) if pool == ON_DEMAND => Err(errors::user_facing(inferred::NODE_ON_DEMAND)),
            Some(node) if !inferred::NODES.contains(&node) => {
                Err(errors::user_facing(&inferred::unknown("node", node)))
            }
            _ => Ok(Slot { cluster: cluster.to_owned(), pool, hardware }),
        }
    }

    /// How the next start of something by this name ends, if not well.
    pub(super) fn ending(&self, name: &str) -> Option<&Ending> {
        self.options.endings.iter().rev().find(|ending| glob::matches(&ending.name, name))
    }

    async fn route(&self, request: &mut Request) -> Outcome {
        let (handler, params) = match self.router.find(&request.method, request.path()) {
            Found::Handler(handler, params) => (handler, params),
            Found::WrongMethod => return Err(empty(StatusCode::METHOD_NOT_ALLOWED)),
            Found::Nothing => return Err(empty(StatusCode::NOT_FOUND)),
        };
        if !routes::is_open(request.path()) {
            self.gate.user(request, self.now())?;
        }
        demand_json(request)?;
        match handler {
            Handler::Later(handler) => {
                Ok(handler(self, Call { request, params, body: Bytes::new() }).await)
            }
            Handler::Now(handler) => {
                let body = request.body.collect(BODY_LIMIT).await;
                let body = body.ok_or_else(|| empty(StatusCode::PAYLOAD_TOO_LARGE))?;
                handler(self, &Call { request, params, body })
            }
        }
    }
}

/// Refuses bodies of other types than JSON.
fn demand_json(request: &Request) -> Result<(), Box<Reply>> {
    let kind = request.header(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_json = matches!(kind, "application/json" | "text/json")
        || kind.starts_with("application/") && kind.ends_with("+json");
    match request.method != Method::POST || kind.is_empty() || is_json {
        true => Ok(()),
        false => Err(empty(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
    }
}

fn empty(status: StatusCode) -> Box<Reply> {
    Box::new(Reply::empty(status))
}

impl Backend for Server {
    fn answer<'a>(&'a self, request: &'a mut Request) -> Answer<'a> {
        Box::pin(async move { self.route(request).await.unwrap_or_else(|error| *error) })
    }

    fn error(&self, status: StatusCode, message: &str) -> Reply {
        *errors::of_status(status, message)
    }

    /// Servers and hosts have their name for an id.
    fn id_of(&self, name: &str) -> Option<String> {
        let given = self.options.servers.iter().chain(&self.options.hosts);
        given.map(|(_, id)| id).find(|id| *id == name).cloned()
    }
}
