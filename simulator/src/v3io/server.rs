//! The platform as a whole: credentials, functions, objects, and what handlers share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::header::HeaderName;
use hyper::{Method, StatusCode};
use serde::de::DeserializeOwned;

use super::address::Address;
use super::auth::Gate;
use super::errors::{self, denied, invalid};
use super::options::V3io;
use super::state::State;
use super::{control, functions, listing, objects};
use crate::clock::Moment;
use crate::content::{Content, Synthetic, scramble};
use crate::http::{Answer, Outcome, Reply, Request};
use crate::server::{Backend, World};

/// The header with a ready-made condition for the present state of an item.
pub(super) const VERIFIER: HeaderName = HeaderName::from_static("x-v3io-transaction-verifier");

/// A simulated V3IO cluster.
pub(super) struct Server {
    pub(super) world: World,
    pub(super) options: V3io,
    pub(super) gate: Gate,
    pub(super) control: control::Plane,
    state: Mutex<State>,
    records: AtomicU64,
}

impl Server {
    pub(super) fn new(options: V3io, world: World) -> Self {
        let state = State::new(options.containers.iter().map(String::as_str), world.clock.now());
        let server = Self {
            gate: Gate::new(&options),
            control: control::Plane::new(),
            state: Mutex::new(state),
            records: AtomicU64::new(0),
            world,
            options,
        };
        server.options.objects.iter().for_each(|object| server.seed(object));
        server
    }

    fn seed(&self, (container, path, size): &(String, String, u64)) {
        let content = Content::Synthetic(Synthetic::new(path, *size));
        self.state().add_container(container, self.now());
        let address = Address::parse(&format!("{container}/{}", path.trim_start_matches('/')));
        // The container exists by now; a path beyond the limits is left out, as a PUT would be.
        let _ = objects::store(self, &address, content, false);
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Moment {
        self.world.clock.now()
    }

    /// Whether the next record is one of those that fail; the same run gives the same ones.
    pub(super) fn is_record_failing(&self) -> bool {
        let share = self.options.failing_records;
        share > 0.0 && {
            let number = scramble(self.records.fetch_add(1, Ordering::Relaxed));
            ((number >> 11) as f64) < share * (1u64 << 53) as f64
        }
    }

    async fn route(&self, request: &mut Request) -> Outcome {
        if !self.gate.admits(request) {
            return Err(denied());
        }
        let address = Address::parse(request.path());
        if let Some(function) = functions::named(request)? {
            return function.run(self, address, request).await;
        }
        match (&request.method, address.container.is_empty(), address.path.is_empty()) {
            (&Method::GET | &Method::HEAD, true, _) => listing::containers(self),
            (&Method::GET | &Method::HEAD, _, true) => listing::directory(self, &address, request),
            (&Method::GET | &Method::HEAD, ..) => objects::get(self, &address, request),
            (&Method::PUT | &Method::POST, ..) => objects::put(self, &address, request).await,
            (&Method::DELETE, ..) => objects::delete(self, &address),
            _ => Err(wrong_method()),
        }
    }
}

impl Backend for Server {
    fn answer<'a>(&'a self, request: &'a mut Request) -> Answer<'a> {
        Box::pin(async move {
            let outcome = match control::is_control(request.path()) {
                true => control::answer(self, request).await,
                false => self.route(request).await,
            };
            outcome.unwrap_or_else(|error| *error)
        })
    }

    fn error(&self, status: StatusCode, message: &str) -> Reply {
        errors::of_status(status, message)
    }

    fn error_for(&self, request: &Request, status: StatusCode, message: &str) -> Reply {
        match control::is_control(request.path()) {
            true => *control::failure(status, message),
            false => self.error(status, message),
        }
    }

    /// The id of a container.
    fn id_of(&self, name: &str) -> Option<String> {
        self.state().container(name).ok().map(|(_, container)| container.id.to_string())
    }
}

pub(super) fn wrong_method() -> Box<Reply> {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    errors::error(status, super::inferred::OTHER_ERROR, "Method not allowed")
}

/// The body of a function; an empty one counts as an empty object.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Box<Reply>> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| invalid(&error.to_string()))
}
