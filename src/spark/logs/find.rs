//! The list of a service's calls.

use chrono::NaiveDate;
use serde_json::Value;

use crate::error::Result;
use crate::page::{Cursor, List, Page, Query};
use crate::spark::dates::written;
use crate::spark::envelope::open;
use crate::spark::models::{CallLogEntry, CallLogFilter, CallLogRequest};
use crate::spark::pages::{PAGE_SIZE, items_per_page, number, page};
use crate::spark::services::locate::names;
use crate::spark::{Client, ServiceLocator};

/// The calls of a service.
#[derive(Clone, Debug)]
pub struct CallQuery {
    client: Client,
    folder: String,
    service: String,
    filters: Vec<CallLogFilter>,
    sort: Option<String>,
}

impl CallQuery {
    pub(super) fn list(client: &Client, locator: &ServiceLocator) -> Result<List<Self>> {
        let (folder, service) = names(locator)?;
        let (folder, service) = (folder.to_owned(), service.to_owned());
        let query =
            Self { client: client.clone(), folder, service, filters: Vec::new(), sort: None };
        Ok(List::new(query, Some(PAGE_SIZE)))
    }
}

impl Query for CallQuery {
    type Item = CallLogEntry;
    const OPERATION: (&'static str, &'static str) = ("spark", "list_service_calls");
    const NUMBERED: bool = true;

    async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<CallLogEntry>> {
        let size = items_per_page(size);
        let body = CallLogRequest {
            search: Some(self.filters.clone()),
            page: Some(number(&at)),
            page_size: Some(size),
            sort: self.sort.clone(),
        };
        let raw = self.client.raw_origin();
        let request = raw.list_service_calls().folder(self.folder.as_str());
        let request = request.service(self.service.as_str()).body(body);
        let opened = open(raw, "list_service_calls", request.send()).await?;
        let (items, paging) = (opened.data.unwrap_or_default(), opened.meta);
        Ok(page(&at, size, items, paging.count, paging.next.as_ref()))
    }
}

impl List<CallQuery> {
    /// Only calls from this day on.
    pub fn start_date(self, day: NaiveDate) -> Self {
        self.filter("StartDate", written(day))
    }

    /// Only calls until this day.
    pub fn end_date(self, day: NaiveDate) -> Self {
        self.filter("EndDate", written(day))
    }

    /// Only calls with this purpose.
    pub fn call_purpose(self, purpose: impl Into<String>) -> Self {
        self.filter("CallPurpose", purpose.into())
    }

    /// Only calls of this user.
    pub fn username(self, name: impl Into<String>) -> Self {
        self.filter("username", name.into())
    }

    /// Only calls in which this text is found.
    pub fn search(self, text: impl Into<String>) -> Self {
        self.filter("search", text.into())
    }

    /// Only calls of this version.
    pub fn version_id(mut self, id: impl Into<String>) -> Self {
        let (field, id) = ("version".to_owned(), Some(id.into()));
        self.query.filters.push(CallLogFilter { field, value: None, id });
        self
    }

    /// Only calls whose field has this value; may be given several times.
    pub fn filter(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        let (field, value) = (field.into(), Some(value.into()));
        self.query.filters.push(CallLogFilter { field, value, id: None });
        self
    }

    /// The field to sort by, with a minus in front for descending order.
    pub fn sort(mut self, field: impl Into<String>) -> Self {
        self.query.sort = Some(field.into());
        self
    }
}
