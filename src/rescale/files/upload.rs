//! The upload of one file.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::File;
use crate::error::{Error, Result};
use crate::progress::{Event, Listener};
use crate::rescale::{Client, FileType};
use crate::transfer::{self, Content, Form};
use crate::transport::call::call;

/// The upload of a file; `.await` does it and gives the [`File`].
///
/// The content is streamed from disk. The platform makes a new file with every upload, so one whose
/// answer was lost is not sent again: the error says that the file may exist.
#[must_use = "nothing is uploaded until it is awaited"]
pub struct Upload {
    client: Client,
    origin: Origin,
    name: Option<String>,
    file_type: Option<FileType>,
    listener: Option<Listener>,
}

enum Origin {
    Path(PathBuf),
    Memory(Bytes),
}

impl Upload {
    pub(super) fn from_path(client: &Client, path: PathBuf) -> Self {
        Self::new(client, Origin::Path(path), None)
    }

    pub(super) fn from_bytes(client: &Client, name: String, content: Bytes) -> Self {
        Self::new(client, Origin::Memory(content), Some(name))
    }

    fn new(client: &Client, origin: Origin, name: Option<String>) -> Self {
        Self { client: client.clone(), origin, name, file_type: None, listener: None }
    }

    /// The name on the platform; the one on disk by default.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What the file is for; an input of jobs by default.
    pub fn file_type(mut self, file_type: FileType) -> Self {
        self.file_type = Some(file_type);
        self
    }

    /// Is told how much was sent: [`Event::Bytes`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn send(self) -> Result<File> {
        let (name, content) = open(self.origin, self.name).await?;
        let mut form = Form::new().file("file", &name, content);
        if let Some(FileType(number)) = self.file_type {
            form = form.field("typeId", number.to_string());
        }
        let mut upload = transfer::Upload::form(name, form);
        if let Some(listener) = self.listener {
            upload = upload.on_event(listener);
        }
        let raw = self.client.unhurried();
        let sent = upload.send(async |body, content_type| {
            call(raw.upload_file().content_type(content_type).body(body).send()).await
        });
        Ok(File::new(&self.client, sent.await?))
    }
}

async fn open(origin: Origin, name: Option<String>) -> Result<(String, Content)> {
    let (own_name, content) = match origin {
        Origin::Memory(bytes) => (None, Content::bytes(bytes)),
        Origin::Path(path) => {
            let own_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            refuse_folder(&path).await?;
            (own_name, Content::file(path).await?)
        }
    };
    match name.or(own_name).filter(|name| !name.trim().is_empty()) {
        Some(name) => Ok((name, content)),
        None => Err(Error::invalid("a file to upload needs a name")),
    }
}

async fn refuse_folder(path: &Path) -> Result<()> {
    if !tokio::fs::metadata(path).await.is_ok_and(|found| found.is_dir()) {
        return Ok(());
    }
    let path = path.display();
    Err(Error::invalid(format!("`{path}` is a folder; `upload_folder` uploads it as an archive")))
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload")
            .field("name", &self.name)
            .field("file_type", &self.file_type)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(Upload => File, send);
