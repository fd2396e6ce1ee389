//! Scans: the items of a table, filtered by the platform, page by page.

use std::time::SystemTime;

use serde::de::DeserializeOwned;

use super::ParallelScan;
use super::expression::check_expression;
use super::names::Names;
use crate::error::{Error, Result};
use crate::page::{Cursor, List, Page, Query};
use crate::raw::v3io::enums::LastItemIncluded;
use crate::transport::call::call;
use crate::v3io::models::{GetItemsRequest, GetItemsResponse};
use crate::v3io::path::Place;
use crate::v3io::{Attribute, Attributes, Client, from_attributes};

/// The most segments of a scan (source: V3IO web-API reference, GetItems).
const MOST_SEGMENTS: u32 = 1024;

/// An item as a scan finds it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// The item's key, when it was asked for: it comes with all attributes, and in a choice as
    /// `__name`.
    pub name: Option<String>,
    /// Its attributes, without the key.
    pub attributes: Attributes,
}

impl Row {
    fn of(mut attributes: Attributes) -> Self {
        let name = match attributes.remove("__name") {
            Some(Attribute::String(name)) => Some(name),
            _ => None,
        };
        Self { name, attributes }
    }

    /// A struct of yours, by the names of its fields.
    ///
    /// # Errors
    /// When an attribute is missing or of another type, which the error names.
    pub fn decode<T: DeserializeOwned>(self) -> Result<T> {
        from_attributes(self.attributes)
    }
}

/// A scan of a table before it begins. Take its [`items`](Scan::items) one after the other, or in
/// segments side by side with [`parallel`](Scan::parallel).
///
/// Without a choice of attributes it gives those that users made, and the key.
#[derive(Clone, Debug)]
#[must_use = "a scan asks for nothing until items are taken"]
pub struct Scan {
    query: ScanQuery,
    page_size: Option<u32>,
    limit: Option<u64>,
}

/// What a scan asks for.
#[derive(Clone, Debug)]
pub struct ScanQuery {
    client: Client,
    place: Place,
    names: Names,
    filter: Option<String>,
    table_name: Option<String>,
    marker: Option<String>,
    sharding_key: Option<String>,
    sort_keys: (Option<String>, Option<String>),
    segment: Option<(u32, u32)>,
    changed_since: Option<SystemTime>,
}

impl Scan {
    pub(super) fn new(client: &Client, place: Place) -> Self {
        let query = ScanQuery {
            client: client.clone(),
            place,
            names: Names::default(),
            filter: None,
            table_name: None,
            marker: None,
            sharding_key: None,
            sort_keys: (None, None),
            segment: None,
            changed_since: None,
        };
        Self { query, page_size: None, limit: None }
    }

    /// Only items for which this holds, such as `age > 15 AND starts(feature, 'bunny')`. The
    /// platform filters after it has read, so that pages may be short or empty.
    pub fn filter(mut self, expression: impl Into<String>) -> Self {
        self.query.filter = Some(expression.into());
        self
    }

    /// Only these attributes, system attributes such as `__size` and the key `__name` included.
    pub fn attributes<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.query.names = Names::listed(names);
        self
    }

    /// System attributes, too.
    pub fn all_attributes(mut self) -> Self {
        self.query.names = Names::All;
        self
    }

    /// Ends after so many items. With segments: so many in all.
    pub fn limit(mut self, items: u64) -> Self {
        self.limit = Some(items);
        self
    }

    /// How many items a page has at most; without it the server decides.
    pub fn page_size(mut self, items: u32) -> Self {
        self.page_size = Some(items);
        self
    }

    /// Begins at a marker of the server's, from a scan with the same choices. A scan of this
    /// client is resumed with [`List::resume`].
    pub fn marker(mut self, marker: impl Into<String>) -> Self {
        self.query.marker = Some(marker.into());
        self
    }

    /// Only items of this sharding key, whose names are the key itself or the key, a period and a
    /// sorting key.
    pub fn sharding_key(mut self, key: impl Into<String>) -> Self {
        self.query.sharding_key = Some(key.into());
        self
    }

    /// Only sorting keys from this one on, compared as text. Needs a sharding key.
    pub fn sort_key_from(mut self, key: impl Into<String>) -> Self {
        self.query.sort_keys.0 = Some(key.into());
        self
    }

    /// Only sorting keys before this one, compared as text. Needs a sharding key.
    pub fn sort_key_before(mut self, key: impl Into<String>) -> Self {
        self.query.sort_keys.1 = Some(key.into());
        self
    }

    /// One of `total` segments, counted from 0, whose union is the table; for scans that are
    /// spread over programs. [`parallel`](Scan::parallel) takes all of them.
    pub fn segment(mut self, segment: u32, total: u32) -> Self {
        self.query.segment = Some((segment, total));
        self
    }

    /// A table below the path, slashes included; `/*` is everything below it on all levels.
    pub fn table_name(mut self, name: impl Into<String>) -> Self {
        self.query.table_name = Some(name.into());
        self
    }

    /// Only items that were changed since then (source: v3io-go, GetItemsInput).
    pub fn changed_since(mut self, time: SystemTime) -> Self {
        self.query.changed_since = Some(time);
        self
    }

    /// The items as a list: a stream of items or pages that can be left and resumed.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// let mut adults = users.table("/bobs-burgers").scan().filter("age > 15").items();
    /// while let Some(row) = adults.try_next().await? {
    ///     println!("{:?} {:?}", row.name, row.attributes.get_i64("age"));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn items(self) -> List<ScanQuery> {
        let page_size = match (self.page_size, self.limit) {
            // The server need not look for more than what is wanted.
            (None, Some(limit)) => u32::try_from(limit).ok().filter(|limit| *limit > 0),
            (size, _) => size,
        };
        let list = List::new(self.query, page_size);
        match self.limit {
            Some(limit) => list.max_items(limit),
            None => list,
        }
    }

    /// The items of `segments` segments, scanned side by side, as they come.
    pub fn parallel(self, segments: u32) -> ParallelScan {
        let limit = self.limit.unwrap_or(u64::MAX);
        let lists = (0..segments.max(1)).map(|segment| {
            let mut scan = self.clone();
            scan.limit = None;
            scan.segment(segment, segments).items()
        });
        ParallelScan::new(lists.collect(), limit)
    }
}

impl ScanQuery {
    /// Refuses choices that exclude each other before a request is sent.
    fn check(&self) -> Result<()> {
        check_expression(self.filter.as_deref())?;
        let ranged = self.sort_keys.0.is_some() || self.sort_keys.1.is_some();
        if ranged && self.sharding_key.is_none() {
            return Err(Error::invalid("a range of sorting keys needs a sharding key"));
        }
        let Some((segment, total)) = self.segment else { return Ok(()) };
        if ranged {
            return Err(Error::invalid("a range of sorting keys cannot be scanned in segments"));
        }
        if segment < total && total <= MOST_SEGMENTS {
            return Ok(());
        }
        let message = format!("there is no segment {segment} of {total}; they count from 0");
        Err(Error::invalid(format!("{message}, and there are at most {MOST_SEGMENTS}")))
    }

    fn body(&self, at: Cursor, size: Option<u32>) -> Result<GetItemsRequest> {
        let marker = match at {
            Cursor::Mark(marker) => Some(marker),
            _ => self.marker.clone(),
        };
        Ok(GetItemsRequest {
            attributes_to_get: Some(self.names.text()?),
            filter_expression: self.filter.clone(),
            limit: size.map(i64::from),
            marker,
            segment: self.segment.map(|(segment, _)| i64::from(segment)),
            total_segment: self.segment.map(|(_, total)| i64::from(total)),
            sharding_key: self.sharding_key.clone(),
            sort_key_range_start: self.sort_keys.0.clone(),
            sort_key_range_end: self.sort_keys.1.clone(),
            table_name: self.table_name.clone(),
        })
    }

    async fn ask(&self, body: GetItemsRequest) -> Result<GetItemsResponse> {
        let (container, path) = self.place.folder()?;
        let raw = self.client.raw();
        let since = self.changed_since.map(|time| {
            let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            (since.as_secs() as i64, i64::from(since.subsec_nanos()))
        });
        if path.is_empty() {
            let mut request = raw.get_root_items().container(container).body(body);
            if let Some((seconds, nanoseconds)) = since {
                request =
                    request.conditional_mtime_sec(seconds).conditional_mtime_nsec(nanoseconds);
            }
            return call(request.send()).await;
        }
        let mut request = raw.get_items().container(container).path(path).body(body);
        if let Some((seconds, nanoseconds)) = since {
            request = request.conditional_mtime_sec(seconds).conditional_mtime_nsec(nanoseconds);
        }
        call(request.send()).await
    }
}

impl Query for ScanQuery {
    type Item = Row;
    const OPERATION: (&'static str, &'static str) = ("v3io", "get_items");
    const NUMBERED: bool = false;

    async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<Row>> {
        self.check()?;
        let answer = self.ask(self.body(at, size)?).await?;
        let marker = answer.next_marker.filter(|marker| !marker.is_empty());
        let next = match (answer.last_item_included, marker) {
            (Some(LastItemIncluded::True), _) => None,
            (_, Some(marker)) => Some(Cursor::Mark(marker)),
            (Some(LastItemIncluded::False), None) => {
                let message = "the server says that there is more and not where it begins";
                return Err(Error::protocol(message));
            }
            (_, None) => None,
        };
        let items = answer.items.unwrap_or_default();
        let items = items.into_iter().map(|item| Row::of(item.into())).collect();
        Ok(Page { items, next, total: None })
    }
}
