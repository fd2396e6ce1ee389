//! The segments of a scan side by side.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::{Row, ScanQuery};
use crate::error::{Error, Result};
use crate::page::{Continuation, List};

/// The items of all segments of a scan, as they come.
///
/// Every item comes once. A segment that fails gives its error once and ends; the others go on.
#[must_use = "a scan asks for nothing until items are taken"]
pub struct ParallelScan {
    segments: Vec<Option<List<ScanQuery>>>,
    /// Whose turn it is, so that no segment starves the others.
    turn: usize,
    left: u64,
}

impl ParallelScan {
    pub(super) fn new(segments: Vec<List<ScanQuery>>, limit: u64) -> Self {
        Self { segments: segments.into_iter().map(Some).collect(), turn: 0, left: limit }
    }

    /// The next item of any segment; `None` when all have ended.
    pub async fn try_next(&mut self) -> Result<Option<Row>> {
        std::future::poll_fn(|cx| self.poll_row(cx)).await.transpose()
    }

    /// All items that are left.
    pub async fn collect_all(mut self) -> Result<Vec<Row>> {
        let mut all = Vec::new();
        while let Some(row) = self.try_next().await? {
            all.push(row);
        }
        Ok(all)
    }

    /// Where each segment is now, to go on later; `None` for those that have ended.
    pub fn continuations(&self) -> Vec<Option<Continuation>> {
        self.segments.iter().map(|list| list.as_ref().and_then(List::continuation)).collect()
    }

    /// Goes on where the segments of a scan with the same choices were left.
    ///
    /// # Errors
    /// When that scan had another number of segments.
    pub fn resume(mut self, from: Vec<Option<Continuation>>) -> Result<Self> {
        if from.len() != self.segments.len() {
            let (before, now) = (from.len(), self.segments.len());
            let message = format!("a scan of {before} segments cannot go on with {now}");
            return Err(Error::invalid(message));
        }
        for (segment, from) in self.segments.iter_mut().zip(from) {
            *segment = match from {
                Some(from) => segment.take().map(|list| list.resume(from)),
                None => None,
            };
        }
        Ok(self)
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Row>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let count = self.segments.len();
        let mut waiting = false;
        for at in (0..count).map(|step| (self.turn + step) % count) {
            let Some(list) = &mut self.segments[at] else { continue };
            match Pin::new(list).poll_next(cx) {
                Poll::Pending => waiting = true,
                Poll::Ready(None) => self.segments[at] = None,
                Poll::Ready(Some(row)) => {
                    self.turn = at + 1;
                    self.left -= u64::from(row.is_ok());
                    return Poll::Ready(Some(row));
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(None) }
    }
}

impl Stream for ParallelScan {
    type Item = Result<Row>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_row(cx)
    }
}

impl fmt::Debug for ParallelScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParallelScan")
            .field("segments", &self.segments.len())
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
