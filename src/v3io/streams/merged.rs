//! An endless reader of all shards of a stream.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream, SelectAll};

use super::consumer::Consumer;
use super::fetch::Habits;
use super::page::Lag;
use super::record::Record;
use super::seek::Seek;
use super::shard::check_limit;
use super::{POLL_EVERY, Stream};
use crate::error::{Error, Result};

/// How often new shards are looked for unless told otherwise.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// A record and the shard that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShardRecord {
    /// The shard's number, from 0.
    pub shard: u32,
    /// The record.
    pub record: Record,
}

/// The records of all shards without end, those of a shard in their order.
///
/// The shards are read at once and take turns, so that a busy one does not hold up the others. One
/// page of each shard is held at most: up to 1000 records or 10 MB, see
/// [`fetch_size`](StreamConsumer::fetch_size). Shards that are added to the stream are picked up
/// within a minute and read from their first record.
///
/// # Errors
/// As for a [`Consumer`]. The error names the shard, the others go on when the stream is asked
/// again.
#[must_use = "a consumer asks for nothing until records are taken"]
pub struct StreamConsumer {
    stream: Stream,
    start: Seek,
    habits: Habits,
    look_every: Duration,
    resumed: BTreeMap<u32, Seek>,
    shards: SelectAll<OneShard>,
    counts: Option<BoxStream<'static, Result<u32>>>,
}

impl StreamConsumer {
    pub(super) fn new(stream: &Stream, start: Seek) -> Self {
        Self {
            stream: stream.clone(),
            start,
            habits: Habits::default(),
            look_every: LOOK_EVERY,
            resumed: BTreeMap::new(),
            shards: SelectAll::new(),
            counts: None,
        }
    }

    /// How long to wait when a shard has nothing, 250 ms by default.
    pub fn poll_every(mut self, pause: Duration) -> Self {
        self.habits.poll_every = pause;
        self
    }

    /// How many records to ask a shard for at a time, at least 1; 1000 by default. This many are
    /// held in memory for each shard, or 10 MB.
    pub fn fetch_size(mut self, records: u32) -> Self {
        self.habits.fetch_size = Some(records);
        self
    }

    /// How long trouble is bridged, for each shard; see [`Consumer::max_outage`].
    pub fn max_outage(mut self, time: Duration) -> Self {
        self.habits.outage = time;
        self
    }

    /// Goes on with the oldest record of a shard when the retention time has removed those that
    /// would come next; see [`Consumer::skip_expired`].
    pub fn skip_expired(mut self) -> Self {
        self.habits.skip_expired = true;
        self
    }

    /// How often new shards are looked for, every minute by default.
    pub fn look_for_shards_every(mut self, pause: Duration) -> Self {
        self.look_every = pause;
        self
    }

    /// Goes on where another consumer was, by its [`positions`](StreamConsumer::positions). Shards
    /// without a position begin at the start that was given, which is best
    /// [`Seek::Earliest`]: they are new.
    pub fn resume(mut self, positions: impl IntoIterator<Item = (u32, Seek)>) -> Self {
        self.resumed.extend(positions);
        self
    }

    /// The next record of any shard, as soon as there is one. Dropping the wait loses nothing.
    ///
    /// # Errors
    /// As [`StreamConsumer`] says.
    pub async fn try_next(&mut self) -> Result<ShardRecord> {
        std::future::poll_fn(|cx| self.poll_record(cx)).await
    }

    /// Where to go on in each shard after the records that were taken, for
    /// [`resume`](StreamConsumer::resume).
    pub fn positions(&self) -> BTreeMap<u32, Seek> {
        let mut positions = self.resumed.clone();
        let current = self.consumers().map(|one| (one.shard().id(), one.position()));
        positions.extend(current);
        positions
    }

    /// How far the records that were taken are behind the newest ones: the records of all shards
    /// together and the longest time. `None` until every shard has answered once.
    pub fn lag(&self) -> Option<Lag> {
        let add = |sum: Lag, lag: Lag| Lag {
            records: sum.records.saturating_add(lag.records),
            time: sum.time.max(lag.time),
        };
        let all: Option<Vec<Lag>> = self.consumers().map(Consumer::lag).collect();
        all?.into_iter().reduce(add)
    }

    /// The lag of each shard that has answered.
    pub fn lags(&self) -> BTreeMap<u32, Lag> {
        self.consumers().filter_map(|one| Some((one.shard().id(), one.lag()?))).collect()
    }

    /// How many records were missed because the retention time had removed them.
    pub fn skipped(&self) -> u64 {
        self.consumers().map(Consumer::skipped).sum()
    }

    fn consumers(&self) -> impl Iterator<Item = &Consumer> {
        self.shards.iter().map(|one| &one.0)
    }

    fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<Result<ShardRecord>> {
        self.look_for_shards(cx)?;
        match self.shards.poll_next_unpin(cx) {
            Poll::Ready(Some(record)) => Poll::Ready(record),
            // Without shards the next look for them wakes.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }

    fn look_for_shards(&mut self, cx: &mut Context<'_>) -> Result<()> {
        self.check()?;
        while let Poll::Ready(Some(count)) = self.poll_count(cx) {
            match count {
                Ok(count) => self.add_shards(count),
                Err(error) if error.is_retryable() && !self.shards.is_empty() => {
                    tracing::debug!(%error, "could not look for new shards");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        if let Seek::Sequence(_) = self.start {
            let message = "a sequence number belongs to one shard: read that shard, or resume \
                           with a position for each";
            return Err(Error::invalid(message));
        }
        check_limit(self.habits.fetch_size)
    }

    fn poll_count(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<u32>>> {
        let counts = self.counts.get_or_insert_with(|| counts(&self.stream, self.look_every));
        counts.poll_next_unpin(cx)
    }

    fn add_shards(&mut self, count: u32) {
        let known = u32::try_from(self.shards.len()).unwrap_or(u32::MAX);
        // What comes later than the first look has no record that was there before.
        let start = if known == 0 { self.start } else { Seek::Earliest };
        for id in known..count {
            let start = self.resumed.get(&id).copied().unwrap_or(start);
            let mut consumer = self.stream.shard(id).consume(start);
            consumer.habits = self.habits.clone();
            self.shards.push(OneShard(consumer));
        }
    }
}

/// The number of shards, again and again.
fn counts(stream: &Stream, every: Duration) -> BoxStream<'static, Result<u32>> {
    let looks =
        stream::unfold((stream.clone(), Duration::ZERO), move |(stream, pause)| async move {
            tokio::time::sleep(pause).await;
            let count = stream.describe().await.map(|info| info.shard_count);
            let pause = if count.is_ok() { every } else { every.min(POLL_EVERY) };
            Some((count, (stream, pause)))
        });
    looks.boxed()
}

/// A consumer whose records say where they come from.
struct OneShard(Consumer);

impl futures_core::Stream for OneShard {
    type Item = Result<ShardRecord>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let record = ready!(Pin::new(&mut self.0).poll_next(cx));
        let shard = self.0.shard().id();
        Poll::Ready(record.map(|record| record.map(|record| ShardRecord { shard, record })))
    }
}

impl futures_core::Stream for StreamConsumer {
    type Item = Result<ShardRecord>;

    /// It has no end.
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_record(cx).map(Some)
    }
}

impl std::fmt::Debug for StreamConsumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamConsumer")
            .field("stream", &self.stream.path())
            .field("shards", &self.shards.len())
            .field("lag", &self.lag())
            .finish_non_exhaustive()
    }
}
