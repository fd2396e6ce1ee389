//! Results as record batches of Arrow.

use std::fmt;
use std::mem::discriminant;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow_schema::{ArrowError, Field, Schema};
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::decode::{Decoder, rows_at_once, unreadable};
use super::part::Part;
use super::row::Row;
use super::rows::{Origin, Rows};
use super::{SqlValue, parts};
use crate::error::{Error, ErrorKind, Result};

/// The most rows of a batch.
const BATCH_ROWS: usize = 8192;

/// A result as record batches of Arrow, in order, as they come; made by [`Rows::into_batches`].
///
/// What is here at once, how failures are met and what is checked is as with [`Rows`]; a failure
/// ends the batches. A batch has at most 8,192 rows and about 1 MiB. The schema is that of the
/// files; a result that came without files has text, 64-bit and boolean columns.
#[must_use = "batches are asked for when they are taken"]
pub struct Batches {
    stream: BoxStream<'static, Result<RecordBatch>>,
}

impl Batches {
    pub(super) fn new(rows: Rows) -> Result<Self> {
        let stream = match rows.untouched()? {
            (Origin::Files(links), num_rows) => parts::batches::<ArrowDecoder>(links, num_rows),
            (Origin::Inline(rows), _) => stream::iter(batch(&rows)?.map(Ok)).boxed(),
        };
        Ok(Self { stream })
    }

    /// The next batch; `None` at the end.
    pub async fn try_next(&mut self) -> Result<Option<RecordBatch>> {
        self.stream.next().await.transpose()
    }

    /// All batches that are left, which must fit in memory.
    pub async fn collect_all(mut self) -> Result<Vec<RecordBatch>> {
        let mut all = Vec::new();
        while let Some(batch) = self.try_next().await? {
            all.push(batch);
        }
        Ok(all)
    }
}

impl Stream for Batches {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.stream.poll_next_unpin(cx)
    }
}

impl fmt::Debug for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").finish_non_exhaustive()
    }
}

/// Reads the batches of one file.
struct ArrowDecoder {
    names: Vec<String>,
    reader: ParquetRecordBatchReader,
}

impl Decoder for ArrowDecoder {
    type Batch = RecordBatch;

    fn open(part: Part) -> Result<Self> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(part).map_err(unreadable)?;
        let fields = builder.schema().fields().iter();
        let names = fields.map(|field| field.name().clone()).collect();
        let groups = builder.metadata().row_groups().iter();
        let rows = groups.map(|group| rows_at_once(group, BATCH_ROWS)).min().unwrap_or(BATCH_ROWS);
        let reader = builder.with_batch_size(rows).build().map_err(unreadable)?;
        Ok(Self { names, reader })
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.reader.next().transpose().map_err(refused)
    }

    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn rows(batch: &RecordBatch) -> u64 {
        batch.num_rows() as u64
    }
}

fn refused(error: ArrowError) -> Error {
    Error::new(ErrorKind::Decode, format!("the Parquet file cannot be read: {error}"))
}

/// The rows of a result that came without files; `None` without rows.
fn batch(rows: &[Row]) -> Result<Option<RecordBatch>> {
    let Some(first) = rows.first() else { return Ok(None) };
    let columns: Vec<_> = (0..first.len()).map(|index| array(rows, index)).collect();
    let fields: Vec<_> = first
        .columns()
        .zip(&columns)
        .map(|(name, array)| Field::new(name, array.data_type().clone(), true))
        .collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let schema = Arc::new(Schema::new(fields));
    RecordBatch::try_new_with_options(schema, columns, &options).map(Some).map_err(refused)
}

/// A column of numbers or booleans where all of its values are, and else of texts.
fn array(rows: &[Row], index: usize) -> ArrayRef {
    let values = || rows.iter().map(|row| &row.values()[index]);
    let first = values().find(|value| !value.is_null());
    let is_of_one_kind = |first: &&SqlValue| {
        values().all(|value| value.is_null() || discriminant(value) == discriminant(*first))
    };
    match first.filter(is_of_one_kind) {
        Some(SqlValue::Int(_)) => Arc::new(values().map(whole).collect::<Int64Array>()),
        Some(SqlValue::Float(_)) => Arc::new(values().map(float).collect::<Float64Array>()),
        Some(SqlValue::Bool(_)) => Arc::new(values().map(flag).collect::<BooleanArray>()),
        _ => Arc::new(values().map(text).collect::<StringArray>()),
    }
}

fn whole(value: &SqlValue) -> Option<i64> {
    match value {
        SqlValue::Int(number) => Some(*number),
        _ => None,
    }
}

fn float(value: &SqlValue) -> Option<f64> {
    match value {
        SqlValue::Float(number) => Some(*number),
        _ => None,
    }
}

fn flag(value: &SqlValue) -> Option<bool> {
    match value {
        SqlValue::Bool(flag) => Some(*flag),
        _ => None,
    }
}

fn text(value: &SqlValue) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}
