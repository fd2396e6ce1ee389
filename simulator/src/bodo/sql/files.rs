//! Tables as Parquet files: snappy-compressed, every column optional, with logical types.

use std::ops::Range;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::cell::Cell;
use super::kind::Kind;
use super::table::Column;

/// A larger file has several row groups.
const ROWS_PER_GROUP: usize = 50_000;
/// Room for the 38 digits of the longest decimal.
const DECIMAL_BYTES: i32 = 16;

/// Files of at most `rows_per_file` of the `rows` rows.
pub(super) fn write(columns: &[Column], rows: usize, rows_per_file: usize) -> Vec<Vec<u8>> {
    parts(0..rows, rows_per_file)
        .map(|part| file(columns, part).expect("columns hold what their types say"))
        .collect()
}

fn parts(rows: Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    let end = rows.end;
    rows.step_by(size).map(move |start| start..end.min(start + size))
}

fn file(columns: &[Column], rows: Range<usize>) -> Result<Vec<u8>, ParquetError> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema(columns)?, Arc::new(properties))?;
    for rows in parts(rows, ROWS_PER_GROUP) {
        let mut group = file.next_row_group()?;
        for column in columns {
            if let Some(mut writer) = group.next_column()? {
                write_column(&mut writer, column.kind, &column.cells[rows.clone()])?;
                writer.close()?;
            }
        }
        group.close()?;
    }
    file.into_inner()
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let fields = columns.iter().map(|column| field(&column.name, column.kind).map(Arc::new));
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("schema").with_fields(fields).build().map(Arc::new)
}

fn field(name: &str, kind: Kind) -> Result<Type, ParquetError> {
    let (physical, logical) = types(kind);
    let builder = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    match kind {
        Kind::Decimal { precision, scale } => builder
            .with_length(DECIMAL_BYTES)
            .with_precision(precision.into())
            .with_scale(scale.into())
            .build(),
        _ => builder.build(),
    }
}

fn types(kind: Kind) -> (Physical, Option<LogicalType>) {
    match kind {
        Kind::Null => (Physical::INT32, Some(LogicalType::Unknown)),
        Kind::Bool => (Physical::BOOLEAN, None),
        Kind::Int(64) => (Physical::INT64, None),
        Kind::Int(bits) => (Physical::INT32, Some(LogicalType::integer(bits as i8, true))),
        Kind::Double => (Physical::DOUBLE, None),
        Kind::Decimal { precision, scale } => {
            let logical = LogicalType::decimal(scale.into(), precision.into());
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(logical))
        }
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Binary => (Physical::BYTE_ARRAY, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Time => (Physical::INT64, Some(LogicalType::time(false, TimeUnit::MICROS))),
        Kind::Timestamp { utc } => {
            (Physical::INT64, Some(LogicalType::timestamp(utc, TimeUnit::MICROS)))
        }
    }
}

fn write_column(
    writer: &mut SerializedColumnWriter<'_>,
    kind: Kind,
    cells: &[Cell],
) -> Result<(), ParquetError> {
    match kind {
        Kind::Bool => put::<BoolType>(writer, cells, |cell| int(cell) != 0),
        Kind::Int(64) | Kind::Time | Kind::Timestamp { .. } => put::<Int64Type>(writer, cells, int),
        Kind::Null | Kind::Int(_) | Kind::Date => {
            put::<Int32Type>(writer, cells, |cell| int(cell) as i32)
        }
        Kind::Double => put::<DoubleType>(writer, cells, double),
        Kind::Decimal { .. } => put::<FixedLenByteArrayType>(writer, cells, |cell| {
            FixedLenByteArray::from(decimal(cell).to_be_bytes().to_vec())
        }),
        Kind::Text | Kind::Binary => put::<ByteArrayType>(writer, cells, bytes),
    }
}

/// Writes the values that there are, and which of them are NULL.
fn put<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    cells: &[Cell],
    value: impl Fn(&Cell) -> T::T,
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(*cell != Cell::Null)).collect();
    let values: Vec<T::T> = cells.iter().filter(|cell| **cell != Cell::Null).map(value).collect();
    writer.typed::<T>().write_batch(&values, Some(&levels), None)?;
    Ok(())
}

fn int(cell: &Cell) -> i64 {
    if let Cell::Int(number) = cell { *number } else { 0 }
}

fn decimal(cell: &Cell) -> i128 {
    if let Cell::Decimal(unscaled) = cell { *unscaled } else { 0 }
}

fn double(cell: &Cell) -> f64 {
    if let Cell::Float(number) = cell { *number } else { f64::NAN }
}

fn bytes(cell: &Cell) -> ByteArray {
    match cell {
        Cell::Text(text) => text.as_bytes().to_vec().into(),
        Cell::Bytes(bytes) => bytes.to_vec().into(),
        _ => ByteArray::from(Vec::new()),
    }
}
