//! Endless readers of all shards.

use std::collections::BTreeMap;

use longhaul::ErrorKind;
use longhaul::v3io::{Seek, StreamConsumer};
use longhaul_simulator::Fault;

use super::support::{POLL, ms, numbered, on, put, says, soon, start, stream, text, texts};

/// The contents of the next records, by their shards.
async fn take(consumer: &mut StreamConsumer, count: usize) -> BTreeMap<u32, Vec<String>> {
    let mut taken = BTreeMap::<u32, Vec<String>>::new();
    for _ in 0..count {
        let arrival = soon(consumer.try_next()).await.expect("a record");
        taken.entry(arrival.shard).or_default().push(text(&arrival.record));
    }
    taken
}

#[tokio::test]
async fn all_shards_come_each_in_its_order() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 5).await;
    for shard in 0..4 {
        put(&stream, numbered(shard, 0..20)).await;
    }
    let mut consumer = stream.consume(Seek::Earliest).poll_every(POLL).fetch_size(3);
    assert_eq!(consumer.lag(), None);
    let taken = take(&mut consumer, 80).await;
    assert_eq!(taken, (0..4).map(|shard| (shard, texts(0..20))).collect());
    put(&stream, numbered(4, 7..8)).await;
    assert_eq!(take(&mut consumer, 1).await, [(4, texts(7..8))].into());
}

#[tokio::test]
async fn the_lag_is_the_sum_of_the_shards() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 3).await;
    put(&stream, numbered(0, 0..5)).await;
    put(&stream, numbered(1, 0..7)).await;
    let mut consumer = stream.consume(Seek::Earliest).poll_every(POLL);
    take(&mut consumer, 4).await;
    while consumer.lag().is_none() {
        let _ = tokio::time::timeout(ms(0), consumer.try_next()).await;
    }
    let lags = consumer.lags();
    assert_eq!(lags.keys().copied().collect::<Vec<_>>(), [0, 1, 2]);
    let sum: u64 = lags.values().map(|lag| lag.records).sum();
    assert_eq!((consumer.lag().unwrap().records, lags[&2].records), (sum, 0));
    assert!(sum <= 8, "{sum}");
}

#[tokio::test]
async fn another_consumer_goes_on_at_the_positions() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 2).await;
    put(&stream, numbered(0, 0..30)).await;
    put(&stream, numbered(1, 0..30)).await;
    let mut first = stream.consume(Seek::Earliest).poll_every(POLL).fetch_size(4);
    let mut all = take(&mut first, 25).await;
    let positions = first.positions();
    assert_eq!(positions.len(), 2);
    let mut second = stream.consume(Seek::Latest).resume(positions.clone()).poll_every(POLL);
    assert_eq!(second.positions(), positions);
    for (shard, texts) in take(&mut second, 35).await {
        all.entry(shard).or_default().extend(texts);
    }
    assert_eq!(all, [(0, texts(0..30)), (1, texts(0..30))].into());
}

#[tokio::test]
async fn a_busy_shard_does_not_hold_up_the_others() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 3).await;
    put(&stream, numbered(0, 0..3000)).await;
    put(&stream, numbered(1, 0..3)).await;
    put(&stream, numbered(2, 0..3)).await;
    let mut consumer = stream.consume(Seek::Earliest).fetch_size(100);
    let early = take(&mut consumer, 1000).await;
    assert_eq!((early[&1].len(), early[&2].len()), (3, 3));
}

#[tokio::test]
async fn new_shards_are_picked_up_from_their_first_record() {
    let (_simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..1)).await;
    let consumer = stream.consume(Seek::Latest).poll_every(POLL);
    let mut consumer = consumer.look_for_shards_every(ms(30));
    assert!(tokio::time::timeout(ms(100), consumer.try_next()).await.is_err());
    stream.update(3).await.unwrap();
    put(&stream, numbered(2, 5..7)).await;
    assert_eq!(take(&mut consumer, 2).await, [(2, texts(5..7))].into());
    assert_eq!(consumer.positions().len(), 3);
}

#[tokio::test]
async fn trouble_in_one_shard_does_not_stop_the_others() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 2).await;
    put(&stream, numbered(0, 0..3)).await;
    put(&stream, numbered(1, 0..3)).await;
    simulator.fault(Fault::status(403).path("/users/my-test-stream/1/"));
    let mut consumer = stream.consume(Seek::Earliest).poll_every(POLL);
    let (mut records, mut errors) = (Vec::new(), 0);
    while records.len() < 3 || errors == 0 {
        match soon(consumer.try_next()).await {
            Ok(arrival) => records.push((arrival.shard, text(&arrival.record))),
            Err(error) => {
                says(&error, ErrorKind::Status, &["403", "in shard 1"]);
                errors += 1;
            }
        }
    }
    assert!(records.iter().all(|(shard, _)| *shard == 0));
    simulator.clear_faults();
    let mut late = Vec::new();
    while late.len() < 3 {
        if let Ok(arrival) = soon(consumer.try_next()).await {
            late.push((arrival.shard, text(&arrival.record)));
        }
    }
    assert_eq!(late, texts(0..3).into_iter().map(|text| (1, text)).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_cannot_be_consumed_is_an_error() {
    let (simulator, users) = start().await;
    let mut number = users.stream("s").consume(Seek::Sequence(3));
    let error = number.try_next().await.unwrap_err();
    says(&error, ErrorKind::InvalidInput, &["belongs to one shard"]);
    let error = users.stream("s").consume(Seek::Earliest).fetch_size(0).try_next().await;
    says(&error.unwrap_err(), ErrorKind::InvalidInput, &["at least 1 record"]);
    assert_eq!(simulator.request_count(), 0);
    let mut missing = users.stream("missing").consume(Seek::Earliest);
    assert!(soon(missing.try_next()).await.unwrap_err().is_not_found());
    let stream = stream(&users, 1).await;
    simulator.fault(on("DescribeStream", Fault::remove("/ShardCount")));
    let error = soon(stream.consume(Seek::Earliest).try_next()).await.unwrap_err();
    says(&error, ErrorKind::Protocol, &["without the number of its shards"]);
}
