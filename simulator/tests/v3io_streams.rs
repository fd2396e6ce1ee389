//! Streams: shards, records, places in them, retention.

mod support;

use std::time::Duration;

use longhaul_simulator::v3io::V3io;
use longhaul_simulator::{Handle, Simulator};
use serde_json::{Value, json};
use support::v3io::Client;

const STREAM: &str = "/users/s/";

async fn with(simulator: Simulator<V3io>, shards: u64) -> (Handle, Client) {
    let simulator = simulator.start().await.expect("started");
    let client = Client::new(&simulator);
    let settings = json!({"ShardCount": shards, "RetentionPeriodHours": 1});
    assert_eq!(client.call("CreateStream", STREAM, settings).await.0, 204);
    (simulator, client)
}

/// Puts records of these texts, all in base64, into shard 0; the results.
async fn put(client: &Client, texts: &[&str]) -> Vec<Value> {
    let records: Vec<_> = texts.iter().map(|text| json!({"ShardId": 0, "Data": text})).collect();
    let (status, body) = client.call("PutRecords", STREAM, json!({"Records": records})).await;
    assert_eq!((status, &body["FailedRecordCount"]), (200, &json!(0)));
    body["Records"].as_array().expect("results").clone()
}

async fn seek(client: &Client, body: Value) -> Value {
    let (status, body) = client.call("SeekShard", "/users/s/0/", body).await;
    assert_eq!(status, 200, "{body}");
    body["Location"].clone()
}

async fn read(client: &Client, location: &Value, limit: Option<u64>) -> (u16, Value) {
    client.call("GetRecords", "/users/s/0", json!({"Location": location, "Limit": limit})).await
}

fn data(page: &Value) -> Vec<&str> {
    let records = page["Records"].as_array().expect("records").iter();
    records.map(|record| record["Data"].as_str().expect("data")).collect()
}

#[tokio::test]
async fn streams_are_made_once_and_only_grow() {
    let (_simulator, client) = with(Simulator::v3io(), 2).await;
    let cases = [
        ("CreateStream", json!({"ShardCount": 2}), 409),
        ("UpdateStream", json!({"ShardCount": 4}), 204),
        ("UpdateStream", json!({"ShardCount": 4}), 204),
        ("UpdateStream", json!({"ShardCount": 3}), 400),
        ("UpdateStream", json!({"ShardCount": 5000}), 400),
    ];
    for (function, body, expected) in cases {
        assert_eq!(
            client.call(function, STREAM, body.clone()).await.0,
            expected,
            "{function} {body}"
        );
    }
    let described = client.call("DescribeStream", STREAM, json!({})).await;
    assert_eq!(described, (200, json!({"ShardCount": 4, "RetentionPeriodHours": 1})));
    client.put("/users/plain/", "").await;
    for path in ["/users/none/", "/users/plain/"] {
        assert_eq!(client.call("DescribeStream", path, json!({})).await.0, 404);
    }
    for settings in [json!({"ShardCount": 0}), json!({"RetentionPeriodHours": 0})] {
        assert_eq!(client.call("CreateStream", "/users/other/", settings).await.0, 400);
    }
}

#[tokio::test]
async fn records_go_where_they_ask_to() {
    let (_simulator, client) = with(Simulator::v3io(), 3).await;
    let shards = async |records: Value| -> Vec<Value> {
        let (_, body) = client.call("PutRecords", STREAM, json!({"Records": records})).await;
        body["Records"].as_array().expect("results").iter().map(|r| r["ShardId"].clone()).collect()
    };
    let none = json!({"Data": "AA=="});
    assert_eq!(shards(json!([none, none, none, none])).await, [0, 1, 2, 0]);
    let keyed = json!({"Data": "AA==", "PartitionKey": "k"});
    let same = shards(json!([keyed, keyed])).await;
    assert_eq!(same[0], same[1]);
    assert_eq!(shards(json!([{"Data": "AA==", "PartitionKey": "k", "ShardId": 2}])).await, [2]);
}

#[tokio::test]
async fn bad_records_fail_one_by_one() {
    let (_simulator, client) = with(Simulator::v3io(), 2).await;
    let records = json!([
        {"Data": "AA==", "ShardId": 0},
        {"Data": "AA==", "ShardId": 2},
        {"Data": "AA==", "ShardId": -1},
        {"Data": "?", "ShardId": 0},
        {"ShardId": 0},
        {"Data": "A".repeat(1_500_000), "ShardId": 0},
        {"Data": "AA==", "PartitionKey": "k".repeat(257)},
        {"Data": "AA==", "ShardId": 0},
    ]);
    let (status, body) = client.call("PutRecords", STREAM, json!({"Records": records})).await;
    assert_eq!((status, &body["FailedRecordCount"]), (200, &json!(6)));
    assert_eq!(body["Records"][1]["ErrorMessage"], "ShardIDOutOfRangeException");
    assert_eq!(body["Records"][7], json!({"SequenceNumber": 2, "ShardId": 0}));
    let many = vec![json!({"Data": "AA=="}); 1001];
    assert_eq!(client.call("PutRecords", STREAM, json!({"Records": many})).await.0, 400);
}

#[tokio::test]
async fn a_share_of_records_fails_on_request() {
    let (_simulator, client) = with(Simulator::v3io().failing_records(0.2), 1).await;
    let records = vec![json!({"Data": "AA=="}); 1000];
    let (_, body) = client.call("PutRecords", STREAM, json!({"Records": records})).await;
    let failed = body["FailedRecordCount"].as_u64().expect("a number");
    assert!((150..250).contains(&failed), "{failed}");
    let stored = client
        .call("GetItem", "/users/s/0", json!({"AttributesToGet": "__last_sequence_num"}))
        .await
        .1;
    assert_eq!(stored["Item"]["__last_sequence_num"]["N"], (1000 - failed).to_string());
}

#[tokio::test]
async fn records_are_read_in_order_and_from_any_place() {
    let (_simulator, client) = with(Simulator::v3io(), 1).await;
    let before = seek(&client, json!({"Type": "EARLIEST"})).await;
    let results = put(&client, &["AA==", "AQ==", "Ag==", "Aw=="]).await;
    let numbers: Vec<_> = results.iter().map(|result| result["SequenceNumber"].clone()).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let (_, page) = read(&client, &before, Some(3)).await;
    assert_eq!(
        (data(&page), &page["RecordsBehindLatest"]),
        (vec!["AA==", "AQ==", "Ag=="], &json!(1))
    );
    let third = page["Records"][2].clone();
    let (_, rest) = read(&client, &page["NextLocation"], None).await;
    assert_eq!((data(&rest), &rest["MSecBehindLatest"]), (vec!["Aw=="], &json!(0)));
    let end = seek(&client, json!({"Type": "LATEST"})).await;
    assert_eq!(rest["NextLocation"], end);
    assert_eq!(read(&client, &end, None).await.1["Records"], json!([]));
    let time = json!({"Type": "TIME", "TimestampSec": third["ArrivalTimeSec"], "TimestampNSec": third["ArrivalTimeNSec"]});
    for place in [time, json!({"Type": "SEQUENCE", "StartingSequenceNumber": 3})] {
        assert_eq!(
            data(&read(&client, &seek(&client, place).await, None).await.1),
            ["Ag==", "Aw=="]
        );
    }
    for bad in [
        json!({"Type": "SEQUENCE", "StartingSequenceNumber": 5}),
        json!({"Type": "TIME"}),
        json!({"Type": "X"}),
    ] {
        assert_eq!(client.call("Seek", "/users/s/0", bad.clone()).await.0, 400, "{bad}");
    }
    assert_eq!(
        read(&client, &json!("AQAAAP////8AAAAAAAAAAA=="), None).await.1["ErrorMessage"],
        "IllegalLocationException"
    );
}

#[tokio::test]
async fn a_reply_has_ten_megabytes_at_most() {
    let (_simulator, client) = with(Simulator::v3io(), 1).await;
    let big = "A".repeat(1_000_000);
    for _ in 0..2 {
        put(&client, &[big.as_str(); 8]).await;
    }
    let start = seek(&client, json!({"Type": "EARLIEST"})).await;
    let (_, page) = read(&client, &start, None).await;
    assert_eq!((data(&page).len(), &page["RecordsBehindLatest"]), (13, &json!(3)));
    assert_eq!(data(&read(&client, &page["NextLocation"], None).await.1).len(), 3);
}

#[tokio::test]
async fn old_records_vanish_and_places_in_them_are_illegal() {
    let hour = Duration::from_millis(150);
    let (_simulator, client) = with(Simulator::v3io().retention_hour(hour), 1).await;
    put(&client, &["AA==", "AQ=="]).await;
    let old = seek(&client, json!({"Type": "EARLIEST"})).await;
    tokio::time::sleep(hour + Duration::from_millis(20)).await;
    put(&client, &["Ag=="]).await;
    let (status, body) = read(&client, &old, None).await;
    assert_eq!((status, &body["ErrorMessage"]), (400, &json!("IllegalLocationException")));
    let earliest = seek(&client, json!({"Type": "EARLIEST"})).await;
    let (_, page) = read(&client, &earliest, None).await;
    assert_eq!((data(&page), &page["Records"][0]["SequenceNumber"]), (vec!["Ag=="], &json!(3)));
}

#[tokio::test]
async fn shards_are_files_from_their_first_record_on() {
    let (_simulator, client) = with(Simulator::v3io(), 2).await;
    assert_eq!(client.call("GetItem", "/users/s/0", json!({})).await.0, 404);
    put(&client, &["AA=="]).await;
    let wanted = json!({"AttributesToGet": "__obj_type,__last_sequence_num"});
    let (_, shard) = client.call("GetItem", "/users/s/0", wanted).await;
    assert_eq!(shard["Item"], json!({"__obj_type": {"N": "3"}, "__last_sequence_num": {"N": "1"}}));
    client.put("/users/s/group-state.json", "{}").await;
    let listing = client.text("/users?prefix=s").await;
    assert!(
        listing.contains("<Key>s/0</Key>")
            && listing.contains("<LastSequenceId>1</LastSequenceId>"),
        "{listing}"
    );
    let parent = client.text("/users?prefix-info=1").await;
    assert!(
        parent.contains("<ShardCount>2</ShardCount><RetentionPeriodHours>1</RetentionPeriodHours>"),
        "{parent}"
    );
    assert_eq!(client.delete(STREAM).await, 409);
    for path in ["/users/s/0", "/users/s/group-state.json", STREAM] {
        assert_eq!(client.delete(path).await, 204, "{path}");
    }
    assert_eq!(client.call("DescribeStream", STREAM, json!({})).await.0, 404);
}
