//! One column of values in a row group, read a batch at a time.

use std::vec::IntoIter;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::schema::types::ColumnDescriptor;

use super::scalar::Scalar;
use super::{damaged, unreadable};
use crate::bodo::sql::SqlValue;
use crate::error::{Error, ErrorKind, Result};

/// One column of values in a row group. Where lists and missing values are is told by levels, one
/// of each kind per place.
pub(super) struct Leaf {
    reader: ColumnReader,
    scalar: Scalar,
    path: String,
    /// The level at which there is a value.
    full: i16,
    repeated: bool,
    values: IntoIter<SqlValue>,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    /// The present place, and how many there are.
    at: usize,
    places: usize,
}

impl Leaf {
    pub(super) fn new(reader: ColumnReader, descriptor: &ColumnDescriptor) -> Result<Self> {
        Ok(Self {
            reader,
            scalar: Scalar::of(descriptor),
            path: descriptor.path().string(),
            full: descriptor.max_def_level(),
            repeated: descriptor.max_rep_level() > 0,
            values: Vec::new().into_iter(),
            definitions: Vec::new(),
            repetitions: Vec::new(),
            at: 0,
            places: 0,
        })
    }

    /// Reads the values of so many rows, in place of those before.
    pub(super) fn fill(&mut self, rows: usize) -> Result<()> {
        self.definitions.clear();
        self.repetitions.clear();
        self.at = 0;
        let scalar = self.scalar;
        let levels = Levels {
            rows,
            definitions: (self.full > 0).then_some(&mut self.definitions),
            repetitions: self.repeated.then_some(&mut self.repetitions),
        };
        let read = match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => {
                levels.read(reader, |flag| Some(SqlValue::Bool(*flag)))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                levels.read(reader, |number| scalar.int(i64::from(*number)))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                levels.read(reader, |number| scalar.int(*number))
            }
            ColumnReader::Int96ColumnReader(reader) => {
                levels.read(reader, |parts| scalar.int96(parts.data()))
            }
            ColumnReader::FloatColumnReader(reader) => {
                levels.read(reader, |number| Some(SqlValue::Float(f64::from(*number))))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                levels.read(reader, |number| Some(SqlValue::Float(*number)))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                levels.read(reader, |bytes| scalar.bytes(bytes.data()))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                levels.read(reader, |bytes| scalar.bytes(bytes.data()))
            }
        };
        let (places, values) = read.map_err(|error| self.named(error))?;
        self.places = places;
        self.values = values.into_iter();
        Ok(())
    }

    fn named(&self, error: Error) -> Error {
        error.reworded(format!("column `{}`: {}", self.path, error.message()))
    }

    /// How much of the path to the present value is there.
    pub(super) fn definition(&self) -> i16 {
        self.definitions.get(self.at).copied().unwrap_or(self.full)
    }

    /// At which list the present place goes on; 0 at the beginning of a row, and at the end.
    pub(super) fn repetition(&self) -> i16 {
        self.repetitions.get(self.at).copied().unwrap_or(0)
    }

    /// The present value; goes on to the next place.
    pub(super) fn take(&mut self) -> Result<SqlValue> {
        let is_there = self.definition() == self.full;
        self.pass()?;
        match is_there {
            true => self.values.next().ok_or_else(|| damaged(&self.path)),
            false => Ok(SqlValue::Null),
        }
    }

    /// Goes on to the next place.
    pub(super) fn pass(&mut self) -> Result<()> {
        if self.at >= self.places {
            return Err(damaged(&self.path));
        }
        self.at += 1;
        Ok(())
    }
}

/// What is asked of a column, and where its levels go.
struct Levels<'a> {
    rows: usize,
    definitions: Option<&'a mut Vec<i16>>,
    repetitions: Option<&'a mut Vec<i16>>,
}

impl Levels<'_> {
    /// Reads whole rows; gives the number of places and the values.
    fn read<T: DataType>(
        self,
        reader: &mut ColumnReaderImpl<T>,
        value: impl Fn(&T::T) -> Option<SqlValue>,
    ) -> Result<(usize, Vec<SqlValue>)> {
        let mut raw = Vec::new();
        let read = reader.read_records(self.rows, self.definitions, self.repetitions, &mut raw);
        let (rows, _, places) = read.map_err(unreadable)?;
        if rows != self.rows {
            return Err(damaged("it"));
        }
        let values = raw.iter().map(value).collect::<Option<_>>().ok_or_else(|| {
            Error::new(ErrorKind::Decode, "a value is not of the type that the file declares")
        });
        Ok((places, values?))
    }
}
