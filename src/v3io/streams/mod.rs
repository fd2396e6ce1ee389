//! Streams: records in shards, in the order of their arrival, kept for a time.

mod consumer;
mod fetch;
mod manage;
mod merged;
mod page;
mod put;
mod record;
mod seek;
mod shard;

use std::time::Duration;

use super::path::Place;
use super::{Client, Container};
use crate::error::Result;

pub use consumer::Consumer;
pub use manage::{
    CreateStream, DeleteStream, DescribeStream, StreamExists, StreamInfo, UpdateStream,
};
pub use merged::{ShardRecord, StreamConsumer};
pub use page::{Lag, Location, Records};
pub use put::{Position, PutRecord, PutRecords};
pub use record::{NewRecord, Record};
pub use seek::Seek;
pub use shard::{GetRecords, SeekShard, Shard};

impl Container {
    /// A stream by its path. A slash at the start or the end does not matter.
    pub fn stream(&self, path: impl AsRef<str>) -> Stream {
        Stream { client: self.client().clone(), place: self.place(path.as_ref()) }
    }
}

/// A stream of the platform, by its path. Making one asks nothing of the server.
#[derive(Clone, Debug)]
pub struct Stream {
    client: Client,
    place: Place,
}

impl Stream {
    /// Its path in the container, without a slash at the start.
    pub fn path(&self) -> &str {
        &self.place.path
    }

    /// Makes the stream with so many shards, 1 to 4096. Records are kept for 24 hours unless told
    /// otherwise.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// use std::time::Duration;
    /// let week = Duration::from_secs(7 * 24 * 3600);
    /// users.stream("/my-stream").create(8).retention(week).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, shards: u32) -> CreateStream {
        CreateStream::new(self, shards)
    }

    /// Gives the stream so many shards, 1 to 4096. The number can only grow.
    pub fn update(&self, shards: u32) -> UpdateStream {
        UpdateStream::new(self, shards)
    }

    /// Asks how many shards the stream has and how long it keeps records.
    pub fn describe(&self) -> DescribeStream {
        DescribeStream::new(self)
    }

    /// Whether there is a stream at this path. A directory that is no stream does not count.
    pub fn exists(&self) -> StreamExists {
        StreamExists::new(self)
    }

    /// Deletes the stream with all its records and with what consumer groups keep beside them.
    /// Anything but a stream is left alone.
    pub fn delete(&self) -> DeleteStream {
        DeleteStream::new(self)
    }

    /// Appends records, in their order; the report says what became of each.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// use longhaul::v3io::NewRecord;
    /// let records = [NewRecord::new("first").shard(1), NewRecord::new("second").partition_key("k")];
    /// let report = users.stream("/my-stream").put_records(records).await?;
    /// for failure in &report.failed {
    ///     println!("record {}: {}", failure.index, failure.error);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn put_records(
        &self,
        records: impl IntoIterator<Item = impl Into<NewRecord>>,
    ) -> PutRecords {
        PutRecords::new(self, records.into_iter().map(Into::into).collect())
    }

    /// Appends one record.
    pub fn put(&self, record: impl Into<NewRecord>) -> PutRecord {
        PutRecord::new(self, record.into())
    }

    /// One of the shards, by its number from 0.
    pub fn shard(&self, id: u32) -> Shard {
        Shard::new(self, id)
    }

    /// Reads all shards without end, beginning at this place in each of them. A sequence number
    /// belongs to a single shard and is refused; see [`Shard::consume`].
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// use longhaul::v3io::Seek;
    /// let mut arrivals = users.stream("/my-stream").consume(Seek::Latest);
    /// loop {
    ///     let arrival = arrivals.try_next().await?;
    ///     println!("{} {:?}", arrival.shard, arrival.record.data);
    /// }
    /// # }
    /// ```
    pub fn consume(&self, start: Seek) -> StreamConsumer {
        StreamConsumer::new(self, start)
    }

    /// The container and the path, as requests name them.
    fn target(&self) -> Result<(&str, &str)> {
        let (container, path) = self.place.checked("stream")?;
        Ok((container, path.trim_end_matches('/')))
    }
}

/// How often an idle shard is asked unless told otherwise (source: v3io-go, stream consumer
/// groups).
const POLL_EVERY: Duration = Duration::from_millis(250);
/// How long a consumer bridges trouble unless told otherwise.
const DEFAULT_OUTAGE: Duration = Duration::from_secs(300);
