//! Folders, which hold services, and their categories.

mod categories;
mod create;
mod find;
mod update;

pub use super::models::FolderDetail as Folder;
pub use categories::Categories;
pub use create::CreateFolder;
pub use find::FolderQuery;
pub use update::UpdateFolder;

use super::Client;
use super::envelope::{delete, missing, open};
use super::variants::unhurried;
use crate::error::{Error, Result};
use crate::ids::id_type;
use crate::page::List;
use crate::transfer::{Content, Form, Upload};

id_type! {
    /// The id of a folder.
    FolderId
}

/// The folders of a tenant. They need a token: API keys are turned away.
#[derive(Clone, Debug)]
pub struct Folders {
    client: Client,
}

impl Client {
    /// The folders of the tenant.
    pub fn folders(&self) -> Folders {
        Folders { client: self.clone() }
    }
}

impl Folders {
    /// The folders of the tenant, the last updated first; narrow with `name`, `favorite` and
    /// `filter`.
    pub fn find(&self) -> List<FolderQuery> {
        FolderQuery::list(&self.client)
    }

    /// A folder by its name.
    ///
    /// # Errors
    /// As any call; 404 when there is none.
    pub async fn get(&self, name: impl AsRef<str>) -> Result<Folder> {
        let (name, raw) = (usable(name.as_ref(), "name")?, self.client.raw_origin());
        let opened = open(raw, "get_folder", raw.get_folder().folder(name).send()).await?;
        opened.required("the folder")
    }

    /// Whether there is a folder with this name.
    ///
    /// # Errors
    /// As any call.
    pub async fn exists(&self, name: impl AsRef<str>) -> Result<bool> {
        let (name, raw) = (usable(name.as_ref(), "name")?, self.client.raw_origin());
        let opened = open(raw, "check_folder", raw.check_folder().folder(name).send()).await?;
        opened.data.ok_or_else(|| missing("whether the folder exists"))
    }

    /// Creates a folder.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client) -> longhaul::Result<()> {
    /// match spark.folders().create("my-folder").category("Medical").await {
    ///     Err(error) if error.is_conflict() => println!("the name is taken"),
    ///     made => println!("{:?}", made?.id),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn create(&self, name: impl Into<String>) -> CreateFolder {
        CreateFolder::new(&self.client, name.into())
    }

    /// Changes a folder; what is not set stays.
    pub fn update(&self, id: impl Into<FolderId>) -> UpdateFolder {
        UpdateFolder::new(&self.client, id.into())
    }

    /// Deletes a folder with all its services.
    ///
    /// # Errors
    /// As any call; 404 when there is none.
    pub async fn delete(&self, id: impl Into<FolderId>) -> Result<()> {
        let (id, raw) = (id.into(), self.client.raw_origin());
        let request = raw.delete_folder().folder_id(usable(id.as_str(), "id")?);
        delete(raw, "delete_folder", request.send()).await?;
        Ok(())
    }

    /// Replaces a folder's cover image. Its name is that of the file, or else `cover`.
    ///
    /// # Errors
    /// As any call.
    pub async fn upload_cover(
        &self,
        id: impl Into<FolderId>,
        image: impl Into<Content>,
    ) -> Result<()> {
        let id = id.into();
        upload_cover(&self.client, usable(id.as_str(), "id")?, image.into()).await
    }

    /// The categories of folders.
    pub fn categories(&self) -> Categories {
        Categories::new(&self.client)
    }
}

async fn upload_cover(client: &Client, id: &str, image: Content) -> Result<()> {
    let raw = unhurried(client.raw_origin());
    let name = image.file_name().unwrap_or_else(|| "cover".to_owned());
    let form = Form::new().field("id", id).file("coverImage", &name, image);
    let sent = Upload::form(name, form).repeatable().send(async |body, content_type| {
        let request = raw.upload_folder_cover().content_type(content_type).body(body);
        open(&raw, "upload_folder_cover", request.send()).await
    });
    sent.await?;
    Ok(())
}

/// A name or an id that may stand in a path.
fn usable<'a>(text: &'a str, what: &str) -> Result<&'a str> {
    match text.trim() {
        "" | "." | ".." => Err(Error::invalid(format!("`{text}` is no {what} of a folder"))),
        _ => Ok(text),
    }
}
