//! The platform as a whole: credentials, tenants, routes, and what handlers share.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use hyper::StatusCode;
use serde_json::Value;

use super::auth::Gate;
use super::catalog::Located;
use super::documents::Documents;
use super::encoding::{self, BODY_LIMIT};
use super::ids::{Ids, stamp};
use super::locator::Locator;
use super::options::Spark;
use super::tenant::Tenant;
use super::{errors, routes, target};
use crate::clock::Moment;
use crate::http::{Answer, Call, Found, Handler, Outcome, Reply, Request, Router};
use crate::server::{Backend, World};

/// A simulated Coherent Spark.
pub(super) struct Server {
    pub(super) world: World,
    pub(super) options: Spark,
    pub(super) gate: Gate,
    pub(super) ids: Arc<Ids>,
    pub(super) documents: Documents,
    router: Router<Server>,
    tenants: HashMap<String, Arc<Tenant>>,
}

impl Server {
    pub(super) fn new(options: Spark, world: World) -> Self {
        let now = world.clock.now();
        let ids = Arc::new(Ids::new(now.micros()));
        let open = |name: &String| (name.clone(), Arc::new(Tenant::new(&options, &ids, now)));
        let tenants = options.tenants.iter().map(open).collect();
        let (gate, router) = (Gate::new(&options), Router::new(routes::all()).ignoring_case());
        let documents = Documents::default();
        Self { gate, documents, router, tenants, ids, world, options }
    }

    pub(super) fn now(&self) -> Moment {
        self.world.clock.now()
    }

    pub(super) fn stamp(&self) -> String {
        stamp(self.now())
    }

    pub(super) fn tenants(&self) -> impl Iterator<Item = &Arc<Tenant>> {
        self.tenants.values()
    }

    /// The tenant that the request is about.
    pub(super) fn tenant(&self, request: &Request) -> Result<&Arc<Tenant>, Box<Reply>> {
        let tenant = target::tenant(request).and_then(|name| self.tenants.get(name));
        tenant.ok_or_else(|| {
            let status = StatusCode::BAD_REQUEST;
            Box::new(errors::of_path(request.path(), status, "TENANT_MISMATCH"))
        })
    }

    /// How far a job of so many steps has come, in percent.
    pub(super) fn progress(&self, started: Moment, steps: u64) -> u64 {
        let step = (self.world.pace.as_micros() as u64).max(1);
        let done = self.now().micros().saturating_sub(started.micros()) / step;
        (done.min(steps) * 100).checked_div(steps).unwrap_or(100)
    }

    /// The version that is meant, or the reason why there is none.
    pub(super) fn locate(
        &self,
        request: &Request,
        locator: &Locator,
        date: Option<&str>,
    ) -> Result<Result<Located, &'static str>, Box<Reply>> {
        Ok(self.tenant(request)?.catalog().locate(locator, date))
    }

    /// The whole body, unpacked.
    pub(super) async fn body(&self, request: &mut Request) -> Result<Bytes, Box<Reply>> {
        let body = request.body.collect(BODY_LIMIT).await.ok_or_else(|| {
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            Box::new(errors::of_path(request.path(), status, "The body is too large"))
        })?;
        encoding::decode(request, body)
    }

    async fn route(&self, request: &mut Request) -> Outcome {
        self.gate.check(request, self.now())?;
        match self.router.find(&request.method, &target::route(request.path())) {
            Found::Handler(Handler::Later(handler), params) => {
                Ok(handler(self, Call { request, params, body: Bytes::new() }).await)
            }
            Found::Handler(Handler::Now(handler), params) => {
                let body = self.body(request).await?;
                handler(self, &Call { request, params, body })
            }
            Found::WrongMethod => Err(plain(request, StatusCode::METHOD_NOT_ALLOWED)),
            Found::Nothing => Err(plain(request, StatusCode::NOT_FOUND)),
        }
    }
}

fn plain(request: &Request, status: StatusCode) -> Box<Reply> {
    let reason = status.canonical_reason().unwrap_or("Error");
    Box::new(errors::of_path(request.path(), status, reason))
}

impl Backend for Server {
    fn answer<'a>(&'a self, request: &'a mut Request) -> Answer<'a> {
        Box::pin(async move {
            let reply = self.route(request).await.unwrap_or_else(|error| *error);
            encoding::encode(request, reply)
        })
    }

    fn error(&self, status: StatusCode, message: &str) -> Reply {
        errors::of_path("", status, message)
    }

    fn error_for(&self, request: &Request, status: StatusCode, message: &str) -> Reply {
        errors::of_path(request.path(), status, message)
    }

    /// The id of a service, by `folder/service`, in the first tenant.
    fn id_of(&self, name: &str) -> Option<String> {
        let catalog = self.tenants.get(self.options.tenants.first()?)?.catalog();
        Some(catalog.locate(&Locator::parse(name), None).ok()?.service_id)
    }
}

/// The body as JSON; an empty one counts as null.
pub(super) fn json(call: &Call<'_>) -> Result<Value, Box<Reply>> {
    call.json().map_err(|error| errors::malformed(call.request.path(), &error))
}

/// The names of a list that is joined by commas.
pub(super) fn split(list: Option<&str>) -> Vec<String> {
    let names = list.unwrap_or_default().split(',').map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
