//! Groups of secrets, which are addressed by their names.

use crate::arguments::filled;
use crate::bodo::Workspace;
use crate::bodo::calls::{deleted, in_doubt};
use crate::bodo::models::{SecretGroup, SecretGroupWrite};
use crate::error::{Error, Result};

/// The groups of secrets of a workspace.
#[derive(Clone, Debug)]
pub struct SecretGroups {
    client: Workspace,
}

impl Workspace {
    /// The groups of secrets of the workspace.
    pub fn secret_groups(&self) -> SecretGroups {
        SecretGroups { client: self.clone() }
    }
}

impl SecretGroups {
    /// All of the workspace.
    ///
    /// # Errors
    /// As any call.
    pub async fn list(&self) -> Result<Vec<SecretGroup>> {
        self.client.session.call(self.client.raw().list_secret_groups().send()).await
    }

    /// The one with this name; `None` when there is none. The platform has no question for a
    /// single group, so all are asked for.
    ///
    /// # Errors
    /// As any call.
    pub async fn by_name(&self, name: impl AsRef<str>) -> Result<Option<SecretGroup>> {
        let groups = self.list().await?;
        Ok(groups.into_iter().find(|group| group.name == name.as_ref()))
    }

    /// A new one. The name may have any characters, also slashes; it cannot be changed later.
    pub fn create(&self, name: impl Into<String>) -> CreateSecretGroup {
        CreateSecretGroup { client: self.client.clone(), name: name.into(), description: None }
    }

    /// Gives one another description.
    ///
    /// # Errors
    /// As any call, and when the name is none that a group can have.
    pub async fn update(
        &self,
        name: impl Into<String>,
        description: impl Into<String>,
    ) -> Result<SecretGroup> {
        let name = name.into();
        let request = self.client.raw().replace_secret_group().group(usable(&name)?);
        let body = SecretGroupWrite { description: Some(description.into()), name };
        self.client.session.call(request.body(body).send()).await
    }

    /// Deletes one. What becomes of its secrets is not documented.
    ///
    /// # Errors
    /// As any call, and when the name is none that a group can have.
    pub async fn delete(&self, name: impl AsRef<str>) -> Result<()> {
        let name = usable(name.as_ref())?;
        let sent = self.client.raw().delete_secret_group().group(name).send();
        deleted(self.client.session.call(sent).await)
    }
}

/// A group about to be made; `.await` makes it.
///
/// It is sent once: when the answer is lost, the error says so, and
/// [`by_name`](SecretGroups::by_name) tells whether it is there. A name that is taken is refused by
/// the platform.
#[derive(Clone, Debug)]
#[must_use = "nothing is created until it is awaited"]
pub struct CreateSecretGroup {
    client: Workspace,
    name: String,
    description: Option<String>,
}

impl CreateSecretGroup {
    /// A longer text, for people.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    async fn run(self) -> Result<SecretGroup> {
        let Self { client, name, description } = self;
        usable(&name)?;
        let look = format!("`secret_groups().by_name` tells whether the group `{name}` is there");
        let sent = client.raw().create_secret_group().body(SecretGroupWrite { description, name });
        client.session.call(sent.send()).await.map_err(|error| in_doubt(error, look))
    }
}

/// A name that can stand in a path, where dots lead elsewhere.
pub(super) fn usable(name: &str) -> Result<&str> {
    match filled("the name of the group of secrets", name)? {
        "." | ".." => Err(Error::invalid(format!("`{name}` is no name of a group of secrets"))),
        name => Ok(name),
    }
}

crate::awaits::awaits!(CreateSecretGroup => SecretGroup, run);
