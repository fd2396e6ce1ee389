//! Services taken out of one tenant as packages and into another.

mod export;
mod import;
mod migration;
mod new_export;
mod new_import;
mod status;

pub use export::{Export, ExportFile, ExportId};
pub use import::{Import, ImportId};
pub use migration::{Migrated, Migration};
pub use new_export::NewExport;
pub use new_import::{Destination, NewImport};

use std::path::PathBuf;

use super::Client;
use super::models::{ExportOverview, ImportOverview};
use crate::error::Result;
use crate::transfer::Content;
use crate::transport::call::call;

/// Exports and imports of services.
#[derive(Clone, Debug)]
pub struct ImpEx {
    client: Client,
}

impl Client {
    /// Exports and imports of services.
    pub fn impex(&self) -> ImpEx {
        ImpEx { client: self.clone() }
    }
}

impl ImpEx {
    /// The exports of the tenant.
    pub fn exports(&self) -> Exports {
        Exports { client: self.client.clone() }
    }

    /// The imports of the tenant.
    pub fn imports(&self) -> Imports {
        Imports { client: self.client.clone() }
    }

    /// Exports services and imports them again, elsewhere or in another tenant. The packages are
    /// kept in the folder.
    ///
    /// ```no_run
    /// # async fn f(test: longhaul::spark::Client, live: longhaul::spark::Client) -> longhaul::Result<()> {
    /// let export = test.impex().exports().create().services(["my-folder/my-service"]);
    /// let migration = test.impex().migrate(export, "packages/").into_tenant(&live);
    /// let done = migration.destination("my-folder/my-service").await?;
    /// println!("{}", done.imports[0].status());
    /// # Ok(()) }
    /// ```
    pub fn migrate(&self, export: NewExport, packages: impl Into<PathBuf>) -> Migration {
        Migration::new(&self.client, export, packages.into())
    }
}

/// The exports of a tenant.
#[derive(Clone, Debug)]
pub struct Exports {
    client: Client,
}

impl Exports {
    /// Exports services into a package. `.await` starts that; wait for the [`Export`], then store
    /// its files. The platform does one at a time for a tenant.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client) -> longhaul::Result<()> {
    /// let mut export = spark.impex().exports().create().services(["my-folder/my-service"]).await?;
    /// for file in export.wait().await?.files() {
    ///     file.document.download_to("packages/").await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub fn create(&self) -> NewExport {
        NewExport::new(&self.client)
    }

    /// An export by its id, without asking the server.
    pub fn of(&self, id: impl Into<ExportId>) -> Export {
        Export::of(&self.client, id.into())
    }

    /// The exports in progress and those of the last hour, with the tenant's limits.
    ///
    /// # Errors
    /// As any call.
    pub async fn describe(&self) -> Result<ExportOverview> {
        call(self.client.raw().describe_exports().send()).await
    }
}

/// The imports of a tenant.
#[derive(Clone, Debug)]
pub struct Imports {
    client: Client,
}

impl Imports {
    /// Imports a package. `.await` starts that; wait for the [`Import`]. At least one
    /// [`destination`](NewImport::destination) has to be named.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client) -> longhaul::Result<()> {
    /// use longhaul::transfer::Content;
    /// let package = Content::file("packages/package.zip").await?;
    /// let new = spark.impex().imports().create(package).destination("my-folder/my-service");
    /// new.await?.wait().await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, package: impl Into<Content>) -> NewImport {
        NewImport::new(&self.client, package.into())
    }

    /// An import by its id, without asking the server.
    pub fn of(&self, id: impl Into<ImportId>) -> Import {
        Import::of(&self.client, id.into())
    }

    /// The imports in progress and those of the last hour, with the tenant's limits.
    ///
    /// # Errors
    /// As any call.
    pub async fn describe(&self) -> Result<ImportOverview> {
        call(self.client.raw().describe_imports().send()).await
    }
}
