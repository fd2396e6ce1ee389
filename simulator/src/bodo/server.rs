//! The platform as a whole: credentials, routes, and what handlers share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use tokio::runtime::Handle;

use super::agenda::Event;
use super::auth::{Gate, Scope};
use super::options::Bodo;
use super::routes::{Audience, Routes};
use super::sql::Engine;
use super::state::State;
use super::storage::Storage;
use super::{catalogs, clusters, cron, errors, inferred, jobs, workspaces};
use crate::clock::Moment;
use crate::content::scramble;
use crate::http::{Answer, Call, Found, Handler, Outcome, Reply, Request};
use crate::server::{Backend, World};

/// Bodies may have this many bytes; uploads have no limit.
const BODY_LIMIT: usize = 16 << 20;
/// The least and the most time between two looks at the clock.
const TICKS: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(250));

/// A simulated Bodo.
pub(super) struct Server {
    pub(super) world: World,
    pub(super) options: Bodo,
    pub(super) gate: Gate,
    pub(super) engine: Arc<Engine>,
    pub(super) storage: Mutex<Storage>,
    /// Where queries run, also those that a test's own thread sets going.
    pub(super) runtime: Handle,
    /// Goes into the signature of links.
    pub(super) secret: u64,
    /// Links from before this microsecond have expired.
    pub(super) links_from: AtomicU64,
    token_micros: AtomicU64,
    began: Moment,
    routes: Routes,
    state: Mutex<State>,
}

impl Server {
    /// A server whose clock runs whether or not somebody asks.
    pub(super) fn start(options: Bodo, world: World) -> Arc<Self> {
        let server = Arc::new(Self::new(options, world));
        tokio::spawn(tick(Arc::downgrade(&server), server.pause()));
        server
    }

    fn new(options: Bodo, world: World) -> Self {
        let began = world.clock.now();
        let seed = began.micros();
        let server = Self {
            gate: Gate::new(&options, seed),
            engine: Arc::new(Engine::new()),
            storage: Mutex::default(),
            runtime: Handle::current(),
            secret: scramble(!seed),
            links_from: AtomicU64::new(0),
            token_micros: AtomicU64::new(options.token_lifetime.as_micros() as u64),
            began,
            routes: Routes::new(),
            state: Mutex::new(State::new(seed)),
            world,
            options,
        };
        workspaces::seed(&server);
        catalogs::seed(&server);
        clusters::seed(&server);
        server
    }

    /// The state as it is by now.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state_as_left();
        let now = self.now();
        while let Some((time, event)) = state.agenda.due(now) {
            match event {
                Event::Cluster(id) => clusters::wake(self, &mut state, &id, time),
                Event::Idle(id) => clusters::rest(self, &mut state, &id, time),
                Event::Job(id) => jobs::wake(self, &mut state, &id, time),
                Event::Cron(id) => cron::wake(self, &mut state, &id, time),
            }
        }
        state
    }

    /// The state as the last look left it.
    pub(super) fn state_as_left(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Moment {
        self.world.clock.now()
    }

    pub(super) fn token_lifetime(&self) -> Duration {
        Duration::from_micros(self.token_micros.load(Ordering::Relaxed))
    }

    pub(super) fn set_token_lifetime(&self, time: Duration) {
        self.token_micros.store(time.as_micros() as u64, Ordering::Relaxed);
    }

    /// So many minutes of the platform.
    pub(super) fn minutes(&self, count: u64) -> Duration {
        self.options.minute.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// So many seconds of the platform, at most a week.
    pub(super) fn seconds(&self, count: f64) -> Duration {
        self.options.minute.mul_f64(count.clamp(0.0, 7.0 * 24.0 * 3600.0) / 60.0)
    }

    /// What the clocks of the platform show, whose minutes may be short.
    pub(super) fn platform_time(&self, real: Moment) -> Moment {
        let passed = Duration::from_micros(real.micros().saturating_sub(self.began.micros()));
        self.began + passed.mul_f64(60.0 / self.options.minute.as_secs_f64())
    }

    /// When the clocks of the platform show this.
    pub(super) fn real_time(&self, shown: Moment) -> Moment {
        let passed = Duration::from_micros(shown.micros().saturating_sub(self.began.micros()));
        self.began + passed.mul_f64(self.options.minute.as_secs_f64() / 60.0)
    }

    /// How often the clock is looked at while nobody asks.
    pub(super) fn pause(&self) -> Duration {
        self.world.pace.clamp(TICKS.0, TICKS.1)
    }

    async fn route(&self, request: &mut Request) -> Outcome {
        let (audience, handler, params) = match self.routes.find(&request.method, request.path()) {
            (audience, Found::Handler(handler, params)) => (audience, handler, params),
            _ => return Err(errors::no_route(request)),
        };
        self.admit(request, audience)?;
        match handler {
            Handler::Later(handler) => {
                Ok(handler(self, Call { request, params, body: Bytes::new() }).await)
            }
            Handler::Now(handler) => {
                let body = request.body.collect(BODY_LIMIT).await;
                let too_large =
                    || errors::problem(StatusCode::PAYLOAD_TOO_LARGE, "request entity too large");
                let body = body.ok_or_else(too_large)?;
                handler(self, &Call { request, params, body })
            }
        }
    }

    fn admit(&self, request: &Request, audience: Audience) -> Result<(), Box<Reply>> {
        if audience == Audience::Open {
            return Ok(());
        }
        let scope = self.gate.scope(request, self.now()).ok_or_else(errors::unauthorized)?;
        let forbidden = |message| Err(errors::problem(StatusCode::FORBIDDEN, message));
        match (audience, scope) {
            (Audience::Workspace, Scope::Organization) => forbidden(inferred::WORKSPACE_ONLY),
            (Audience::Organization, Scope::Workspace) => forbidden(inferred::ORGANIZATION_ONLY),
            _ => Ok(()),
        }
    }
}

/// Lets the clock run on until the server is gone.
async fn tick(server: Weak<Server>, pause: Duration) {
    while let Some(server) = server.upgrade() {
        drop(server.state());
        drop(server);
        tokio::time::sleep(pause).await;
    }
}

impl Backend for Server {
    fn answer<'a>(&'a self, request: &'a mut Request) -> Answer<'a> {
        Box::pin(async move { self.route(request).await.unwrap_or_else(|error| *error) })
    }

    fn error(&self, status: StatusCode, message: &str) -> Reply {
        *errors::of_api(status, message)
    }

    fn error_for(&self, request: &Request, status: StatusCode, message: &str) -> Reply {
        *errors::of_status(request, status, message)
    }

    fn control(&self, order: &serde_json::Value) {
        self.obey(order);
    }

    /// Clusters and catalogs that were there from the beginning.
    fn id_of(&self, name: &str) -> Option<String> {
        let state = self.state_as_left();
        let cluster = state.clusters.iter().find(|(_, cluster)| cluster.is_called(name));
        let catalog = state.catalogs.iter().find(|(_, catalog)| catalog.name == name);
        cluster.map(|(id, _)| id).or_else(|| catalog.map(|(id, _)| id)).map(str::to_owned)
    }
}
