//! Access keys: the credentials of the data plane and of the control plane.

use super::models::{
    AccessKeyAttributes, AccessKeyCreateAttributes, AccessKeyCreateDocument,
    AccessKeyCreateResource, AccessKeyDocument,
};
use super::resource::{Resource, collection};
use super::session::hidden;
use crate::arguments::usable;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::v3io::enums::ResourceType;
use crate::values::Secret;

/// An access key. Its id is the key itself, a secret.
pub type AccessKey = Resource<Secret, AccessKeyAttributes>;

impl From<AccessKeyDocument> for AccessKey {
    fn from(sent: AccessKeyDocument) -> Self {
        let id = sent.data.id.unwrap_or_else(|| Secret::from(""));
        Self { id, attributes: sent.data.attributes.unwrap_or_default() }
    }
}

collection! {
    /// The access keys.
    ///
    /// ```no_run
    /// # async fn f(control: longhaul::v3io::control::Client) -> longhaul::Result<()> {
    /// use longhaul::v3io::control::{Plane, models::AccessKeyCreateAttributes};
    /// let wanted = AccessKeyCreateAttributes {
    ///     label: Some("nightly import".to_owned()),
    ///     plane: Some(Plane::Data),
    ///     ..Default::default()
    /// };
    /// let key = control.access_keys().get_or_create(wanted).await?;
    /// let data = longhaul::v3io::Client::builder()
    ///     .endpoint("https://webapi.example.com")
    ///     .access_key(key.id.expose())
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    AccessKeys
}

impl AccessKeys {
    /// Creates a new access key.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(&self, key: AccessKeyCreateAttributes) -> Result<AccessKey> {
        let raw = self.client.raw().create_access_key().body(document(key));
        let created = self.client.send(raw.send()).await.map_err(without_answer)?;
        Ok(created.into())
    }

    /// The user's access key with this label and plane, which is created if there is none (source:
    /// mlrun, Iguazio client).
    ///
    /// # Errors
    /// As any call.
    pub async fn get_or_create(&self, key: AccessKeyCreateAttributes) -> Result<AccessKey> {
        let raw = self.client.raw().get_or_create_access_key().body(document(key));
        let found = self.client.send(raw.send()).await.map_err(without_answer)?;
        Ok(found.into())
    }

    /// Deletes an access key.
    ///
    /// # Errors
    /// As any call; [`is_not_found`](Error::is_not_found) where there is no such key.
    pub async fn delete(&self, key: impl Into<Secret>) -> Result<()> {
        let key = key.into();
        let raw = self.client.raw().delete_access_key().id(usable("access key", key.expose())?);
        self.client.send(raw.send()).await.map_err(|error| hidden(error, key.expose()))
    }
}

fn document(attributes: AccessKeyCreateAttributes) -> AccessKeyCreateDocument {
    let type_ = ResourceType::AccessKey;
    AccessKeyCreateDocument { data: AccessKeyCreateResource { id: None, type_, attributes } }
}

/// An answer that could not be read has the new key in it.
fn without_answer(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Decode => error.with_body(None),
        _ => error,
    }
}
