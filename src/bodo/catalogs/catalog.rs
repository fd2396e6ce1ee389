//! One catalog.

use std::fmt;

use super::{CatalogId, CatalogType, UpdateCatalog};
use crate::bodo::calls::deleted;
use crate::bodo::{Workspace, models};
use crate::error::Result;

/// A catalog: its last known data and a client to act on it.
#[derive(Clone)]
pub struct Catalog {
    client: Workspace,
    id: CatalogId,
    data: Option<models::Catalog>,
}

impl Catalog {
    pub(super) fn new(client: &Workspace, id: CatalogId) -> Self {
        Self { client: client.clone(), id, data: None }
    }

    pub(super) fn with_data(client: &Workspace, data: models::Catalog) -> Self {
        Self { client: client.clone(), id: CatalogId::from(&data.uuid), data: Some(data) }
    }

    pub(super) fn client(&self) -> &Workspace {
        &self.client
    }

    /// The catalog's id.
    pub fn id(&self) -> &CatalogId {
        &self.id
    }

    /// The catalog's name, which jobs refer to, as far as it is known.
    pub fn name(&self) -> Option<&str> {
        self.data.as_ref()?.name.as_deref()
    }

    /// The kind of the catalog, as far as it is known.
    pub fn catalog_type(&self) -> Option<&CatalogType> {
        self.data.as_ref()?.catalog_type.as_ref()
    }

    /// What the platform said last; `None` before the first [`refresh`](Catalog::refresh). The
    /// details of a catalog that is not of Snowflake are in `data.extra`, where their `Debug` shows
    /// them all; the password may be left out.
    pub fn data(&self) -> Option<&models::Catalog> {
        self.data.as_ref()
    }

    /// Asks the platform for the catalog.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::Catalog> {
        let data = self.ask().await?;
        Ok(self.data.insert(data))
    }

    /// Changes the name, the description or the details; what is not set stays as the platform
    /// has it.
    pub fn update(&self) -> UpdateCatalog {
        UpdateCatalog::new(self)
    }

    /// Deletes the catalog.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self) -> Result<()> {
        let sent = self.client.raw().delete_catalog().catalog(self.id.as_str()).send();
        deleted(self.client.session.call(sent).await)
    }

    pub(super) async fn ask(&self) -> Result<models::Catalog> {
        let sent = self.client.raw().get_catalog().catalog(self.id.as_str()).send();
        self.client.session.call(sent).await
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalog")
            .field("id", &self.id.as_str())
            .field("name", &self.name())
            .field("catalog_type", &self.catalog_type().map(CatalogType::as_str))
            .finish_non_exhaustive()
    }
}
