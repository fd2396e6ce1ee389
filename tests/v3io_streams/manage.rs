//! Making, describing, growing and deleting streams.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::batch::batch;
use longhaul::v3io::{RaiseForStatus, codes};
use longhaul_simulator::Fault;
use serde_json::json;

use super::support::{numbered, on, put, says, sent, start, stream};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_stream_lives_and_is_gone() {
    let (_simulator, users) = start().await;
    let stream = users.stream("/deep/down/my-stream/");
    assert!(!stream.exists().await.unwrap());
    stream.create(8).retention(2 * HOUR).await.unwrap();
    assert!(stream.exists().await.unwrap());
    let info = stream.describe().await.unwrap();
    assert_eq!((info.shard_count, info.retention), (8, Some(2 * HOUR)));
    stream.update(12).await.unwrap();
    assert_eq!(stream.describe().await.unwrap().shard_count, 12);
    stream.delete().await.unwrap();
    assert!(!stream.exists().await.unwrap());
    assert!(stream.describe().await.unwrap_err().is_not_found());
    stream.create(1).await.unwrap();
}

#[tokio::test]
async fn requests_are_those_of_the_official_client() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 8).await;
    stream.update(9).await.unwrap();
    stream.describe().await.unwrap();
    let requests = simulator.requests();
    let lines: Vec<_> = requests.iter().map(|r| (r.method.as_str(), r.path.as_str())).collect();
    let path = "/users/my-test-stream/";
    assert_eq!(lines, [("POST", path), ("POST", path), ("PUT", path)]);
    assert_eq!(requests[0].json(), json!({"ShardCount": 8, "RetentionPeriodHours": 24}));
    assert_eq!(requests[1].json(), json!({"ShardCount": 9}));
    assert_eq!((requests[2].body_length, requests[2].header("content-type")), (0, None));
}

#[tokio::test]
async fn what_no_stream_can_be_is_refused_before_a_request() {
    let (simulator, users) = start().await;
    let stream = users.stream("s");
    for shards in [0, 4097] {
        let error = stream.create(shards).await.unwrap_err();
        says(&error, ErrorKind::InvalidInput, &["1 to 4096 shards", &shards.to_string()]);
        says(&stream.update(shards).await.unwrap_err(), ErrorKind::InvalidInput, &["1 to 4096"]);
    }
    for time in [Duration::ZERO, HOUR / 2, HOUR + Duration::from_nanos(1), 400 * 24 * HOUR] {
        let error = stream.create(1).retention(time).await.unwrap_err();
        says(&error, ErrorKind::InvalidInput, &["whole hours", "1 hour to a year"]);
    }
    for path in ["", "/"] {
        let error = users.stream(path).create(1).await.unwrap_err();
        says(&error, ErrorKind::InvalidInput, &["path of the stream is empty"]);
        says(&users.stream(path).delete().await.unwrap_err(), ErrorKind::InvalidInput, &["empty"]);
    }
    let error = users.stream("a/../b").describe().await.unwrap_err();
    says(&error, ErrorKind::InvalidInput, &["lead elsewhere"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_taken_path_is_a_conflict() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    let error = stream.create(1).await.unwrap_err();
    assert!(error.is_conflict());
    says(&error, ErrorKind::Status, &["ResourceInUseException", "something at `my-test-stream`"]);
    let response = stream.create(1).response([204, 409]).await.unwrap();
    assert_eq!(response.status, 409);
}

#[tokio::test]
async fn the_number_of_shards_only_grows() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 4).await;
    let error = stream.update(3).await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    says(&error, ErrorKind::Status, &["InvalidShardCountException"]);
    assert_eq!(stream.describe().await.unwrap().shard_count, 4);
}

#[tokio::test]
async fn an_unknown_stream_is_not_found() {
    let (_simulator, users) = start().await;
    let missing = users.stream("missing");
    assert!(missing.update(2).await.unwrap_err().is_not_found());
    says(&missing.delete().await.unwrap_err(), ErrorKind::Status, &["nothing was deleted"]);
    let response = missing.describe().response(RaiseForStatus::Never).await.unwrap();
    assert_eq!((response.status, response.output()), (404, None));
    let response = missing.exists().response(RaiseForStatus::Never).await.unwrap();
    assert_eq!((response.status, response.output()), (404, Some(&false)));
}

#[tokio::test]
async fn deleting_a_stream_never_costs_a_directory() {
    let (_simulator, users) = start().await;
    users.object("/results/precious").put("content").await.unwrap();
    let error = users.stream("/results").delete().await.unwrap_err();
    says(&error, ErrorKind::Status, &["404", "nothing was deleted"]);
    assert_eq!(users.object("/results/precious").get().await.unwrap(), "content");
    assert!(!users.stream("/results").exists().await.unwrap());
}

#[tokio::test]
async fn every_name_for_what_is_no_stream_is_known() {
    let (simulator, users) = start().await;
    for name in ["ResourceIsnotStream", "ResourceNotStreamException"] {
        simulator.clear_faults();
        let body = format!(r#"{{"ErrorCode": -1, "ErrorMessage": "{name}"}}"#);
        simulator.fault(on("DescribeStream", Fault::status(400).with_body(body)));
        assert!(!users.stream("/results").exists().await.unwrap());
    }
    simulator.clear_faults();
    simulator.fault(on("DescribeStream", Fault::status(403)));
    assert!(users.stream("/results").exists().await.unwrap_err().is_unauthorized());
}

#[tokio::test]
async fn a_stream_goes_with_all_that_lies_in_it() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 4).await;
    for shard in 0..4 {
        put(&stream, numbered(shard, 0..2)).await;
    }
    let inside = users.clone();
    let states = batch(0..1100, move |n| {
        inside.object(format!("/my-test-stream/group-{n}-state.json")).put("{}")
    });
    states.await.into_result().unwrap();
    users.object("/my-test-stream/more/state.json").put("{}").await.unwrap();
    simulator.clear_requests();
    stream.delete().await.unwrap();
    assert!(stream.describe().await.unwrap_err().is_not_found());
    let mut left = users.list("/my-test-stream");
    assert_eq!(left.try_next().await.unwrap_err().code(), Some(codes::NOT_FOUND));
    assert_eq!(sent(&simulator, "DescribeStream").len(), 2);
}
