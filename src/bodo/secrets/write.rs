//! Making and changing a secret.

use std::collections::BTreeMap;
use std::fmt;

use super::SecretId;
use super::group::usable;
use crate::arguments::filled;
use crate::bodo::Workspace;
use crate::bodo::calls::{hiding, in_doubt};
use crate::bodo::models::{SecretInfo, SecretWrite};
use crate::error::{Error, Result};
use crate::values::Secret;

/// A secret about to be made; `.await` makes it.
///
/// It is sent once: when the answer is lost, the error says so, and the list of secrets tells
/// whether it is there.
#[must_use = "nothing is created until it is awaited"]
pub struct CreateSecret {
    client: Workspace,
    request: SecretWrite,
}

impl CreateSecret {
    pub(super) fn new(
        client: &Workspace,
        name: String,
        secret_type: String,
        values: BTreeMap<String, Secret>,
    ) -> Self {
        let request = SecretWrite {
            data: Some(values),
            name: Some(name),
            secret_group: None,
            secret_type: Some(secret_type),
        };
        Self { client: client.clone(), request }
    }

    /// The group that it belongs to, by the group's name; the platform chooses otherwise.
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.request.secret_group = Some(name.into());
        self
    }

    async fn run(self) -> Result<SecretInfo> {
        check(&self.request)?;
        let Self { client, request } = self;
        let (name, values) = (request.name.clone().unwrap_or_default(), values_of(&request));
        let sent = client.raw().create_secret().body(request).send();
        client.session.call(sent).await.map_err(|error| {
            let look = format!("`secrets().list()` tells whether the secret `{name}` is there");
            in_doubt(hiding(error, &values), look)
        })
    }
}

/// A change of a secret; `.await` makes it.
///
/// The platform replaces the whole secret, so it is asked for first, and what is not set here is
/// sent back as it came.
#[must_use = "nothing is changed until it is awaited"]
pub struct UpdateSecret {
    client: Workspace,
    id: SecretId,
    changes: SecretWrite,
}

impl UpdateSecret {
    pub(super) fn new(client: &Workspace, id: SecretId) -> Self {
        Self { client: client.clone(), id, changes: SecretWrite::default() }
    }

    /// Another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.changes.name = Some(name.into());
        self
    }

    /// Another kind.
    pub fn secret_type(mut self, kind: impl Into<String>) -> Self {
        self.changes.secret_type = Some(kind.into());
        self
    }

    /// Another group, by its name.
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.changes.secret_group = Some(name.into());
        self
    }

    /// Other values by key, in place of all that there are.
    pub fn values<K: Into<String>, V: Into<Secret>>(
        mut self,
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let values = values.into_iter().map(|(key, value)| (key.into(), value.into()));
        self.changes.data = Some(values.collect());
        self
    }

    async fn run(self) -> Result<SecretInfo> {
        check(&self.changes)?;
        let Self { client, id, changes } = self;
        let request = whole(&client, &id, changes).await?;
        let values = values_of(&request);
        let sent = client.raw().replace_secret().secret(id).body(request).send();
        client.session.call(sent).await.map_err(|error| hiding(error, &values))
    }
}

/// All of the secret, with the changes.
async fn whole(client: &Workspace, id: &SecretId, changes: SecretWrite) -> Result<SecretWrite> {
    let now = client.secrets().get(id).await?;
    let data = changes.data.or(now.data).ok_or_else(|| {
        Error::invalid(
            "the platform did not send the values of the secret, which a change would lose; give \
             them again with `values`",
        )
    })?;
    Ok(SecretWrite {
        data: Some(data),
        name: changes.name.or(now.name),
        secret_group: changes.secret_group.or(now.secret_group),
        secret_type: changes.secret_type.or(now.secret_type),
    })
}

/// Refuses what is set and empty.
fn check(secret: &SecretWrite) -> Result<()> {
    let texts = [("name", &secret.name), ("kind", &secret.secret_type)];
    for (what, text) in texts {
        text.as_deref()
            .map_or(Ok(""), |text| filled(&format!("the {what} of the secret"), text))?;
    }
    secret.secret_group.as_deref().map_or(Ok(""), usable)?;
    match &secret.data {
        Some(values) if values.is_empty() => Err(Error::invalid("the secret has no values")),
        Some(values) => {
            values.keys().try_for_each(|key| filled("a key of the secret", key).map(drop))
        }
        None => Ok(()),
    }
}

fn values_of(secret: &SecretWrite) -> Vec<Secret> {
    secret.data.iter().flat_map(BTreeMap::values).cloned().collect()
}

impl fmt::Debug for CreateSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateSecret").field("request", &self.request).finish_non_exhaustive()
    }
}

impl fmt::Debug for UpdateSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateSecret")
            .field("id", &self.id.as_str())
            .field("changes", &self.changes)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(CreateSecret => SecretInfo, run);
crate::awaits::awaits!(UpdateSecret => SecretInfo, run);
