//! Cloud configs: how the platform reaches the accounts of an organisation in the clouds.

mod account;
mod config;
mod create;
mod update;

use super::lists::paged_list;
use super::models::ProviderData;
use super::{CloudConfigStatus, Organization};
use crate::error::Result;
use crate::ids::id_type;
use crate::page::List;

pub use crate::raw::bodo::enums::CloudProvider;
pub use config::CloudConfig;
pub use create::{CreateAwsCloudConfig, CreateAzureCloudConfig};
pub use update::UpdateCloudConfig;

id_type! {
    /// A cloud config's id, a UUID.
    CloudConfigId
}

/// The cloud configs of an organisation.
#[derive(Clone, Debug)]
pub struct CloudConfigs {
    client: Organization,
}

impl Organization {
    /// The cloud configs of the organisation.
    pub fn cloud_configs(&self) -> CloudConfigs {
        CloudConfigs { client: self.clone() }
    }

    /// One of its cloud configs by its id, without asking for it.
    pub fn cloud_config(&self, id: impl Into<CloudConfigId>) -> CloudConfig {
        CloudConfig::new(self, id.into())
    }
}

paged_list! {
    /// What a list of cloud configs asks for.
    CloudConfigQuery of Organization: CloudConfig = list_cloud_configs {
        /// Only those with these ids.
        many ids: String = uuid,
        /// Only those in these clouds.
        many providers: CloudProvider = provider,
        /// Only those with these statuses, of which the platform documents none.
        many statuses: CloudConfigStatus = status,
    }
    |client, data| CloudConfig::with_data(client, data)
}

impl CloudConfigs {
    /// Those of the organisation: all, or those that the filters leave.
    pub fn list(&self) -> List<CloudConfigQuery> {
        CloudConfigQuery::list(&self.client)
    }

    /// One by its id, as the platform has it now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<CloudConfigId>) -> Result<CloudConfig> {
        let mut config = self.client.cloud_config(id);
        config.refresh().await?;
        Ok(config)
    }

    /// A new one for an account of AWS. The region holds the state of the infrastructure.
    pub fn create_aws(
        &self,
        name: impl Into<String>,
        tf_backend_region: impl Into<String>,
    ) -> CreateAwsCloudConfig {
        CreateAwsCloudConfig::new(&self.client, name.into(), tf_backend_region.into())
    }

    /// A new one for a subscription of Azure. The region holds the state of the infrastructure.
    pub fn create_azure(
        &self,
        name: impl Into<String>,
        tf_backend_region: impl Into<String>,
        tenant_id: impl Into<String>,
        subscription_id: impl Into<String>,
        resource_group: impl Into<String>,
    ) -> CreateAzureCloudConfig {
        let account = ProviderData {
            tf_backend_region: Some(tf_backend_region.into()),
            tenant_id: Some(tenant_id.into()),
            subscription_id: Some(subscription_id.into()),
            resource_group: Some(resource_group.into()),
            ..ProviderData::default()
        };
        CreateAzureCloudConfig::new(&self.client, name.into(), account)
    }
}
