//! The account behind a cloud config: its setters, and what is refused.

use crate::arguments::filled;
use crate::bodo::calls::arn;
use crate::bodo::models::ProviderData;
use crate::error::Result;
use crate::values::Secret;

/// The setters of an AWS account, for a builder with a method `account`.
macro_rules! aws_setters {
    () => {
        /// AWS: the ARN of the role that the platform takes on.
        pub fn role_arn(self, arn: impl Into<String>) -> Self {
            self.account(|account| account.role_arn = Some(arn.into()))
        }

        /// AWS: the external id for that role.
        pub fn external_id(self, id: impl Into<String>) -> Self {
            self.account(|account| account.external_id = Some(id.into()))
        }

        /// AWS: the bucket that holds the state of the infrastructure.
        pub fn tf_bucket_name(self, name: impl Into<String>) -> Self {
            self.account(|account| account.tf_bucket_name = Some(name.into()))
        }

        /// AWS: the number of the account.
        pub fn account_id(self, id: impl Into<String>) -> Self {
            self.account(|account| account.account_id = Some(id.into()))
        }

        /// AWS: an access key, as its id and the secret itself.
        pub fn access_key(
            self,
            access_key_id: impl Into<String>,
            secret_access_key: impl Into<$crate::values::Secret>,
        ) -> Self {
            self.account(|account| {
                account.access_key_id = Some(access_key_id.into());
                account.secret_access_key = Some(secret_access_key.into());
            })
        }
    };
}
pub(super) use aws_setters;

/// The setters of an Azure subscription that the official client has no argument for.
macro_rules! azure_setters {
    () => {
        /// Azure: the application of the platform.
        pub fn application_id(self, id: impl Into<String>) -> Self {
            self.account(|account| account.application_id = Some(id.into()))
        }

        /// Azure: the storage account that holds the state of the infrastructure.
        pub fn tf_storage_account_name(self, name: impl Into<String>) -> Self {
            self.account(|account| account.tf_storage_account_name = Some(name.into()))
        }
    };
}
pub(super) use azure_setters;

/// Refuses empty texts and a role that is no ARN.
pub(super) fn check(account: &ProviderData) -> Result<()> {
    let texts = [
        ("region", account.tf_backend_region.as_deref()),
        ("external id", account.external_id.as_deref()),
        ("bucket", account.tf_bucket_name.as_deref()),
        ("account number", account.account_id.as_deref()),
        ("id of the access key", account.access_key_id.as_deref()),
        ("access key", account.secret_access_key.as_ref().map(Secret::expose)),
        ("application", account.application_id.as_deref()),
        ("subscription", account.subscription_id.as_deref()),
        ("tenant", account.tenant_id.as_deref()),
        ("resource group", account.resource_group.as_deref()),
        ("storage account", account.tf_storage_account_name.as_deref()),
    ];
    for (what, text) in texts {
        text.map_or(Ok(""), |text| filled(&format!("the {what} of the cloud config"), text))?;
    }
    let role = account.role_arn.as_deref();
    role.map_or(Ok(()), |role| arn("the role of the cloud config", role))
}

/// The account with what the changes set, and all else as it is.
pub(super) fn changed(mut account: ProviderData, changes: ProviderData) -> ProviderData {
    macro_rules! take {
        ($($field:ident),*) => {$(
            account.$field = changes.$field.or(account.$field);
        )*};
    }
    take!(tf_backend_region, role_arn, external_id, tf_bucket_name, account_id);
    take!(access_key_id, secret_access_key, application_id, subscription_id, tenant_id);
    take!(resource_group, tf_storage_account_name);
    account
}
