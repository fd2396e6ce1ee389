//! What is to be exported.

use super::Export;
use crate::error::{Error, Result};
use crate::spark::models::{ExportCreate, ExportInputs};
use crate::spark::services::options::SOURCE_SYSTEM;
use crate::spark::{Client, FileFilter, VersionFilter};
use crate::transport::call::call;

/// An export that is to be made; `.await` starts it and gives the [`Export`].
#[derive(Debug)]
#[must_use = "nothing is exported until it is awaited"]
pub struct NewExport {
    client: Client,
    body: ExportCreate,
}

impl NewExport {
    pub(super) fn new(client: &Client) -> Self {
        let body = ExportCreate {
            inputs: ExportInputs::default(),
            file_filter: FileFilter::Migrate,
            version_filter: VersionFilter::Latest,
            source_system: Some(SOURCE_SYSTEM.to_owned()),
            correlation_id: None,
            file_name: None,
        };
        Self { client: client.clone(), body }
    }

    /// All services of these folders.
    pub fn folders(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        add(&mut self.body.inputs.folders, names);
        self
    }

    /// These services, as folder/service or by their ids.
    pub fn services(mut self, services: impl IntoIterator<Item = impl Into<String>>) -> Self {
        add(&mut self.body.inputs.services, services);
        self
    }

    /// These versions.
    pub fn version_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        add(&mut self.body.inputs.version_ids, ids);
        self
    }

    /// What the package is for: `migrate` into another tenant (the default) or `onpremises` for a
    /// Hybrid Runner.
    pub fn file_filter(mut self, filter: impl Into<FileFilter>) -> Self {
        self.body.file_filter = filter.into();
        self
    }

    /// Which versions of each service: the `latest` (the default) or `all`.
    pub fn version_filter(mut self, filter: impl Into<VersionFilter>) -> Self {
        self.body.version_filter = filter.into();
        self
    }

    /// The name of the calling system in the platform's log; `longhaul` by default.
    pub fn source_system(mut self, name: impl Into<String>) -> Self {
        self.body.source_system = Some(name.into());
        self
    }

    /// An id of yours, which the job repeats.
    pub fn correlation_id(mut self, id: impl Into<String>) -> Self {
        self.body.correlation_id = Some(id.into());
        self
    }

    /// The package's name.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.body.file_name = Some(name.into());
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        let inputs = &self.body.inputs;
        let lists = [&inputs.folders, &inputs.services, &inputs.version_ids];
        let mut named = lists.into_iter().flatten().flatten().peekable();
        if named.peek().is_none() {
            return Err(Error::invalid("name the folders, services or versions to export"));
        }
        match named.any(|name| name.trim().is_empty()) {
            true => Err(Error::invalid("the name of something to export is empty")),
            false => Ok(()),
        }
    }

    pub(super) async fn send(self) -> Result<Export> {
        self.check()?;
        let data = call(self.client.raw().create_export().body(self.body).send()).await?;
        Export::started(&self.client, data)
    }
}

fn add(list: &mut Option<Vec<String>>, names: impl IntoIterator<Item = impl Into<String>>) {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    if !names.is_empty() {
        list.get_or_insert_default().extend(names);
    }
}

crate::awaits::awaits!(NewExport => Export, send);
