//! Lists as streams: items or pages, fetched ahead where pages are numbered, resumable, guarded
//! against links that lead astray.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;
use reqwest::Url;

use crate::error::{Error, Result};
use crate::progress::{Event, Listener, tell};
use crate::transport::{origin, redact};

/// How many numbered pages are asked for at once unless told otherwise.
pub const DEFAULT_IN_FLIGHT: usize = 8;

/// So many empty pages in a row are taken for a list without end.
const MOST_EMPTY: u32 = 100;

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

#[derive(Clone, Copy)]
struct Limits {
    in_flight: usize,
    most: u64,
}

type Fetched<T> = BoxFuture<'static, Result<Page<T>>>;

/// A list that is being read.
struct Run<Q: Query> {
    query: Q,
    size: Option<u32>,
    limits: Limits,
    /// Pages that were asked for and have not been delivered, with their cursors.
    asked: FuturesOrdered<Fetched<Q::Item>>,
    cursors: VecDeque<Cursor>,
    /// The page after the one that was delivered last.
    next: Option<Cursor>,
    /// Where the page that was delivered last begins, how many items it had, and how many of them
    /// were left out because an earlier run had taken them.
    current: Option<(Cursor, usize)>,
    skip: usize,
    /// The last page that the first one lets expect.
    last_expected: Option<u64>,
    guard: Guard,
    arrived: u64,
    total: Option<u64>,
}

impl<Q: Query> Run<Q> {
    fn new(query: Q, start: &Continuation, limits: Limits) -> Self {
        Self {
            query,
            size: start.size,
            limits,
            asked: FuturesOrdered::new(),
            cursors: VecDeque::new(),
            next: Some(start.cursor.clone()),
            current: None,
            skip: start.skip,
            last_expected: None,
            guard: Guard::default(),
            arrived: 0,
            total: None,
        }
    }

    /// Where the list stands while `left` items of the current page have not been taken.
    fn position(&self, left: usize, size: Option<u32>) -> Option<Continuation> {
        match &self.current {
            Some((cursor, length)) if left > 0 => {
                Some(Continuation { cursor: cursor.clone(), skip: length - left, size })
            }
            _ => {
                let cursor = self.next.clone()?;
                let skip = self.skip;
                Some(Continuation { cursor, skip, size })
            }
        }
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Vec<Q::Item>>>> {
        self.ask();
        let Some(outcome) = ready!(self.asked.poll_next_unpin(cx)) else {
            return Poll::Ready(Ok(None));
        };
        let cursor = self.cursors.pop_front().expect("a cursor for each page asked for");
        let delivered = outcome.and_then(|page| self.accept(cursor, page));
        if delivered.is_err() {
            self.forget_asked();
        }
        let (platform, operation) = Q::OPERATION;
        let named = |error: Error| error.with_operation(platform, operation);
        Poll::Ready(delivered.map(Some).map_err(named))
    }

    /// Asks for the next page, and for those behind it that are known to exist.
    fn ask(&mut self) {
        if self.cursors.is_empty()
            && let Some(next) = self.next.clone()
        {
            self.ask_for(next);
        }
        while self.cursors.len() < self.limits.in_flight
            && let Some(ahead) = self.predicted()
        {
            self.ask_for(Cursor::Number(ahead));
        }
    }

    fn predicted(&self) -> Option<u64> {
        let ahead = self.cursors.back()?.number()? + 1;
        (ahead <= self.last_expected?).then_some(ahead)
    }

    fn ask_for(&mut self, cursor: Cursor) {
        let (query, at, size) = (self.query.clone(), cursor.clone(), self.size);
        self.asked.push_back(Box::pin(async move { query.fetch(at, size).await }));
        self.cursors.push_back(cursor);
    }

    /// Takes a page in: checks where it leads, and forgets what was asked for ahead when it leads
    /// elsewhere.
    fn accept(&mut self, cursor: Cursor, page: Page<Q::Item>) -> Result<Vec<Q::Item>> {
        let Page { mut items, next, total } = page;
        tracing::debug!(?cursor, items = items.len(), "page");
        self.next = None;
        self.guard.check(&cursor, next.as_ref(), items.len())?;
        if self.cursors.front() != next.as_ref() {
            self.forget_asked();
        }
        if self.last_expected.is_none() && Q::NUMBERED {
            self.last_expected = total.and_then(|total| self.expect(total, items.len() as u64));
        }
        self.arrived += items.len() as u64;
        self.total = total.or(self.total);
        self.current = Some((cursor, items.len()));
        self.next = next;
        let skip = std::mem::take(&mut self.skip).min(items.len());
        items.drain(..skip);
        Ok(items)
    }

    /// The number of the last page, judged by the first one.
    fn expect(&self, total: u64, per_page: u64) -> Option<u64> {
        let wanted = total.min(self.limits.most);
        (per_page > 0).then(|| wanted.div_ceil(per_page))
    }

    fn forget_asked(&mut self) {
        self.asked = FuturesOrdered::new();
        self.cursors.clear();
        self.last_expected = self.last_expected.map(|_| 0);
    }
}

/// Notices lists that never end.
#[derive(Default)]
struct Guard {
    marks: HashSet<u64>,
    empty: u32,
}

impl Guard {
    fn check(&mut self, at: &Cursor, next: Option<&Cursor>, items: usize) -> Result<()> {
        self.empty = if items == 0 { self.empty + 1 } else { 0 };
        let Some(next) = next else { return Ok(()) };
        if self.empty >= MOST_EMPTY {
            let message = format!("the list had {MOST_EMPTY} empty pages in a row and did not end");
            return Err(Error::protocol(message));
        }
        let repeated = match (at.number(), next) {
            (Some(at), Cursor::Number(next)) => *next <= at,
            (_, Cursor::Start) => true,
            (_, Cursor::Mark(mark)) => !self.marks.insert(fingerprint(mark)),
            (None, Cursor::Number(_)) => false,
        };
        if repeated {
            let message = "the server links a page to itself or to an earlier one, so the list \
                           would never end";
            return Err(Error::protocol(message));
        }
        Ok(())
    }
}

/// Eight bytes for a mark of any length: a list of a million pages stays small.
fn fingerprint(mark: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    mark.hash(&mut hasher);
    hasher.finish()
}

/// The page number that a `next` link names. The link is not followed: it only tells where the
/// next page begins.
///
/// # Errors
/// When the link leads to another server, or names no page.
pub(crate) fn numbered(link: Option<&str>, base: &Url) -> Result<Option<Cursor>> {
    let Some(link) = link.filter(|link| !link.is_empty()) else { return Ok(None) };
    let refuse = |why: &str| Error::protocol(format!("the server's link to the next page {why}"));
    let url = base.join(link).map_err(|_| refuse("is no URL"))?;
    if !origin::same(&url, base) {
        let target = origin::name(&url);
        return Err(refuse(&format!("leads to {target} and was not followed")));
    }
    // The first page has no number in its link.
    let page = url.query_pairs().find(|(name, _)| name == "page");
    let number = page.map_or(Ok(1), |(_, value)| value.parse());
    let number = number.map_err(|_| refuse(&format!("names no page: {}", redact::url(&url))))?;
    Ok(Some(Cursor::Number(number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::time::Instant;

    type Answer = dyn Fn(u64, u32) -> Result<Page<u64>> + Send + Sync;

    /// Pages from a function of page number and size, 20 ms each.
    #[derive(Clone)]
    struct Numbers {
        answer: Arc<Answer>,
        asked: Arc<AtomicUsize>,
    }

    impl Query for Numbers {
        type Item = u64;
        const OPERATION: (&'static str, &'static str) = ("test", "count");
        const NUMBERED: bool = true;

        async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<u64>> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
            (self.answer)(at.number().unwrap(), size.unwrap_or(10))
        }
    }

    fn list(
        answer: impl Fn(u64, u32) -> Result<Page<u64>> + Send + Sync + 'static,
    ) -> List<Numbers> {
        List::new(Numbers { answer: Arc::new(answer), asked: Arc::default() }, None)
    }

    /// The numbers below `total`, as a well-behaved server would page them.
    fn count_to(total: u64) -> impl Fn(u64, u32) -> Result<Page<u64>> + Send + Sync + 'static {
        move |number, size| {
            let from = (number - 1) * u64::from(size);
            let to = (from + u64::from(size)).min(total);
            let next = (to < total).then_some(Cursor::Number(number + 1));
            Ok(Page { items: (from..to).collect(), next, total: Some(total) })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pages_are_fetched_ahead_and_delivered_in_order() {
        for (in_flight, most) in [(8, 3_100), (32, 1_000), (1, 20_100)] {
            let start = Instant::now();
            let all = list(count_to(10_000)).in_flight(in_flight).collect_all().await.unwrap();
            assert!(all.into_iter().eq(0..10_000));
            let took = start.elapsed().as_millis();
            assert!(took <= most, "{in_flight} in flight took {took} ms");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_asks_for_no_page_beyond_it() {
        let numbers = list(count_to(10_000)).max_items(25);
        let asked = numbers.query.asked.clone();
        assert_eq!(numbers.collect_all().await.unwrap().len(), 25);
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn empty_and_short_pages_are_not_the_end() {
        let all = list(|number, _| {
            let items = if number % 3 == 0 { vec![number] } else { vec![] };
            let next = (number < 30).then_some(Cursor::Number(number + 1));
            Ok(Page { items, next, total: None })
        });
        assert_eq!(all.collect_all().await.unwrap().len(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn another_next_than_predicted_is_followed() {
        let all = list(|number, _| {
            let next = match number {
                3 => Some(Cursor::Number(7)),
                9 => None,
                _ => Some(Cursor::Number(number + 1)),
            };
            Ok(Page { items: vec![number], next, total: Some(20) })
        });
        assert_eq!(all.collect_all().await.unwrap(), [1, 2, 3, 7, 8, 9]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_asked_for_ahead_that_is_gone_is_no_error() {
        let all = list(|number, _| match number {
            4.. => Err(Error::protocol("no such page")),
            _ => {
                let next = (number < 3).then_some(Cursor::Number(number + 1));
                Ok(Page { items: vec![number], next, total: Some(20) })
            }
        });
        assert_eq!(all.collect_all().await.unwrap(), [1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_back_ends_the_list_after_its_items() {
        for back in [1, 2, 3] {
            let mut looping = list(move |number, _| {
                let next = if number == 3 { back } else { number + 1 };
                let next = Some(Cursor::Number(next));
                Ok(Page { items: vec![number], next, total: None })
            });
            assert_eq!(looping.try_next().await.unwrap(), Some(1));
            assert_eq!(looping.try_next().await.unwrap(), Some(2));
            let error = looping.try_next().await.unwrap_err();
            assert!(error.to_string().contains("never end"), "{error}");
            assert_eq!(looping.try_next().await.unwrap(), None);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn endless_empty_pages_are_an_error() {
        let empty = list(|number, _| {
            Ok(Page { items: vec![], next: Some(Cursor::Number(number + 1)), total: None })
        });
        assert!(empty.collect_all().await.unwrap_err().to_string().contains("empty pages"));
    }

    #[test]
    fn links_name_pages_on_the_same_server_only() {
        let base = Url::parse("https://platform.test/").unwrap();
        let number = |link: &str| numbered(Some(link), &base);
        let seventh = Some(Cursor::Number(7));
        assert_eq!(number("https://platform.test/api/?page=7&page_size=2").unwrap(), seventh);
        assert_eq!(number("/api/?page=7").unwrap(), seventh);
        assert_eq!(number("?page=7").unwrap(), seventh);
        assert_eq!(number("").unwrap(), None);
        for foreign in [
            "http://platform.test/?page=7",
            "https://platform.test:444/?page=7",
            "https://evil.test/?page=7",
            "//evil.test/?page=7",
            "https://platform.test@evil.test/?page=7",
        ] {
            let error = number(foreign).unwrap_err().to_string();
            assert!(error.contains("was not followed"), "{error}");
        }
        assert_eq!(number("/api/").unwrap(), Some(Cursor::Number(1)));
        assert!(number("/api/?page=x").unwrap_err().to_string().contains("names no page"));
    }

    proptest! {
        #[test]
        fn any_page_size_yields_each_item_once_also_when_left_and_resumed(
            total in 0u64..200,
            size in 1u32..40,
            in_flight in 1usize..10,
            leave_at in 0usize..200,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut first = list(count_to(total)).page_size(size).in_flight(in_flight);
                let mut all = Vec::new();
                while all.len() < leave_at && let Some(item) = first.try_next().await.unwrap() {
                    all.push(item);
                }
                if let Some(left) = first.continuation() {
                    let left: Continuation = left.to_string().parse().unwrap();
                    let rest = list(count_to(total)).resume(left);
                    all.extend(rest.collect_all().await.unwrap());
                }
                assert!(all.into_iter().eq(0..total));
            });
        }
    }
}
