//! Exporting and importing in one go.

use std::path::PathBuf;
use std::time::Duration;

use super::new_import::{ImportSettings, import_setters};
use super::{Export, Import, NewExport, NewImport};
use crate::error::{Error, Result};
use crate::spark::Client;
use crate::transfer::Content;

/// Services that go from one tenant into another, or to another place in the same; `.await` exports
/// them, stores the packages and imports them, and gives what was [`Migrated`].
///
/// An export or an import that fails ends it with an error; packages that were stored are kept.
#[derive(Debug)]
#[must_use = "nothing is moved until it is awaited"]
pub struct Migration {
    target: Client,
    export: NewExport,
    packages: PathBuf,
    settings: ImportSettings,
    limit: Option<Duration>,
}

/// What a [`Migration`] did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Migrated {
    /// The export.
    pub export: Export,
    /// The packages as they were stored.
    pub packages: Vec<PathBuf>,
    /// The imports, one for each package.
    pub imports: Vec<Import>,
}

impl Migration {
    pub(super) fn new(client: &Client, export: NewExport, packages: PathBuf) -> Self {
        let (target, settings) = (client.clone(), ImportSettings::default());
        Self { target, export, packages, settings, limit: None }
    }

    import_setters!();

    /// The tenant that they go into; their own by default.
    pub fn into_tenant(mut self, target: &Client) -> Self {
        self.target = target.clone();
        self
    }

    /// How long the export and each import may take; 1 h by default.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    async fn send(self) -> Result<Migrated> {
        let Self { target, export, packages, settings, limit } = self;
        export.check()?;
        settings.check()?;
        let mut export = export.send().await?;
        let wait = export.wait();
        limited(wait, limit).await?;
        let stored = export.download_to(packages).await.into_result()?;
        let packages: Vec<_> = stored.into_iter().map(|file| file.path).collect();
        if packages.is_empty() {
            let id = export.id();
            return Err(Error::protocol(format!("export {id} ended without a file")));
        }
        let mut imports = Vec::new();
        for package in &packages {
            let content = Content::file(package).await?;
            let mut import = NewImport::with(&target, content, settings.clone()).await?;
            limited(import.wait(), limit).await?;
            imports.push(import);
        }
        Ok(Migrated { export, packages, imports })
    }
}

async fn limited<R: crate::wait::Watch>(
    wait: crate::wait::Wait<'_, R>,
    limit: Option<Duration>,
) -> Result<()> {
    match limit {
        Some(limit) => wait.timeout(limit).await?,
        None => wait.await?,
    };
    Ok(())
}

crate::awaits::awaits!(Migration => Migrated, send);
