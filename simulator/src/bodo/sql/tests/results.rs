//! Names, metadata, text and Parquet.

use bytes::Bytes;
use parquet::basic::{LogicalType, TimeUnit};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use serde_json::json;

use super::{rows, schema};

#[test]
fn the_text_of_a_literal_is_its_name() {
    let table = rows("SELECT 1");
    assert_eq!(table.json_rows(), [json!({"1": 1})]);
    assert_eq!(
        table.metadata(),
        json!({"num_rows": 1, "schema": [
            {"name": "1", "type": "INT64", "precision": 19, "scale": 0, "nullable": true},
        ]})
    );
}

#[test]
fn a_translated_expression_keeps_its_name() {
    let table = rows(
        "SELECT '7'::int, NVL( NULL, 2 ), CAST('1' AS INT) + 1 n, x::int AS y FROM (SELECT 3.4::int x)",
    );
    assert_eq!(schema(&table, "name"), ["'7'::int", "NVL( NULL, 2 )", "n", "y"]);
    assert_eq!(table.json_rows()[0]["y"], 3);
}

#[test]
fn text_is_aligned_and_short() {
    assert_eq!(
        rows("SELECT 10 AS n, 'a' AS word UNION ALL SELECT 5, NULL").text(),
        " n  word\n10  a\n 5  NULL\n"
    );
    let long = rows("SELECT o_orderkey FROM orders").text();
    assert_eq!(long.lines().count(), 13);
    assert!(long.ends_with("[100 rows x 1 columns]\n"));
}

#[test]
fn parquet_files_hold_all_rows_in_order() {
    let table = rows("SELECT o_orderkey, o_comment FROM orders ORDER BY o_orderkey");
    let files = table.parquet(30);
    assert_eq!(files.len(), 4);
    let mut keys = Vec::new();
    let mut nulls = 0;
    for file in files {
        let reader = SerializedFileReader::new(Bytes::from(file)).expect("a Parquet file");
        for row in reader.get_row_iter(None).expect("rows") {
            let row = row.expect("a row");
            keys.push(row.get_long(0).expect("a key"));
            nulls += usize::from(row.get_string(1).is_err());
        }
    }
    assert_eq!(keys, (1..=100).collect::<Vec<_>>());
    assert_eq!(nulls, 20);
    assert!(rows("SELECT 1 AS x WHERE 1 = 0").parquet(10).is_empty());
}

#[test]
fn seeds_have_rows_and_nulls() {
    for (table, column, count) in [
        ("customers", "c_phone", 25),
        ("customers", "c_badge", 25),
        ("orders", "o_shipped", 100),
        ("orders", "o_slot", 100),
        ("lineitems", "l_shipdate", 250),
        ("lineitems", "l_returned", 250),
    ] {
        let text = format!("SELECT COUNT(*) AS n, COUNT({column}) AS there FROM {table}");
        let counts = &rows(&text).json_rows()[0];
        assert_eq!(counts["n"], count, "{table}");
        let there = counts["there"].as_i64().expect("a number");
        assert!(0 < there && there < count, "{column}: {there}");
    }
}

#[test]
fn parquet_files_have_logical_types_and_row_groups() {
    let table = rows(
        "SELECT o_total, o_orderdate, o_created, o_shipped, o_slot, o_comment, TRUE, NULL AS n
        FROM orders",
    );
    let file = Bytes::from(table.parquet(100).remove(0));
    let reader = SerializedFileReader::new(file).expect("a Parquet file");
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let logical: Vec<_> = schema.columns().iter().map(|column| column.logical_type_ref()).collect();
    assert_eq!(
        logical,
        [
            Some(&LogicalType::decimal(2, 12)),
            Some(&LogicalType::Date),
            Some(&LogicalType::timestamp(false, TimeUnit::MICROS)),
            Some(&LogicalType::timestamp(true, TimeUnit::MICROS)),
            Some(&LogicalType::time(false, TimeUnit::MICROS)),
            Some(&LogicalType::String),
            None,
            Some(&LogicalType::Unknown),
        ]
    );
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
        SELECT i FROM n";
    let file = Bytes::from(rows(many).parquet(usize::MAX).remove(0));
    let reader = SerializedFileReader::new(file).expect("a Parquet file");
    assert_eq!(reader.num_row_groups(), 2);
}
