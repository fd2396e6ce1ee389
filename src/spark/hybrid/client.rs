//! The client of a Hybrid Runner.

use std::sync::Arc;

use reqwest::Url;

use super::builder::Builder;
use super::services::Services;
use crate::error::{Error, Result};
use crate::raw;
use crate::spark::models::{RunnerHealth, RunnerStatus, RunnerVersion};
use crate::transport::call::call;

/// A client for a Hybrid Runner. Clones are cheap and share connections. Making one sends nothing.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    origin: raw::spark::Client,
    /// Below the tenant, where one is known.
    tenant: Option<raw::spark::Client>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Client").field(&self.0.origin.inner).finish()
    }
}

impl Client {
    /// A builder that reads nothing but what it is told.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Reads the runner's address from `CSPARK_RUNNER_URL`, such as
    /// `http://localhost:3000/my-tenant`. Without it, the runner is at `http://localhost:3000`.
    ///
    /// # Errors
    /// When the address is not usable.
    pub fn from_env() -> Result<Self> {
        Self::builder().environment().build()
    }

    /// The generated client for paths without a tenant, for what this one does not cover.
    pub fn raw(&self) -> &raw::spark::Client {
        &self.0.origin
    }

    /// The runner's address, without a tenant.
    pub fn base_url(&self) -> &Url {
        self.0.origin.inner.base()
    }

    /// Whether the runner answers.
    ///
    /// # Errors
    /// As any call.
    pub async fn health(&self) -> Result<RunnerHealth> {
        call(self.raw().get_runner_health().send()).await
    }

    /// The runner's version.
    ///
    /// # Errors
    /// As any call.
    pub async fn version(&self) -> Result<RunnerVersion> {
        call(self.raw().get_runner_version().send()).await
    }

    /// What the runner has loaded and how busy it is; runners before 1.46 do not tell (source:
    /// cspark 0.3.3).
    ///
    /// # Errors
    /// As any call.
    pub async fn status(&self) -> Result<RunnerStatus> {
        call(self.raw().get_runner_status().send()).await
    }

    /// The services of the runner.
    pub fn services(&self) -> Services {
        Services::new(self)
    }

    pub(super) fn new(origin: raw::spark::Client, tenant: Option<raw::spark::Client>) -> Self {
        Self(Arc::new(Inner { origin, tenant }))
    }

    /// The generated client below the tenant.
    pub(super) fn tenant(&self) -> Result<&raw::spark::Client> {
        self.0.tenant.as_ref().ok_or_else(|| {
            let url = self.base_url();
            Error::config(format!(
                "services are executed for a tenant: write the runner's address as {url}my-tenant"
            ))
        })
    }
}
