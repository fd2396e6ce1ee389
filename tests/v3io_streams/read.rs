//! Places in shards and reads from them.

use std::time::{Duration, SystemTime};

use longhaul::ErrorKind;
use longhaul::v3io::{Location, NewRecord, Seek, UnixTime, codes};
use longhaul_simulator::Fault;
use serde_json::json;

use super::support::{
    forgetful, numbered, on, outlive, put, says, sent, start, start_with, stream, text,
};

#[tokio::test]
async fn the_tutorial_reads_what_it_wrote() {
    let (simulator, users) = start().await;
    let stream = users.stream("/my-test-stream");
    stream.create(8).await.unwrap();
    let records = [
        NewRecord::new("first shard record #1").shard(1),
        NewRecord::new("first shard record #2").shard(1),
        NewRecord::new("second shard record #1").shard(2),
        NewRecord::new("some shard record #1"),
    ];
    stream.put_records(records).await.unwrap().into_result().unwrap();
    let shard = stream.shard(1);
    let start = shard.seek(Seek::Earliest).await.unwrap();
    let page = shard.records(&start).await.unwrap();
    let read: Vec<_> = page.records.iter().map(text).collect();
    assert_eq!(read[..2], ["first shard record #1", "first shard record #2"]);
    stream.delete().await.unwrap();
    let request = &sent(&simulator, "GetRecords")[0];
    assert_eq!((&request.method[..], &request.path[..]), ("PUT", "/users/my-test-stream/1/"));
    assert_eq!(request.json(), json!({"Location": start.as_str()}));
}

#[tokio::test]
async fn reads_go_on_where_the_last_one_ended() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 2).await;
    let info = NewRecord::new("one").shard(1).client_info("info").partition_key("k");
    put(&stream, vec![info, NewRecord::new("two").shard(1), NewRecord::new("three").shard(1)])
        .await;
    let shard = stream.shard(1);
    let start = shard.seek(Seek::Earliest).await.unwrap();
    let page = shard.records(&start).limit(1).await.unwrap();
    let [one] = &page.records[..] else { panic!("one record") };
    assert_eq!((one.sequence_number, &one.data[..]), (1, &b"one"[..]));
    assert_eq!(one.client_info.as_deref(), Some(&b"info"[..]));
    assert_eq!(one.partition_key.as_deref(), Some("k"));
    let arrived = one.arrived.unwrap().system_time().unwrap();
    assert!(arrived.elapsed().unwrap() < Duration::from_secs(60));
    assert_eq!(page.lag.unwrap().records, 2);
    let page = shard.records(&page.next).await.unwrap();
    assert_eq!(page.records.iter().map(text).collect::<Vec<_>>(), ["two", "three"]);
    assert_eq!((&page.records[0].client_info, &page.records[0].partition_key), (&None, &None));
    assert_eq!((page.lag.unwrap().records, page.lag.unwrap().time), (0, Duration::ZERO));
    let end = shard.records(&page.next).await.unwrap();
    assert_eq!((end.records.len(), end.next), (0, page.next));
}

#[tokio::test]
async fn every_seek_finds_its_place() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 1..4)).await;
    let shard = stream.shard(0);
    let all = shard.records(&shard.seek(Seek::Earliest).await.unwrap()).await.unwrap().records;
    let first = async |place: Seek| {
        let location = shard.seek(place).await.unwrap();
        shard.records(&location).await.unwrap().records.first().map(text)
    };
    assert_eq!(first(Seek::Sequence(2)).await.as_deref(), Some("2"));
    assert_eq!(first(Seek::Latest).await, None);
    let moment = all[2].arrived.unwrap();
    assert_eq!(first(Seek::Time(moment)).await.as_deref(), Some("3"));
    let later = UnixTime::new(moment.seconds(), moment.nanoseconds() + 1).unwrap();
    assert_eq!(first(Seek::at(later)).await, None);
    let before = SystemTime::now() - Duration::from_secs(60);
    assert_eq!(first(Seek::at(before)).await.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_seek_by_time_always_has_both_numbers() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    let whole = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    stream.shard(0).seek(Seek::at(whole)).await.unwrap();
    stream.shard(0).seek(Seek::at(whole + Duration::from_nanos(1))).await.unwrap();
    let requests = sent(&simulator, "SeekShard");
    let body = |nanoseconds: u64| json!({"Type": "TIME", "TimestampSec": 1_700_000_000, "TimestampNSec": nanoseconds});
    assert_eq!((requests[0].json(), requests[1].json()), (body(0), body(1)));
}

#[tokio::test]
async fn places_that_do_not_exist_are_errors() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 2).await;
    let beyond = stream.shard(2).seek(Seek::Earliest).await.unwrap_err();
    assert_eq!((beyond.status(), beyond.code()), (Some(400), Some(codes::SHARD_OUT_OF_RANGE)));
    let unknown = stream.shard(0).seek(Seek::Sequence(999_999)).await.unwrap_err();
    assert_eq!(unknown.status(), Some(400));
    let odd = stream.shard(0).records(&Location::from("AQAAAP////8AAAAAAAAAAA==")).await;
    says(&odd.unwrap_err(), ErrorKind::Status, &["IllegalLocationException"]);
    let missing = users.stream("missing").shard(0).seek(Seek::Latest).await.unwrap_err();
    assert!(missing.is_not_found());
    simulator.clear_requests();
    let none = stream.shard(0).records(&Location::from("x")).limit(0).await.unwrap_err();
    says(&none, ErrorKind::InvalidInput, &["at least 1 record"]);
    let zero = stream.shard(0).seek(Seek::Sequence(0)).await.unwrap_err();
    says(&zero, ErrorKind::InvalidInput, &["begin at 1"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_never_written_shard_is_empty() {
    let (_simulator, users) = start().await;
    let shard = stream(&users, 2).await.shard(1);
    for place in [Seek::Earliest, Seek::Latest] {
        let location = shard.seek(place).await.unwrap();
        assert_eq!(shard.records(&location).await.unwrap().records, []);
    }
}

#[tokio::test]
async fn a_location_ends_with_its_record() {
    let (_simulator, users) = start_with(forgetful()).await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 1..4)).await;
    let start = stream.shard(0).seek(Seek::Earliest).await.unwrap();
    outlive().await;
    let error = stream.shard(0).records(&start).await.unwrap_err();
    says(&error, ErrorKind::Status, &["400", "IllegalLocationException"]);
}

#[tokio::test]
async fn unknown_and_missing_fields_do_not_break_a_read() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 1..3)).await;
    simulator.fault(on("GetRecords", Fault::set("/Records/*/Color", "blue")));
    for field in ["ArrivalTimeSec", "ArrivalTimeNSec"] {
        simulator.fault(on("GetRecords", Fault::remove(format!("/Records/*/{field}"))));
    }
    for field in ["RecordsBehindLatest", "MSecBehindLatest"] {
        simulator.fault(on("GetRecords", Fault::remove(format!("/{field}"))));
    }
    let shard = stream.shard(0);
    let page = shard.records(&shard.seek(Seek::Earliest).await.unwrap()).await.unwrap();
    assert_eq!(page.records.iter().map(text).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!((page.records[0].arrived, page.lag), (None, None));
}
