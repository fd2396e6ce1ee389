//! One shard: records in order, the oldest ones gone after the retention time.

use std::collections::VecDeque;
use std::time::Duration;

use crate::v3io::stamp::Stamp;

/// A record as it was sent: data and client information are base64.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) data: String,
    pub(super) client_info: Option<String>,
    pub(super) partition_key: Option<String>,
    pub(super) arrival: Stamp,
}

/// The records of one shard. The record with index n has the sequence number n + 1.
#[derive(Debug, Default)]
pub(in crate::v3io) struct Shard {
    records: VecDeque<Record>,
    /// The index of the oldest record that is still there.
    first: u64,
    bytes: u64,
}

impl Record {
    pub(super) fn size(&self) -> usize {
        let info = self.client_info.as_ref().map_or(0, String::len);
        self.data.len() / 4 * 3 + info / 4 * 3
    }
}

impl Shard {
    /// The sequence number of the new record.
    pub(super) fn push(&mut self, record: Record) -> u64 {
        self.bytes += record.size() as u64;
        self.records.push_back(record);
        self.last_sequence()
    }

    /// Forgets the records that are older than the retention time.
    pub(super) fn expire(&mut self, retention: Duration, now: Stamp) {
        while self.records.front().is_some_and(|record| record.arrival.plus(retention) <= now) {
            let gone = self.records.pop_front();
            self.bytes -= gone.map_or(0, |record| record.size() as u64);
            self.first += 1;
        }
    }

    /// Continues with this sequence number, as after a restore.
    pub(in crate::v3io) fn restore(&mut self, last_sequence: u64) {
        if self.records.is_empty() {
            self.first = last_sequence;
        }
    }

    /// The bytes of the records.
    pub(in crate::v3io) fn size(&self) -> u64 {
        self.bytes
    }

    pub(in crate::v3io) fn last_sequence(&self) -> u64 {
        self.end()
    }

    /// The index of the oldest record.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The index that the next record will have.
    pub(super) fn end(&self) -> u64 {
        self.first + self.records.len() as u64
    }

    /// The records from an index on; none when it lies outside.
    pub(super) fn from(&self, index: u64) -> Option<impl Iterator<Item = &Record>> {
        let skip = index.checked_sub(self.first).filter(|_| index <= self.end())?;
        Some(self.records.range(skip as usize..))
    }

    /// The index of the first record that arrived at this time or later.
    pub(super) fn at(&self, time: Stamp) -> u64 {
        self.first + self.records.partition_point(|record| record.arrival < time) as u64
    }
}
