//! GetItems: a page of a scan. What is looked at is bounded, so pages may be short or empty.

use std::ops::Bound;

use hyper::StatusCode;
use serde::Deserialize;

use super::super::address::Address;
use super::super::errors::{invalid, not_found};
use super::super::expression::{Condition, Scope};
use super::super::hash::hash;
use super::super::inferred;
use super::super::server::{Server, VERIFIER, parse};
use super::super::stamp::Stamp;
use super::super::system::Identity;
use super::super::tree::{Directory, File};
use super::marker::Marker;
use super::range::Range;
use super::select::Selection;
use super::write::condition;
use crate::http::{Outcome, Reply, Request};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct GetItems {
    attributes_to_get: Option<String>,
    table_name: Option<String>,
    filter_expression: Option<String>,
    limit: Option<i64>,
    marker: Option<String>,
    pub(super) sharding_key: Option<String>,
    pub(super) sort_key_range_start: Option<String>,
    pub(super) sort_key_range_end: Option<String>,
    pub(super) segment: Option<i64>,
    pub(super) total_segment: Option<i64>,
}

/// What is wanted of the files that are looked at.
struct Scan<'a> {
    container: u64,
    range: Range<'a>,
    filter: Condition,
    selection: Selection<'a>,
    changed_since: Stamp,
    limit: usize,
    /// The most files that are looked at.
    window: usize,
}

/// The items of one reply, as JSON, and where the next one begins.
#[derive(Default)]
struct Page {
    items: Vec<u8>,
    count: usize,
    after: Option<String>,
    complete: bool,
}

pub(in crate::v3io) fn scan(
    server: &Server,
    mut address: Address,
    body: &[u8],
    request: &Request,
) -> Outcome {
    let query: GetItems = parse(body)?;
    let everywhere = join_table(&mut address, query.table_name.as_deref());
    let marker = marker(&query, &address)?;
    let mut scan = Scan::of(&query, server, request)?;
    let state = server.state();
    let (_, container) = state.container(&address.container)?;
    scan.container = container.id;
    let directory = container.root.find(&address.path).ok_or_else(not_found)?;
    let page = match server.options.empty_pages && !marker.primed {
        true => Page { after: marker.after.clone(), ..Page::default() },
        false => scan.page(directory, everywhere, marker.after.as_deref()),
    };
    let primed = server.options.empty_pages && !marker.primed;
    let next = Marker { primed, after: page.after.clone(), ..marker };
    Ok(page.reply(&next).with(VERIFIER, directory.meta.verifier()))
}

/// Whether the table is the whole container or directory, all levels of it: `/*`.
fn join_table(address: &mut Address, table: Option<&str>) -> bool {
    let table = table.unwrap_or_default();
    let everywhere = table == "*" || table.ends_with("/*");
    address.join(if everywhere { &table[..table.len() - 1] } else { table });
    everywhere
}

/// Where to begin; a marker of another scan is refused.
fn marker(query: &GetItems, address: &Address) -> Result<Marker, Box<Reply>> {
    let identity = format!(
        "{}/{} {:?}{:?}{:?}{:?}{:?}{:?}",
        address.container,
        address.path,
        query.filter_expression,
        query.sharding_key,
        query.sort_key_range_start,
        query.sort_key_range_end,
        query.segment,
        query.total_segment
    );
    let scan = hash(&identity) as u32;
    match query.marker.as_deref().filter(|marker| !marker.is_empty()) {
        None => Ok(Marker { scan, ..Marker::default() }),
        Some(text) => Marker::decode(text)
            .filter(|marker| marker.scan == scan)
            .ok_or_else(|| invalid("Marker does not belong to this scan")),
    }
}

impl<'a> Scan<'a> {
    fn of(query: &'a GetItems, server: &Server, request: &Request) -> Result<Self, Box<Reply>> {
        let limit = query.limit.map_or(Ok(usize::MAX), usize::try_from);
        let limit = limit.ok().filter(|&limit| limit > 0);
        let wanted = query.attributes_to_get.as_deref().unwrap_or(inferred::ATTRIBUTES_TO_GET);
        Ok(Self {
            container: 0,
            range: Range::of(query)?,
            filter: condition(query.filter_expression.as_deref())?,
            selection: Selection::parse(wanted).for_scan(),
            changed_since: changed_since(request),
            limit: limit.ok_or_else(|| invalid("Limit must be positive"))?,
            window: server.world.page_size.unwrap_or(inferred::SCAN).max(1),
        })
    }

    fn page(&self, directory: &Directory, everywhere: bool, after: Option<&str>) -> Page {
        let begin = after.map_or(Bound::Included(self.range.begin()), Bound::Excluded);
        if !everywhere {
            let files = directory.files.range::<str, _>((begin, Bound::Unbounded));
            return self.fill(files.map(|(name, file)| (name.as_str(), file)));
        }
        let files = directory.walk();
        let skipped =
            files.iter().skip_while(|(path, _)| after.is_some_and(|after| path.as_str() <= after));
        self.fill(skipped.map(|(path, file)| (path.as_str(), *file)))
    }

    /// Takes files until the page or the window is full.
    fn fill<'f>(&self, files: impl Iterator<Item = (&'f str, &'f File)>) -> Page {
        let mut files = files.take_while(|(path, _)| self.range.reaches(path)).peekable();
        let (mut page, mut last) = (Page::default(), None);
        for _ in 0..self.window {
            let Some((path, file)) = files.next() else { break };
            self.look(path, file, &mut page);
            last = Some(path);
            if page.count == self.limit {
                break;
            }
        }
        page.after = last.map(str::to_owned);
        page.complete = files.peek().is_none();
        page
    }

    fn look(&self, path: &str, file: &File, page: &mut Page) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let item = Identity { name, container: self.container, file };
        let scope = Scope { attributes: &file.attributes, identity: Some(item) };
        let wanted = self.range.holds(name)
            && file.meta.modified >= self.changed_since
            && self.filter.holds(scope);
        if wanted {
            if page.count > 0 {
                page.items.push(b',');
            }
            self.selection.write(item, &mut page.items);
            page.count += 1;
        }
    }
}

/// The time of the last change that an item must have.
fn changed_since(request: &Request) -> Stamp {
    let number = |name| request.header(name).and_then(|value| value.parse().ok()).unwrap_or(0);
    Stamp::new(number("conditional-mtime-sec"), number("conditional-mtime-nsec"))
}

impl Page {
    fn reply(&self, next: &Marker) -> Reply {
        let head = match self.complete {
            true => {
                format!("{{\"LastItemIncluded\":\"TRUE\",\"NumItems\":{},\"Items\":[", self.count)
            }
            false => format!(
                "{{\"LastItemIncluded\":\"FALSE\",\"NumItems\":{},\"NextMarker\":\"{}\",\"Items\":[",
                self.count,
                next.encode()
            ),
        };
        let body = [head.as_bytes(), &self.items, b"]}"].concat();
        Reply::json_text(StatusCode::OK, body)
    }
}
