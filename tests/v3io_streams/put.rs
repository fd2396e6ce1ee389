//! Appending records.

use longhaul::ErrorKind;
use longhaul::v3io::{NewRecord, RaiseForStatus, codes};
use longhaul_simulator::Simulator;
use serde_json::json;

use super::support::{contents, numbered, says, sent, start, start_with, stream, texts};

#[tokio::test]
async fn every_record_has_its_own_outcome() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 8).await;
    let records = [
        NewRecord::new("first shard record #1").shard(1),
        NewRecord::new("first shard record #2").shard(1).client_info("some info"),
        NewRecord::new("invalid shard record #1").shard(10),
        NewRecord::new("second shard record #1").shard(2),
        NewRecord::new("some shard record #1"),
    ];
    let report = stream.put_records(records).await.unwrap();
    let places: Vec<_> = report
        .done
        .iter()
        .map(|(index, position)| (*index, position.shard, position.sequence_number))
        .collect();
    assert_eq!(places[..3], [(0, 1, 1), (1, 1, 2), (3, 2, 1)]);
    assert_eq!((places.len(), places[3].0), (4, 4));
    let [failure] = &report.failed[..] else { panic!("{:?}", report.failed) };
    assert_eq!((failure.index, &failure.input.data[..]), (2, &b"invalid shard record #1"[..]));
    says(&failure.error, ErrorKind::NoEffect, &["refused the record: ShardIDOutOfRangeException"]);
    assert_eq!(failure.error.code(), Some(codes::SHARD_OUT_OF_RANGE));
    assert!(!failure.error.may_have_happened());
}

#[tokio::test]
async fn only_what_is_given_is_sent() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 2).await;
    let full = NewRecord::new("c").shard(1).partition_key("k1").client_info("info");
    stream.put_records(["first".into(), full]).await.unwrap().into_result().unwrap();
    let [request] = &sent(&simulator, "PutRecords")[..] else { panic!("one request") };
    assert_eq!((&request.method[..], &request.path[..]), ("POST", "/users/my-test-stream/"));
    let records = json!({"Records": [
        {"Data": "Zmlyc3Q="},
        {"Data": "Yw==", "ShardId": 1, "PartitionKey": "k1", "ClientInfo": "aW5mbw=="},
    ]});
    assert_eq!(request.json(), records);
}

#[tokio::test]
async fn records_are_made_of_any_bytes() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    stream.put("a").await.unwrap();
    stream.put(String::from("b")).await.unwrap();
    stream.put(vec![b'c']).await.unwrap();
    stream.put(b"d").await.unwrap();
    stream.put(&b"e"[..]).await.unwrap();
    let position = stream.put("").await.unwrap();
    assert_eq!((position.shard, position.sequence_number), (0, 6));
    assert_eq!(contents(&stream, 0).await, ["a", "b", "c", "d", "e", ""]);
}

#[tokio::test]
async fn more_than_a_request_takes_goes_as_several_in_order() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    let report = stream.put_records(numbered(0, 0..2500)).await.unwrap();
    let numbers: Vec<_> = report.done.iter().map(|(i, p)| (*i as u64, p.sequence_number)).collect();
    assert_eq!(numbers, (0..2500).map(|index| (index, index + 1)).collect::<Vec<_>>());
    assert!(report.is_success());
    assert_eq!(sent(&simulator, "PutRecords").len(), 3);
    assert_eq!(contents(&stream, 0).await, texts(0..2500));
}

#[tokio::test]
async fn large_records_are_spread_over_requests() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    let largest = vec![7; 1 << 20];
    let report = stream.put_records(vec![largest; 9]).await.unwrap();
    assert_eq!(report.into_result().unwrap().len(), 9);
    let requests = sent(&simulator, "PutRecords");
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.body_length <= 10_000_000));
}

#[tokio::test]
async fn a_record_over_a_limit_stops_all_before_a_request() {
    let (simulator, users) = start().await;
    let stream = users.stream("s");
    let large = NewRecord::new(vec![0; (1 << 20) + 1]);
    let error = stream.put_records(["fits".into(), large.clone()]).await.unwrap_err();
    says(&error, ErrorKind::InvalidInput, &["record 1", "1048577 bytes", "1048576"]);
    says(&stream.put(large).await.unwrap_err(), ErrorKind::InvalidInput, &["1048577 bytes"]);
    let long_key = NewRecord::new("x").partition_key("k".repeat(257));
    let error = stream.put_records([long_key]).await.unwrap_err();
    says(&error, ErrorKind::InvalidInput, &["record 0", "partition key has 257 bytes"]);
    let huge_info = NewRecord::new("x").client_info(vec![0; 10_000_000]);
    let error = stream.put_records([huge_info]).await.unwrap_err();
    says(&error, ErrorKind::InvalidInput, &["larger than a request"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn no_records_are_no_request() {
    let (simulator, users) = start().await;
    let report = users.stream("s").put_records(Vec::<NewRecord>::new()).await.unwrap();
    assert!(report.done.is_empty() && report.failed.is_empty());
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_request_that_fails_keeps_the_later_ones_at_home() {
    let (simulator, users) = start().await;
    let missing = users.stream("missing");
    let report = missing.put_records(numbered(0, 0..1001)).await.unwrap();
    assert_eq!((report.done.len(), report.failed.len()), (0, 1001));
    let (sent_one, unsent) = (&report.failed[999].error, &report.failed[1000].error);
    assert!(sent_one.is_not_found() && !sent_one.may_have_happened());
    says(unsent, ErrorKind::Status, &["not sent, because an earlier request failed"]);
    assert_eq!((unsent.attempts(), unsent.may_have_happened()), (0, false));
    assert_eq!(simulator.request_count(), 1);
}

#[tokio::test]
async fn a_single_record_that_is_refused_is_an_error() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 2).await;
    let refused = stream.put(NewRecord::new("x").shard(2)).await.unwrap_err();
    says(&refused, ErrorKind::NoEffect, &["v3io put_records", "ShardIDOutOfRangeException"]);
    assert_eq!(refused.code(), Some(codes::SHARD_OUT_OF_RANGE));
    let missing = users.stream("missing").put("x").response(RaiseForStatus::Never).await.unwrap();
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn a_key_keeps_records_together_and_a_shard_wins_over_it() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 8).await;
    let keyed = (0..5).map(|n| NewRecord::new(n.to_string()).partition_key("same"));
    let places = stream.put_records(keyed).await.unwrap().into_result().unwrap();
    assert!(places.iter().all(|place| place.shard == places[0].shard));
    let place = stream.put(NewRecord::new("x").partition_key("same").shard(7)).await.unwrap();
    assert_eq!(place.shard, 7);
}

#[tokio::test]
async fn refused_records_can_be_tried_again_and_each_is_there_once() {
    let (_simulator, users) = start_with(Simulator::v3io().failing_records(0.3)).await;
    let stream = stream(&users, 1).await;
    let (mut left, mut rounds) = (numbered(0, 0..300), 0);
    while !left.is_empty() {
        let report = stream.put_records(left.clone()).await.unwrap();
        assert_eq!(report.done.len() + report.failed.len(), left.len());
        left = report.retry_inputs();
        rounds += 1;
    }
    assert!(rounds > 1);
    let mut stored: Vec<u64> =
        contents(&stream, 0).await.iter().map(|text| text.parse().unwrap()).collect();
    stored.sort_unstable();
    assert_eq!(stored, (0..300).collect::<Vec<_>>());
}
