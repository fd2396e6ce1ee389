//! One cloud config.

use std::fmt;
use std::time::Duration;

use super::{CloudConfigId, UpdateCloudConfig};
use crate::bodo::calls::deleted;
use crate::bodo::{CloudConfigStatus, Organization, models};
use crate::error::Result;
use crate::raw;
use crate::wait::{Targets, Wait, Watch, wait_for_status};

/// A cloud config: its last known data and a client to act on it.
#[derive(Clone)]
pub struct CloudConfig {
    client: Organization,
    id: CloudConfigId,
    data: Option<models::CloudConfig>,
}

impl CloudConfig {
    pub(super) fn new(client: &Organization, id: CloudConfigId) -> Self {
        Self { client: client.clone(), id, data: None }
    }

    pub(super) fn with_data(client: &Organization, data: models::CloudConfig) -> Self {
        Self { client: client.clone(), id: CloudConfigId::from(&data.uuid), data: Some(data) }
    }

    pub(super) fn client(&self) -> &Organization {
        &self.client
    }

    /// The cloud config's id.
    pub fn id(&self) -> &CloudConfigId {
        &self.id
    }

    /// The cloud config's name, as far as it is known.
    pub fn name(&self) -> Option<&str> {
        self.data.as_ref()?.name.as_deref()
    }

    /// What the platform said last; `None` before the first [`refresh`](CloudConfig::refresh). Its
    /// `Debug` may show more than that of the cloud config, which shows nothing of the account.
    pub fn data(&self) -> Option<&models::CloudConfig> {
        self.data.as_ref()
    }

    /// Asks the platform for the cloud config.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::CloudConfig> {
        let data = self.ask(self.client.raw()).await?;
        Ok(self.data.insert(data))
    }

    /// The status now.
    ///
    /// # Errors
    /// As any call.
    pub async fn status(&mut self) -> Result<CloudConfigStatus> {
        self.refresh().await?;
        Ok(self.last_status())
    }

    /// Waits until the cloud config has one of the statuses. At most 5 minutes unless told
    /// otherwise.
    ///
    /// A new one cannot be used at once: the official client sleeps 10 seconds after the creation
    /// of one of AWS and 20 after one of Azure (source: bodosdk 2.3.2, clients/organization.py).
    /// Nothing here sleeps. Which statuses there are is not documented, so that none but the
    /// awaited ones ends the wait; a `READY` is inferred.
    pub fn wait_for_status(
        &mut self,
        targets: impl Into<Targets<CloudConfigStatus>>,
    ) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    /// Changes the name or the account; what is not set stays as the platform has it.
    pub fn update(&self) -> UpdateCloudConfig {
        UpdateCloudConfig::new(self)
    }

    /// Deletes the cloud config. Many are deleted with [`batch`](crate::batch()).
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self) -> Result<()> {
        let sent = self.client.raw().delete_cloud_config().cloud_config(self.id.as_str()).send();
        deleted(self.client.session.call(sent).await)
    }

    fn last_status(&self) -> CloudConfigStatus {
        let status = self.data.as_ref().and_then(|data| data.status.clone());
        status.unwrap_or_else(|| CloudConfigStatus::from("unknown"))
    }

    pub(super) async fn ask(&self, raw: &raw::bodo::Client) -> Result<models::CloudConfig> {
        let sent = raw.get_cloud_config().cloud_config(self.id.as_str()).send();
        self.client.session.call(sent).await
    }
}

impl Watch for CloudConfig {
    type Status = CloudConfigStatus;
    const LIMIT: Duration = Duration::from_secs(5 * 60);

    fn name(&self) -> String {
        format!("cloud config {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<CloudConfigStatus> {
        let raw = self.client.session.single_attempt(limit);
        self.data = Some(self.ask(&raw).await?);
        Ok(self.last_status())
    }
}

impl fmt::Debug for CloudConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.data.as_ref().and_then(|data| data.status.as_ref());
        f.debug_struct("CloudConfig")
            .field("id", &self.id.as_str())
            .field("name", &self.name())
            .field("status", &status.map(CloudConfigStatus::as_str))
            .finish_non_exhaustive()
    }
}
