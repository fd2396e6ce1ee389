//! The list of folders.

use serde_json::Value;

use crate::error::Result;
use crate::page::{Cursor, List, Page, Query};
use crate::spark::Client;
use crate::spark::envelope::open;
use crate::spark::models::{Folder, FolderListRequest, SearchFilter};
use crate::spark::pages::{PAGE_SIZE, items_per_page, number, page};

/// The folders of a tenant.
#[derive(Clone, Debug)]
pub struct FolderQuery {
    client: Client,
    filters: Vec<SearchFilter>,
    sort: String,
}

impl FolderQuery {
    pub(super) fn list(client: &Client) -> List<Self> {
        let (filters, sort) = (Vec::new(), "-updated".to_owned());
        List::new(Self { client: client.clone(), filters, sort }, Some(PAGE_SIZE))
    }
}

impl Query for FolderQuery {
    type Item = Folder;
    const OPERATION: (&'static str, &'static str) = ("spark", "list_folders");
    const NUMBERED: bool = true;

    async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<Folder>> {
        let size = items_per_page(size);
        let body = FolderListRequest {
            search: Some(self.filters.clone()),
            page: Some(number(&at)),
            page_size: Some(size),
            sort: Some(self.sort.clone()),
            should_fetch_active_services_count: Some(true),
        };
        let raw = self.client.raw_origin();
        let opened = open(raw, "list_folders", raw.list_folders().body(body).send()).await?;
        let (items, paging) = (opened.data.unwrap_or_default(), opened.meta);
        Ok(page(&at, size, items, paging.count, paging.next.as_ref()))
    }
}

impl List<FolderQuery> {
    /// Only the folder with this name.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.filter("name", name.into())
    }

    /// Only folders that the user marked, or with `false` only those that are not marked.
    pub fn favorite(self, marked: bool) -> Self {
        self.filter("isstarred", marked)
    }

    /// Only folders of this category.
    pub fn category(self, key: impl Into<String>) -> Self {
        self.filter("category", key.into())
    }

    /// Only folders whose field has this value, such as `status`; may be given several times.
    pub fn filter(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.query.filters.push(SearchFilter { field: field.into(), value: value.into() });
        self
    }

    /// The field to sort by, with a minus in front for descending order; `-updated` by default.
    pub fn sort(mut self, field: impl Into<String>) -> Self {
        self.query.sort = field.into();
        self
    }
}
