//! Creating a folder.

use chrono::NaiveDate;

use super::{Folder, upload_cover, usable};
use crate::error::Result;
use crate::spark::dates::Period;
use crate::spark::envelope::{missing, open};
use crate::spark::models::FolderCreate;
use crate::spark::{Client, FolderStatus};
use crate::transfer::Content;

/// The creation of a folder; `.await` does it and gives the [`Folder`].
///
/// A name that is taken is an error for which [`is_conflict`](crate::Error::is_conflict) holds.
#[must_use = "nothing is created until it is awaited"]
pub struct CreateFolder {
    client: Client,
    name: String,
    description: Option<String>,
    category: Option<String>,
    period: Period,
    status: FolderStatus,
    cover: Option<Content>,
}

impl CreateFolder {
    pub(super) fn new(client: &Client, name: String) -> Self {
        Self {
            client: client.clone(),
            name,
            description: None,
            category: None,
            period: Period::default(),
            status: FolderStatus::Design,
            cover: None,
        }
    }

    /// What it is for; `Created by longhaul` by default.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// The key of its category; `Other` by default.
    pub fn category(mut self, key: impl Into<String>) -> Self {
        self.category = Some(key.into());
        self
    }

    /// Its first day; today (UTC) by default.
    pub fn start_date(mut self, day: NaiveDate) -> Self {
        self.period.start = Some(day);
        self
    }

    /// The day of its launch; 10 years after the first by default.
    pub fn launch_date(mut self, day: NaiveDate) -> Self {
        self.period.end = Some(day);
        self
    }

    /// Its status; `Design` by default.
    pub fn status(mut self, status: impl Into<FolderStatus>) -> Self {
        self.status = status.into();
        self
    }

    /// Its cover image, uploaded once there is the folder.
    pub fn cover(mut self, image: impl Into<Content>) -> Self {
        self.cover = Some(image.into());
        self
    }

    async fn send(self) -> Result<Folder> {
        let name = usable(&self.name, "name")?.to_owned();
        let (start, launch) = self.period.resolved()?;
        let body = FolderCreate {
            name: name.clone(),
            description: Some(self.description.unwrap_or_else(|| "Created by longhaul".to_owned())),
            category: Some(self.category.unwrap_or_else(|| "Other".to_owned())),
            start_date: Some(start),
            launch_date: Some(launch),
            status: Some(self.status),
        };
        let raw = self.client.raw_origin();
        let opened = open(raw, "create_folder", raw.create_folder().body(body).send()).await?;
        let (made, folders) = (opened.data.unwrap_or_default(), self.client.folders());
        if let Some(cover) = self.cover {
            let id = made.folder_id.ok_or_else(|| missing("the folder's id"))?;
            let uploaded = upload_cover(&self.client, &id, cover).await;
            uploaded.map_err(|error| error.with_advice("the folder was made without its cover"))?;
        }
        let made = folders.get(&name).await;
        made.map_err(|error| error.with_advice("the folder was made and could not be looked at"))
    }
}

impl std::fmt::Debug for CreateFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateFolder").field("name", &self.name).finish_non_exhaustive()
    }
}

crate::awaits::awaits!(CreateFolder => Folder, send);
