//! Files of every kind, made by the low-level writer.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::json;

use super::*;
use crate::bodo::sql::SqlValue;

type Group<'a> = SerializedRowGroupWriter<'a, Vec<u8>>;

/// A file with these row groups.
fn file(schema: &str, codec: Compression, groups: &[&dyn Fn(&mut Group<'_>)]) -> Bytes {
    let schema = Arc::new(parse_message_type(&format!("message m {{ {schema} }}")).unwrap());
    let properties = WriterProperties::builder().set_compression(codec).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for fill in groups {
        let mut group = writer.next_row_group().unwrap();
        fill(&mut group);
        group.close().unwrap();
    }
    writer.into_inner().unwrap().into()
}

/// Writes the next column: its values, where they are, and where lists go on.
fn column<T: DataType>(group: &mut Group<'_>, values: &[T::T], levels: &[i16], lists: &[i16]) {
    let mut column = group.next_column().unwrap().unwrap();
    let levels = (!levels.is_empty()).then_some(levels);
    let lists = (!lists.is_empty()).then_some(lists);
    column.typed::<T>().write_batch(values, levels, lists).unwrap();
    column.close().unwrap();
}

fn read(file: Bytes) -> Result<Vec<Row>> {
    let mut decoder = RowDecoder::open(Part::Memory(file))?;
    let mut rows = Vec::new();
    while let Some(batch) = decoder.next()? {
        assert!(batch.len() <= BATCH_ROWS);
        rows.extend(batch);
    }
    Ok(rows)
}

fn texts(rows: &[Row], column: usize) -> Vec<String> {
    rows.iter().map(|row| row.values()[column].to_string()).collect()
}

/// A column of one value and a NULL, as it is read.
fn one<T: DataType>(declared: &str, value: T::T) -> SqlValue {
    let fill =
        |group: &mut Group<'_>| column::<T>(group, std::slice::from_ref(&value), &[1, 0], &[]);
    let schema = format!("optional {declared};");
    let rows = read(file(&schema, Compression::UNCOMPRESSED, &[&fill])).unwrap();
    assert_eq!((rows.len(), rows[1].values()), (2, &[SqlValue::Null][..]), "{declared}");
    rows[0].values()[0].clone()
}

fn fixed(bytes: Vec<u8>) -> FixedLenByteArray {
    FixedLenByteArray::from(bytes)
}

#[test]
fn numbers_are_exact() {
    let big = (1 << 53) + 1;
    assert_eq!(one::<Int64Type>("int64 x", big), SqlValue::Int(9_007_199_254_740_993));
    assert_eq!(one::<Int64Type>("int64 x (INTEGER(64, false))", -1), SqlValue::UInt(u64::MAX));
    assert_eq!(one::<Int32Type>("int32 x (INTEGER(32, false))", -1), SqlValue::Int(4_294_967_295));
    assert_eq!(one::<Int32Type>("int32 x (INT_8)", -8), SqlValue::Int(-8));
    assert_eq!(one::<BoolType>("boolean x", true), SqlValue::Bool(true));
    assert_eq!(one::<FloatType>("float x", 0.5), SqlValue::Float(0.5));
    assert_eq!(one::<DoubleType>("double x", 0.1), SqlValue::Float(0.1));
    let decimal = |text: &str| SqlValue::Decimal(text.into());
    assert_eq!(one::<Int32Type>("int32 x (DECIMAL(9, 2))", -5), decimal("-0.05"));
    assert_eq!(one::<Int64Type>("int64 x (DECIMAL(18, 0))", 7), decimal("7"));
    let most = 10_i128.pow(38) - 1;
    let bytes = fixed(most.to_be_bytes().to_vec());
    let read = one::<FixedLenByteArrayType>("fixed_len_byte_array(16) x (DECIMAL(38, 10))", bytes);
    assert_eq!(read, decimal("9999999999999999999999999999.9999999999"));
    let bytes = ByteArray::from(vec![0xff, 0x85]);
    assert_eq!(one::<ByteArrayType>("byte_array x (DECIMAL(10, 2))", bytes), decimal("-1.23"));
}

#[test]
fn dates_and_times_are_read_in_every_unit() {
    let text = |value: SqlValue| value.to_string();
    assert_eq!(text(one::<Int32Type>("int32 x (DATE)", 19_753)), "2024-01-31");
    assert_eq!(text(one::<Int32Type>("int32 x (TIME(MILLIS, true))", 1_500)), "00:00:01.500");
    assert_eq!(text(one::<Int64Type>("int64 x (TIME(NANOS, true))", 1)), "00:00:00.000000001");
    let local = one::<Int64Type>("int64 x (TIMESTAMP(NANOS, false))", 1_706_697_000_000_000_001);
    assert_eq!(text(local), "2024-01-31T10:30:00.000000001");
    let zoned = one::<Int64Type>("int64 x (TIMESTAMP(MICROS, true))", 1_706_697_000_500_000);
    assert_eq!(text(zoned), "2024-01-31T10:30:00.500Z");
    assert_eq!(
        text(one::<Int64Type>("int64 x (TIMESTAMP_MILLIS)", -1)),
        "1969-12-31T23:59:59.999Z"
    );
    let mut old = Int96::new();
    old.set_data(1_000, 0, 2_460_341);
    assert_eq!(text(one::<Int96Type>("int96 x", old)), "2024-01-31T00:00:00.000001");
}

#[test]
fn texts_and_bytes_are_told_apart() {
    let bytes = || ByteArray::from("ä".as_bytes().to_vec());
    assert_eq!(one::<ByteArrayType>("byte_array x (UTF8)", bytes()), "ä".into());
    assert_eq!(one::<ByteArrayType>("byte_array x (JSON)", bytes()), "ä".into());
    assert_eq!(one::<ByteArrayType>("byte_array x", bytes()), "ä".as_bytes().into());
    let id = one::<FixedLenByteArrayType>("fixed_len_byte_array(16) x (UUID)", fixed(vec![1; 16]));
    assert_eq!(id, "01010101-0101-0101-0101-010101010101".into());
    let fixed = one::<FixedLenByteArrayType>("fixed_len_byte_array(2) x", fixed(vec![1, 2]));
    assert_eq!(fixed, SqlValue::Binary(vec![1, 2].into()));
}

#[test]
fn text_that_is_none_is_an_error_that_names_the_column() {
    let bad = |group: &mut Group<'_>| {
        column::<ByteArrayType>(group, &[ByteArray::from(vec![0xff])], &[], &[]);
    };
    let error = read(file("required byte_array x (UTF8);", Compression::UNCOMPRESSED, &[&bad]));
    let error = error.unwrap_err().to_string();
    assert_eq!(error, "column `x`: a value is not of the type that the file declares");
}

#[test]
fn row_groups_and_batches_follow_one_another_with_every_codec() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ];
    let group = |from: i64, to: i64| {
        move |group: &mut Group<'_>| {
            let values: Vec<_> = (from..to).filter(|n| n % 3 != 0).collect();
            let levels: Vec<_> = (from..to).map(|n| i16::from(n % 3 != 0)).collect();
            column::<Int64Type>(group, &values, &levels, &[]);
        }
    };
    for codec in codecs {
        let groups: [&dyn Fn(&mut Group<'_>); 4] =
            [&group(0, 1500), &group(1500, 1500), &group(1500, 1501), &group(1501, 4000)];
        let rows = read(file("optional int64 n;", codec, &groups)).unwrap();
        assert_eq!(rows.len(), 4000, "{codec}");
        for (n, row) in rows.iter().enumerate() {
            let expected = (n % 3 != 0).then_some(n as i64);
            assert_eq!(row.get::<Option<i64>>("n").unwrap(), expected, "{codec}");
        }
    }
}

#[test]
fn files_without_rows_and_rows_of_nothing_but_null() {
    let schema = "optional int64 n; optional byte_array t (UTF8);";
    assert_eq!(read(file(schema, Compression::SNAPPY, &[])).unwrap(), []);
    let nulls = |group: &mut Group<'_>| {
        column::<Int64Type>(group, &[], &[0, 0], &[]);
        column::<ByteArrayType>(group, &[], &[0, 0], &[]);
    };
    let rows = read(file(schema, Compression::SNAPPY, &[&nulls])).unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.values().iter().all(SqlValue::is_null)));
}

#[test]
fn columns_of_one_name_are_both_there() {
    let both = |group: &mut Group<'_>| {
        column::<Int64Type>(group, &[1], &[], &[]);
        column::<ByteArrayType>(group, &[ByteArray::from("two")], &[], &[]);
    };
    let schema = "required int64 x; required byte_array x (UTF8);";
    let rows = read(file(schema, Compression::SNAPPY, &[&both])).unwrap();
    assert_eq!(rows[0].values(), [1.into(), "two".into()]);
    assert_eq!((rows[0].get::<i64>("x").unwrap(), rows[0].get::<&str>(1).unwrap()), (1, "two"));
}

#[test]
fn lists_are_whole_empty_or_missing() {
    let schema = "optional group l (LIST) { repeated group list { optional int64 element; } }
                  required int64 after;";
    // [1, NULL, 2], [], NULL, [NULL]
    let lists = |group: &mut Group<'_>| {
        column::<Int64Type>(group, &[1, 2], &[3, 2, 3, 1, 0, 2], &[0, 1, 1, 0, 0, 0]);
        column::<Int64Type>(group, &[1, 2, 3, 4], &[], &[]);
    };
    let rows = read(file(schema, Compression::SNAPPY, &[&lists])).unwrap();
    assert_eq!(texts(&rows, 0), ["[1,null,2]", "[]", "NULL", "[null]"]);
    assert_eq!(texts(&rows, 1), ["1", "2", "3", "4"]);
}

#[test]
fn lists_in_lists_and_lists_of_structs() {
    let schema = "optional group l (LIST) { repeated group list {
                    optional group element (LIST) { repeated group list { required int64 element; } } } }
                  required group s (LIST) { repeated group list { required group element {
                    required int64 a; optional byte_array b (UTF8); } } }";
    // [[1, 2], []], [NULL, [3]], []
    let nested = |group: &mut Group<'_>| {
        let lists = [0, 2, 1, 0, 1, 0];
        column::<Int64Type>(group, &[1, 2, 3], &[4, 4, 3, 2, 4, 1], &lists);
        column::<Int64Type>(group, &[1, 2, 3], &[1, 1, 0, 1], &[0, 1, 0, 0]);
        column::<ByteArrayType>(group, &[ByteArray::from("x")], &[2, 1, 0, 1], &[0, 1, 0, 0]);
    };
    let rows = read(file(schema, Compression::SNAPPY, &[&nested])).unwrap();
    assert_eq!(texts(&rows, 0), ["[[1,2],[]]", "[null,[3]]", "[]"]);
    let structs = [r#"[{"a":1,"b":"x"},{"a":2,"b":null}]"#, "[]", r#"[{"a":3,"b":null}]"#];
    assert_eq!(texts(&rows, 1), structs);
}

#[test]
fn maps_and_structs() {
    let schema = "optional group m (MAP) { repeated group key_value {
                    required byte_array key (UTF8); optional int64 value; } }
                  optional group s { optional int64 a; required group t { required boolean b; } }";
    let groups = |group: &mut Group<'_>| {
        let keys = [ByteArray::from("x"), ByteArray::from("y")];
        column::<ByteArrayType>(group, &keys, &[2, 2, 1, 0], &[0, 1, 0, 0]);
        column::<Int64Type>(group, &[1], &[3, 2, 1, 0], &[0, 1, 0, 0]);
        column::<Int64Type>(group, &[7], &[2, 1, 0], &[]);
        column::<BoolType>(group, &[true, false], &[1, 1, 0], &[]);
    };
    let rows = read(file(schema, Compression::SNAPPY, &[&groups])).unwrap();
    let json: Vec<_> = rows.iter().map(Row::to_json).collect();
    assert_eq!(json[0], json!({"m": {"x": 1, "y": null}, "s": {"a": 7, "t": {"b": true}}}));
    assert_eq!(json[1], json!({"m": {}, "s": {"a": null, "t": {"b": false}}}));
    assert_eq!(json[2], json!({"m": null, "s": null}));
}

#[test]
fn lists_of_older_writers() {
    let schema = "repeated int64 bare;
                  optional group two (LIST) { repeated int64 array; }
                  optional group tuple (LIST) { repeated group tuple_tuple { required int64 a; } }";
    let old = |group: &mut Group<'_>| {
        column::<Int64Type>(group, &[1, 2], &[1, 1, 0], &[0, 1, 0]);
        column::<Int64Type>(group, &[3, 4], &[2, 2, 0], &[0, 1, 0]);
        column::<Int64Type>(group, &[5], &[2, 1], &[0, 0]);
    };
    let rows = read(file(schema, Compression::SNAPPY, &[&old])).unwrap();
    let json: Vec<_> = rows.iter().map(Row::to_json).collect();
    assert_eq!(json[0], json!({"bare": [1, 2], "two": [3, 4], "tuple": [{"a": 5}]}));
    assert_eq!(json[1], json!({"bare": [], "two": null, "tuple": []}));
}

#[test]
fn large_rows_come_in_small_batches() {
    let long = ByteArray::from(vec![b'x'; 100_000]);
    let fill = |group: &mut Group<'_>| {
        // Different ones, which no dictionary makes small.
        let values: Vec<_> =
            (0..100_u8).map(|n| ByteArray::from([&[n][..], &long.data()[1..]].concat())).collect();
        column::<ByteArrayType>(group, &values, &[], &[]);
    };
    let file = file("required byte_array x;", Compression::UNCOMPRESSED, &[&fill]);
    let mut decoder = RowDecoder::open(Part::Memory(file)).unwrap();
    assert!(decoder.next().unwrap().unwrap().len() <= 11);
}

#[test]
fn what_is_no_parquet_is_an_error() {
    for bytes in [&b""[..], b"<Error>AccessDenied</Error>", b"PAR1....PAR1"] {
        let error = RowDecoder::open(Part::Memory(Bytes::from_static(bytes))).err().unwrap();
        assert!(error.to_string().starts_with("the Parquet file cannot be read"), "{error}");
    }
    let missing = ParquetError::General("Disabled feature at compile time: brotli".to_owned());
    assert_eq!(
        unreadable(missing).to_string(),
        "the Parquet file is compressed with brotli, which this client cannot read"
    );
}
