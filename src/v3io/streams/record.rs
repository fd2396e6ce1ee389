//! Records: new ones with their limits, and those that were read.

use bytes::Bytes;

use crate::error::{Error, ErrorKind, Result};
use crate::v3io::UnixTime;
use crate::v3io::models;

/// The most data of one record: the reference's "1 MB" in its larger reading, so that nothing is
/// refused that the platform would take (source: V3IO web-API reference, PutRecords).
const MOST_DATA: usize = 1 << 20;
/// The longest partition key in bytes (source: V3IO web-API reference, PutRecords).
const LONGEST_KEY: usize = 256;

/// The JSON around one record's values: names, quotes, the shard's number.
const FRAME: usize = 100;
/// The most bytes that JSON makes of one byte of text.
const LONGEST_ESCAPE: usize = 6;

/// A record to be appended. Without a shard and a key the platform spreads records evenly.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewRecord {
    /// The content, up to 1 MiB.
    pub data: Bytes,
    /// The shard to append to, from 0; it wins over the key.
    pub shard: Option<u32>,
    /// Records with the same key go to the same shard, as long as the stream does not grow.
    pub partition_key: Option<String>,
    /// Bytes of the sender's own that come back with the record.
    pub client_info: Option<Bytes>,
}

impl NewRecord {
    /// A record with this content, up to 1 MiB.
    pub fn new(data: impl Into<Bytes>) -> Self {
        Self { data: data.into(), shard: None, partition_key: None, client_info: None }
    }

    /// Appends it to this shard, counted from 0, whatever its key.
    #[must_use]
    pub fn shard(mut self, id: u32) -> Self {
        self.shard = Some(id);
        self
    }

    /// Appends it to the shard of all records with this key, which has up to 256 bytes.
    #[must_use]
    pub fn partition_key(mut self, key: impl Into<String>) -> Self {
        self.partition_key = Some(key.into());
        self
    }

    /// Sends bytes along that come back with the record. The reference speaks of 128 bits, which
    /// is not checked here.
    #[must_use]
    pub fn client_info(mut self, bytes: impl Into<Bytes>) -> Self {
        self.client_info = Some(bytes.into());
        self
    }

    /// Refuses what no request could carry.
    pub(super) fn check(&self, most: usize) -> Result<()> {
        let data = self.data.len();
        if data > MOST_DATA {
            let message = format!("its data has {data} bytes and may have {MOST_DATA}");
            return Err(Error::invalid(message));
        }
        let key = self.partition_key.as_ref().map_or(0, String::len);
        if key > LONGEST_KEY {
            let message = format!("its partition key has {key} bytes and may have {LONGEST_KEY}");
            return Err(Error::invalid(message));
        }
        if self.size_on_wire() > most {
            let message = format!("it is larger than a request may be, {most} bytes");
            return Err(Error::invalid(message));
        }
        Ok(())
    }

    /// At least the bytes that it takes in a request.
    pub(super) fn size_on_wire(&self) -> usize {
        let base64 = |bytes: &Bytes| bytes.len().div_ceil(3) * 4;
        let key = self.partition_key.as_ref().map_or(0, |key| key.len() * LONGEST_ESCAPE);
        FRAME + base64(&self.data) + self.client_info.as_ref().map_or(0, base64) + key
    }
}

impl From<&NewRecord> for models::NewRecord {
    fn from(record: &NewRecord) -> Self {
        Self {
            data: record.data.clone().into(),
            client_info: record.client_info.clone().map(Into::into),
            shard_id: record.shard.map(i64::from),
            partition_key: record.partition_key.clone(),
        }
    }
}

impl From<&str> for NewRecord {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl From<String> for NewRecord {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<Vec<u8>> for NewRecord {
    fn from(data: Vec<u8>) -> Self {
        Self::new(data)
    }
}

impl From<Bytes> for NewRecord {
    fn from(data: Bytes) -> Self {
        Self::new(data)
    }
}

impl From<&[u8]> for NewRecord {
    fn from(data: &[u8]) -> Self {
        Self::new(data.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for NewRecord {
    fn from(data: &[u8; N]) -> Self {
        Self::new(data.to_vec())
    }
}

/// A record of a shard.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// Its number in the shard; the first record ever has 1.
    pub sequence_number: u64,
    /// The content.
    pub data: Bytes,
    /// The bytes that its sender gave it to come back, if any.
    pub client_info: Option<Bytes>,
    /// The key that its sender gave it, if any.
    pub partition_key: Option<String>,
    /// When it arrived at the platform, where the server says so.
    pub arrived: Option<UnixTime>,
}

impl TryFrom<models::Record> for Record {
    type Error = Error;

    /// A record without data is empty; one without a number cannot be told from others.
    fn try_from(record: models::Record) -> Result<Self> {
        let Some(sequence_number) = record.sequence_number else {
            return Err(damaged("a record has no sequence number"));
        };
        let bytes = |value: Option<crate::values::Base64>| {
            let bytes = value.map(crate::values::Base64::into_bytes).transpose();
            bytes
                .map_err(|error| damaged(&format!("record {sequence_number}: {}", error.message())))
        };
        Ok(Self {
            sequence_number,
            data: bytes(record.data)?.unwrap_or_default(),
            client_info: bytes(record.client_info)?,
            partition_key: record.partition_key,
            arrived: moment(record.arrival_time_sec, record.arrival_time_n_sec),
        })
    }
}

fn damaged(why: &str) -> Error {
    let message = format!("the answer could not be read, {why}");
    Error::new(ErrorKind::Decode, message).with_operation("v3io", "get_records").with_doubt(false)
}

fn moment(seconds: Option<i64>, nanoseconds: Option<i64>) -> Option<UnixTime> {
    let nanoseconds = u32::try_from(nanoseconds.unwrap_or(0)).ok()?;
    UnixTime::new(seconds?, nanoseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_the_platform() {
        let check = |record: NewRecord| record.check(usize::MAX).map_err(|e| e.to_string());
        assert!(check(NewRecord::new(vec![0; MOST_DATA])).is_ok());
        let refused = check(NewRecord::new(vec![0; MOST_DATA + 1])).unwrap_err();
        assert_eq!(refused, "its data has 1048577 bytes and may have 1048576");
        assert!(check(NewRecord::new("").partition_key("k".repeat(256))).is_ok());
        let refused = check(NewRecord::new("").partition_key("é".repeat(129))).unwrap_err();
        assert_eq!(refused, "its partition key has 258 bytes and may have 256");
        let large = NewRecord::new("").client_info(vec![0; 100]);
        assert!(large.check(150).unwrap_err().to_string().contains("150 bytes"));
    }

    #[test]
    fn what_is_not_given_is_not_sent() {
        let text =
            |record: &NewRecord| serde_json::to_string(&models::NewRecord::from(record)).unwrap();
        assert_eq!(text(&"data".into()), r#"{"Data":"ZGF0YQ=="}"#);
        let full = NewRecord::new("data").shard(0).partition_key("k").client_info("info");
        let sent = r#"{"ClientInfo":"aW5mbw==","Data":"ZGF0YQ==","PartitionKey":"k","ShardId":0}"#;
        assert_eq!(text(&full), sent);
    }

    #[test]
    fn the_size_is_never_less_than_what_is_sent() {
        let odd = "\u{1}\"\\é".repeat(40);
        for length in [0, 1, 2, 3, 1000] {
            let record = NewRecord::new(vec![7; length]).client_info(vec![8; length]);
            let record = record.shard(u32::MAX).partition_key(odd.clone());
            let sent = serde_json::to_vec(&models::NewRecord::from(&record)).unwrap();
            assert!(sent.len() < record.size_on_wire());
        }
    }

    #[test]
    fn records_are_read_as_far_as_they_go() {
        let read =
            |json: &str| Record::try_from(serde_json::from_str::<models::Record>(json).unwrap());
        let bare = read(r#"{"SequenceNumber": 18446744073709551615}"#).unwrap();
        assert_eq!((bare.sequence_number, bare.data.len()), (u64::MAX, 0));
        assert_eq!((bare.arrived, bare.client_info, bare.partition_key), (None, None, None));
        let full = r#"{"SequenceNumber": 3, "ArrivalTimeSec": 7, "ArrivalTimeNSec": 999999999,
            "Data": "ZGF0YQ==", "ClientInfo": "aW5mbw==", "PartitionKey": "k", "New": 1}"#;
        let full = read(full).unwrap();
        assert_eq!(full.arrived.unwrap().to_string(), "7:999999999");
        assert_eq!((&full.data[..], full.partition_key.as_deref()), (&b"data"[..], Some("k")));
        let error = read(r#"{"SequenceNumber": 3, "Data": "?"}"#).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains("record 3: "), "{error}");
        assert!(read("{}").unwrap_err().to_string().contains("no sequence number"));
    }
}
