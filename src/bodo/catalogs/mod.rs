//! Catalogs: data that queries can use, by a name that jobs refer to.

mod catalog;
mod details;
mod write;

use super::Workspace;
use super::lists::{Filter, Many};
use crate::arguments::filled;
use crate::error::Result;
use crate::ids::id_type;

pub use crate::raw::bodo::enums::CatalogType;
pub use catalog::Catalog;
pub use details::CatalogDetails;
pub use write::{CreateCatalog, UpdateCatalog};

id_type! {
    /// A catalog's id, a UUID.
    CatalogId
}

/// The catalogs of a workspace.
#[derive(Clone, Debug)]
pub struct Catalogs {
    client: Workspace,
}

impl Workspace {
    /// The catalogs of the workspace.
    pub fn catalogs(&self) -> Catalogs {
        Catalogs { client: self.clone() }
    }

    /// One of its catalogs by its id, without asking for it.
    pub fn catalog(&self, id: impl Into<CatalogId>) -> Catalog {
        Catalog::new(self, id.into())
    }
}

impl Catalogs {
    /// Those of the workspace, which come all at once: `.await` asks for them.
    pub fn list(&self) -> ListCatalogs {
        let (client, ids, names) = (self.client.clone(), Many::default(), Many::default());
        ListCatalogs { client, ids, names }
    }

    /// One by its id, as the platform has it now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<CatalogId>) -> Result<Catalog> {
        let mut catalog = self.client.catalog(id);
        catalog.refresh().await?;
        Ok(catalog)
    }

    /// The one with this name; `None` when there is none.
    ///
    /// # Errors
    /// As any call, and when the name is empty.
    pub async fn by_name(&self, name: impl AsRef<str>) -> Result<Option<Catalog>> {
        let name = filled("the name of the catalog", name.as_ref())?;
        let found = self.list().names([name]).await?;
        Ok(found.into_iter().find(|catalog| catalog.name() == Some(name)))
    }

    /// A new one.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// use longhaul::bodo::CatalogDetails;
    /// let details = CatalogDetails::snowflake("account", "user", "password")
    ///     .warehouse("WH")
    ///     .database("DB")
    ///     .user_role("ROLE");
    /// let catalog = workspace.catalogs().create("MyCatalog", details).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, name: impl Into<String>, details: CatalogDetails) -> CreateCatalog {
        CreateCatalog::new(&self.client, name.into(), details)
    }

    /// Deletes every catalog of the workspace.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete_all(&self) -> Result<()> {
        self.client.session.call(self.client.raw().delete_all_catalogs().send()).await
    }
}

/// A question for the catalogs of a workspace; `.await` asks.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct ListCatalogs {
    client: Workspace,
    ids: Many<String>,
    names: Many<String>,
}

impl ListCatalogs {
    /// Only those with these ids. Any of them; none of them selects nothing.
    pub fn ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.ids.extend(ids);
        self
    }

    /// Only those with these names. Any of them; none of them selects nothing.
    pub fn names(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.names.extend(names);
        self
    }

    async fn run(self) -> Result<Vec<Catalog>> {
        let Self { client, ids, names } = self;
        if ids.selects_nothing() || names.selects_nothing() {
            return Ok(Vec::new());
        }
        let mut request = client.raw().list_catalogs();
        if let Some(ids) = ids.0 {
            request = request.uuid(ids);
        }
        if let Some(names) = names.0 {
            request = request.name(names);
        }
        let catalogs = client.session.call(request.send()).await?;
        Ok(catalogs.into_iter().map(|data| Catalog::with_data(&client, data)).collect())
    }
}

crate::awaits::awaits!(ListCatalogs => Vec<Catalog>, run);
