//! Lists as streams: items or pages, fetched ahead where pages are numbered, resumable, guarded
//! against links that lead astray.

mod link;
mod run;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::error::{Error, Result};
use crate::progress::{Event, Listener, tell};

pub(crate) use link::numbered;
use run::{Limits, Run};

/// How many numbered pages are asked for at once unless told otherwise.
pub const DEFAULT_IN_FLIGHT: usize = 8;

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// At the beginning.
    Start,
    /// At a page number, counted from 1.
    Number(u64),
    /// At a mark that only the server understands.
    Mark(String),
}

impl Cursor {
    /// The page number, where pages have one.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Start => Some(1),
            Self::Number(number) => Some(*number),
            Self::Mark(_) => None,
        }
    }
}

/// One page as it came.
#[derive(Debug)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
    /// How many items the whole list has, where the server says so.
    pub total: Option<u64>,
}

/// What a list asks for, page after page.
pub trait Query: Clone + Send + Sync + 'static {
    /// What the list holds.
    type Item: Send + 'static;

    /// The platform and the operation that is repeated, for errors.
    const OPERATION: (&'static str, &'static str);

    /// Whether the pages are numbered from 1, so that they can be asked for ahead.
    const NUMBERED: bool;

    /// Asks for one page of about `size` items.
    fn fetch(
        &self,
        at: Cursor,
        size: Option<u32>,
    ) -> impl Future<Output = Result<Page<Self::Item>>> + Send;
}

/// Where a list was left, to go on later; a short text through `Display` and `FromStr`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation {
    cursor: Cursor,
    /// Items of that page that were taken already.
    skip: usize,
    size: Option<u32>,
}

impl fmt::Display for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.size.map(|size| size.to_string()).unwrap_or_default();
        match &self.cursor {
            Cursor::Mark(mark) => write!(f, "{}:{size}:mark:{mark}", self.skip),
            numbered => write!(f, "{}:{size}:page:{}", self.skip, numbered.number().unwrap_or(1)),
        }
    }
}

impl FromStr for Continuation {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parse = || {
            let mut parts = text.splitn(4, ':');
            let skip = parts.next()?.parse().ok()?;
            let size = match parts.next()? {
                "" => None,
                size => Some(size.parse().ok()?),
            };
            let cursor = match (parts.next()?, parts.next()?) {
                ("page", number) => Cursor::Number(number.parse().ok()?),
                ("mark", mark) => Cursor::Mark(mark.to_owned()),
                _ => return None,
            };
            Some(Self { cursor, skip, size })
        };
        parse().ok_or_else(|| Error::invalid(format!("`{text}` is no continuation of a list")))
    }
}

/// A list that arrives page by page.
///
/// Take its items with [`try_next`](List::try_next), as a [`Stream`], or all at once with
/// [`collect_all`](List::collect_all); or take whole [`pages`](List::pages). Nothing is asked for
/// before the first item is wanted. Numbered pages are asked for ahead and delivered in order.
///
/// # Errors
/// A page that fails ends the list after the items before it; [`continuation`](List::continuation)
/// says where. A link to another server and a cursor that comes twice are errors.
#[must_use = "a list asks for nothing until items are taken"]
pub struct List<Q: Query> {
    pub(crate) query: Q,
    size: Option<u32>,
    in_flight: usize,
    most: u64,
    listener: Option<Listener>,
    start: Continuation,
    run: Option<Run<Q>>,
    items: std::vec::IntoIter<Q::Item>,
    taken: u64,
    /// An error ends the list, so that nobody who passes over errors asks for ever.
    failed: bool,
}

impl<Q: Query> List<Q> {
    pub(crate) fn new(query: Q, size: Option<u32>) -> Self {
        Self {
            query,
            size,
            in_flight: DEFAULT_IN_FLIGHT,
            most: u64::MAX,
            listener: None,
            start: Continuation { cursor: Cursor::Start, skip: 0, size },
            run: None,
            items: Vec::new().into_iter(),
            taken: 0,
            failed: false,
        }
    }

    /// How many items a page should have; the server may send fewer.
    pub fn page_size(mut self, items: u32) -> Self {
        self.size = Some(items);
        self.start.size = Some(items);
        self
    }

    /// Ends the list after so many items, and asks for no page beyond them.
    pub fn max_items(mut self, items: u64) -> Self {
        self.most = items;
        self
    }

    /// How many numbered pages are asked for at once; [`DEFAULT_IN_FLIGHT`] by default, at least
    /// 1. Lists without page numbers always go page by page.
    pub fn in_flight(mut self, pages: usize) -> Self {
        self.in_flight = pages.max(1);
        self
    }

    /// Is told of every page: [`Event::Page`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Goes on where a list was left, with the page size it had.
    pub fn resume(mut self, from: Continuation) -> Self {
        self.size = from.size;
        self.start = from;
        self
    }

    /// Where the list is now, to go on later; `None` when it has ended.
    ///
    /// A list that changes meanwhile may repeat or miss items: numbered pages shift when something
    /// is added or deleted before them.
    pub fn continuation(&self) -> Option<Continuation> {
        match &self.run {
            None => Some(self.start.clone()),
            Some(run) => run.position(self.items.len(), self.size),
        }
    }

    /// The next item; `None` at the end.
    pub async fn try_next(&mut self) -> Result<Option<Q::Item>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// All items that are left.
    pub async fn collect_all(mut self) -> Result<Vec<Q::Item>> {
        let mut all = Vec::new();
        while let Some(item) = self.try_next().await? {
            all.push(item);
        }
        Ok(all)
    }

    /// The same list, a page at a time.
    pub fn pages(self) -> Pages<Q> {
        Pages(self)
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Q::Item>>> {
        loop {
            if self.taken >= self.most {
                return Poll::Ready(Ok(None));
            }
            if let Some(item) = self.items.next() {
                self.taken += 1;
                return Poll::Ready(Ok(Some(item)));
            }
            match ready!(self.poll_page(cx))? {
                Some(items) => self.items = items.into_iter(),
                None => return Poll::Ready(Ok(None)),
            }
        }
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Vec<Q::Item>>>> {
        let (query, start) = (&self.query, &self.start);
        let run = self.run.get_or_insert_with(|| {
            let limits = Limits { in_flight: self.in_flight, most: self.most };
            Run::new(query.clone(), start, limits)
        });
        if self.failed {
            return Poll::Ready(Ok(None));
        }
        // Some servers take 0 for the end of the list.
        if self.size == Some(0) {
            self.failed = true;
            return Poll::Ready(Err(Error::invalid("a page holds at least 1 item, not 0")));
        }
        let page = ready!(run.poll_page(cx));
        self.failed = page.is_err();
        let page = page?;
        if page.is_some() {
            let (items, total) = (run.arrived, run.total);
            tell(&mut self.listener, || Event::Page { items, total });
        }
        Poll::Ready(Ok(page))
    }
}

impl<Q: Query> Unpin for List<Q> {}

impl<Q: Query> Stream for List<Q> {
    type Item = Result<Q::Item>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx).map(Result::transpose)
    }
}

impl<Q: Query> fmt::Debug for List<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("page_size", &self.size)
            .field("in_flight", &self.in_flight)
            .field("taken", &self.taken)
            .finish_non_exhaustive()
    }
}

/// A list, a page at a time.
#[derive(Debug)]
#[must_use = "a list asks for nothing until pages are taken"]
pub struct Pages<Q: Query>(List<Q>);

impl<Q: Query> Pages<Q> {
    /// The next page, which may be empty; `None` at the end.
    pub async fn try_next(&mut self) -> Result<Option<Vec<Q::Item>>> {
        std::future::poll_fn(|cx| self.poll_page(cx)).await
    }

    /// Where the list is now, to go on later; `None` when it has ended.
    pub fn continuation(&self) -> Option<Continuation> {
        self.0.continuation()
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Vec<Q::Item>>>> {
        let list = &mut self.0;
        let left = list.most.saturating_sub(list.taken);
        if left == 0 {
            return Poll::Ready(Ok(None));
        }
        let mut page = ready!(list.poll_page(cx))?;
        if let Some(items) = &mut page {
            items.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            list.taken += items.len() as u64;
        }
        Poll::Ready(Ok(page))
    }
}

impl<Q: Query> Stream for Pages<Q> {
    type Item = Result<Vec<Q::Item>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(cx).map(Result::transpose)
    }
}
