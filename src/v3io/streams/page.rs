//! What one read of a shard brings.

use std::fmt;
use std::time::Duration;

use super::record::Record;
use crate::error::{Error, Result};
use crate::v3io::models::GetRecordsResponse;

/// A place in a shard, as only the server understands it: from a seek or the read before.
///
/// It is text that can be kept. It stops being valid when the retention time removes the record
/// there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location(String);

impl Location {
    /// The text, as the server wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Location {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Location {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How far a reader is behind the newest record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lag {
    /// The records that are still to be read.
    pub records: u64,
    /// The time between the arrival of the last record that was read and of the newest one.
    pub time: Duration,
}

/// Records of a shard, in the order of their arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Records {
    /// The records; none at the end.
    pub records: Vec<Record>,
    /// Where the next read begins. At the end it is where this one began.
    pub next: Location,
    /// How far `next` is behind the newest record, where the server says so.
    pub lag: Option<Lag>,
}

/// Records of which some may be damaged, which must not hide the others.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) records: Vec<Result<Record>>,
    pub(super) next: Location,
    pub(super) lag: Option<Lag>,
}

impl Page {
    /// Reads the answer for this location. Without a next one there is nothing to lose as long as
    /// there are no records.
    pub(super) fn of(answer: GetRecordsResponse, at: &Location) -> Result<Self> {
        let next = answer.next_location.filter(|text| !text.is_empty()).map(Location);
        let next = match next {
            None if answer.records.is_empty() => at.clone(),
            None => {
                let message = "the server sent records and not where the next ones begin";
                return Err(Error::protocol(message).with_operation("v3io", "get_records"));
            }
            Some(next) => next,
        };
        let lag = lag(answer.records_behind_latest, answer.m_sec_behind_latest);
        let records = answer.records.into_iter().map(Record::try_from).collect();
        Ok(Self { records, next, lag })
    }

    /// Leaves out the records before this number.
    pub(super) fn leave_out_before(&mut self, number: u64) {
        let stays = |record: &Result<Record>| {
            record.as_ref().map_or(true, |record| record.sequence_number >= number)
        };
        self.records.retain(stays);
    }
}

impl TryFrom<Page> for Records {
    type Error = Error;

    fn try_from(page: Page) -> Result<Self> {
        let records = page.records.into_iter().collect::<Result<_>>()?;
        Ok(Self { records, next: page.next, lag: page.lag })
    }
}

fn lag(records: Option<i64>, milliseconds: Option<i64>) -> Option<Lag> {
    let positive = |number: Option<i64>| number.map(|number| u64::try_from(number).unwrap_or(0));
    let time = Duration::from_millis(positive(milliseconds).unwrap_or(0));
    Some(Lag { records: positive(records)?, time })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(json: &str) -> Result<Page> {
        Page::of(serde_json::from_str(json).unwrap(), &Location::from("here"))
    }

    #[test]
    fn an_empty_answer_stays_where_it_was() {
        let empty = page(r#"{"Records": []}"#).unwrap();
        assert_eq!((empty.next.as_str(), empty.lag), ("here", None));
        let moved = r#"{"Records": [], "NextLocation": "there", "RecordsBehindLatest": -1}"#;
        let moved = page(moved).unwrap();
        assert_eq!((moved.next.as_str(), moved.lag.unwrap().records), ("there", 0));
        let lost = page(r#"{"Records": [{"SequenceNumber": 1}]}"#).unwrap_err();
        assert!(lost.to_string().contains("not where the next ones begin"), "{lost}");
    }

    #[test]
    fn a_damaged_record_does_not_hide_its_neighbours() {
        let json = r#"{"NextLocation": "there", "RecordsBehindLatest": 3, "MSecBehindLatest": 1500,
            "Records": [{"SequenceNumber": 1}, {"SequenceNumber": 2, "Data": "?"}, {"SequenceNumber": 3}]}"#;
        let mut page = page(json).unwrap();
        let lag = Lag { records: 3, time: Duration::from_millis(1500) };
        assert_eq!(page.lag, Some(lag));
        assert_eq!(page.records.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
        page.leave_out_before(3);
        assert_eq!(page.records.len(), 2);
        assert!(Records::try_from(page).is_err());
    }
}
