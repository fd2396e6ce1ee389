//! Changing a folder.

use chrono::NaiveDate;

use super::{FolderId, upload_cover, usable};
use crate::error::{Error, Result};
use crate::spark::dates::{in_order, written};
use crate::spark::envelope::open;
use crate::spark::models::FolderUpdate;
use crate::spark::{Client, FolderStatus};
use crate::transfer::Content;

/// A change of a folder; `.await` makes it. What is not set stays as it is; an empty text clears a
/// field.
#[derive(Debug)]
#[must_use = "nothing is changed until it is awaited"]
pub struct UpdateFolder {
    client: Client,
    id: FolderId,
    changes: FolderUpdate,
    start: Option<NaiveDate>,
    launch: Option<NaiveDate>,
    cover: Option<Content>,
}

impl UpdateFolder {
    pub(super) fn new(client: &Client, id: FolderId) -> Self {
        let changes = FolderUpdate::default();
        Self { client: client.clone(), id, changes, start: None, launch: None, cover: None }
    }

    /// What it is for; an empty text for nothing.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.changes.description = Some(text.into());
        self
    }

    /// The key of its category; an empty text for none.
    pub fn category(mut self, key: impl Into<String>) -> Self {
        self.changes.category = Some(key.into());
        self
    }

    /// Its name (source: Coherent-Partners/spark-openapi, postman).
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.changes.name = Some(name.into());
        self
    }

    /// Its status (source: Coherent-Partners/spark-openapi, postman).
    pub fn status(mut self, status: impl Into<FolderStatus>) -> Self {
        self.changes.status = Some(status.into());
        self
    }

    /// Its first day.
    pub fn start_date(mut self, day: NaiveDate) -> Self {
        self.start = Some(day);
        self
    }

    /// The day of its launch.
    pub fn launch_date(mut self, day: NaiveDate) -> Self {
        self.launch = Some(day);
        self
    }

    /// Its cover image, uploaded before the other changes.
    pub fn cover(mut self, image: impl Into<Content>) -> Self {
        self.cover = Some(image.into());
        self
    }

    async fn send(self) -> Result<()> {
        let id = usable(self.id.as_str(), "id")?;
        in_order(self.start, self.launch)?;
        if let Some(name) = &self.changes.name {
            usable(name, "name")?;
        }
        let mut body = self.changes;
        body.start_date = self.start.map(written);
        body.launch_date = self.launch.map(written);
        let nothing = is_empty(&body);
        if nothing && self.cover.is_none() {
            return Err(Error::invalid("there is nothing to change of the folder"));
        }
        if let Some(cover) = self.cover {
            upload_cover(&self.client, id, cover).await?;
        }
        if nothing {
            return Ok(());
        }
        body.should_track_user_action = Some(true);
        let raw = self.client.raw_origin();
        let request = raw.update_folder().folder_id(id).body(body);
        open(raw, "update_folder", request.send()).await?;
        Ok(())
    }
}

fn is_empty(changes: &FolderUpdate) -> bool {
    let texts = [
        &changes.name,
        &changes.description,
        &changes.category,
        &changes.start_date,
        &changes.launch_date,
    ];
    changes.status.is_none() && texts.iter().all(|text| text.is_none())
}

crate::awaits::awaits!(UpdateFolder => (), send);
