//! Appending records: requests within the platform's limits, one after the other, and what became
//! of every record.

use std::ops::Range;

use progenitor_client::ResponseValue;

use super::Stream;
use super::record::NewRecord;
use crate::awaits::awaits;
use crate::batch::{Failure, Report};
use crate::error::{Error, ErrorKind, Result};
use crate::transport::call::call_with_head;
use crate::v3io::models::{PutRecordResult, PutRecordsRequest, PutRecordsResponse};
use crate::v3io::response::{made, sends};

/// The most records of one request (source: V3IO web-API reference, PutRecords).
const MOST_RECORDS: usize = 1000;
/// The most bytes of one request's body: the reference's "10 MB" in its smaller reading, because
/// what is above it goes into the next request (source: V3IO web-API reference, PutRecords).
const LARGEST_BODY: usize = 10_000_000;
/// The JSON around the records, generously.
const ENVELOPE: usize = 100;

/// Where a record was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The shard, from 0.
    pub shard: u32,
    /// The record's number in the shard.
    pub sequence_number: u64,
}

/// Records to be appended; `.await` appends them and gives a [`Report`].
///
/// More than 1000 records or 10 MB go as several requests, one after the other, so that the order
/// within a shard holds. Nothing is sent when one of the records is over a limit.
///
/// A record that the server refused is in `failed`, with the server's code and text. So are all
/// records of a request that failed as a whole, and those of the requests after it, which are not
/// sent. Nothing is ever stored twice by this call: a request whose answer was lost is not
/// repeated, and [`may_have_happened`](crate::Error::may_have_happened) of the error tells records
/// that may be stored from those that are not.
#[derive(Clone, Debug)]
#[must_use = "nothing is appended until it is awaited"]
pub struct PutRecords {
    stream: Stream,
    records: Vec<NewRecord>,
}

impl PutRecords {
    pub(super) fn new(stream: &Stream, records: Vec<NewRecord>) -> Self {
        Self { stream: stream.clone(), records }
    }

    async fn send(self) -> Result<Report<NewRecord, Position>> {
        self.stream.target()?;
        for (index, record) in self.records.iter().enumerate() {
            record.check(LARGEST_BODY - ENVELOPE).map_err(|error| {
                Error::invalid(format!("record {index} cannot be sent: {}", error.message()))
            })?;
        }
        let mut outcomes = Outcomes::new(&self.records);
        for range in requests(&self.records) {
            match &outcomes.broken {
                Some(cause) => outcomes.failed(range, same(cause, cause.message())),
                None => match post(&self.stream, &self.records[range.clone()]).await {
                    Ok(answer) => outcomes.answered(range, answer.into_inner()),
                    Err(error) => outcomes.broke(range, error),
                },
            }
        }
        Ok(outcomes.report)
    }
}

awaits!(PutRecords => Report<NewRecord, Position>, send);

/// A record to be appended; `.await` appends it.
///
/// A request whose answer was lost is not repeated, because the record may be stored: the error
/// says so.
#[derive(Clone, Debug)]
#[must_use = "nothing is appended until it is awaited"]
pub struct PutRecord {
    stream: Stream,
    record: NewRecord,
}

impl PutRecord {
    pub(super) fn new(stream: &Stream, record: NewRecord) -> Self {
        Self { stream: stream.clone(), record }
    }

    async fn send(self) -> Result<ResponseValue<Position>> {
        self.record.check(LARGEST_BODY - ENVELOPE).map_err(|error| {
            Error::invalid(format!("the record cannot be sent: {}", error.message()))
        })?;
        let answer = post(&self.stream, std::slice::from_ref(&self.record)).await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let result = answer.into_inner().pop().expect("as many results as records");
        Ok(made(status, &headers, position(result, &self.record)?))
    }
}

sends!(PutRecord => Position);

/// What became of the records so far.
struct Outcomes<'a> {
    records: &'a [NewRecord],
    report: Report<NewRecord, Position>,
    /// Why nothing is sent any more.
    broken: Option<Error>,
}

impl<'a> Outcomes<'a> {
    fn new(records: &'a [NewRecord]) -> Self {
        let report = Report { done: Vec::new(), failed: Vec::new() };
        Self { records, report, broken: None }
    }

    fn answered(&mut self, range: Range<usize>, results: Vec<PutRecordResult>) {
        for (index, result) in range.zip(results) {
            match position(result, &self.records[index]) {
                Ok(position) => self.report.done.push((index, position)),
                Err(error) => self.fail(index, error),
            }
        }
    }

    fn broke(&mut self, range: Range<usize>, error: Error) {
        let why = format!("not sent, because an earlier request failed: {}", error.message());
        let unsent = same(&error, &why).with_attempts(0, error.elapsed()).with_doubt(false);
        self.broken = Some(unsent);
        let stored = format!("these {} records may have been stored", range.len());
        let in_doubt = error.may_have_happened();
        self.failed(range, error.with_advice_if(in_doubt, stored));
    }

    /// Gives every record of a request the error; the original, which may have a source, to the
    /// first one.
    fn failed(&mut self, range: Range<usize>, error: Error) {
        let (first, rest) = (range.start, range.start + 1..range.end);
        let others: Vec<_> = rest.map(|index| (index, same(&error, error.message()))).collect();
        for (index, error) in std::iter::once((first, error)).chain(others) {
            self.fail(index, error);
        }
    }

    fn fail(&mut self, index: usize, error: Error) {
        let input = self.records[index].clone();
        self.report.failed.push(Failure { index, input, error });
    }
}

/// The records of each request.
fn requests(records: &[NewRecord]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut body = 0;
    for (index, record) in records.iter().enumerate() {
        let size = record.size_on_wire();
        match ranges.last_mut() {
            Some(range) if range.len() < MOST_RECORDS && body + size <= LARGEST_BODY => {
                range.end = index + 1;
                body += size;
            }
            _ => {
                ranges.push(index..index + 1);
                body = ENVELOPE + size;
            }
        }
    }
    ranges
}

/// Sends one request and gives as many results as there were records.
async fn post(
    stream: &Stream,
    records: &[NewRecord],
) -> Result<ResponseValue<Vec<PutRecordResult>>> {
    let (container, path) = stream.target()?;
    let body = PutRecordsRequest { records: records.iter().map(Into::into).collect() };
    let request = stream.client.raw().put_records().container(container).path(path);
    let answer = call_with_head(request.body(body).send()).await?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let PutRecordsResponse { records: results, .. } = answer.into_inner();
    let results = results.unwrap_or_default();
    if results.len() != records.len() {
        let (sent, told) = (records.len(), results.len());
        let message = format!(
            "the answer has {told} results for {sent} records, so it does not tell which of them \
             were stored"
        );
        let error = Error::protocol(message).with_operation("v3io", "put_records");
        return Err(error.with_status(status).with_doubt(true));
    }
    Ok(made(status, &headers, results))
}

/// Where the record is, or why it is not stored.
fn position(result: PutRecordResult, record: &NewRecord) -> Result<Position> {
    let code = result.error_code.filter(|code| *code != 0);
    let text = result.error_message.filter(|text| !text.is_empty());
    let shard = result.shard_id.and_then(|id| u32::try_from(id).ok()).or(record.shard);
    let error = match (code, result.sequence_number, shard, text) {
        (None, Some(sequence_number), Some(shard), _) => {
            return Ok(Position { shard, sequence_number });
        }
        (None, Some(number), None, _) => unclear(&format!("has number {number} in which shard")),
        (None, None, _, None) => unclear("was stored"),
        (code, _, _, text) => refused(code, text.as_deref()),
    };
    Err(error.with_operation("v3io", "put_records"))
}

fn unclear(what: &str) -> Error {
    let message = format!("the answer does not tell whether the record {what}");
    Error::protocol(message).with_doubt(true)
}

fn refused(code: Option<i64>, text: Option<&str>) -> Error {
    let text = text.unwrap_or("without a reason");
    let shown = code.map(|code| format!(" ({code})")).unwrap_or_default();
    let message = format!("the server refused the record: {text}{shown}");
    Error::new(ErrorKind::NoEffect, message).with_code(code.map(|code| code.to_string()))
}

/// The same failure for another record, in these words.
fn same(error: &Error, message: &str) -> Error {
    let mut copy = Error::new(error.kind(), message)
        .with_code(error.code().map(str::to_owned))
        .with_request_id(error.request_id().map(str::to_owned))
        .with_attempts(error.attempts(), error.elapsed())
        .with_retry_after(error.retry_after())
        .with_doubt(error.may_have_happened())
        .with_body(error.body().map(str::to_owned))
        .with_operation("v3io", "put_records");
    if let Some(status) = error.status() {
        copy = copy.with_status(status);
    }
    copy
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn result(json: &str) -> Result<Position> {
        position(serde_json::from_str(json).unwrap(), &NewRecord::new(""))
    }

    #[test]
    fn a_result_is_a_position_or_the_servers_reason() {
        let stored = result(r#"{"SequenceNumber": 7, "ShardId": 2, "ErrorCode": 0}"#).unwrap();
        assert_eq!((stored.sequence_number, stored.shard), (7, 2));
        let refused = r#"{"ErrorCode": -201326594, "ErrorMessage": "ShardIDOutOfRangeException"}"#;
        let refused = result(refused).unwrap_err();
        assert_eq!(refused.code(), Some(crate::v3io::codes::SHARD_OUT_OF_RANGE));
        assert!(refused.to_string().contains("ShardIDOutOfRangeException (-201326594)"));
        assert!(!refused.may_have_happened());
        assert!(result(r#"{"ErrorMessage": "no"}"#).unwrap_err().to_string().contains("no"));
        for unclear in ["{}", r#"{"SequenceNumber": 7}"#, r#"{"ShardId": 7}"#] {
            assert!(result(unclear).unwrap_err().may_have_happened(), "{unclear}");
        }
    }

    #[test]
    fn large_records_make_more_requests() {
        let large = vec![NewRecord::new(vec![0; 1 << 20]); 10];
        assert_eq!(requests(&large), [0..7, 7..10]);
        assert!(requests(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn requests_tile_the_records_and_keep_the_limits(
            sizes in prop::collection::vec(0usize..1 << 20, 0..40),
            small in 0usize..2500,
        ) {
            let mut records: Vec<_> =
                sizes.iter().map(|size| NewRecord::new(vec![0; *size])).collect();
            records.resize(records.len() + small, NewRecord::new(""));
            let ranges = requests(&records);
            let joined: Vec<_> = ranges.iter().flat_map(Clone::clone).collect();
            prop_assert_eq!(joined, (0..records.len()).collect::<Vec<_>>());
            for range in ranges {
                prop_assert!(range.len() <= MOST_RECORDS);
                let body: usize = records[range].iter().map(NewRecord::size_on_wire).sum();
                prop_assert!(body + ENVELOPE <= LARGEST_BODY);
            }
        }
    }
}
