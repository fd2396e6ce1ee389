//! Cuts the inputs of a run into chunks.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

use super::ids::Ids;
use super::source::Source;
use crate::error::{Error, Result};

/// What all chunks of a run share, as JSON text.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// The names of the columns, when the inputs are rows.
    pub(super) header: Option<String>,
    pub(super) parameters: Option<String>,
    pub(super) summary: Option<String>,
}

impl Shape {
    /// Tells apart runs whose chunks would not be the same.
    pub(super) fn fingerprint(&self) -> u32 {
        crc32fast::hash(format!("{self:?}").as_bytes())
    }
}

/// How large a chunk may become: one record at least, whatever its size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) records: u64,
    pub(super) bytes: usize,
}

/// A chunk that was cut off the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) number: u64,
    /// The number of its first record.
    pub(super) first: u64,
    pub(super) records: u64,
    /// Of its inputs.
    pub(super) crc32: u32,
}

/// The inputs, as far as they were not cut yet.
pub(super) struct Feed {
    source: Box<dyn Source>,
    shape: Shape,
    ids: Ids,
    /// The next chunk's number and its first record's.
    number: u64,
    first: u64,
    /// The chunk in the making, and where its inputs begin.
    text: Vec<u8>,
    start: usize,
    records: u64,
    /// A record that was one too many for the last chunk.
    held: Vec<u8>,
    ended: bool,
    patience: Option<Pin<Box<Sleep>>>,
}

impl Feed {
    pub(super) fn new(source: Box<dyn Source>, shape: Shape, ids: Ids) -> Self {
        Self {
            source,
            shape,
            ids,
            number: 0,
            first: 0,
            text: Vec::new(),
            start: 0,
            records: 0,
            held: Vec::new(),
            ended: false,
            patience: None,
        }
    }

    /// How many records were cut so far.
    pub(super) fn reached(&self) -> u64 {
        self.first
    }

    /// The next chunk and its text; `None` at the end of the inputs. Once it has a record, it does
    /// not wait longer than `patience` for others. Nothing is lost when the wait is dropped.
    pub(super) async fn next_chunk(
        &mut self,
        size: Size,
        patience: Option<Duration>,
    ) -> Result<Option<(Cut, Vec<u8>)>> {
        self.patience = None;
        poll_fn(|cx| self.poll_fill(cx, size, patience)).await?;
        Ok((self.records > 0).then(|| self.cut()))
    }

    /// Whether there are no more records.
    pub(super) async fn is_at_end(&mut self) -> Result<bool> {
        if self.records == 0 && self.held.is_empty() && !self.ended {
            let mut record = Vec::new();
            let next = poll_fn(|cx| self.source.poll_append(cx, &mut record)).await.transpose();
            self.ended = next.map_err(|error| self.placed(error))?.is_none();
            if !self.ended {
                self.check(&record)?;
            }
            self.held = record;
        }
        Ok(self.ended && self.records == 0 && self.held.is_empty())
    }

    fn poll_fill(
        &mut self,
        cx: &mut Context<'_>,
        size: Size,
        patience: Option<Duration>,
    ) -> Poll<Result<()>> {
        while self.records < size.records && (!self.ended || !self.held.is_empty()) {
            let before = self.open_record();
            match self.poll_record(cx) {
                Poll::Ready(Some(Ok(()))) => {}
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(self.placed(error))),
                Poll::Ready(None) => {
                    self.text.truncate(before);
                    self.ended = true;
                    break;
                }
                Poll::Pending => {
                    self.text.truncate(before);
                    return self.poll_patience(cx, patience);
                }
            }
            let separated = self.records > 0 || self.shape.header.is_some();
            self.check(&self.text[before + usize::from(separated)..])?;
            if self.records > 0 && self.text.len() > size.bytes {
                self.held = self.text.split_off(before + 1);
                self.text.truncate(before);
                break;
            }
            self.records += 1;
        }
        Poll::Ready(Ok(()))
    }

    /// Makes the text ready for a record and tells how long it was before.
    fn open_record(&mut self) -> usize {
        if self.records == 0 {
            self.text.clear();
            let id = self.ids.id(self.number);
            self.text
                .extend_from_slice(format!("{{\"id\":\"{id}\",\"data\":{{\"inputs\":").as_bytes());
            self.start = self.text.len();
            self.text.push(b'[');
            self.text
                .extend_from_slice(self.shape.header.as_deref().unwrap_or_default().as_bytes());
        }
        let before = self.text.len();
        if self.records > 0 || self.shape.header.is_some() {
            self.text.push(b',');
        }
        before
    }

    fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<()>>> {
        if self.held.is_empty() {
            return self.source.poll_append(cx, &mut self.text);
        }
        self.text.append(&mut self.held);
        Poll::Ready(Some(Ok(())))
    }

    fn poll_patience(&mut self, cx: &mut Context<'_>, limit: Option<Duration>) -> Poll<Result<()>> {
        let Some(limit) = limit.filter(|_| self.records > 0) else { return Poll::Pending };
        let timer = self.patience.get_or_insert_with(|| Box::pin(sleep(limit)));
        timer.as_mut().poll(cx).map(Ok)
    }

    /// Refuses what is neither an object nor a row under a header.
    fn check(&self, record: &[u8]) -> Result<()> {
        let advice = match (record.first(), self.shape.header.is_some()) {
            (Some(b'{'), false) | (Some(b'['), true) => return Ok(()),
            (Some(b'['), false) => "name the columns of rows with `header`",
            (_, true) => "with a header, inputs are rows: lists of values",
            (_, false) => "inputs are objects, or rows with a header",
        };
        let number = self.first + self.records;
        Err(Error::invalid(format!("record {number} cannot be calculated")).with_advice(advice))
    }

    fn placed(&self, error: Error) -> Error {
        error.with_advice(format!("it is record {}", self.first + self.records))
    }

    fn cut(&mut self) -> (Cut, Vec<u8>) {
        let mut text = std::mem::take(&mut self.text);
        text.push(b']');
        let crc32 = crc32fast::hash(&text[self.start..]);
        let shared = [("parameters", &self.shape.parameters), ("summary", &self.shape.summary)];
        for (name, value) in shared {
            if let Some(value) = value {
                text.extend_from_slice(format!(",\"{name}\":{value}").as_bytes());
            }
        }
        let records = std::mem::take(&mut self.records);
        text.extend_from_slice(format!("}},\"size\":{records}}}").as_bytes());
        let cut = Cut { number: self.number, first: self.first, records, crc32 };
        self.number += 1;
        self.first += records;
        (cut, text)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::source::Records;
    use super::*;

    const UNBOUNDED: usize = usize::MAX;

    fn feed(records: Vec<Value>, header: Option<&str>) -> Feed {
        let stream = stream::iter(records.into_iter().map(Ok::<_, std::io::Error>));
        let shape = Shape { header: header.map(str::to_owned), ..Shape::default() };
        Feed::new(Box::new(Records::new(stream)), shape, Ids::of(7))
    }

    async fn all(mut feed: Feed, size: Size) -> Vec<(Cut, Value)> {
        let mut chunks = Vec::new();
        while let Some((cut, text)) = feed.next_chunk(size, None).await.unwrap() {
            chunks.push((cut, serde_json::from_slice(&text).unwrap()));
        }
        assert!(feed.is_at_end().await.unwrap());
        chunks
    }

    fn run<T>(work: impl Future<Output = T>) -> T {
        let builder = &mut tokio::runtime::Builder::new_current_thread();
        builder.enable_time().start_paused(true).build().unwrap().block_on(work)
    }

    proptest! {
        #[test]
        fn every_record_is_in_one_chunk(
            lengths in prop::collection::vec(0usize..60, 0..80),
            records in 1u64..12,
            bytes in prop_oneof![Just(UNBOUNDED), 100usize..400],
            rows in any::<bool>(),
        ) {
            let record = |n: &usize| if rows { json!(["x".repeat(*n)]) } else { json!({"a": n}) };
            let inputs: Vec<_> = lengths.iter().map(record).collect();
            let feed = feed(inputs.clone(), rows.then_some("[\"a\"]"));
            let chunks = run(all(feed, Size { records, bytes }));
            let mut seen = Vec::new();
            for (number, (cut, chunk)) in chunks.iter().enumerate() {
                prop_assert_eq!((cut.number, cut.first), (number as u64, seen.len() as u64));
                prop_assert_eq!(chunk["id"].as_str().unwrap(), Ids::of(7).id(cut.number));
                prop_assert_eq!(chunk["size"].as_u64(), Some(cut.records));
                prop_assert!(cut.records <= records);
                let inputs = chunk["data"]["inputs"].as_array().unwrap();
                seen.extend_from_slice(&inputs[usize::from(rows)..]);
            }
            prop_assert_eq!(seen, inputs);
        }
    }

    #[test]
    fn a_slow_source_does_not_hold_back_what_is_there() {
        let slow = stream::iter([1, 2]).chain(stream::once(async {
            sleep(Duration::from_secs(60)).await;
            3
        }));
        let records = slow.map(|n| Ok::<_, std::io::Error>(json!({ "n": n })));
        let mut feed = Feed::new(Box::new(Records::new(records)), Shape::default(), Ids::of(7));
        run(async {
            let size = Size { records: 100, bytes: UNBOUNDED };
            let patience = Some(Duration::from_millis(100));
            let cut = feed.next_chunk(size, patience).await.unwrap().unwrap().0;
            assert_eq!((cut.first, cut.records), (0, 2));
            let cut = feed.next_chunk(size, patience).await.unwrap().unwrap().0;
            assert_eq!((cut.first, cut.records), (2, 1));
            assert!(feed.next_chunk(size, patience).await.unwrap().is_none());
        });
    }

    #[test]
    fn what_is_no_record_is_refused_with_its_number() {
        let cases = [(None, json!(5)), (None, json!([5])), (Some("[\"a\"]"), json!({"a": 5}))];
        for (header, wrong) in cases {
            let good = if header.is_some() { json!([1]) } else { json!({"a": 1}) };
            let mut feed = feed(vec![good, wrong], header);
            let size = Size { records: 9, bytes: UNBOUNDED };
            let error = run(feed.next_chunk(size, None)).unwrap_err().to_string();
            assert!(error.starts_with("record 1 cannot"), "{error}");
        }
    }
}
