//! Folders of the library, and the trash.

use super::lists::paged_list;
use super::models::{self, ArchiveRequest, FolderCreate, FolderEntry, RootFolders, TrashSelection};
use super::{Client, File, FileId};
use crate::error::{Error, ErrorKind, Result};
use crate::ids::id_type;
use crate::page::List;
use crate::raw::rescale::enums::EntryType;
use crate::transport::call::call;

pub use models::Folder;

id_type! {
    /// The id of a folder.
    FolderId
}

paged_list! {
    /// What lies in a folder.
    EntryQuery: Entry = list_folder_contents(folder) {} |client, entry| Entry::new(client, entry)
}

paged_list! {
    /// What lies in the trash.
    TrashQuery: Entry = list_trash() {} |client, entry| Entry::new(client, entry)
}

/// Something in a folder.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Entry {
    /// A folder.
    Folder(Folder),
    /// A file.
    File(Box<File>),
    /// Something that this version does not know, as the server sent it.
    Other(FolderEntry),
}

impl Entry {
    fn new(client: &Client, entry: FolderEntry) -> Self {
        let item = serde_json::Value::Object(entry.item.clone().unwrap_or_default());
        let known = match &entry.type_ {
            Some(EntryType::Folder) => serde_json::from_value(item).ok().map(Self::Folder),
            Some(EntryType::File | EntryType::Filesymlink) => {
                let data: Option<models::File> = serde_json::from_value(item).ok();
                data.map(|data| Self::File(Box::new(File::new(client, data))))
            }
            _ => None,
        };
        known.unwrap_or(Self::Other(entry))
    }
}

/// The folders of the account.
#[derive(Clone, Debug)]
pub struct Folders {
    client: Client,
}

impl Folders {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// The ids of the user's two topmost folders: of jobs and of the library.
    ///
    /// # Errors
    /// As any call.
    pub async fn roots(&self) -> Result<RootFolders> {
        call(self.client.raw().get_root_folders().send()).await
    }

    /// What lies in a folder.
    pub fn contents(&self, folder: impl Into<FolderId>) -> List<EntryQuery> {
        EntryQuery::list(&self.client, folder.into())
    }

    /// Makes a folder in another one.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(
        &self,
        parent: impl Into<FolderId>,
        name: impl Into<String>,
    ) -> Result<Folder> {
        let body = FolderCreate { name: name.into() };
        let request = self.client.raw().create_folder().parent(parent.into().as_str().to_owned());
        call(request.body(body).send()).await
    }

    /// Deletes a folder with all that is in it, for good.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(&self, folder: impl Into<FolderId>) -> Result<()> {
        call(self.client.raw().delete_folder().folder(folder.into().as_str()).send()).await
    }

    /// Puts files and folders that lie directly in `folder` into the trash: all of them or, when
    /// one lies elsewhere, none.
    ///
    /// # Errors
    /// As any call; 400 when one does not lie directly in the folder.
    pub async fn trash_from(
        &self,
        folder: impl Into<FolderId>,
        files: impl IntoIterator<Item = FileId>,
        folders: impl IntoIterator<Item = FolderId>,
    ) -> Result<()> {
        let body = ArchiveRequest { file_ids: texts(files), folder_ids: texts(folders) };
        if body.file_ids.is_empty() && body.folder_ids.is_empty() {
            return Err(nothing_chosen());
        }
        let request = self.client.raw().archive_folder_contents();
        call(request.folder(folder.into().as_str()).body(body).send()).await
    }

    /// The trash.
    pub fn trash(&self) -> Trash {
        Trash { client: self.client.clone() }
    }

    /// The folder in which a file lies, looked for from the library downwards.
    ///
    /// # Errors
    /// As any call.
    pub async fn parent_of(&self, file: impl Into<FileId>) -> Result<Option<FolderId>> {
        let file = file.into();
        let roots = self.roots().await?;
        let mut open: std::collections::VecDeque<FolderId> =
            [roots.my_library, roots.my_jobs].into_iter().flatten().map(FolderId::from).collect();
        let mut seen = std::collections::HashSet::new();
        while let Some(folder) = open.pop_front() {
            if !seen.insert(folder.clone()) {
                continue;
            }
            let mut entries = self.contents(&folder);
            while let Some(entry) = entries.try_next().await? {
                match entry {
                    Entry::File(found) if *found.id() == file => return Ok(Some(folder)),
                    Entry::Folder(inner) => open.extend(inner.id.map(FolderId::from)),
                    _ => {}
                }
            }
        }
        Ok(None)
    }
}

/// What was put into the trash and can come back.
#[derive(Clone, Debug)]
pub struct Trash {
    client: Client,
}

impl Trash {
    /// What lies in the trash. A file's id here is the one that the methods below take; it differs
    /// from the one that it has in its folder (source: rescale-labs/Rescale_Interlink).
    pub fn list(&self) -> List<TrashQuery> {
        TrashQuery::list(&self.client)
    }

    /// Puts files and folders back: all of them or none.
    ///
    /// # Errors
    /// As any call.
    pub async fn recover(
        &self,
        files: impl IntoIterator<Item = FileId>,
        folders: impl IntoIterator<Item = FolderId>,
    ) -> Result<()> {
        let body = selection(files, folders)?;
        call(self.client.raw().recover_trash().body(body).send()).await
    }

    /// Deletes files and folders for good: all of them or none.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(
        &self,
        files: impl IntoIterator<Item = FileId>,
        folders: impl IntoIterator<Item = FolderId>,
    ) -> Result<()> {
        let body = selection(files, folders)?;
        call(self.client.raw().delete_trash().body(body).send()).await
    }
}

fn selection(
    files: impl IntoIterator<Item = FileId>,
    folders: impl IntoIterator<Item = FolderId>,
) -> Result<TrashSelection> {
    let body = TrashSelection { filesymlink_ids: texts(files), folder_ids: texts(folders) };
    if body.filesymlink_ids.is_empty() && body.folder_ids.is_empty() {
        return Err(nothing_chosen());
    }
    Ok(body)
}

fn texts(ids: impl IntoIterator<Item = impl ToString>) -> Vec<String> {
    ids.into_iter().map(|id| id.to_string()).collect()
}

fn nothing_chosen() -> Error {
    Error::new(ErrorKind::InvalidInput, "neither a file nor a folder was named")
}
