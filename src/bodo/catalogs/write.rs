//! Making and changing a catalog.

use std::fmt;

use super::details::secrets;
use super::{Catalog, CatalogDetails, CatalogType};
use crate::arguments::filled;
use crate::bodo::Workspace;
use crate::bodo::calls::{hiding, in_doubt};
use crate::bodo::models::{CatalogData, CatalogWrite};
use crate::error::{Error, Result};

/// A catalog about to be made; `.await` makes it and gives it.
///
/// It is sent once: when the answer is lost, the error says so, and
/// [`by_name`](super::Catalogs::by_name) tells whether it is there. A name that is taken is refused
/// by the platform.
#[must_use = "nothing is created until it is awaited"]
pub struct CreateCatalog {
    client: Workspace,
    name: String,
    description: Option<String>,
    details: CatalogDetails,
}

impl CreateCatalog {
    pub(super) fn new(client: &Workspace, name: String, details: CatalogDetails) -> Self {
        Self { client: client.clone(), name, description: None, details }
    }

    /// A longer text, for people.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    async fn run(self) -> Result<Catalog> {
        filled("the name of the catalog", &self.name)?;
        self.details.check()?;
        let Self { client, name, description, details } = self;
        let secrets = secrets(&details.data);
        let look = format!("`catalogs().by_name` tells whether the catalog `{name}` is there");
        let CatalogDetails { kind, data } = details;
        let request = CatalogWrite { catalog_type: kind, data, description, name, uuid: None };
        let made = client.session.call(client.raw().create_catalog().body(request).send()).await;
        let data = made.map_err(|error| in_doubt(hiding(error, &secrets), look))?;
        Ok(Catalog::with_data(&client, data))
    }
}

/// A change of a catalog; `.await` makes it and gives the changed one.
///
/// The platform replaces the whole catalog, so it is asked for first, and what is not set here is
/// sent back as it came. Where the password did not come back, the details have to be given again:
/// without them the request is refused before it is sent.
#[must_use = "nothing is changed until it is awaited"]
pub struct UpdateCatalog {
    catalog: Catalog,
    name: Option<String>,
    description: Option<String>,
    details: Option<CatalogDetails>,
}

impl UpdateCatalog {
    pub(super) fn new(catalog: &Catalog) -> Self {
        Self { catalog: catalog.clone(), name: None, description: None, details: None }
    }

    /// Another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another longer text.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Other details, in place of all that there are.
    pub fn details(mut self, details: CatalogDetails) -> Self {
        self.details = Some(details);
        self
    }

    async fn run(self) -> Result<Catalog> {
        self.name.as_deref().map_or(Ok(""), |name| filled("the name of the catalog", name))?;
        self.details.as_ref().map_or(Ok(()), CatalogDetails::check)?;
        let client = self.catalog.client().clone();
        let id = self.catalog.id().clone();
        let request = self.request().await?;
        let secrets = secrets(&request.data);
        let sent = client.raw().replace_catalog().catalog(id.as_str()).body(request).send();
        let data = client.session.call(sent).await.map_err(|error| hiding(error, &secrets))?;
        Ok(Catalog::with_data(&client, data))
    }

    /// All of the catalog, with the changes.
    async fn request(self) -> Result<CatalogWrite> {
        let now = self.catalog.ask().await?;
        let (catalog_type, data) = match self.details {
            Some(details) => (details.kind, details.data),
            None => complete(now.catalog_type, now.data)?,
        };
        Ok(CatalogWrite {
            catalog_type,
            data,
            description: self.description.or(now.description),
            name: self.name.or(now.name).unwrap_or_default(),
            uuid: Some(now.uuid),
        })
    }
}

/// The details as they came, if nothing is known to lack.
fn complete(
    kind: Option<CatalogType>,
    data: Option<CatalogData>,
) -> Result<(CatalogType, CatalogData)> {
    let lacks_password =
        |data: &CatalogData| kind == Some(CatalogType::Snowflake) && data.password.is_none();
    match (&kind, data) {
        (Some(kind), Some(data)) if !lacks_password(&data) => Ok((kind.clone(), data)),
        _ => Err(Error::invalid(
            "the platform did not send all details of the catalog, which a change would lose; \
             give them again with `details`",
        )),
    }
}

impl fmt::Debug for CreateCatalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateCatalog")
            .field("name", &self.name)
            .field("details", &self.details)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for UpdateCatalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateCatalog")
            .field("catalog", &self.catalog)
            .field("name", &self.name)
            .field("details", &self.details)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(CreateCatalog => Catalog, run);
crate::awaits::awaits!(UpdateCatalog => Catalog, run);
