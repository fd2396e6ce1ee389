//! Objects: bytes at a path.

mod get;
mod put;
mod source;

use std::path::PathBuf;
use std::time::SystemTime;

use progenitor_client::ResponseValue;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, LAST_MODIFIED};

use super::path::Place;
use super::response::{replaced, sends};
use super::{Client, Revision};
use crate::error::Result;
use crate::transfer::{Content, Download, Remote};
use crate::transport::call::call_with_head;

pub use get::GetObject;
pub use put::{AppendObject, PutObject};
pub use source::ObjectSource;

/// An object, by its path. Making one asks nothing of the server.
#[derive(Clone, Debug)]
pub struct Object {
    client: Client,
    place: Place,
}

impl Object {
    pub(super) fn new(client: &Client, place: Place) -> Self {
        Self { client: client.clone(), place }
    }

    /// Its path in the container, without a slash at the start.
    pub fn path(&self) -> &str {
        &self.place.path
    }

    /// Reads the object or a part of it, into memory or as a stream.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// let whole = users.object("/my-object").get().await?;
    /// let part = users.object("/my-object").get().offset(4).num_bytes(3).await?;
    /// # Ok(()) }
    /// ```
    pub fn get(&self) -> GetObject {
        GetObject::new(self)
    }

    /// Writes the object, in place of one that is there. Missing directories are made. A path that
    /// ends in a slash makes a directory.
    pub fn put(&self, content: impl Into<Content>) -> PutObject {
        PutObject::new(self, content.into())
    }

    /// Writes a local file into the object; see [`Object::put`].
    pub fn put_file(&self, path: impl Into<PathBuf>) -> PutObject {
        PutObject::from_file(self, path.into())
    }

    /// Adds to the end of the object, which is made if it is missing.
    ///
    /// A request whose answer was lost is not sent again, because the bytes may be there: the
    /// error says so, and [`head`](Object::head) tells the size.
    pub fn append(&self, content: impl Into<Content>) -> AppendObject {
        AppendObject::new(self, content.into())
    }

    /// Asks for the object's size and times.
    pub fn head(&self) -> HeadObject {
        HeadObject { object: self.clone() }
    }

    /// Deletes the object, or the directory if it is empty.
    pub fn delete(&self) -> DeleteObject {
        DeleteObject { object: self.clone() }
    }

    /// Downloads the object to a path: into it when it is a folder or ends in a slash, exactly
    /// there otherwise. Parallel and resumable, and started over when the object changes
    /// meanwhile. The platform declares no checksum, so that the size is all that is verified.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// users.object("/model.bin").download_to("out/").parallel(4).await?;
    /// # Ok(()) }
    /// ```
    pub fn download_to(&self, path: impl Into<PathBuf>) -> Download<ObjectSource> {
        let name = self.place.path.rsplit('/').find(|name| !name.is_empty()).unwrap_or("object");
        Download::new(ObjectSource::new(self), Remote::new(name), path)
    }
}

/// What the platform tells of an object without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectInfo {
    /// The size in bytes; 0 for a directory.
    pub size: u64,
    /// When it was last changed, to the second.
    pub modified: Option<SystemTime>,
    /// Its version, for conditional changes.
    pub revision: Option<Revision>,
}

impl ObjectInfo {
    fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            size: text(CONTENT_LENGTH).and_then(|size| size.trim().parse().ok()).unwrap_or(0),
            modified: text(LAST_MODIFIED).and_then(|date| httpdate::parse_http_date(date).ok()),
            revision: Revision::of(headers),
        }
    }
}

/// The question for an object's size and times; `.await` asks it.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct HeadObject {
    object: Object,
}

impl HeadObject {
    async fn send(self) -> Result<ResponseValue<ObjectInfo>> {
        let (container, path) = self.object.place.checked("object")?;
        let request = self.object.client.raw().head_object().container(container).path(path);
        let answer = call_with_head(request.send()).await?;
        let info = ObjectInfo::of(answer.headers());
        Ok(replaced(&answer, info))
    }
}

sends!(HeadObject => ObjectInfo);

/// The removal of an object; `.await` does it.
#[derive(Clone, Debug)]
#[must_use = "nothing is deleted until it is awaited"]
pub struct DeleteObject {
    object: Object,
}

impl DeleteObject {
    async fn send(self) -> Result<ResponseValue<()>> {
        let (container, path) = self.object.place.checked("object")?;
        let request = self.object.client.raw().delete_object().container(container).path(path);
        call_with_head(request.send()).await
    }
}

sends!(DeleteObject => ());
