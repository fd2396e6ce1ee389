//! CreateStream, UpdateStream and DescribeStream.

use hyper::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::super::address::Address;
use super::super::errors::{in_use, invalid, shard_count};
use super::super::inferred::MAX_RETENTION_HOURS;
use super::super::server::{Server, parse};
use super::Stream;
use super::stream::find;
use crate::http::{Outcome, Reply};

const MAX_SHARDS: i64 = 4096;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Settings {
    shard_count: Option<i64>,
    retention_period_hours: Option<i64>,
    stream_name: Option<String>,
}

impl Settings {
    fn shards(&self) -> Result<u64, Box<Reply>> {
        let count = self.shard_count.unwrap_or(1);
        (1..=MAX_SHARDS).contains(&count).then_some(count as u64).ok_or_else(shard_count)
    }

    fn retention_hours(&self) -> Result<u64, Box<Reply>> {
        let hours = u64::try_from(self.retention_period_hours.unwrap_or(24)).ok();
        hours
            .filter(|hours| (1..=MAX_RETENTION_HOURS).contains(hours))
            .ok_or_else(|| invalid("RetentionPeriodHours is out of range"))
    }
}

pub(in crate::v3io) fn create(server: &Server, mut address: Address, body: &[u8]) -> Outcome {
    let settings: Settings = parse(body)?;
    address.join(settings.stream_name.as_deref().unwrap_or_default());
    let stream = Stream::new(settings.shards()?, settings.retention_hours()?);
    let mut state = server.state();
    let (_, container) = state.container(&address.container)?;
    let (parent, name) = address.split();
    let exists = container.root.find(&address.path).is_some()
        || container.root.find(parent).is_some_and(|parent| parent.files.contains_key(name));
    if exists {
        return Err(in_use());
    }
    state.make_directory(&address, server.now())?.stream = Some(stream);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// The number of shards only grows.
pub(in crate::v3io) fn update(server: &Server, mut address: Address, body: &[u8]) -> Outcome {
    let settings: Settings = parse(body)?;
    address.join(settings.stream_name.as_deref().unwrap_or_default());
    let shards = settings.shards()?;
    let mut state = server.state();
    let (_, stream) = find(&state, &address)?;
    if shards < stream.shards {
        return Err(shard_count());
    }
    let directory = state.directory_mut(&address.container, &address.path)?;
    directory.stream.iter_mut().for_each(|stream| stream.shards = shards);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

pub(in crate::v3io) fn describe(server: &Server, mut address: Address, body: &[u8]) -> Outcome {
    let settings: Settings = parse(body)?;
    address.join(settings.stream_name.as_deref().unwrap_or_default());
    let state = server.state();
    let (_, stream) = find(&state, &address)?;
    let (shards, hours) = (stream.shards, stream.retention_hours);
    Ok(Reply::ok(&json!({"ShardCount": shards, "RetentionPeriodHours": hours})))
}
