//! Lists of services: searched for in the whole tenant, or those of a folder.

use serde_json::{Map, Value};

use crate::error::Result;
use crate::page::{Cursor, List, Page, Query};
use crate::spark::Client;
use crate::spark::envelope::open;
use crate::spark::models::{
    SearchFilter, ServiceEntry, ServiceHit, ServiceListRequest, ServiceSearchData,
    ServiceSearchRequest,
};
use crate::spark::pages::{items_per_page, number, page};

/// What the official client asks for of each service (source: cspark 0.3.3,
/// sdk/resources/_services.py).
const FIELDS: [&str; 5] = ["id", "foldername", "filename", "version", "modifiedDate"];

/// Services of the tenant that fit.
#[derive(Clone, Debug)]
pub struct SearchQuery {
    client: Client,
    filters: Vec<SearchFilter>,
    sort: String,
    fields: Vec<String>,
    extras: Map<String, Value>,
}

impl SearchQuery {
    pub(super) fn list(client: &Client) -> List<Self> {
        let query = Self {
            client: client.clone(),
            filters: Vec::new(),
            sort: "name1_co".to_owned(),
            fields: FIELDS.map(str::to_owned).to_vec(),
            extras: Map::new(),
        };
        List::new(query, Some(crate::spark::pages::PAGE_SIZE))
    }
}

impl Query for SearchQuery {
    type Item = ServiceHit;
    const OPERATION: (&'static str, &'static str) = ("spark", "search_services");
    const NUMBERED: bool = true;

    async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<ServiceHit>> {
        let size = items_per_page(size);
        let request_data = ServiceSearchData {
            page: Some(number(&at)),
            page_size: Some(size),
            sort: Some(self.sort.clone()),
            search: Some(self.filters.clone()),
            fields: Some(self.fields.clone()),
            extra: self.extras.clone(),
        };
        let raw = self.client.raw();
        let request = raw.search_services().body(ServiceSearchRequest { request_data });
        let opened = open(raw, "search_services", request.send()).await?;
        let (items, meta) = (opened.data.unwrap_or_default(), opened.meta);
        Ok(page(&at, size, items, meta.count, meta.next.as_ref()))
    }
}

impl List<SearchQuery> {
    /// Only services whose field has this value, such as `foldername`; may be given several times.
    pub fn filter(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.query.filters.push(SearchFilter { field: field.into(), value: value.into() });
        self
    }

    /// The field to sort by, with a minus in front for descending order; the name by default.
    pub fn sort(mut self, field: impl Into<String>) -> Self {
        self.query.sort = field.into();
        self
    }

    /// The fields that are wanted of each service.
    pub fn fields(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.query.fields = names.into_iter().map(Into::into).collect();
        self
    }

    /// A further parameter of the search, sent as it is.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.query.extras.insert(name.into(), value.into());
        self
    }
}

/// The services of a folder.
#[derive(Clone, Debug)]
pub struct ServiceQuery {
    client: Client,
    folder: String,
    filters: Vec<SearchFilter>,
    sort: String,
}

impl ServiceQuery {
    pub(super) fn list(client: &Client, folder: String) -> List<Self> {
        let sort = "name1".to_owned();
        let query = Self { client: client.clone(), folder, filters: Vec::new(), sort };
        List::new(query, Some(crate::spark::pages::PAGE_SIZE))
    }
}

impl Query for ServiceQuery {
    type Item = ServiceEntry;
    const OPERATION: (&'static str, &'static str) = ("spark", "list_services");
    const NUMBERED: bool = true;

    async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<ServiceEntry>> {
        let size = items_per_page(size);
        let body = ServiceListRequest {
            page: Some(number(&at)),
            page_size: Some(size),
            search: Some(self.filters.clone()),
            sort: Some(self.sort.clone()),
        };
        let raw = self.client.raw_origin();
        let request = raw.list_services().folder(self.folder.as_str()).body(body);
        let opened = open(raw, "list_services", request.send()).await?;
        let (items, paging) = (opened.data.unwrap_or_default(), opened.meta);
        Ok(page(&at, size, items, paging.count, paging.next.as_ref()))
    }
}

impl List<ServiceQuery> {
    /// Only services whose field has this value; may be given several times.
    pub fn filter(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.query.filters.push(SearchFilter { field: field.into(), value: value.into() });
        self
    }

    /// The field to sort by; the name by default.
    pub fn sort(mut self, field: impl Into<String>) -> Self {
        self.query.sort = field.into();
        self
    }
}
