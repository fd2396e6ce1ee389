//! Secrets of a workspace, and the groups that they belong to.

mod group;
mod write;

use super::Workspace;
use super::calls::deleted;
use super::models::{SecretDetails, SecretInfo};
use crate::error::Result;
use crate::ids::id_type;
use crate::values::Secret;

pub use group::{CreateSecretGroup, SecretGroups};
pub use write::{CreateSecret, UpdateSecret};

id_type! {
    /// A secret's id, a UUID.
    SecretId
}

/// The secrets of a workspace. Their values come as [`Secret`], which does not print.
#[derive(Clone, Debug)]
pub struct Secrets {
    client: Workspace,
}

impl Workspace {
    /// The secrets of the workspace.
    pub fn secrets(&self) -> Secrets {
        Secrets { client: self.clone() }
    }
}

impl Secrets {
    /// All of the workspace, without their values.
    ///
    /// # Errors
    /// As any call.
    pub async fn list(&self) -> Result<Vec<SecretInfo>> {
        self.client.session.call(self.client.raw().list_secrets().send()).await
    }

    /// Those of a group, by the group's name, without their values.
    ///
    /// # Errors
    /// As any call, and when the name is none that a group can have.
    pub async fn list_of_group(&self, group: impl AsRef<str>) -> Result<Vec<SecretInfo>> {
        let group = group::usable(group.as_ref())?;
        let sent = self.client.raw().list_secrets_of_group().group(group).send();
        self.client.session.call(sent).await
    }

    /// One by its id, with its values.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// let secret = workspace.secrets().get("f97aa78e-e361-4d21-8faf-d62b6f53ca13").await?;
    /// let values = secret.data.unwrap_or_default();
    /// let password = values.get("password").map(|value| value.expose());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<SecretId>) -> Result<SecretDetails> {
        let sent = self.client.raw().get_secret().secret(id.into()).send();
        self.client.session.call(sent).await
    }

    /// A new one of a kind such as `GENERIC`, with its values by key. Which kinds there are is not
    /// documented.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// let values = [("username", "me"), ("password", "0123-4567")];
    /// workspace.secrets().create("warehouse", "GENERIC", values).group("databases").await?;
    /// # Ok(()) }
    /// ```
    pub fn create<K: Into<String>, V: Into<Secret>>(
        &self,
        name: impl Into<String>,
        secret_type: impl Into<String>,
        values: impl IntoIterator<Item = (K, V)>,
    ) -> CreateSecret {
        let values = values.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        CreateSecret::new(&self.client, name.into(), secret_type.into(), values)
    }

    /// Changes one; what is not set stays as the platform has it.
    pub fn update(&self, id: impl Into<SecretId>) -> UpdateSecret {
        UpdateSecret::new(&self.client, id.into())
    }

    /// Deletes one.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(&self, id: impl Into<SecretId>) -> Result<()> {
        let sent = self.client.raw().delete_secret().secret(id.into()).send();
        deleted(self.client.session.call(sent).await)
    }
}
