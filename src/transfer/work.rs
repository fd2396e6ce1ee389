//! Fetching what is missing of a file, in one stream or in parts.

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::fetch::{Fetcher, Opened, Stop};
use super::pipeline::Pipeline;
use super::plan::{PartSet, Plan};
use super::sink::Blocks;
use super::source::Source;

/// The fetching part of a pass.
pub(super) struct Work<'a, S> {
    pub(super) fetcher: &'a Fetcher<S>,
    pub(super) pipeline: &'a Pipeline,
    pub(super) plan: Plan,
    pub(super) finished: &'a PartSet,
}

impl<S: Source> Work<'_, S> {
    /// One answer without a known length.
    pub(super) async fn endless(&self, opened: Opened) -> Result<u64, Stop> {
        let mut sink = self.sink();
        let size = self.fetcher.drain(opened, &mut sink).await?;
        sink.flush().await?;
        Ok(size)
    }

    /// One stream for everything that is missing.
    pub(super) async fn stream(&self, opened: Opened) -> Result<u64, Stop> {
        let first = self.finished.next_missing(0, &self.plan).unwrap_or(0);
        let range = self.plan.range(first).start..self.plan.size();
        self.fetcher.fetch(range, Some(opened), &mut self.sink()).await?;
        Ok(self.plan.size())
    }

    /// Every missing part by itself, several at once.
    pub(super) async fn parts(&self, opened: Opened, connections: usize) -> Result<u64, Stop> {
        let first = self.finished.next_missing(0, &self.plan).unwrap_or(0);
        let next = AtomicU64::new(first + 1);
        let missing = self.finished.missing(&self.plan);
        let helpers = missing.min(connections as u64).saturating_sub(1);
        let mut workers = FuturesUnordered::new();
        workers.push(self.work(Some((first, opened)), &next));
        for _ in 0..helpers {
            workers.push(self.work(None, &next));
        }
        while let Some(outcome) = workers.next().await {
            outcome?;
        }
        Ok(self.plan.size())
    }

    /// Fetches parts until none is left.
    async fn work(&self, first: Option<(u64, Opened)>, next: &AtomicU64) -> Result<(), Stop> {
        if let Some((part, opened)) = first {
            self.part(part, Some(opened)).await?;
        }
        while let Some(part) = self.take(next) {
            self.pipeline.turn_of(part).await?;
            self.part(part, None).await?;
        }
        Ok(())
    }

    /// Parts are taken in order, so that the checksum is never far behind. Nothing else runs
    /// between the two steps, because the workers are one task.
    fn take(&self, next: &AtomicU64) -> Option<u64> {
        let part = self.finished.next_missing(next.load(Ordering::Relaxed), &self.plan)?;
        next.store(part + 1, Ordering::Relaxed);
        Some(part)
    }

    async fn part(&self, part: u64, opened: Option<Opened>) -> Result<(), Stop> {
        let range = self.plan.range(part);
        let bytes = range.end - range.start;
        self.fetcher.fetch(range, opened, &mut self.sink()).await?;
        tracing::debug!(part, bytes, "part received");
        Ok(())
    }

    fn sink(&self) -> Blocks<'_> {
        Blocks::new(self.pipeline, self.plan, self.finished)
    }
}
