//! One shard: places in it and reads from it.

use progenitor_client::ResponseValue;

use super::consumer::Consumer;
use super::page::{Location, Page, Records};
use super::seek::Seek;
use super::{Stream, StreamInfo};
use crate::error::{Error, Result};
use crate::transport::call::call_with_head;
use crate::v3io::models::GetRecordsRequest;
use crate::v3io::response::{made, sends};

/// A shard of a stream. Making one asks nothing of the server.
#[derive(Clone, Debug)]
pub struct Shard {
    stream: Stream,
    id: u32,
}

impl Shard {
    pub(super) fn new(stream: &Stream, id: u32) -> Self {
        Self { stream: stream.clone(), id }
    }

    /// Its number in the stream, from 0.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Looks up a place to read from.
    ///
    /// ```no_run
    /// # async fn f(users: longhaul::v3io::Container) -> longhaul::Result<()> {
    /// use longhaul::v3io::Seek;
    /// let shard = users.stream("/my-stream").shard(1);
    /// let start = shard.seek(Seek::Earliest).await?;
    /// for record in shard.records(&start).await?.records {
    ///     println!("{:?}", record.data);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn seek(&self, place: Seek) -> SeekShard {
        SeekShard { shard: self.clone(), place }
    }

    /// Reads records from a place on: up to 1000, or what makes 10 MB.
    pub fn records(&self, location: &Location) -> GetRecords {
        GetRecords { shard: self.clone(), location: location.clone(), limit: None }
    }

    /// Reads the shard without end, beginning at this place, which is looked up when the first
    /// record is wanted.
    pub fn consume(&self, start: Seek) -> Consumer {
        Consumer::new(self, start)
    }

    pub(super) fn stream_path(&self) -> &str {
        self.stream.path()
    }

    /// Asks about the stream.
    pub(super) async fn describe_stream(&self) -> Result<StreamInfo> {
        self.stream.describe().await
    }
}

/// The question for a place in a shard; `.await` asks it.
///
/// A sequence number that no record of the shard has is an error of the server's.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct SeekShard {
    shard: Shard,
    place: Seek,
}

impl SeekShard {
    async fn send(self) -> Result<ResponseValue<Location>> {
        let stream = &self.shard.stream;
        let (container, path) = stream.target()?;
        let request = stream.client.raw().seek_shard().container(container).path(path);
        let request = request.shard(i64::from(self.shard.id)).body(self.place.body()?);
        let answer = call_with_head(request.send()).await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(made(status, &headers, answer.into_inner().location.into()))
    }
}

sends!(SeekShard => Location);

/// A read of records; `.await` does it.
#[derive(Clone, Debug)]
#[must_use = "nothing is read until it is awaited"]
pub struct GetRecords {
    shard: Shard,
    location: Location,
    limit: Option<u32>,
}

impl GetRecords {
    /// The most records to read, at least 1; 1000 by default.
    pub fn limit(mut self, records: u32) -> Self {
        self.limit = Some(records);
        self
    }

    async fn send(self) -> Result<ResponseValue<Records>> {
        let answer = self.page().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(made(status, &headers, answer.into_inner().try_into()?))
    }

    /// The records, damaged ones among them.
    pub(super) async fn page(self) -> Result<ResponseValue<Page>> {
        check_limit(self.limit)?;
        let stream = &self.shard.stream;
        let (container, path) = stream.target()?;
        let location = self.location.as_str().to_owned();
        let body = GetRecordsRequest { location, limit: self.limit.map(i64::from) };
        let request = stream.client.raw().get_records().container(container).path(path);
        let request = request.shard(i64::from(self.shard.id)).body(body);
        let answer = call_with_head(request.send()).await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(made(status, &headers, Page::of(answer.into_inner(), &self.location)?))
    }
}

sends!(GetRecords => Records);

pub(super) fn check_limit(records: Option<u32>) -> Result<()> {
    match records {
        Some(0) => Err(Error::invalid("a read brings at least 1 record, not 0")),
        _ => Ok(()),
    }
}
