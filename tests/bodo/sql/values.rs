//! Values of every type, as they are stored and as Rust has them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use longhaul::bodo::SqlValue;
use longhaul::values::Decimal;
use serde::Deserialize;

use super::start;

#[derive(Debug, Deserialize)]
struct Order {
    o_orderkey: u32,
    o_status: String,
    o_total: Decimal,
    o_orderdate: NaiveDate,
    o_created: NaiveDateTime,
    o_shipped: Option<DateTime<Utc>>,
    o_slot: Option<NaiveTime>,
    o_comment: Option<String>,
}

#[tokio::test]
async fn a_table_becomes_structs() {
    let (_simulator, connection) = start().await;
    let rows = connection.query("SELECT * FROM orders ORDER BY o_orderkey").await.unwrap();
    let orders = rows.typed::<Order>().collect_all().await.unwrap();
    assert_eq!(orders.len(), 100);
    for (order, key) in orders.iter().zip(1..) {
        assert_eq!(order.o_orderkey, key);
        assert_eq!(order.o_shipped.is_some(), key % 3 != 0, "{order:?}");
        assert_eq!(order.o_slot.is_some(), key % 4 != 0, "{order:?}");
        assert_eq!(order.o_comment.is_some(), key % 5 != 0, "{order:?}");
    }
    let first = &orders[0];
    assert_eq!((first.o_status.as_str(), first.o_total.as_str()), ("F", "1047.29"));
    assert_eq!(first.o_orderdate.to_string(), "2024-01-04");
    assert_eq!(first.o_created.to_string(), "2024-01-04 08:11:00");
    assert_eq!(first.o_shipped.unwrap().to_rfc3339(), "2024-01-05T12:47:00.250+00:00");
    assert_eq!(first.o_slot.unwrap().to_string(), "08:05:00");
}

#[tokio::test]
async fn numbers_beyond_floats_stay_exact_beside_nulls() {
    let (_simulator, connection) = start().await;
    let sql =
        "SELECT 9007199254740993 AS x UNION ALL SELECT NULL UNION ALL SELECT -9223372036854775807";
    let rows = connection.query(sql).await.unwrap().collect_all().await.unwrap();
    let expected = [SqlValue::Int(9_007_199_254_740_993), SqlValue::Null, SqlValue::Int(-i64::MAX)];
    for (row, expected) in rows.iter().zip(&expected) {
        assert_eq!(row.value("x"), Some(expected));
    }
}

#[tokio::test]
async fn columns_are_described_and_named_as_they_are() {
    let (_simulator, connection) = start().await;
    let sql = "SELECT c_balance, c_custkey AS \"Key\", c_badge FROM customers ORDER BY c_custkey";
    let mut rows = connection.query(sql).await.unwrap();
    let balance = &rows.columns()[0];
    assert_eq!((balance.type_.as_deref(), balance.scale), (Some("DECIMAL"), Some(2)));
    assert_eq!((balance.precision, balance.nullable), (Some(12), Some(false)));
    let row = rows.try_next().await.unwrap().unwrap();
    assert_eq!(row.columns().collect::<Vec<_>>(), ["c_balance", "Key", "c_badge"]);
    assert_eq!(row.get::<u8>("Key").unwrap(), 1);
    assert_eq!(row.get::<Vec<u8>>("c_badge").unwrap(), [0x00, 0x01, 0xff]);
    assert_eq!(row.get::<f64>("c_balance").unwrap(), -420.81);
    let error = row.get::<u8>("key").unwrap_err().to_string();
    assert_eq!(error, "the result has no column `key`; it has `c_balance`, `Key`, `c_badge`");
}
