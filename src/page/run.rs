//! A list that is being read: what is asked for ahead, what is delivered, what never ends.

use std::collections::{HashSet, VecDeque};
use std::task::{Context, Poll, ready};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;

use super::{Continuation, Cursor, Page, Query};
use crate::error::{Error, Result};

/// So many empty pages in a row are taken for a list without end.
const MOST_EMPTY: u32 = 100;

#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) in_flight: usize,
    pub(super) most: u64,
}

type Fetched<T> = BoxFuture<'static, Result<Page<T>>>;

/// A list that is being read.
pub(super) struct Run<Q: Query> {
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
    pub(super) arrived: u64,
    pub(super) total: Option<u64>,
}

impl<Q: Query> Run<Q> {
    pub(super) fn new(query: Q, start: &Continuation, limits: Limits) -> Self {
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
    pub(super) fn position(&self, left: usize, size: Option<u32>) -> Option<Continuation> {
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

    pub(super) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Vec<Q::Item>>>> {
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
