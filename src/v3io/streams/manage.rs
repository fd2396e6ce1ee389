//! Making, describing, growing and deleting a stream.

use std::time::Duration;

use progenitor_client::ResponseValue;
use reqwest::header::HeaderMap;

use super::Stream;
use crate::awaits::awaits;
use crate::error::{Error, Result};
use crate::transport::call::call_with_head;
use crate::v3io::containers::delete_directory;
use crate::v3io::models::{CreateStreamRequest, DescribeStreamResponse, UpdateStreamRequest};
use crate::v3io::response::{made, replaced, sends};

/// The most shards a stream may have (source: V3IO web-API reference, CreateStream).
const MOST_SHARDS: u32 = 4096;
const HOUR: u64 = 3600;
/// The longest retention is a year (source: V3IO documentation, streams); here a leap year, so
/// that the server decides about its last day.
const MOST_HOURS: u64 = 366 * 24;
const DEFAULT_RETENTION: Duration = Duration::from_secs(24 * HOUR);

/// How a stream is divided and kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamInfo {
    /// The number of shards; their ids are the numbers below it.
    pub shard_count: u32,
    /// How long records are kept, where the server says so.
    pub retention: Option<Duration>,
}

impl StreamInfo {
    fn of(answer: &DescribeStreamResponse) -> Result<Self> {
        let count = answer.shard_count.and_then(|count| u32::try_from(count).ok());
        let shard_count = count.ok_or_else(|| {
            let message = "the server described the stream without the number of its shards";
            Error::protocol(message).with_operation("v3io", "describe_stream")
        })?;
        let hours = answer.retention_period_hours.and_then(|hours| u64::try_from(hours).ok());
        let retention = hours.map(|hours| Duration::from_secs(hours.saturating_mul(HOUR)));
        Ok(Self { shard_count, retention })
    }
}

/// A stream to be made; `.await` makes it.
#[derive(Clone, Debug)]
#[must_use = "nothing is made until it is awaited"]
pub struct CreateStream {
    stream: Stream,
    shards: u32,
    retention: Duration,
}

impl CreateStream {
    pub(super) fn new(stream: &Stream, shards: u32) -> Self {
        Self { stream: stream.clone(), shards, retention: DEFAULT_RETENTION }
    }

    /// How long records are kept: whole hours, from one hour to a year; 24 hours by default.
    pub fn retention(mut self, time: Duration) -> Self {
        self.retention = time;
        self
    }

    async fn send(self) -> Result<ResponseValue<()>> {
        let (container, path) = self.stream.target()?;
        let body = CreateStreamRequest {
            shard_count: Some(checked_shards(self.shards)?),
            retention_period_hours: Some(whole_hours(self.retention)?),
            stream_name: None,
        };
        let request = self.stream.client.raw().create_stream().container(container).path(path);
        call_with_head(request.body(body).send()).await.map_err(|error| {
            let taken = error.is_conflict();
            error.with_advice_if(taken, format!("there is something at `{path}` already"))
        })
    }
}

sends!(CreateStream => ());

/// More shards for a stream; `.await` adds them.
#[derive(Clone, Debug)]
#[must_use = "nothing is changed until it is awaited"]
pub struct UpdateStream {
    stream: Stream,
    shards: u32,
}

impl UpdateStream {
    pub(super) fn new(stream: &Stream, shards: u32) -> Self {
        Self { stream: stream.clone(), shards }
    }

    async fn send(self) -> Result<ResponseValue<()>> {
        let (container, path) = self.stream.target()?;
        let body =
            UpdateStreamRequest { shard_count: checked_shards(self.shards)?, stream_name: None };
        let request = self.stream.client.raw().update_stream().container(container).path(path);
        call_with_head(request.body(body).send()).await
    }
}

sends!(UpdateStream => ());

/// The question how a stream is divided and kept; `.await` asks it.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct DescribeStream {
    stream: Stream,
}

impl DescribeStream {
    pub(super) fn new(stream: &Stream) -> Self {
        Self { stream: stream.clone() }
    }

    async fn send(self) -> Result<ResponseValue<StreamInfo>> {
        let answer = described(&self.stream).await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(made(status, &headers, StreamInfo::of(&answer.into_inner())?))
    }
}

sends!(DescribeStream => StreamInfo);

/// The question whether there is a stream; `.await` asks it.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct StreamExists {
    stream: Stream,
}

impl StreamExists {
    pub(super) fn new(stream: &Stream) -> Self {
        Self { stream: stream.clone() }
    }

    async fn send(self) -> Result<ResponseValue<bool>> {
        match described(&self.stream).await {
            Ok(answer) => Ok(replaced(&answer, true)),
            Err(error) => match error.status().filter(|_| is_no_stream(&error)) {
                Some(status) => Ok(made(status, &HeaderMap::new(), false)),
                None => Err(error),
            },
        }
    }
}

sends!(StreamExists => bool);

/// The removal of a stream; `.await` does it.
///
/// It takes several requests: a look whether it is a stream, the listing of its directory, and one
/// for each shard and each state file. When one fails, the stream may be left without some of its
/// shards, and the removal can be asked for again.
#[derive(Clone, Debug)]
#[must_use = "nothing is deleted until it is awaited"]
pub struct DeleteStream {
    stream: Stream,
}

impl DeleteStream {
    pub(super) fn new(stream: &Stream) -> Self {
        Self { stream: stream.clone() }
    }

    /// A mistyped path must not cost somebody a directory.
    async fn send(self) -> Result<()> {
        let unsure = described(&self.stream).await.err();
        match unsure {
            Some(error) => Err(error.with_advice("nothing was deleted")),
            None => delete_directory(&self.stream.client, &self.stream.place).await,
        }
    }
}

awaits!(DeleteStream => (), send);

/// What the server says of other things than streams (source: V3IO web-API reference, which has
/// both names and no status for them).
fn is_no_stream(error: &Error) -> bool {
    let names = ["ResourceIsnotStream", "ResourceNotStreamException"];
    error.is_not_found() || names.iter().any(|name| error.message().contains(name))
}

async fn described(stream: &Stream) -> Result<ResponseValue<DescribeStreamResponse>> {
    let (container, path) = stream.target()?;
    let request = stream.client.raw().describe_stream().container(container).path(path);
    call_with_head(request.send()).await
}

fn checked_shards(count: u32) -> Result<i64> {
    if (1..=MOST_SHARDS).contains(&count) {
        return Ok(i64::from(count));
    }
    Err(Error::invalid(format!("a stream has 1 to {MOST_SHARDS} shards, not {count}")))
}

fn whole_hours(time: Duration) -> Result<i64> {
    let (hours, rest) = (time.as_secs() / HOUR, time.as_secs() % HOUR);
    let whole = rest == 0 && time.subsec_nanos() == 0;
    match i64::try_from(hours) {
        Ok(count) if whole && (1..=MOST_HOURS).contains(&hours) => Ok(count),
        _ => Err(Error::invalid(format!(
            "a stream keeps records for whole hours, from 1 hour to a year, not for {time:?}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_is_whole_hours_up_to_a_year() {
        let hours = |seconds| whole_hours(Duration::from_secs(seconds));
        assert_eq!(hours(HOUR).unwrap(), 1);
        assert_eq!(hours(365 * 24 * HOUR).unwrap(), 8760);
        for seconds in [0, 1, HOUR - 1, HOUR + 1, 367 * 24 * HOUR, u64::MAX] {
            let error = hours(seconds).unwrap_err().to_string();
            assert!(error.contains("whole hours, from 1 hour to a year"), "{error}");
        }
        assert!(whole_hours(Duration::from_millis(HOUR * 1000 + 1)).is_err());
    }

    #[test]
    fn shards_are_counted_from_one_to_4096() {
        assert_eq!((checked_shards(1).unwrap(), checked_shards(4096).unwrap()), (1, 4096));
        for count in [0, 4097] {
            assert!(checked_shards(count).unwrap_err().to_string().contains("1 to 4096 shards"));
        }
    }
}
