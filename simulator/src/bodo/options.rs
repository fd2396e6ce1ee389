//! What can be set for a simulated Bodo.

use std::sync::Arc;
use std::time::Duration;

use super::auth::{KEYS, ORGANIZATION_KEYS, Scope};
use super::inferred;
use super::server::Server;
use super::settings::PLATFORM;
use crate::glob;
use crate::server::{Backend, World};
use crate::simulator::Simulator;

/// The settings of a simulated Bodo; the methods are those of `Simulator<Bodo>`.
#[derive(Debug, Clone)]
pub struct Bodo {
    pub(super) keys: Vec<(Scope, String, String)>,
    pub(super) token_lifetime: Duration,
    pub(super) exp_claim: bool,
    pub(super) url_lifetime: Duration,
    pub(super) clusters: Vec<String>,
    pub(super) catalogs: Vec<String>,
    pub(super) minute: Duration,
    pub(super) endings: Vec<Ending>,
    pub(super) failures: Vec<(String, u64)>,
    pub(super) rows_per_file: usize,
    pub(super) max_page_size: Option<usize>,
    pub(super) billing_pages: bool,
    pub(super) azure: bool,
    pub(super) deprecations: Vec<(String, String)>,
}

/// How something of a name ends, if not well.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    name: String,
    pub(super) status: String,
    pub(super) reason: String,
}

impl Bodo {
    /// What was prescribed for something by one of these names.
    pub(super) fn ending(&self, names: &[&str]) -> Option<&Ending> {
        let fits = |ending: &&Ending| names.iter().any(|name| glob::matches(&ending.name, name));
        self.endings.iter().rev().find(fits)
    }

    /// How many attempts of a job run by one of these names fail before one succeeds.
    pub(super) fn failures_of(&self, names: &[&str]) -> u64 {
        let fits =
            |(pattern, _): &&(String, u64)| names.iter().any(|name| glob::matches(pattern, name));
        self.failures.iter().rev().find(fits).map_or(0, |(_, count)| *count)
    }
}

/// What there is.
impl Simulator<Bodo> {
    /// A simulated Bodo with one workspace, which [`KEYS`] open, within one organisation, which
    /// [`ORGANIZATION_KEYS`] open. It has no clusters and no catalogs.
    pub fn bodo() -> Self {
        let key = |scope, (id, secret): (&str, &str)| (scope, id.to_owned(), secret.to_owned());
        let options = Bodo {
            keys: vec![key(Scope::Workspace, KEYS), key(Scope::Organization, ORGANIZATION_KEYS)],
            token_lifetime: inferred::TOKEN_LIFETIME,
            exp_claim: true,
            url_lifetime: inferred::URL_LIFETIME,
            clusters: Vec::new(),
            catalogs: Vec::new(),
            minute: Duration::from_secs(60),
            endings: Vec::new(),
            failures: Vec::new(),
            rows_per_file: 100_000,
            max_page_size: None,
            billing_pages: false,
            azure: false,
            deprecations: Vec::new(),
        };
        Self::new(&PLATFORM, options, |options, world: World| {
            Server::start(options, world) as Arc<dyn Backend>
        })
    }

    /// Accepts these keys of the workspace as well.
    pub fn keys(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.options.keys.push((Scope::Workspace, id.into(), secret.into()));
        self
    }

    /// Accepts these keys of the organisation as well.
    pub fn organization_keys(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.options.keys.push((Scope::Organization, id.into(), secret.into()));
        self
    }

    /// A cluster of one `c5.large` that is `RUNNING` from the beginning. Its id is that of
    /// [`Handle::id_of`](crate::Handle::id_of) for its name.
    pub fn cluster(mut self, name: impl Into<String>) -> Self {
        self.options.clusters.push(name.into());
        self
    }

    /// A catalog with the sample tables that every catalog has. Its id is that of
    /// [`Handle::id_of`](crate::Handle::id_of) for its name.
    pub fn catalog(mut self, name: impl Into<String>) -> Self {
        self.options.catalogs.push(name.into());
        self
    }
}

/// Time and tokens.
impl Simulator<Bodo> {
    /// How long a token is good for; a day by default. The claim `exp` is in whole seconds, rounded
    /// up.
    pub fn token_lifetime(mut self, time: Duration) -> Self {
        self.options.token_lifetime = time;
        self
    }

    /// Whether tokens have the claim `exp`; they do by default.
    pub fn exp_claim(mut self, on: bool) -> Self {
        self.options.exp_claim = on;
        self
    }

    /// How long a pre-signed link is good for; an hour by default.
    pub fn url_lifetime(mut self, time: Duration) -> Self {
        self.options.url_lifetime = time;
        self
    }

    /// How long a minute of the platform takes: that of timeouts, delays between retries, automatic
    /// pauses and stops, `time.sleep` of a job, and schedules. A minute by default.
    pub fn minute(mut self, time: Duration) -> Self {
        self.options.minute = time.max(Duration::from_micros(60));
        self
    }
}

/// What goes wrong, and how answers look.
impl Simulator<Bodo> {
    /// The status in which something of this name ends in place of the good one: a cluster (or its
    /// start) in place of `RUNNING`, a job run (by its name, or by the file that it executes) in
    /// place of `SUCCEEDED`, a workspace or a cloud configuration in place of `READY`.
    ///
    /// `FAILED` is a failure; `RUNNING` lets a job run go on until its timeout, `PENDING` never
    /// starts it; a word that nobody knows stays. `*` in the name stands for any run of characters;
    /// the last setting wins. The reason is that of a job run.
    pub fn outcome(
        mut self,
        name: impl Into<String>,
        status: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        let (name, status, reason) = (name.into(), status.into(), reason.into());
        self.options.endings.push(Ending { name, status, reason });
        self
    }

    /// How many attempts of job runs of this name (or file) fail before one goes well; 0 by default.
    pub fn failures(mut self, name: impl Into<String>, count: u64) -> Self {
        self.options.failures.push((name.into(), count));
        self
    }

    /// How many rows one file of a result has; 100,000 by default.
    pub fn rows_per_file(mut self, rows: usize) -> Self {
        self.options.rows_per_file = rows.max(1);
        self
    }

    /// The most items of one page, whatever a request asks for; no limit by default.
    pub fn max_page_size(mut self, items: usize) -> Self {
        self.options.max_page_size = Some(items.max(1));
        self
    }

    /// Whether prices come as a page; by default they come as one object, which is what the official
    /// client reads.
    pub fn billing_pages(mut self, on: bool) -> Self {
        self.options.billing_pages = on;
        self
    }

    /// Whether the workspace is one of Azure; by default it is one of AWS. Uploads then need the
    /// header `x-ms-blob-type: BlockBlob`.
    pub fn azure(mut self, on: bool) -> Self {
        self.options.azure = on;
        self
    }

    /// A version of the client that is deprecated, and the day (`2026-01-31`) its support ends.
    pub fn deprecated_version(
        mut self,
        version: impl Into<String>,
        end_of_support: impl Into<String>,
    ) -> Self {
        self.options.deprecations.push((version.into(), end_of_support.into()));
        self
    }
}
