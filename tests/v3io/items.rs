//! Items: attributes of every type, written, read, decoded and deleted.

use longhaul::ErrorKind;
use longhaul::v3io::{
    Attribute, Attributes, Field, FieldType, Number, UnixTime, UpdateMode, codes, timestamp,
};
use longhaul_simulator::Fault;
use serde::{Deserialize, Serialize};

use super::support::{asked, failure, names, plain, says, users};

/// Attributes of every type with values at the edges.
fn edges() -> Attributes {
    let mut all = Attributes::new();
    all.insert("text", "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \"quoted\" \\ \n \u{1f600}");
    all.insert("empty", "");
    all.insert("numeric_text", "42");
    all.insert("longest", "x".repeat(61_200));
    all.insert("max", i64::MAX);
    all.insert("min", i64::MIN);
    all.insert("beyond_double", (1_i64 << 53) + 1);
    all.insert("unsigned", u64::MAX);
    all.insert("wide", i128::MAX);
    all.insert("digits", "1234567890123456789012345678901234567890.5".parse::<Number>().unwrap());
    all.insert("tenth", 0.1);
    all.insert("whole_float", 1.0);
    all.insert("tiny", f64::MIN_POSITIVE);
    all.insert("huge", f64::MAX);
    all.insert("negative_zero", -0.0);
    all.insert("yes", true);
    all.insert("no", false);
    all.insert("blob", (0..=255).collect::<Vec<u8>>());
    all.insert("no_bytes", Vec::<u8>::new());
    all.insert("integers", vec![i64::MIN, -1, 0, i64::MAX]);
    all.insert("doubles", vec![0.1, -1e300]);
    all.insert("no_integers", Vec::<i64>::new());
    all.insert("moment", "1706933106:123456789".parse::<UnixTime>().unwrap());
    all.insert("before_1970", "-1:999999999".parse::<UnixTime>().unwrap());
    all
}

/// The text of every number: equality is of values alone.
fn numbers(attributes: &Attributes) -> Vec<String> {
    let numbers = attributes.iter().filter_map(|(_, value)| value.as_number());
    numbers.map(ToString::to_string).collect()
}

#[tokio::test]
async fn every_type_comes_back_as_it_went() {
    let (_simulator, users) = users().await;
    let item = users.table("types").item("edges");
    item.put().attributes(edges()).await.unwrap();
    let found = item.get().await.unwrap();
    assert_eq!(found, edges());
    assert_eq!(numbers(&found), numbers(&edges()));
    assert_eq!(found.get_u64("unsigned"), Some(u64::MAX));
    assert_eq!(found.get_i64("beyond_double"), Some(9_007_199_254_740_993));
    assert_eq!(found.get_timestamp("moment").unwrap().nanoseconds(), 123_456_789);
    let rows = users.table("types").scan().items().collect_all().await.unwrap();
    assert_eq!(rows[0].attributes, edges());
}

#[tokio::test]
async fn a_type_that_is_not_known_survives() {
    let (simulator, users) = users().await;
    let item = users.table("types").item("new");
    item.put().set("a", 1).await.unwrap();
    simulator.fault(Fault::set("/Item/b", serde_json::json!({"NS": ["1", "2"]})));
    let found = item.get().await.unwrap();
    assert_eq!(found.get_i64("a"), Some(1));
    assert!(matches!(found.get("b"), Some(Attribute::Other { kind, .. }) if kind == "NS"));
}

#[tokio::test]
async fn put_replaces_and_update_keeps() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    item.put().set("a", 1).set("b", 2).await.unwrap();
    item.put().set("c", 3).await.unwrap();
    assert_eq!(item.get().await.unwrap(), [("c", 3)].into_iter().collect());
    item.update().set("d", 4).set("c", "three").await.unwrap();
    let found = item.get().await.unwrap();
    assert_eq!((found.get_i64("d"), found.get_str("c"), found.len()), (Some(4), Some("three"), 2));
    item.update().mode(UpdateMode::OverWriteAttributes).set("z", 0).await.unwrap();
    assert_eq!(item.get().await.unwrap(), [("z", 0)].into_iter().collect());
    item.put().await.unwrap();
    assert!(item.get().await.unwrap().is_empty());
    users.table("t").item("made").update().set("n", 1).await.unwrap();
    assert_eq!(users.table("t").item("made").get().await.unwrap().get_i64("n"), Some(1));
}

#[tokio::test]
async fn attributes_come_by_name_all_or_with_those_of_the_system() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    item.put().set("a", 1).set("b", "two").await.unwrap();
    let some = item.get().attributes(["b", "missing", "__name", "__size"]).await.unwrap();
    assert_eq!(some.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["__name", "__size", "b"]);
    assert_eq!(item.get().await.unwrap().len(), 2);
    let all = item.get().all_attributes().await.unwrap();
    assert_eq!((all.get_str("__name"), all.get_str("b")), (Some("k"), Some("two")));
    let numbers = ["__size", "__mode", "__mtime_secs", "__mtime_nsecs", "__ctime_secs", "__uid"];
    assert!(numbers.iter().all(|name| all.get_u64(name).is_some()), "{all:?}");
}

#[tokio::test]
async fn any_object_is_an_item_and_a_directory_is_none() {
    let (_simulator, users) = users().await;
    users.object("t/file").put("12345").await.unwrap();
    let item = users.table("t").item("file");
    assert!(item.get().await.unwrap().is_empty());
    item.update().set("color", "red").await.unwrap();
    assert_eq!(users.object("t/file").get().await.unwrap(), "12345");
    assert_eq!(item.get().attributes(["__size"]).await.unwrap().get_i64("__size"), Some(5));
    assert!(failure(users.table("").item("t").get()).await.is_not_found());
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Reading {
    sensor: String,
    value: f64,
    count: u64,
    #[serde(with = "timestamp")]
    taken: chrono::DateTime<chrono::Utc>,
    levels: Vec<i64>,
    note: Option<String>,
}

fn reading() -> Reading {
    let taken = chrono::DateTime::from_timestamp(1_706_933_106, 123_456_789).unwrap();
    let (sensor, levels) = ("north".to_owned(), vec![1, 2, 3]);
    Reading { sensor, value: 0.1, count: u64::MAX, taken, levels, note: None }
}

#[tokio::test]
async fn a_struct_is_written_and_read_by_its_fields() {
    let (simulator, users) = users().await;
    let item = users.table("readings").item("1");
    item.put().fields(&reading()).set("extra", 1).await.unwrap();
    assert_eq!(item.get().decode::<Reading>().await.unwrap(), reading());
    let rows = users.table("readings").scan().items().collect_all().await.unwrap();
    assert_eq!(rows[0].clone().decode::<Reading>().unwrap(), reading());
    let sent = &asked(&simulator, "PutItem")[0].json()["Item"];
    assert_eq!(sent["taken"], serde_json::json!({"TS": "1706933106:123456789"}));
    assert_eq!(sent.get("note"), None);
}

#[tokio::test]
async fn what_does_not_fit_a_struct_is_named() {
    let (_simulator, users) = users().await;
    let item = users.table("readings").item("1");
    item.put().fields(&reading()).set("count", "many").await.unwrap();
    let error = failure(item.get().decode::<Reading>()).await;
    says(&error, ErrorKind::Decode, &["`count`", "a string", "u64", "get_item"]);
    item.update_expression("REMOVE count").await.unwrap();
    let error = failure(item.get().decode::<Reading>()).await;
    says(&error, ErrorKind::Decode, &["`count` is missing"]);
}

#[tokio::test]
async fn keys_stay_in_their_table() {
    let (simulator, users) = users().await;
    let table = users.table("some/table/");
    for (key, path) in [
        ("/key", "/users/some/table/key"),
        ("deep/key", "/users/some/table/deep/key"),
        ("a b%", "/users/some/table/a%20b%25"),
        ("1.2", "/users/some/table/1.2"),
    ] {
        simulator.clear_requests();
        table.item(key).put().set("key", key).await.unwrap();
        assert_eq!(simulator.requests()[0].path, path);
        assert_eq!(table.item(key).get().await.unwrap().get_str("key"), Some(key));
    }
}

#[tokio::test]
async fn an_item_is_deleted() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    item.put().set("a", 1).await.unwrap();
    item.delete().await.unwrap();
    let error = failure(item.get()).await;
    assert!(error.is_not_found());
    assert_eq!(error.code(), Some(codes::NOT_FOUND));
    assert!(failure(item.delete()).await.is_not_found());
}

#[tokio::test]
async fn many_items_are_written_and_what_became_of_each_is_told() {
    let (_simulator, users) = users().await;
    let table = users.table("many");
    let item = |name: &str| Attributes::from_iter([(name, 1)]);
    let items =
        [("a", item("n")), ("b", item("__name")), ("c", item("not a name")), ("d", item("n"))];
    let report = table.put_items(items.map(|(key, item)| (key.to_owned(), item))).await;
    let done: Vec<_> = report.done.iter().map(|(index, _)| *index).collect();
    assert_eq!(done, [0, 3]);
    assert!(report.done.iter().all(|(_, revision)| revision.is_some()));
    let failed: Vec<_> =
        report.failed.iter().map(|one| (one.index, one.input.0.as_str())).collect();
    assert_eq!(failed, [(1, "b"), (2, "c")]);
    assert_eq!(report.failed[0].error.code(), Some(codes::NOT_PERMITTED));
    says(&report.failed[1].error, ErrorKind::InvalidInput, &["not a name"]);
    assert_eq!(names(&table.scan().items().collect_all().await.unwrap()), ["a", "d"]);
}

#[tokio::test]
async fn a_schema_is_written_and_read() {
    let (_simulator, users) = users().await;
    let table = users.table("with-schema");
    assert!(failure(table.schema()).await.is_not_found());
    let fields =
        [Field::new("name", FieldType::String), Field::new("age", FieldType::Long).nullable()];
    table.create_schema("name", fields.clone()).await.unwrap();
    let schema = table.schema().await.unwrap();
    assert_eq!((schema.key.as_str(), schema.hashing_bucket_num), ("name", 0));
    assert_eq!(schema.fields, fields);
    let newer = r#"{"key": "k", "fields": [{"name": "k", "type": "blob", "x": 1}], "y": 2}"#;
    users.object("with-schema/.#schema").put(newer).await.unwrap();
    let schema = table.schema().await.unwrap();
    assert_eq!(schema.fields, [Field::new("k", FieldType::Other("blob".to_owned()))]);
    users.object("with-schema/.#schema").put("{").await.unwrap();
    says(&failure(table.schema()).await, ErrorKind::Decode, &["schema"]);
}

#[tokio::test]
async fn unconditional_writes_are_repeated_until_they_are_there() {
    let (simulator, users) = users().await;
    let item = users.table("t").item("k");
    simulator.fault(Fault::reset_after().method("PUT").first(2));
    item.put().set("a", 1).await.unwrap();
    item.update().set("b", 2).await.unwrap();
    assert_eq!(item.get().await.unwrap().len(), 2);
    assert_eq!(asked(&simulator, "PutItem").len(), 4);
    assert!(plain(&simulator, "PUT").is_empty());
}
