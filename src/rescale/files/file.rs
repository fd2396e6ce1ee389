//! One file.

use crate::error::Result;
use crate::ids::id_type;
use crate::rescale::models::{self, FileMove, FileUpdate, Tag, TagName};
use crate::rescale::{Client, FileType, FolderId};
use crate::transfer::{Checksum, Remote};
use crate::transport::call::call;

id_type! {
    /// The id of a file, such as `Oaabc`.
    FileId
}

/// A file: its last known data and a client to act on it.
#[derive(Clone, Debug)]
pub struct File {
    client: Client,
    id: FileId,
    data: models::File,
}

impl File {
    pub(in crate::rescale) fn new(client: &Client, data: models::File) -> Self {
        Self { client: client.clone(), id: FileId::from(&data.id), data }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The file's id.
    pub fn id(&self) -> &FileId {
        &self.id
    }

    /// The file's name, without folders.
    pub fn name(&self) -> &str {
        &self.data.name
    }

    /// The size of the content in bytes, where the server says it.
    pub fn size(&self) -> Option<u64> {
        self.data.decrypted_size.map(|size| size.0)
    }

    /// The checksum of the content, where the server declares one that is known here.
    pub fn checksum(&self) -> Option<Checksum> {
        let listed = self.data.file_checksums.as_deref().unwrap_or_default();
        Checksum::choose(
            listed
                .iter()
                .filter_map(|one| Some((one.hash_function.as_deref()?, one.file_hash.as_deref()?))),
        )
    }

    /// What the server said last.
    pub fn data(&self) -> &models::File {
        &self.data
    }

    /// What a download has to know. Outputs keep their folders within the run.
    pub(super) fn remote(&self) -> Remote {
        let path = self.data.relative_path.as_deref().filter(|path| !path.is_empty());
        Remote::new(path.unwrap_or(self.name())).size(self.size()).checksum(self.checksum())
    }

    /// Asks the server for the file's data.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::File> {
        self.data = call(self.client.raw().get_file().file(self.id.as_str()).send()).await?;
        Ok(&self.data)
    }

    /// The lines of a text file, each with its line end; the whole file at once.
    ///
    /// # Errors
    /// When the file is larger than the client's `max_response_bytes`; otherwise as any call.
    pub async fn lines(&self) -> Result<Vec<String>> {
        let answer = call(self.client.raw().get_file_lines().file(self.id.as_str()).send()).await?;
        Ok(answer.lines.unwrap_or_default())
    }

    /// Gives the file another name.
    ///
    /// # Errors
    /// As any call.
    pub async fn rename(&mut self, name: impl Into<String>) -> Result<()> {
        self.update(FileUpdate { name: Some(name.into()), ..FileUpdate::default() }).await
    }

    /// Gives the file another type.
    ///
    /// # Errors
    /// As any call.
    pub async fn set_type(&mut self, file_type: FileType) -> Result<()> {
        self.update(FileUpdate { type_id: Some(file_type), ..FileUpdate::default() }).await
    }

    async fn update(&mut self, change: FileUpdate) -> Result<()> {
        let request = self.client.raw().update_file().file(self.id.as_str());
        self.data = call(request.body(change).send()).await?;
        Ok(())
    }

    /// Moves the file into a folder.
    ///
    /// # Errors
    /// As any call.
    pub async fn move_to(&self, folder: impl Into<FolderId>) -> Result<()> {
        let body = FileMove { current_folder_id: folder.into().as_str().to_owned() };
        let request = self.client.raw().move_file().file(self.id.as_str());
        call(request.body(body).send()).await
    }

    /// Deletes the file for good. [`Folders`](crate::rescale::Folders) can put it into the trash.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self) -> Result<()> {
        call(self.client.raw().delete_file().file(self.id.as_str()).send()).await
    }

    /// The file's tags.
    ///
    /// # Errors
    /// As any call.
    pub async fn tags(&self) -> Result<Vec<Tag>> {
        call(self.client.raw().list_file_tags().file(self.id.as_str()).send()).await
    }

    /// Adds a tag.
    ///
    /// # Errors
    /// As any call.
    pub async fn add_tag(&self, name: impl Into<String>) -> Result<()> {
        let body = TagName { name: name.into() };
        call(self.client.raw().add_file_tag().file(self.id.as_str()).body(body).send()).await
    }

    /// Takes a tag away.
    ///
    /// # Errors
    /// As any call.
    pub async fn remove_tag(&self, name: impl Into<String>) -> Result<()> {
        let body = TagName { name: name.into() };
        call(self.client.raw().remove_file_tag().file(self.id.as_str()).body(body).send()).await
    }
}
