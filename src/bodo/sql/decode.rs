//! Rows out of Parquet files.

mod leaf;
mod node;
mod scalar;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::part::Part;
use super::row::{Columns, Row};
use crate::error::{Error, ErrorKind, Result};
use leaf::Leaf;
use node::Node;

/// How many rows are handed over at once at most.
const BATCH_ROWS: usize = 1024;

/// About how many bytes are handed over at once.
const BATCH_BYTES: usize = 1 << 20;

/// Takes a part of a result apart, a batch at a time. It reads files and computes: keep it away
/// from the async threads.
pub(super) trait Decoder: Sized + Send + 'static {
    /// What is handed over at once.
    type Batch: Send + 'static;

    fn open(part: Part) -> Result<Self>;

    /// The next batch, which may be empty; `None` at the end.
    fn next(&mut self) -> Result<Option<Self::Batch>>;

    /// The names of the columns.
    fn names(&self) -> Vec<String>;

    fn rows(batch: &Self::Batch) -> u64;
}

/// Reads the rows of one file, row group by row group.
pub(super) struct RowDecoder {
    file: Box<dyn FileReader>,
    columns: Arc<Columns>,
    /// How the values of each column are put together.
    nodes: Vec<Node>,
    next_group: usize,
    /// The open row group, and how many of its rows are left.
    leaves: Vec<Leaf>,
    left: usize,
    batch: usize,
}

impl Decoder for RowDecoder {
    type Batch = Vec<Row>;

    fn open(part: Part) -> Result<Self> {
        let file = SerializedFileReader::new(part).map_err(unreadable)?;
        let schema = file.metadata().file_metadata().schema_descr_ptr();
        let fields = schema.root_schema().get_fields();
        let columns = Columns::new(fields.iter().map(|field| field.name()));
        let nodes = Node::of_columns(fields)?;
        let file = Box::new(file);
        let (leaves, left) = (Vec::new(), 0);
        Ok(Self { file, columns, nodes, next_group: 0, leaves, left, batch: BATCH_ROWS })
    }

    fn next(&mut self) -> Result<Option<Vec<Row>>> {
        while self.left == 0 {
            if self.next_group >= self.file.num_row_groups() {
                return Ok(None);
            }
            self.open_group()?;
        }
        let count = self.left.min(self.batch);
        for leaf in &mut self.leaves {
            leaf.fill(count)?;
        }
        self.left -= count;
        (0..count).map(|_| self.row()).collect::<Result<_>>().map(Some)
    }

    fn names(&self) -> Vec<String> {
        self.columns.names().map(str::to_owned).collect()
    }

    fn rows(batch: &Vec<Row>) -> u64 {
        batch.len() as u64
    }
}

impl RowDecoder {
    fn open_group(&mut self) -> Result<()> {
        let group = self.file.get_row_group(self.next_group).map_err(unreadable)?;
        self.next_group += 1;
        let metadata = group.metadata();
        self.left = usize::try_from(metadata.num_rows()).map_err(|_| damaged("a row group"))?;
        self.batch = rows_at_once(metadata, BATCH_ROWS);
        let descriptors = metadata.schema_descr().columns().iter().enumerate();
        let leaves = descriptors.map(|(index, descriptor)| {
            let reader = group.get_column_reader(index).map_err(unreadable)?;
            Leaf::new(reader, descriptor)
        });
        self.leaves = leaves.collect::<Result<_>>()?;
        Ok(())
    }

    fn row(&mut self) -> Result<Row> {
        let leaves = &mut self.leaves;
        let values = self.nodes.iter().map(|node| node.read(leaves));
        Ok(Row::new(self.columns.clone(), values.collect::<Result<_>>()?))
    }
}

/// How many rows of a row group make about a MiB, at most `most`.
pub(super) fn rows_at_once(group: &RowGroupMetaData, most: usize) -> usize {
    let bytes_per_row = group.total_byte_size() / group.num_rows().max(1);
    let bytes_per_row = usize::try_from(bytes_per_row).unwrap_or(0).max(1);
    (BATCH_BYTES / bytes_per_row).clamp(1, most)
}

/// What the Parquet reader cannot read: damaged, or written in a way that it does not know.
pub(super) fn unreadable(error: ParquetError) -> Error {
    match error {
        ParquetError::NYI(why) | ParquetError::General(why) | ParquetError::EOF(why) => {
            let codec = why.strip_prefix("Disabled feature at compile time: ");
            let message = match codec {
                Some(codec) => format!(
                    "the Parquet file is compressed with {codec}, which this client cannot read"
                ),
                None => format!("the Parquet file cannot be read: {why}"),
            };
            Error::new(ErrorKind::Decode, message)
        }
        other => Error::new(ErrorKind::Decode, format!("the Parquet file cannot be read: {other}")),
    }
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the Parquet file is damaged: {what} is not whole"))
}
