//! Items: update modes, conditions, limits and scans.

mod support;

use std::collections::BTreeSet;

use longhaul_simulator::v3io::V3io;
use longhaul_simulator::{Handle, Simulator};
use serde_json::{Value, json};
use support::v3io::Client;

async fn with(simulator: Simulator<V3io>) -> (Handle, Client) {
    let simulator = simulator.start().await.expect("started");
    let client = Client::new(&simulator);
    (simulator, client)
}

async fn filled(
    simulator: Simulator<V3io>,
    names: impl Iterator<Item = String>,
) -> (Handle, Client) {
    let (simulator, client) = with(simulator).await;
    for (n, name) in names.enumerate() {
        let item = json!({"Item": {"n": {"N": n.to_string()}}});
        assert_eq!(client.call("PutItem", &format!("/users/t/{name}"), item).await.0, 200);
    }
    (simulator, client)
}

/// The names on all pages of a scan, and how many pages were empty.
async fn scan(client: &Client, mut body: Value) -> (Vec<String>, usize) {
    let (mut names, mut empty) = (Vec::new(), 0);
    loop {
        let (status, page) = client.call("GetItems", "/users/t", body.clone()).await;
        assert_eq!(status, 200, "{page}");
        let items = page["Items"].as_array().expect("items");
        names.extend(
            items.iter().filter_map(|item| item["__name"]["S"].as_str()).map(str::to_owned),
        );
        empty += usize::from(items.is_empty());
        if page["LastItemIncluded"] == "TRUE" {
            assert!(page.get("NextMarker").is_none());
            return (names, empty);
        }
        assert_ne!(page["NextMarker"], body["Marker"]);
        body["Marker"] = page["NextMarker"].clone();
    }
}

#[tokio::test]
async fn update_modes_replace_merge_and_create() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    let put = |mode: Option<&str>, name: &str| {
        let item = json!({name: {"N": "1"}});
        client.call("PutItem", "/users/t/k", json!({"Item": item, "UpdateMode": mode}))
    };
    for (mode, name, expected) in [
        (None, "a", vec!["a"]),
        (Some("CreateOrReplaceAttributes"), "b", vec!["a", "b"]),
        (Some("OverWriteAttributes"), "c", vec!["c"]),
        (None, "d", vec!["d"]),
    ] {
        assert_eq!(put(mode, name).await.0, 200);
        let item = client.item("/users/t/k").await;
        assert_eq!(item.as_object().expect("an item").keys().collect::<Vec<_>>(), expected);
    }
    let (status, body) = put(Some("CreateNewItemOnly"), "e").await;
    assert!(status == 400 && body["ErrorCode"].to_string().contains("369098809"), "{body}");
    assert_eq!(put(Some("Whatever"), "e").await.0, 400);
}

#[tokio::test]
async fn the_verifier_is_a_condition_for_one_change() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    client.call("PutItem", "/users/t/k", json!({"Item": {"n": {"N": "1"}}})).await;
    let answer = client
        .request(reqwest::Method::PUT, "/users/t/k")
        .header("X-v3io-function", "GetItem")
        .body("{}")
        .send()
        .await
        .expect("an answer");
    let verifier = answer.headers()["x-v3io-transaction-verifier"].to_str().expect("text");
    let body = json!({"Item": {"n": {"N": "2"}}, "ConditionExpression": verifier});
    assert_eq!(client.call("PutItem", "/users/t/k", body.clone()).await.0, 200);
    let (status, answer) = client.call("PutItem", "/users/t/k", body).await;
    assert_eq!((status, &answer["ErrorCode"]), (400, &json!(-16_777_244)));
}

#[tokio::test]
async fn values_come_back_as_they_were_sent() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    let item = json!({"n": {"N": "3.14E+00"}, "big": {"N": "123456789012345678901234567890"},
        "s": {"S": "x\u{1}é\"\\"}, "b": {"B": "AP8="}, "t": {"TS": "-5:999999999"}, "no": {"BOOL": false}});
    assert_eq!(client.call("PutItem", "/users/t/k", json!({"Item": item})).await.0, 200);
    assert_eq!(client.item("/users/t/k").await, item);
    let (_, every) = client.call("GetItem", "/users/t/k", json!({"AttributesToGet": "**"})).await;
    assert_eq!((&every["Item"]["n"], &every["Item"]["__name"]), (&item["n"], &json!({"S": "k"})));
    assert!(every["Item"]["__mtime_nsecs"]["N"].is_string());
}

#[tokio::test]
async fn what_breaks_a_limit_is_refused() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    let many: serde_json::Map<_, _> =
        (0..30).map(|n| (format!("a{n}"), json!({"S": "x".repeat(60_000)}))).collect();
    let cases = [
        (json!({"1a": {"N": "1"}}), 400),
        (json!({"a-b": {"N": "1"}}), 400),
        (json!({"a".repeat(256): {"N": "1"}}), 400),
        (json!({"__name": {"S": "x"}}), 403),
        (json!({"__mine": {"S": "x"}}), 200),
        (json!({"a": {"N": "x"}}), 400),
        (json!({"a": {"B": "?"}}), 400),
        (json!({"a": {"TS": "5"}}), 400),
        (json!({"a": {"XX": "5"}}), 400),
        (json!({"a": {"S": "x".repeat(61_200)}}), 200),
        (json!({"a": {"S": "x".repeat(61_201)}}), 400),
        (json!({"a": {"S": "é".repeat(30_601)}}), 400),
        (Value::Object(many), 400),
        (json!({"a": {"S": "x".repeat(3 << 20)}}), 413),
    ];
    for (item, expected) in cases {
        let (status, body) = client.call("PutItem", "/users/t/k", json!({"Item": item})).await;
        assert_eq!(status, expected, "{body}");
    }
    let name = format!("/users/t/{}", "x".repeat(256));
    assert_eq!(client.call("PutItem", &name, json!({"Item": {}})).await.0, 400);
}

#[tokio::test]
async fn any_page_size_gives_every_item_once() {
    let names = || (0..23).map(|n| format!("k{n:02}"));
    for (size, limit) in [(1, None), (7, None), (7, Some(3)), (50, Some(5)), (50, None)] {
        let (_simulator, client) = filled(Simulator::v3io().page_size(size), names()).await;
        let (found, empty) = scan(&client, json!({"AttributesToGet": "*", "Limit": limit})).await;
        assert_eq!((found, empty), (names().collect(), 0), "{size} {limit:?}");
    }
}

#[tokio::test]
async fn filters_and_switches_make_empty_pages() {
    let names = || (0..23).map(|n| format!("k{n:02}"));
    let (_simulator, client) = filled(Simulator::v3io().page_size(5), names()).await;
    let (found, empty) = scan(&client, json!({"FilterExpression": "n == 17"})).await;
    assert_eq!((found, empty), (vec!["k17".to_owned()], 4));
    let (_simulator, client) =
        filled(Simulator::v3io().page_size(5).empty_pages(true), names()).await;
    let (found, empty) = scan(&client, json!({})).await;
    assert_eq!((found, empty), (names().collect(), 5));
}

#[tokio::test]
async fn segments_tile_the_table() {
    let (_simulator, client) =
        filled(Simulator::v3io().page_size(7), (0..40).map(|n| format!("k{n}"))).await;
    let mut found = Vec::new();
    for segment in 0..3 {
        found.extend(scan(&client, json!({"Segment": segment, "TotalSegment": 3})).await.0);
    }
    assert_eq!((found.len(), found.into_iter().collect::<BTreeSet<_>>().len()), (40, 40));
}

#[tokio::test]
async fn ranges_are_over_sorting_keys() {
    let names = ["1", "1.a", "1.b", "1.b.c", "1.c", "10.a", "1-x", "2.a"];
    let (_simulator, client) =
        filled(Simulator::v3io().page_size(2), names.iter().map(|n| (*n).to_owned())).await;
    let cases = [
        (json!({"ShardingKey": "1"}), vec!["1", "1.a", "1.b", "1.b.c", "1.c"]),
        (json!({"ShardingKey": "1", "SortKeyRangeStart": "b"}), vec!["1.b", "1.b.c", "1.c"]),
        (
            json!({"ShardingKey": "1", "SortKeyRangeStart": "a", "SortKeyRangeEnd": "b"}),
            vec!["1.a"],
        ),
        (json!({"ShardingKey": "3"}), vec![]),
    ];
    for (body, expected) in cases {
        assert_eq!(scan(&client, body.clone()).await.0, expected, "{body}");
    }
}

#[tokio::test]
async fn scans_that_make_no_sense_are_refused() {
    let (_simulator, client) =
        filled(Simulator::v3io().page_size(1), ["a", "b"].map(str::to_owned).into_iter()).await;
    let (_, page) = client.call("GetItems", "/users/t", json!({})).await;
    let cases = [
        json!({"Limit": 0}),
        json!({"Segment": 1}),
        json!({"Segment": 2, "TotalSegment": 2}),
        json!({"Segment": 0, "TotalSegment": 1025}),
        json!({"SortKeyRangeStart": "a"}),
        json!({"ShardingKey": "a", "Segment": 0, "TotalSegment": 1}),
        json!({"Marker": "nonsense"}),
        json!({"Marker": page["NextMarker"], "FilterExpression": "n == 1"}),
    ];
    for body in cases {
        assert_eq!(client.call("GetItems", "/users/t", body.clone()).await.0, 400, "{body}");
    }
    assert_eq!(client.call("GetItems", "/users/none", json!({})).await.0, 404);
}

#[tokio::test]
async fn a_scan_of_everything_goes_through_all_levels() {
    let (_simulator, client) = with(Simulator::v3io().page_size(2)).await;
    for path in ["a", "d/b", "d/e/c", "t/x"] {
        client.call("PutItem", &format!("/users/{path}"), json!({"Item": {}})).await;
    }
    let mut body = json!({"TableName": "/*"});
    let mut names = Vec::new();
    loop {
        let (_, page) = client.call("GetItems", "/users/", body.clone()).await;
        names.extend(
            page["Items"].as_array().expect("items").iter().map(|i| i["__name"]["S"].clone()),
        );
        if page["LastItemIncluded"] == "TRUE" {
            break;
        }
        body["Marker"] = page["NextMarker"].clone();
    }
    assert_eq!(names, ["a", "b", "c", "x"]);
}
