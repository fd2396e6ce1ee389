//! Credentials: API keys with their rights, bearer tokens, and tokens that were issued and expire.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, HeaderName};

use super::errors;
use super::inferred;
use super::options::Spark;
use super::target::{self, Family, Target};
use crate::clock::Moment;
use crate::http::{Reply, Request};

/// The API key that is accepted by default. It has the default rights and no feature permission.
pub const API_KEY: &str = "fake-api-key-0000";

/// The bearer token that is accepted by default; it never expires.
pub const TOKEN: &str = "fake-access-token-0000";

/// The OAuth client id and secret that are accepted by default, in every tenant.
pub const CLIENT: (&str, &str) = ("fake-client-id", "fake-client-secret");

/// The tenant that exists by default.
pub const TENANT: &str = "my-tenant";

const API_KEY_HEADER: HeaderName = HeaderName::from_static("x-synthetic-key");

/// What the group of an API key may do beyond batches, v3 execution, metadata, transforms and
/// validation, by the names of the feature permissions in Coherent Spark's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Right {
    /// `Spark.SyncBatch.json`: execution by API v4.
    SyncBatch,
    /// `Spark.ServiceUpload.json`: upload, compile, publish, recompile and delete services.
    ServiceUpload,
    /// `Spark.DownloadAPILog.json`: the API call history.
    DownloadApiLog,
    /// `Spark.Exports.json`: exports and imports.
    Exports,
    /// `Spark.AllEncompassingProxy.json`: all of these.
    AllEncompassingProxy,
}

/// Who may ask.
#[derive(Debug)]
pub(super) struct Gate {
    tenants: HashSet<String>,
    keys: HashMap<String, Vec<Right>>,
    tokens: HashSet<String>,
    clients: HashMap<String, String>,
    lifetime: Duration,
    issued: Mutex<HashMap<String, Issued>>,
}

/// A token from the token endpoint.
#[derive(Debug)]
struct Issued {
    tenant: String,
    expires: Moment,
}

/// What a request shows.
enum Credential<'a> {
    Key(&'a str),
    Token(&'a str),
}

impl Gate {
    pub(super) fn new(options: &Spark) -> Self {
        Self {
            tenants: options.tenants.iter().cloned().collect(),
            keys: options.keys.clone(),
            tokens: options.tokens.iter().cloned().collect(),
            clients: options.clients.iter().cloned().collect(),
            lifetime: options.token_lifetime,
            issued: Mutex::default(),
        }
    }

    pub(super) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    pub(super) fn knows(&self, tenant: &str) -> bool {
        self.tenants.contains(tenant)
    }

    pub(super) fn knows_client(&self, id: &str, secret: &str) -> bool {
        self.clients.get(id).is_some_and(|known| known == secret)
    }

    pub(super) fn issue(&self, token: &str, tenant: &str, now: Moment) {
        let mut issued = self.issued();
        issued.retain(|_, token| token.expires > now);
        let expires = now + self.lifetime;
        issued.insert(token.to_owned(), Issued { tenant: tenant.to_owned(), expires });
    }

    /// From now on, no issued token is valid.
    pub(super) fn expire_all(&self) {
        self.issued().clear();
    }

    /// Lets a request pass, or tells why not.
    pub(super) fn check(&self, request: &Request, now: Moment) -> Result<(), Box<Reply>> {
        let path = request.path();
        let target = Target::of(path);
        if matches!(target.family, Family::Keycloak | Family::Other) {
            return Ok(());
        }
        let realm = match target.is_public {
            true => None,
            false => self.realm(request, now)?,
        };
        self.check_tenant(request, target, realm.as_deref())
    }

    /// The tenant that the credential belongs to, where it belongs to one.
    fn realm(&self, request: &Request, now: Moment) -> Result<Option<String>, Box<Reply>> {
        let refused = || errors::unauthorized(request.path());
        match credential(request) {
            Some(Credential::Key(key)) if self.keys.contains_key(key) => Ok(None),
            Some(Credential::Token(token)) if self.tokens.contains(token) => Ok(None),
            Some(Credential::Token(token)) => {
                let issued = self.issued();
                let valid = issued.get(token).filter(|issued| issued.expires > now);
                valid.map(|issued| Some(issued.tenant.clone())).ok_or_else(refused)
            }
            _ => Err(refused()),
        }
    }

    fn check_tenant(
        &self,
        request: &Request,
        target: Target<'_>,
        realm: Option<&str>,
    ) -> Result<(), Box<Reply>> {
        let named = target::tenant_header(request);
        let refused = |message| {
            let status = StatusCode::BAD_REQUEST;
            Err(Box::new(errors::of_path(request.path(), status, message)))
        };
        let with_key = matches!(credential(request), Some(Credential::Key(_)));
        let Some(tenant) = target.tenant.filter(|_| named.is_some() || !with_key).or(named) else {
            return refused(inferred::TENANT_IS_MISSING);
        };
        let contradicts = |other: Option<&str>| other.is_some_and(|other| other != tenant);
        match !self.knows(tenant) || contradicts(named) || contradicts(realm) {
            true => refused("TENANT_MISMATCH"),
            false => Ok(()),
        }
    }

    /// Refuses API keys without this right.
    pub(super) fn demand(&self, request: &Request, right: Right) -> Result<(), Box<Reply>> {
        let Some(Credential::Key(key)) = credential(request) else { return Ok(()) };
        let suffices = |owned: &Right| *owned == right || *owned == Right::AllEncompassingProxy;
        match self.keys.get(key).is_some_and(|rights| rights.iter().any(suffices)) {
            true => Ok(()),
            false => Err(errors::forbidden(request.path())),
        }
    }

    /// Refuses all API keys.
    pub(super) fn demand_bearer(&self, request: &Request) -> Result<(), Box<Reply>> {
        match credential(request) {
            Some(Credential::Key(_)) => Err(errors::unauthorized(request.path())),
            _ => Ok(()),
        }
    }

    fn issued(&self) -> MutexGuard<'_, HashMap<String, Issued>> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn credential(request: &Request) -> Option<Credential<'_>> {
    if let Some(key) = request.header(API_KEY_HEADER) {
        return Some(Credential::Key(key));
    }
    let (scheme, token) = request.header(AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(Credential::Token(token.trim()))
}
