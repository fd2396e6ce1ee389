//! Files: in the library and in jobs, up and down.

mod download;
mod file;
mod folder;
mod upload;

pub use download::{DownloadFiles, FileSource};
pub use file::{File, FileId};
pub use folder::UploadFolder;
pub use upload::Upload;

pub use super::models::FileType;

use std::path::PathBuf;

use super::Client;
use super::lists::paged_list;
use super::models::FileRegister;
use crate::error::Result;
use crate::page::List;
use crate::transport::call::call;

/// The file type numbers that are known (sources: Rescale API documentation; rescalepy 0.4.2).
/// Others are kept as they are.
impl FileType {
    /// Input of a job; what an upload is unless told otherwise.
    pub const INPUT: Self = Self(1);
    /// A template to be filled in per run.
    pub const TEMPLATE: Self = Self(2);
    /// Parameters of a design of experiments.
    pub const PARAMETER: Self = Self(3);
    /// A script.
    pub const SCRIPT: Self = Self(4);
    /// Output of a run.
    pub const OUTPUT: Self = Self(5);
    /// Values of design variables.
    pub const DESIGN_VARIABLE: Self = Self(7);
    /// One row per run of a design of experiments.
    pub const CASE: Self = Self(8);
    /// An optimizer.
    pub const OPTIMIZER: Self = Self(9);
    /// Temporary.
    pub const TEMPORARY: Self = Self(10);
    /// An archive to restart from.
    pub const CHECKPOINT_ARCHIVE: Self = Self(11);
    /// A snapshot of a running job.
    pub const SNAPSHOT: Self = Self(12);
}

paged_list! {
    /// The files that the user sees, newest first.
    FileQuery: File = list_files() {
        /// Only files with this text in the name.
        search: String,
        /// With 1: only the user's own files, not those shared with them.
        owner: i64,
    } |client, file| File::new(client, file)
}

/// Files in the library and in jobs.
#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
}

impl Files {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// The files that the user sees; narrow with `search` and `owner`.
    pub fn list(&self) -> List<FileQuery> {
        FileQuery::list(&self.client)
    }

    /// A file by its id, as the server has it now.
    ///
    /// # Errors
    /// As any call; 404 when there is none.
    pub async fn get(&self, id: impl Into<FileId>) -> Result<File> {
        let id = id.into();
        let data = call(self.client.raw().get_file().file(id.as_str()).send()).await?;
        Ok(File::new(&self.client, data))
    }

    /// The newest file with exactly this name, for inputs that are used again.
    ///
    /// # Errors
    /// As any call.
    pub async fn newest(&self, name: &str) -> Result<Option<File>> {
        let mut found = self.list().search(name);
        let mut newest: Option<File> = None;
        while let Some(file) = found.try_next().await? {
            let uploaded = |file: &File| file.data().date_uploaded.as_ref()?.datetime();
            let newer = newest.as_ref().is_none_or(|known| uploaded(&file) > uploaded(known));
            if file.name() == name && newer {
                newest = Some(file);
            }
        }
        Ok(newest)
    }

    /// Uploads a file from disk. Every upload makes a new file, also under a known name.
    ///
    /// ```no_run
    /// # async fn f(rescale: longhaul::rescale::Client) -> longhaul::Result<()> {
    /// use longhaul::rescale::FileType;
    /// let script = rescale.files().upload("prepare.sh").file_type(FileType::SCRIPT).await?;
    /// # Ok(()) }
    /// ```
    pub fn upload(&self, path: impl Into<PathBuf>) -> Upload {
        Upload::from_path(&self.client, path.into())
    }

    /// Uploads what is in memory under a name.
    pub fn upload_bytes(
        &self,
        name: impl Into<String>,
        content: impl Into<bytes::Bytes>,
    ) -> Upload {
        Upload::from_bytes(&self.client, name.into(), content.into())
    }

    /// Registers a file whose encrypted content was put into the account's storage already, with
    /// [`StorageDevices::credentials`](super::StorageDevices::credentials) (source:
    /// rescale-labs/Rescale_Interlink, internal/api).
    ///
    /// # Errors
    /// As any call; [`is_conflict`](crate::Error::is_conflict) or 400 when the folder has the name.
    pub async fn register(&self, file: FileRegister) -> Result<File> {
        let data = call(self.client.raw().register_file().body(file).send()).await?;
        Ok(File::new(&self.client, data))
    }
}
