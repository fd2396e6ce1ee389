//! Whether the platform answers.

use super::Client;
use super::models;
use crate::error::Result;
use crate::raw::spark::enums::HealthStatus;
use crate::transport::call::call;

/// Whether the platform answers.
#[derive(Clone, Debug)]
pub struct Health {
    client: Client,
}

impl Client {
    /// Whether the platform answers.
    pub fn health(&self) -> Health {
        Health { client: self.clone() }
    }
}

impl Health {
    /// What the platform says of its state. It needs no credential.
    ///
    /// # Errors
    /// As any call.
    pub async fn check(&self) -> Result<models::Health> {
        call(self.client.raw_origin().get_health().send()).await
    }

    /// Whether the platform says that it is up.
    ///
    /// # Errors
    /// As any call: a platform that cannot be reached is an error, not `false`.
    pub async fn ok(&self) -> Result<bool> {
        let status = self.check().await?.status;
        let status = status.as_ref().map(HealthStatus::as_str);
        Ok(status.is_some_and(|status| status.eq_ignore_ascii_case("up")))
    }
}
