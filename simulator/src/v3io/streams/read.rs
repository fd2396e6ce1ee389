//! GetRecords.

use serde::{Deserialize, Serialize};

use super::super::address::Address;
use super::super::errors::{illegal_location, invalid};
use super::super::limits;
use super::super::server::{Server, parse};
use super::location;
use super::shard::{Record, Shard};
use super::stream::find_shard;
use crate::http::{Outcome, Reply};
use crate::v3io::stamp::Stamp;

const DEFAULT_LIMIT: i64 = 1000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetRecords {
    location: String,
    limit: Option<i64>,
    stream_name: Option<String>,
    shard_id: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    next_location: String,
    #[serde(rename = "MSecBehindLatest")]
    msec_behind_latest: u64,
    records_behind_latest: u64,
    records: Vec<Told<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Told<'a> {
    arrival_time_sec: u64,
    #[serde(rename = "ArrivalTimeNSec")]
    arrival_time_nsec: u64,
    sequence_number: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_info: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition_key: Option<&'a str>,
    data: &'a str,
}

impl<'a> Told<'a> {
    fn of(record: &'a Record, index: u64) -> Self {
        Self {
            arrival_time_sec: record.arrival.secs(),
            arrival_time_nsec: record.arrival.nsecs(),
            sequence_number: index + 1,
            client_info: record.client_info.as_deref(),
            partition_key: record.partition_key.as_deref(),
            data: &record.data,
        }
    }
}

pub(in crate::v3io) fn get_records(server: &Server, mut address: Address, body: &[u8]) -> Outcome {
    let request: GetRecords = parse(body)?;
    let begin = location::decode(&request.location).ok_or_else(illegal_location)?;
    let limit = usize::try_from(request.limit.unwrap_or(DEFAULT_LIMIT)).ok();
    let limit =
        limit.filter(|&limit| limit > 0).ok_or_else(|| invalid("Limit must be positive"))?;
    let mut state = server.state();
    let (stream, shard) = (request.stream_name.as_deref(), request.shard_id);
    let hour = server.options.retention_hour;
    let place = find_shard(&mut state, &mut address, stream, shard, hour)?;
    let mut never_written = Shard::default();
    let shard = place.shard.unwrap_or(&mut never_written);
    shard.expire(place.retention, Stamp::of(server.now()));
    let answer = answer(shard, begin, limit).ok_or_else(illegal_location)?;
    let text = serde_json::to_vec(&answer).map_err(|error| invalid(&error.to_string()))?;
    Ok(Reply::json_text(hyper::StatusCode::OK, text))
}

/// None when the place does not exist, or no longer.
fn answer(shard: &Shard, begin: u64, limit: usize) -> Option<Answer<'_>> {
    let mut room = limits::RECORDS_BODY;
    let fits = |record: &&Record| {
        let first = room == limits::RECORDS_BODY;
        let size = record.size();
        let fits = first || size <= room;
        room = room.saturating_sub(size.max(1));
        fits
    };
    let found: Vec<_> = shard.from(begin)?.take(limit).take_while(fits).collect();
    let next = begin + found.len() as u64;
    Some(Answer {
        next_location: location::encode(next),
        msec_behind_latest: lag(shard, found.last().copied(), next),
        records_behind_latest: shard.end() - next,
        records: (begin..).zip(found).map(|(index, record)| Told::of(record, index)).collect(),
    })
}

/// The milliseconds from the last record of the answer to the last one of the shard.
fn lag(shard: &Shard, last: Option<&Record>, next: u64) -> u64 {
    let newest = shard.end().checked_sub(1).filter(|_| next < shard.end());
    let newest = newest.and_then(|index| shard.from(index)?.next());
    newest.zip(last).map_or(0, |(newest, last)| newest.arrival.millis_since(last.arrival))
}
