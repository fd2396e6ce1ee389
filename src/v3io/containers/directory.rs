//! Directory listings, page by page.

use super::{document, listing};
use crate::error::{Error, Result};
use crate::page::{Cursor, List, Page, Query};
use crate::transport::call::call_streamed;
use crate::v3io::Client;
use crate::v3io::containers::Entry;
use crate::v3io::path::Place;

/// What a directory list asks for.
#[derive(Clone, Debug)]
pub struct DirectoryQuery {
    client: Client,
    place: Place,
    details: bool,
    directories_only: bool,
    marker: Option<String>,
}

impl DirectoryQuery {
    pub(super) fn list(client: &Client, place: Place) -> List<Self> {
        let query = Self {
            client: client.clone(),
            place,
            details: false,
            directories_only: false,
            marker: None,
        };
        List::new(query, None)
    }
}

impl List<DirectoryQuery> {
    /// Asks for owners, modes, times and inodes, too.
    pub fn details(mut self) -> Self {
        self.query.details = true;
        self
    }

    /// Leaves out files.
    pub fn directories_only(mut self) -> Self {
        self.query.directories_only = true;
        self
    }

    /// Begins after the entry of this path, which need not exist.
    pub fn marker(mut self, path: impl Into<String>) -> Self {
        self.query.marker = Some(path.into());
        self
    }
}

impl Query for DirectoryQuery {
    type Item = Entry;
    const OPERATION: (&'static str, &'static str) = ("v3io", "list_directory");
    const NUMBERED: bool = false;

    async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<Entry>> {
        let (container, path) = self.place.folder()?;
        let mut request = self.client.raw().list_directory().container(container).prefix(path);
        if self.details {
            request = request.prefix_info(1);
        }
        if self.directories_only {
            request = request.prefix_only(1);
        }
        if let Some(size) = size {
            request = request.max_keys(i64::from(size));
        }
        let marker = match &at {
            Cursor::Mark(marker) => Some(marker),
            _ => self.marker.as_ref(),
        };
        if let Some(marker) = marker {
            request = request.marker(marker.as_str());
        }
        let answer = call_streamed(request.send()).await?;
        let (_, xml) = document(&self.client, answer).await?;
        let page = listing::directory(&xml)?;
        if page.is_truncated_without_marker() {
            let message = "the server says that there is more and not where it begins";
            return Err(Error::protocol(message));
        }
        let next = page.next().map(|marker| Cursor::Mark(marker.to_owned()));
        Ok(Page { items: page.into_entries(), next, total: None })
    }
}
