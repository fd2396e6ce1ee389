//! Values as parameters, as JSON and as Rust types.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::*;

fn sent(value: impl Into<SqlValue>) -> (String, String) {
    let parameter = value.into().to_parameter();
    (parameter.type_.to_string(), parameter.value)
}

fn pair(kind: &str, text: &str) -> (String, String) {
    (kind.to_owned(), text.to_owned())
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 31).unwrap()
}

fn half_past_ten() -> NaiveTime {
    NaiveTime::from_hms_milli_opt(10, 30, 0, 500).unwrap()
}

#[test]
fn each_type_has_its_jdbc_type_and_one_spelling() {
    assert_eq!(sent(1), pair("INT64", "1"));
    assert_eq!(sent("it's :raw"), pair("STRING", "it's :raw"));
    assert_eq!(sent(2.5), pair("FLOAT64", "2.5"));
    assert_eq!(sent(2.0_f32), pair("FLOAT64", "2.0"));
    assert_eq!(sent(f64::NEG_INFINITY), pair("FLOAT64", "-Infinity"));
    assert_eq!(sent(true), pair("BOOL", "true"));
    assert_eq!(sent(None::<i64>), pair("NULL", "null"));
    assert_eq!(sent(Some("x")), pair("STRING", "x"));
    assert_eq!(sent(u64::MAX), pair("DECIMAL", "18446744073709551615"));
    assert_eq!(sent(Decimal::from("0.10")), pair("DECIMAL", "0.10"));
    assert_eq!(sent(vec![0xab, 0x01]), pair("BINARY", "AB01"));
    assert_eq!(sent(day()), pair("DATE", "2024-01-31"));
    assert_eq!(sent(half_past_ten()), pair("TIME", "10:30:00.500"));
    let moment = day().and_time(half_past_ten());
    assert_eq!(sent(moment), pair("TIMESTAMP_NTZ", "2024-01-31 10:30:00.500"));
    let east = FixedOffset::east_opt(3600).unwrap();
    let zoned = moment.and_local_timezone(east).unwrap();
    assert_eq!(sent(zoned), pair("TIMESTAMP_LTZ", "2024-01-31 09:30:00.500+00:00"));
    assert_eq!(sent(json!([1, "a", null])), pair("ARRAY", r#"[1,"a",null]"#));
    assert_eq!(sent(json!({"a": {"b": 1.5}})), pair("MAP", r#"{"a":{"b":1.5}}"#));
    let both = SqlValue::Struct(vec![("x".into(), 1.into()), ("y".into(), SqlValue::Null)]);
    assert_eq!(sent(both), pair("STRUCT", r#"{"x":1,"y":null}"#));
}

#[test]
fn nothing_is_rounded_in_json() {
    let row = SqlValue::Struct(vec![
        ("big".into(), SqlValue::Int(9_007_199_254_740_993)),
        ("bigger".into(), SqlValue::UInt(u64::MAX)),
        ("price".into(), SqlValue::Decimal("1.10".into())),
        ("nan".into(), SqlValue::Float(f64::NAN)),
        ("at".into(), SqlValue::TimestampLtz(DateTime::from_timestamp_nanos(1))),
        ("big".into(), SqlValue::Null),
    ]);
    assert_eq!(
        row.to_json().to_string(),
        r#"{"at":"1970-01-01T00:00:00.000000001Z","big":9007199254740993,"bigger":18446744073709551615,"nan":"NaN","price":"1.10"}"#
    );
}

fn read<'a, T: Deserialize<'a>>(value: &'a SqlValue) -> T {
    T::deserialize(value).unwrap()
}

fn refused<'a, T: Deserialize<'a> + std::fmt::Debug>(value: &'a SqlValue) -> String {
    T::deserialize(value).unwrap_err().to_string()
}

#[test]
fn whole_decimals_are_numbers() {
    let whole = SqlValue::Decimal("42.00".into());
    assert_eq!((read::<i64>(&whole), read::<u8>(&whole), read::<f64>(&whole)), (42, 42, 42.0));
    assert_eq!(read::<Decimal>(&whole), Decimal::from("42.00"));
    let broken = SqlValue::Decimal("42.10".into());
    assert_eq!(read::<f64>(&broken), 42.1);
    assert!(refused::<i64>(&broken).contains("42.10"));
    assert!(refused::<i8>(&SqlValue::Decimal("300".into())).contains("does not fit"));
}

#[test]
fn null_is_none_and_nothing_else() {
    assert_eq!(read::<Option<i64>>(&SqlValue::Null), None);
    assert_eq!(read::<Option<i64>>(&SqlValue::Int(0)), Some(0));
    assert!(refused::<i64>(&SqlValue::Null).contains("i64"));
    assert!(refused::<String>(&SqlValue::Null).contains("string"));
}

#[test]
fn dates_and_times_are_those_of_chrono() {
    assert_eq!(read::<NaiveDate>(&SqlValue::Date(day())), day());
    assert_eq!(read::<NaiveTime>(&SqlValue::Time(half_past_ten())), half_past_ten());
    let moment = day().and_time(half_past_ten());
    assert_eq!(read::<NaiveDateTime>(&SqlValue::TimestampNtz(moment)), moment);
    let zoned = SqlValue::TimestampLtz(moment.and_utc());
    assert_eq!(read::<DateTime<Utc>>(&zoned), moment.and_utc());
    assert_eq!(read::<String>(&zoned), "2024-01-31T10:30:00.500Z");
}

#[test]
fn bytes_lists_maps_and_structs_are_read() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Colour {
        Red,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Point {
        x: i64,
        y: Option<f64>,
    }
    let bytes = SqlValue::Binary(Bytes::from_static(&[0, 255]));
    assert_eq!(read::<Vec<u8>>(&bytes), [0, 255]);
    assert_eq!(read::<&[u8]>(&bytes), [0, 255]);
    assert_eq!(read::<Vec<Option<i64>>>(&json!([1, null]).into()), [Some(1), None]);
    assert_eq!(read::<Colour>(&"Red".into()), Colour::Red);
    let point = SqlValue::Struct(vec![("x".into(), 1.into()), ("y".into(), SqlValue::Null)]);
    assert_eq!(read::<Point>(&point), Point { x: 1, y: None });
    assert_eq!(read::<(i64, Option<f64>)>(&point), (1, None));
    let map = SqlValue::Map(vec![(1.into(), "one".into())]);
    assert_eq!(read::<BTreeMap<i64, &str>>(&map), BTreeMap::from([(1, "one")]));
}
