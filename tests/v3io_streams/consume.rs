//! Endless readers of one shard.

use futures_util::StreamExt;
use longhaul::ErrorKind;
use longhaul::v3io::Seek;
use longhaul_simulator::{Fault, Simulator};

use super::support::{
    POLL, forgetful, ms, numbered, on, outlive, put, says, sent, soon, start, start_with, stream,
    take, text, texts,
};

#[tokio::test]
async fn records_come_that_are_there_and_those_that_follow() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 2).await;
    put(&stream, numbered(1, 0..5)).await;
    let mut consumer = stream.shard(1).consume(Seek::Earliest).poll_every(POLL).fetch_size(2);
    assert_eq!(take(&mut consumer, 5).await, texts(0..5));
    let writer = stream.clone();
    let late = tokio::spawn(async move {
        tokio::time::sleep(ms(50)).await;
        put(&writer, numbered(1, 5..7)).await;
    });
    assert_eq!(take(&mut consumer, 2).await, texts(5..7));
    late.await.unwrap();
}

#[tokio::test]
async fn latest_begins_after_what_is_there() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..5)).await;
    let mut consumer = stream.shard(0).consume(Seek::Latest).poll_every(POLL);
    assert!(tokio::time::timeout(ms(100), consumer.try_next()).await.is_err());
    put(&stream, numbered(0, 5..6)).await;
    assert_eq!(take(&mut consumer, 1).await, texts(5..6));
}

#[tokio::test]
async fn a_consumer_is_a_stream_of_futures() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..3)).await;
    let consumer = stream.shard(0).consume(Seek::Earliest);
    let elsewhere = tokio::spawn(consumer.take(3).collect::<Vec<_>>());
    let three = soon(elsewhere).await.unwrap();
    let three: Vec<_> = three.iter().map(|record| text(record.as_ref().unwrap())).collect();
    assert_eq!(three, texts(0..3));
}

#[tokio::test]
async fn the_lag_counts_what_was_not_taken() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..10)).await;
    let mut consumer = stream.shard(0).consume(Seek::Earliest).fetch_size(4);
    assert_eq!(consumer.lag(), None);
    take(&mut consumer, 1).await;
    assert_eq!(consumer.lag().unwrap().records, 9);
    take(&mut consumer, 9).await;
    assert_eq!(consumer.lag().unwrap().records, 0);
}

#[tokio::test]
async fn another_consumer_goes_on_at_the_position() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..10)).await;
    let mut position = Seek::Earliest;
    for part in [0..3, 3..10] {
        let mut consumer = stream.shard(0).consume(position).poll_every(POLL);
        assert_eq!(take(&mut consumer, part.clone().count()).await, texts(part));
        position = consumer.position();
    }
    assert_eq!(position, Seek::Sequence(11));
    let mut consumer = stream.shard(0).consume(position).poll_every(POLL);
    assert!(tokio::time::timeout(ms(100), consumer.try_next()).await.is_err());
    put(&stream, numbered(0, 10..12)).await;
    assert_eq!(take(&mut consumer, 2).await, texts(10..12));
}

#[tokio::test]
async fn a_wait_that_is_dropped_loses_nothing() {
    let (_simulator, users) = start_with(Simulator::v3io().latency(ms(7))).await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..30)).await;
    let mut consumer = stream.shard(0).consume(Seek::Earliest).fetch_size(3);
    let mut taken = Vec::new();
    while taken.len() < 30 {
        if let Ok(record) = tokio::time::timeout(ms(3), consumer.try_next()).await {
            taken.push(text(&record.unwrap()));
        }
    }
    assert_eq!(taken, texts(0..30));
}

#[tokio::test]
async fn an_idle_consumer_asks_seldom_and_stops_when_dropped() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    let mut consumer = stream.shard(0).consume(Seek::Earliest).poll_every(ms(50));
    assert!(tokio::time::timeout(ms(500), consumer.try_next()).await.is_err());
    let asked = sent(&simulator, "GetRecords").len();
    assert!((3..=11).contains(&asked), "{asked}");
    drop(consumer);
    tokio::time::sleep(ms(150)).await;
    assert!(sent(&simulator, "GetRecords").len() <= asked + 1);
    assert_eq!(sent(&simulator, "SeekShard").len(), 1);
}

#[tokio::test]
async fn records_that_expired_are_an_error_or_skipped() {
    let (_simulator, users) = start_with(forgetful()).await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 1..6)).await;
    let mut consumer = stream.shard(0).consume(Seek::Earliest).poll_every(POLL).fetch_size(1);
    assert_eq!(take(&mut consumer, 2).await, texts(1..3));
    outlive().await;
    put(&stream, numbered(0, 6..8)).await;
    for _ in 0..2 {
        let error = soon(consumer.try_next()).await.unwrap_err();
        says(&error, ErrorKind::Status, &["retention", "Seek::Earliest", "shard 0"]);
    }
    assert_eq!(consumer.position(), Seek::Sequence(3));
    let mut consumer = consumer.skip_expired();
    assert_eq!(take(&mut consumer, 2).await, texts(6..8));
    assert_eq!(consumer.skipped(), 3);
}

#[tokio::test]
async fn a_position_whose_record_expired_is_an_error_or_skipped() {
    let (_simulator, users) = start_with(forgetful()).await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 1..6)).await;
    outlive().await;
    let resume = || stream.shard(0).consume(Seek::Sequence(3)).poll_every(POLL);
    put(&stream, numbered(0, 6..8)).await;
    let error = soon(resume().try_next()).await.unwrap_err();
    says(&error, ErrorKind::Protocol, &["record 3 is gone", "oldest one is 6", "Seek::Earliest"]);
    let mut consumer = resume().skip_expired();
    assert_eq!(take(&mut consumer, 2).await, texts(6..8));
    assert_eq!(consumer.skipped(), 3);
}

#[tokio::test]
async fn an_emptied_shard_goes_on_with_the_next_record() {
    let (_simulator, users) = start_with(forgetful()).await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 1..6)).await;
    outlive().await;
    let mut consumer = stream.shard(0).consume(Seek::Sequence(6)).poll_every(POLL);
    assert!(tokio::time::timeout(ms(50), consumer.try_next()).await.is_err());
    put(&stream, numbered(0, 6..7)).await;
    assert_eq!(take(&mut consumer, 1).await, texts(6..7));
    assert_eq!(consumer.skipped(), 0);
}

#[tokio::test]
async fn a_location_that_moved_is_looked_up_again() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..6)).await;
    let moved = Fault::set("/NextLocation", "AQAAAP////8AAAAAAAAAAA==");
    simulator.fault(on("GetRecords", moved.once()));
    let mut consumer = stream.shard(0).consume(Seek::Earliest).poll_every(POLL).fetch_size(3);
    assert_eq!(take(&mut consumer, 6).await, texts(0..6));
}

#[tokio::test]
async fn records_that_come_again_are_not_delivered_twice() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..6)).await;
    let begin = stream.shard(0).seek(Seek::Earliest).await.unwrap();
    simulator.fault(on("GetRecords", Fault::set("/NextLocation", begin.as_str()).once()));
    let mut consumer = stream.shard(0).consume(Seek::Earliest).poll_every(POLL).fetch_size(3);
    assert_eq!(take(&mut consumer, 3).await, texts(0..3));
    let error = soon(consumer.try_next()).await.unwrap_err();
    says(&error, ErrorKind::Protocol, &["record 1", "record 4", "made again"]);
    assert_eq!(take(&mut consumer, 3).await, texts(3..6));
}

#[tokio::test]
async fn a_stream_that_was_made_again_does_not_pass_for_the_old_one() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 1..4)).await;
    let mut consumer = stream.shard(0).consume(Seek::Earliest).poll_every(POLL);
    take(&mut consumer, 3).await;
    stream.delete().await.unwrap();
    assert!(soon(consumer.try_next()).await.unwrap_err().is_not_found());
    stream.create(1).await.unwrap();
    put(&stream, numbered(0, 10..12)).await;
    let error = soon(consumer.try_next()).await.unwrap_err();
    assert!(error.to_string().contains("Seek::Earliest"), "{error}");
}

#[tokio::test]
async fn a_shard_that_is_not_there_yet_is_waited_for() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 2).await;
    simulator.fault(on("SeekShard", Fault::status(404)));
    let mut consumer = stream.shard(1).consume(Seek::Latest).poll_every(POLL);
    while consumer.position() == Seek::Latest {
        assert!(tokio::time::timeout(POLL, consumer.try_next()).await.is_err());
    }
    put(&stream, numbered(1, 0..2)).await;
    simulator.clear_faults();
    assert_eq!(take(&mut consumer, 2).await, texts(0..2));
}

#[tokio::test]
async fn a_shard_that_cannot_be_there_is_an_error() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 2).await;
    let mut consumer = stream.shard(2).consume(Seek::Earliest);
    let error = soon(consumer.try_next()).await.unwrap_err();
    says(&error, ErrorKind::Status, &["ShardIDOutOfRangeException", "in shard 2"]);
    simulator.fault(on("SeekShard", Fault::status(404)));
    let error = soon(consumer.try_next()).await.unwrap_err();
    says(&error, ErrorKind::Status, &["404", "in shard 2"]);
    simulator.clear_requests();
    let none = soon(stream.shard(0).consume(Seek::Earliest).fetch_size(0).try_next()).await;
    says(&none.unwrap_err(), ErrorKind::InvalidInput, &["at least 1 record"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_damaged_record_is_named_and_the_next_one_comes() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 1..4)).await;
    simulator.fault(on("GetRecords", Fault::set("/Records/1/Data", "no base64!").once()));
    let mut consumer = stream.shard(0).consume(Seek::Earliest);
    assert_eq!(take(&mut consumer, 1).await, ["1"]);
    let error = soon(consumer.try_next()).await.unwrap_err();
    says(&error, ErrorKind::Decode, &["v3io get_records", "record 2"]);
    assert_eq!(take(&mut consumer, 1).await, ["3"]);
}
