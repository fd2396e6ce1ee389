//! Making a cloud config.

use std::fmt;

use super::account::{aws_setters, azure_setters, check};
use super::{CloudConfig, CloudProvider};
use crate::arguments::filled;
use crate::bodo::Organization;
use crate::bodo::calls::{hiding, in_doubt};
use crate::bodo::models::{CloudConfigWrite, ProviderData};
use crate::error::Result;

/// A cloud config of AWS about to be made; `.await` makes it and gives it.
///
/// It is sent once: when the answer is lost, the error says so, and the list of cloud configs tells
/// whether it is there. It may not be usable at once: see [`CloudConfig::wait_for_status`].
#[must_use = "nothing is created until it is awaited"]
pub struct CreateAwsCloudConfig(Creation);

/// A cloud config of Azure about to be made; `.await` makes it and gives it.
///
/// It is sent once: when the answer is lost, the error says so, and the list of cloud configs tells
/// whether it is there. It may not be usable at once: see [`CloudConfig::wait_for_status`].
#[must_use = "nothing is created until it is awaited"]
pub struct CreateAzureCloudConfig(Creation);

impl CreateAwsCloudConfig {
    pub(super) fn new(client: &Organization, name: String, tf_backend_region: String) -> Self {
        let provider = Some(CloudProvider::Aws);
        let tf_backend_region = Some(tf_backend_region);
        let account = ProviderData { provider, tf_backend_region, ..ProviderData::default() };
        Self(Creation { client: client.clone(), name, account })
    }

    aws_setters!();

    fn account(mut self, set: impl FnOnce(&mut ProviderData)) -> Self {
        set(&mut self.0.account);
        self
    }

    async fn run(self) -> Result<CloudConfig> {
        self.0.run().await
    }
}

impl CreateAzureCloudConfig {
    pub(super) fn new(client: &Organization, name: String, account: ProviderData) -> Self {
        let account = ProviderData { provider: Some(CloudProvider::Azure), ..account };
        Self(Creation { client: client.clone(), name, account })
    }

    azure_setters!();

    fn account(mut self, set: impl FnOnce(&mut ProviderData)) -> Self {
        set(&mut self.0.account);
        self
    }

    async fn run(self) -> Result<CloudConfig> {
        self.0.run().await
    }
}

/// What both have.
struct Creation {
    client: Organization,
    name: String,
    account: ProviderData,
}

impl Creation {
    async fn run(self) -> Result<CloudConfig> {
        let Self { client, name, account } = self;
        filled("the name of the cloud config", &name)?;
        check(&account)?;
        let key = account.secret_access_key.clone();
        let look =
            format!("`cloud_configs().list()` tells whether the cloud config `{name}` is there");
        let request = CloudConfigWrite {
            name,
            organization_uuid: None,
            provider_data: account,
            status: None,
            uuid: None,
        };
        let made =
            client.session.call(client.raw().create_cloud_config().body(request).send()).await;
        let data = made.map_err(|error| in_doubt(hiding(error, &key), look))?;
        Ok(CloudConfig::with_data(&client, data))
    }
}

macro_rules! debug {
    ($($builder:ident),*) => {$(
        impl fmt::Debug for $builder {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let name = &self.0.name;
                f.debug_struct(stringify!($builder)).field("name", name).finish_non_exhaustive()
            }
        }
    )*};
}
debug!(CreateAwsCloudConfig, CreateAzureCloudConfig);

crate::awaits::awaits!(CreateAwsCloudConfig => CloudConfig, run);
crate::awaits::awaits!(CreateAzureCloudConfig => CloudConfig, run);
