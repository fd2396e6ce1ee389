//! Containers and what lies in them.

mod delete;
mod directory;
mod listing;

use std::sync::Arc;

use progenitor_client::{ByteStream, ResponseValue};

use super::Client;
use super::items::Table;
use super::objects::Object;
use super::path::Place;
use super::response::{replaced, sends};
use crate::error::Result;
use crate::page::List;
use crate::transfer::Reader;
use crate::transport::call::{call_streamed, call_with_head};

pub(in crate::v3io) use delete::delete_directory;
pub use directory::DirectoryQuery;
pub use listing::{ContainerInfo, Entry};

/// A container, by its name. Making one asks nothing of the server.
#[derive(Clone, Debug)]
pub struct Container {
    client: Client,
    name: Arc<str>,
}

impl Container {
    pub(super) fn new(client: &Client, name: &str) -> Self {
        Self { client: client.clone(), name: Arc::from(name) }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn place(&self, path: &str) -> Place {
        Place::new(&self.name, path)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An object by its path. A slash at the start does not matter; one at the end makes it a
    /// directory.
    pub fn object(&self, path: impl AsRef<str>) -> Object {
        Object::new(&self.client, self.place(path.as_ref()))
    }

    /// A table: the directory that holds its items. An empty path is the container itself.
    pub fn table(&self, path: impl AsRef<str>) -> Table {
        Table::new(&self.client, self.place(path.as_ref()))
    }

    /// What a directory holds, as a list of [`Entry`] by name, one level deep. An empty path is
    /// the container itself.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// let mut entries = users.list("/results").details();
    /// while let Some(entry) = entries.try_next().await? {
    ///     println!("{} {:?}", entry.path, entry.size);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self, path: impl AsRef<str>) -> List<DirectoryQuery> {
        DirectoryQuery::list(&self.client, self.place(path.as_ref()))
    }

    /// Deletes a directory with everything in it.
    ///
    /// What others put into it meanwhile may survive and keep the directory from being deleted:
    /// then the error is a conflict.
    ///
    /// # Errors
    /// When the path is empty or there is no such directory; the first entry that could not be
    /// deleted, with how many there were.
    pub async fn delete_directory(&self, path: impl AsRef<str>) -> Result<()> {
        delete_directory(&self.client, &self.place(path.as_ref())).await
    }

    /// Whether the container exists.
    pub fn exists(&self) -> ContainerExists {
        ContainerExists { container: self.clone() }
    }
}

/// The question whether a container exists; `.await` asks it.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct ContainerExists {
    container: Container,
}

impl ContainerExists {
    async fn send(self) -> Result<ResponseValue<bool>> {
        let place = self.container.place("");
        let (name, _) = place.folder()?;
        let asked = self.container.client.raw().head_container().container(name).send();
        match call_with_head(asked).await {
            Ok(answer) => Ok(replaced(&answer, true)),
            Err(error) if error.is_not_found() => Ok(super::response::not_found(false)),
            Err(error) => Err(error),
        }
    }
}

sends!(ContainerExists => bool);

/// The list of containers; `.await` asks for it.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct ListContainers {
    client: Client,
}

impl ListContainers {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    async fn send(self) -> Result<ResponseValue<Vec<ContainerInfo>>> {
        let answer = call_streamed(self.client.raw().list_containers().send()).await?;
        let (answer, xml) = document(&self.client, answer).await?;
        let containers = listing::containers(&xml)
            .map_err(|error| error.with_operation("v3io", "list_containers"))?;
        Ok(replaced(&answer, containers))
    }
}

sends!(ListContainers => Vec<ContainerInfo>);

/// Reads an answer that is a document.
async fn document(
    client: &Client,
    answer: ResponseValue<ByteStream>,
) -> Result<(ResponseValue<()>, bytes::Bytes)> {
    let head = replaced(&answer, ());
    let xml = Reader::of_answer(answer.into()).collect_up_to(client.largest_answer()).await?;
    Ok((head, xml))
}
