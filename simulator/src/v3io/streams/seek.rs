//! Seek: a place in a shard, by its ends, a sequence number or a time.

use serde::Deserialize;
use serde_json::json;

use super::super::address::Address;
use super::super::errors::invalid;
use super::super::server::{Server, parse};
use super::location;
use super::shard::Shard;
use super::stream::find_shard;
use crate::http::{Outcome, Reply};
use crate::v3io::stamp::Stamp;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Seek {
    #[serde(rename = "Type")]
    kind: String,
    starting_sequence_number: Option<u64>,
    timestamp_sec: Option<u64>,
    #[serde(rename = "TimestampNSec")]
    timestamp_nsec: Option<u64>,
    stream_name: Option<String>,
    shard_id: Option<i64>,
}

pub(in crate::v3io) fn seek(server: &Server, mut address: Address, body: &[u8]) -> Outcome {
    let request: Seek = parse(body)?;
    let mut state = server.state();
    let (stream, shard) = (request.stream_name.as_deref(), request.shard_id);
    let hour = server.options.retention_hour;
    let place = find_shard(&mut state, &mut address, stream, shard, hour)?;
    let mut never_written = Shard::default();
    let shard = place.shard.unwrap_or(&mut never_written);
    shard.expire(place.retention, Stamp::of(server.now()));
    let index = request.index(shard)?;
    Ok(Reply::ok(&json!({"Location": location::encode(index)})))
}

impl Seek {
    fn index(&self, shard: &Shard) -> Result<u64, Box<Reply>> {
        match self.kind.as_str() {
            "EARLIEST" => Ok(shard.first()),
            "LATEST" => Ok(shard.end()),
            "SEQUENCE" => self.of_sequence(shard),
            "TIME" => match (self.timestamp_sec, self.timestamp_nsec) {
                (Some(secs), Some(nsecs)) => Ok(shard.at(Stamp::new(secs, nsecs))),
                _ => Err(invalid("TIME needs TimestampSec and TimestampNSec")),
            },
            _ => Err(invalid("Type must be EARLIEST, LATEST, SEQUENCE or TIME")),
        }
    }

    fn of_sequence(&self, shard: &Shard) -> Result<u64, Box<Reply>> {
        let number = self.starting_sequence_number;
        let number = number.ok_or_else(|| invalid("SEQUENCE needs StartingSequenceNumber"))?;
        let index =
            number.checked_sub(1).filter(|index| (shard.first()..shard.end()).contains(index));
        index.ok_or_else(|| invalid("there is no record with this sequence number"))
    }
}
