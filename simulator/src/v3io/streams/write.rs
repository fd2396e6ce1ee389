//! PutRecords: every record has its own result.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::address::Address;
use super::super::errors::{INVALID_ARGUMENT, SHARD_OUT_OF_RANGE, invalid, not_found};
use super::super::hash::hash;
use super::super::server::{Server, parse};
use super::super::tree::{Births, Directory};
use super::super::{attribute, inferred};
use super::shard::Record;
use super::stream::find;
use crate::clock::Moment;
use crate::http::{Outcome, Reply};

const MAX_RECORDS: usize = 1000;
const MAX_DATA: usize = 1 << 20;
const MAX_PARTITION_KEY: usize = 256;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutRecords {
    records: Vec<Sent>,
    stream_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Sent {
    data: Option<String>,
    client_info: Option<String>,
    shard_id: Option<i64>,
    partition_key: Option<String>,
}

/// Why one record is not stored.
type Failure = (i64, &'static str);

pub(in crate::v3io) fn put_records(server: &Server, mut address: Address, body: &[u8]) -> Outcome {
    let request: PutRecords = parse(body)?;
    address.join(request.stream_name.as_deref().unwrap_or_default());
    if request.records.len() > MAX_RECORDS {
        return Err(invalid("there are more than 1000 records"));
    }
    let mut state = server.state();
    let hour = server.options.retention_hour;
    let retention = find(&state, &address)?.1.retention(hour);
    let (container, births) = state.parts(&address.container)?;
    let directory = container.root.find_mut(&address.path).ok_or_else(not_found)?;
    let mut writer = Writer { directory, births, retention, now: server.now() };
    let results: Vec<_> = request
        .records
        .into_iter()
        .map(|record| match server.is_record_failing() {
            true => Err(inferred::BUSY),
            false => writer.put(record),
        })
        .collect();
    let failed = results.iter().filter(|result| result.is_err()).count();
    let records: Vec<_> = results.into_iter().map(told).collect();
    Ok(Reply::ok(&json!({"FailedRecordCount": failed, "Records": records})))
}

fn told(result: Result<(u64, u64), Failure>) -> Value {
    match result {
        Ok((shard, sequence)) => json!({"SequenceNumber": sequence, "ShardId": shard}),
        Err((code, message)) => json!({"ErrorCode": code, "ErrorMessage": message}),
    }
}

/// Puts records into the shards of one stream.
struct Writer<'a> {
    directory: &'a mut Directory,
    births: &'a mut Births,
    retention: std::time::Duration,
    now: Moment,
}

impl Writer<'_> {
    /// The shard and the sequence number of the record.
    fn put(&mut self, sent: Sent) -> Result<(u64, u64), Failure> {
        let data = sent.data.as_deref().and_then(attribute::decode);
        let valid = data.is_some_and(|data| data.len() <= MAX_DATA)
            && sent.client_info.as_deref().is_none_or(|info| attribute::decode(info).is_some())
            && sent.partition_key.as_ref().is_none_or(|key| key.len() <= MAX_PARTITION_KEY);
        if !valid {
            return Err((INVALID_ARGUMENT, "InvalidArgumentException"));
        }
        let index = self.choose(sent.shard_id, sent.partition_key.as_deref())?;
        Ok((index, self.push(index, sent)))
    }

    /// The shard id wins over the partition key; without both the shards take turns.
    fn choose(&mut self, shard: Option<i64>, key: Option<&str>) -> Result<u64, Failure> {
        let stream = self.directory.stream.as_mut().ok_or(SHARD_OUT_OF_RANGE)?;
        if let Some(shard) = shard {
            let index = u64::try_from(shard).ok().filter(|&index| index < stream.shards);
            return index.ok_or(SHARD_OUT_OF_RANGE);
        }
        if let Some(key) = key {
            return Ok(hash(key) % stream.shards);
        }
        let turn = stream.turn % stream.shards;
        stream.turn = turn + 1;
        Ok(turn)
    }

    /// The first record brings the shard to life.
    fn push(&mut self, index: u64, sent: Sent) -> u64 {
        let arrival = self.births.tick(self.now);
        let file = self.directory.file(&index.to_string(), self.births, arrival);
        file.meta.modified = arrival;
        let shard = file.make_shard();
        shard.expire(self.retention, arrival);
        shard.push(Record {
            data: sent.data.unwrap_or_default(),
            client_info: sent.client_info,
            partition_key: sent.partition_key,
            arrival,
        })
    }
}
