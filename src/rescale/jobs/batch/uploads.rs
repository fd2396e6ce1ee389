//! The local files of a batch, each of which is uploaded once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use tokio::sync::OnceCell;

use super::journal::Journal;
use super::record::{Step, Version};
use crate::error::{Error, Result};
use crate::rescale::{Client, FileId};

type Cell = Arc<OnceCell<FileId>>;

#[derive(Debug)]
pub(super) struct Uploads {
    client: Client,
    journal: Journal,
    files: Mutex<HashMap<PathBuf, Cell>>,
}

impl Uploads {
    pub(super) fn new(client: Client, journal: Journal) -> Self {
        Self { client, journal, files: Mutex::default() }
    }

    /// The file on the platform; uploads it unless that was done before. Whoever comes meanwhile
    /// waits.
    pub(super) async fn id_of(&self, path: &Path) -> Result<FileId> {
        let absolute = std::path::absolute(path).map_err(|error| unreadable(path, error))?;
        let cell = self.cell(&absolute);
        cell.get_or_try_init(|| self.ensure(&absolute)).await.cloned()
    }

    fn cell(&self, path: &Path) -> Cell {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.entry(path.to_owned()).or_default().clone()
    }

    async fn ensure(&self, path: &Path) -> Result<FileId> {
        // Before the upload: a change in between shows as another version later.
        let version = version(path).await?;
        let name = path.to_string_lossy().into_owned();
        if let Some(file) = self.journal.uploaded(&name, version)
            && self.is_there(&file).await?
        {
            return Ok(file);
        }
        let file = self.client.files().upload(path).await?.id().clone();
        let id = file.as_str().to_owned();
        self.journal.record(None, Step::Uploaded { path: name, version, file: id }).await?;
        Ok(file)
    }

    async fn is_there(&self, file: &FileId) -> Result<bool> {
        match self.client.files().get(file).await {
            Ok(file) => Ok(file.data().is_deleted != Some(true)),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

async fn version(path: &Path) -> Result<Version> {
    let found = tokio::fs::metadata(path).await.map_err(|error| unreadable(path, error))?;
    let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = modified.unwrap_or_default().as_nanos() as u64;
    Ok(Version { size: found.len(), modified })
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::io(format!("read `{}`", path.display()), error)
}
