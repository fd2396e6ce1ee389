//! Changing a cloud config.

use std::fmt;

use super::CloudConfig;
use super::account::{aws_setters, azure_setters, changed, check};
use crate::arguments::filled;
use crate::bodo::calls::hiding;
use crate::bodo::models::{CloudConfigWrite, ProviderData};
use crate::error::{Error, Result};

/// A change of a cloud config; `.await` makes it and gives the changed one.
///
/// The platform replaces the whole cloud config, so it is asked for first, and what is not set here
/// is sent back as it came. An access key whose secret did not come back has to be given again:
/// without it the request is refused before it is sent.
#[must_use = "nothing is changed until it is awaited"]
pub struct UpdateCloudConfig {
    config: CloudConfig,
    name: Option<String>,
    changes: ProviderData,
}

impl UpdateCloudConfig {
    pub(super) fn new(config: &CloudConfig) -> Self {
        Self { config: config.clone(), name: None, changes: ProviderData::default() }
    }

    /// Another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The region that holds the state of the infrastructure.
    pub fn tf_backend_region(self, region: impl Into<String>) -> Self {
        self.account(|account| account.tf_backend_region = Some(region.into()))
    }

    aws_setters!();

    azure_setters!();

    /// Azure: the tenant.
    pub fn tenant_id(self, id: impl Into<String>) -> Self {
        self.account(|account| account.tenant_id = Some(id.into()))
    }

    /// Azure: the subscription.
    pub fn subscription_id(self, id: impl Into<String>) -> Self {
        self.account(|account| account.subscription_id = Some(id.into()))
    }

    /// Azure: the resource group.
    pub fn resource_group(self, name: impl Into<String>) -> Self {
        self.account(|account| account.resource_group = Some(name.into()))
    }

    fn account(mut self, set: impl FnOnce(&mut ProviderData)) -> Self {
        set(&mut self.changes);
        self
    }

    async fn run(self) -> Result<CloudConfig> {
        self.name.as_deref().map_or(Ok(""), |name| filled("the name of the cloud config", name))?;
        check(&self.changes)?;
        let client = self.config.client().clone();
        let request = self.request().await?;
        let id = request.uuid.clone().unwrap_or_default();
        let key = request.provider_data.secret_access_key.clone();
        let sent = client.raw().replace_cloud_config().cloud_config(id).body(request).send();
        let data = client.session.call(sent).await.map_err(|error| hiding(error, &key))?;
        Ok(CloudConfig::with_data(&client, data))
    }

    /// All of the cloud config, with the changes.
    async fn request(self) -> Result<CloudConfigWrite> {
        let Self { config, name, changes } = self;
        let now = config.ask(config.client().raw()).await?;
        let account = changed(now.provider_data.unwrap_or_default(), changes);
        if account.access_key_id.is_some() && account.secret_access_key.is_none() {
            return Err(Error::invalid(
                "the platform did not send the access key of the cloud config, which a change \
                 would lose; give it again with `access_key`",
            ));
        }
        Ok(CloudConfigWrite {
            name: name.or(now.name).unwrap_or_default(),
            organization_uuid: now.organization_uuid,
            provider_data: account,
            status: now.status,
            uuid: Some(now.uuid),
        })
    }
}

impl fmt::Debug for UpdateCloudConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateCloudConfig")
            .field("config", &self.config)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(UpdateCloudConfig => CloudConfig, run);
