//! Configurations, which the platform reads again when it is told to.

use serde_json::Map;

use super::jobs::{Job, JobId, unnamed};
use super::models::{ReloadCreateDocument, ReloadCreateResource, ReloadDocument};
use super::resource::collection;
use crate::error::Result;
use crate::raw::v3io::enums::{ConfigurationKind, ResourceType};

collection! {
    /// The configurations that can be reloaded.
    Configurations
}

impl Configurations {
    /// Starts a reload, and gives the job that does it.
    ///
    /// # Errors
    /// As any call.
    pub async fn reload(&self, kind: impl Into<ConfigurationKind>) -> Result<Job> {
        // The same type for every configuration (source: v3io-go, pkg/controlplane/http).
        let type_ = ResourceType::ClusterConfigurationReload;
        let data = ReloadCreateResource { type_, attributes: Map::new() };
        let raw = self.client.raw().reload_configuration().kind(kind.into());
        let sent = raw.body(ReloadCreateDocument { data }).send();
        let started = self.client.send(sent).await?;
        Ok(self.client.job(job_id(started)?))
    }
}

/// The cluster's reload names its job; the other answers are the job (source: v3io-go,
/// pkg/controlplane/http).
fn job_id(started: ReloadDocument) -> Result<JobId> {
    let named = started.data.attributes.and_then(|attributes| attributes.job_id);
    let id = named.or_else(|| started.data.id.map(|id| id.to_string()));
    id.filter(|id| !id.is_empty()).map(JobId::from).ok_or_else(unnamed)
}
