//! The list of a folder's transforms.

use serde_json::Value;

use super::usable;
use crate::error::Result;
use crate::page::{Cursor, List, Page, Query};
use crate::spark::Client;
use crate::spark::models::{SearchFilter, TransformEntry, TransformListRequest};
use crate::spark::pages::{PAGE_SIZE, items_per_page, number, page};
use crate::transport::call::call;

/// The transforms of a folder.
#[derive(Clone, Debug)]
pub struct TransformQuery {
    client: Client,
    folder: String,
    filters: Vec<SearchFilter>,
    sort: String,
}

impl TransformQuery {
    pub(super) fn list(client: &Client, folder: String) -> List<Self> {
        let sort = "-updatedAt".to_owned();
        let query = Self { client: client.clone(), folder, filters: Vec::new(), sort };
        List::new(query, Some(PAGE_SIZE))
    }
}

impl Query for TransformQuery {
    type Item = TransformEntry;
    const OPERATION: (&'static str, &'static str) = ("spark", "list_transforms");
    const NUMBERED: bool = true;

    async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<TransformEntry>> {
        // A transform of any name will do: the folder is what is checked.
        let (folder, _) = usable(&self.folder, "any")?;
        let asked = items_per_page(size);
        let body = TransformListRequest {
            page: Some(number(&at)),
            page_size: Some(asked),
            sort: Some(self.sort.clone()),
            search: Some(self.filters.clone()),
        };
        let request = self.client.raw().list_transforms().transform_folder(folder);
        let answer = call(request.body(body).send()).await?;
        let size = answer.page_size.filter(|size| *size > 0).unwrap_or(asked);
        Ok(page(&at, size, answer.result.unwrap_or_default(), answer.count, None))
    }
}

impl List<TransformQuery> {
    /// Only transforms whose field has this value; may be given several times.
    pub fn filter(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.query.filters.push(SearchFilter { field: field.into(), value: value.into() });
        self
    }

    /// The field to sort by, with a minus in front for descending order; `-updatedAt` by default.
    pub fn sort(mut self, field: impl Into<String>) -> Self {
        self.query.sort = field.into();
        self
    }
}
