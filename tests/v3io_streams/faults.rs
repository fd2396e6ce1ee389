//! Faults on the way: nothing is stored twice, nothing is read twice, nothing is lost.

use longhaul::v3io::{NewRecord, Seek};
use longhaul::{ErrorKind, Options};
use longhaul_simulator::Fault;

use super::support::{
    POLL, contents, ms, numbered, on, put, says, sent, soon, start, stream, take, texts, users_of,
};

#[tokio::test]
async fn a_lost_answer_is_not_sent_again_and_said() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    for fault in [Fault::reset_after(), Fault::status(503).after_effect(), Fault::garbage()] {
        simulator.clear_faults();
        simulator.clear_requests();
        simulator.fault(on("PutRecords", fault.first(1)));
        let report = stream.put_records(numbered(0, 0..1500)).await.unwrap();
        assert_eq!((report.done.len(), report.failed.len()), (0, 1500));
        let (doubtful, unsent) = (&report.failed[999].error, &report.failed[1000].error);
        assert!(doubtful.may_have_happened(), "{doubtful}");
        let words = "these 1000 records may have been stored";
        assert!(doubtful.to_string().contains(words), "{doubtful}");
        assert!(!unsent.may_have_happened(), "{unsent}");
        assert!(unsent.message().starts_with("not sent, because"), "{unsent}");
        assert_eq!(sent(&simulator, "PutRecords").len(), 1);
    }
    let stored = contents(&stream, 0).await;
    assert_eq!(stored, [texts(0..1000), texts(0..1000)].concat());
}

#[tokio::test]
async fn a_single_record_whose_answer_is_lost_is_not_sent_again() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    simulator.fault(on("PutRecords", Fault::reset_after().once()));
    let error = stream.put("x").await.unwrap_err();
    says(&error, ErrorKind::Interrupted, &["may have taken effect"]);
    assert!(error.may_have_happened());
    assert_eq!(contents(&stream, 0).await, ["x"]);
}

#[tokio::test]
async fn what_never_arrived_is_sent_again() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    simulator.fault(on("PutRecords", Fault::status(429).first(2)));
    put(&stream, numbered(0, 0..3)).await;
    // Without an open connection, whose end could not be told from that of a request on it.
    let fresh = users_of(&simulator, Options::new()).stream(stream.path());
    simulator.refuse(ms(150)).await;
    put(&fresh, numbered(0, 3..6)).await;
    assert_eq!(contents(&stream, 0).await, texts(0..6));
}

#[tokio::test]
async fn an_answer_for_other_records_loses_nothing() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    for results in
        [r#"{"Records": [{"SequenceNumber": 1, "ShardId": 0}]}"#, r#"{"Records": []}"#, "{}"]
    {
        simulator.clear_faults();
        simulator.fault(on("PutRecords", Fault::body("application/json", results)));
        let report = stream.put_records(["a", "b"]).await.unwrap();
        assert_eq!(report.done, []);
        let inputs: Vec<_> = report.failed.iter().map(|f| (f.index, f.input.clone())).collect();
        assert_eq!(inputs, [(0, NewRecord::from("a")), (1, NewRecord::from("b"))]);
        for failure in &report.failed {
            let words = ["results for 2 records", "may have been stored"];
            says(&failure.error, ErrorKind::Protocol, &words);
            assert!(failure.error.may_have_happened());
        }
    }
    let three = r#"{"Records": [{"SequenceNumber": 1, "ShardId": 0}, {}, {}]}"#;
    simulator.clear_faults();
    simulator.fault(on("PutRecords", Fault::body("application/json", three)));
    let error = stream.put("c").await.unwrap_err();
    says(&error, ErrorKind::Protocol, &["3 results for 1 records"]);
}

#[tokio::test]
async fn creating_is_not_repeated_and_growing_is() {
    let (simulator, users) = start().await;
    simulator.fault(on("CreateStream", Fault::reset_after().once()));
    let stream = users.stream("s");
    assert!(stream.create(2).await.unwrap_err().may_have_happened());
    assert_eq!(sent(&simulator, "CreateStream").len(), 1);
    simulator.fault(on("UpdateStream", Fault::reset_after().once()));
    stream.update(3).await.unwrap();
    assert_eq!(stream.describe().await.unwrap().shard_count, 3);
}

#[tokio::test]
async fn a_consumer_bridges_an_outage() {
    let (simulator, _) = start().await;
    let users = users_of(&simulator, Options::new().attempts(1));
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..10)).await;
    let mut consumer = stream.shard(0).consume(Seek::Earliest).poll_every(POLL).fetch_size(2);
    take(&mut consumer, 2).await;
    simulator.fault(on("GetRecords", Fault::status(503).first(3)));
    assert_eq!(take(&mut consumer, 2).await, texts(2..4));
    simulator.refuse(ms(200)).await;
    assert_eq!(take(&mut consumer, 6).await, texts(4..10));
}

#[tokio::test]
async fn a_longer_outage_is_an_error_after_which_the_consumer_goes_on() {
    let (simulator, _) = start().await;
    let users = users_of(&simulator, Options::new().attempts(1));
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..4)).await;
    let consumer = stream.shard(0).consume(Seek::Earliest).poll_every(POLL).fetch_size(2);
    let mut consumer = consumer.max_outage(ms(100));
    assert_eq!(take(&mut consumer, 2).await, texts(0..2));
    simulator.fault(on("GetRecords", Fault::status(503)));
    for _ in 0..2 {
        let error = soon(consumer.try_next()).await.unwrap_err();
        says(&error, ErrorKind::Status, &["503", "in shard 0"]);
    }
    simulator.clear_faults();
    assert_eq!(take(&mut consumer, 2).await, texts(2..4));
}

#[tokio::test]
async fn under_faults_every_record_is_read_once_and_in_order() {
    let (simulator, users) = start().await;
    let stream = stream(&users, 1).await;
    put(&stream, numbered(0, 0..300)).await;
    let faults = [
        Fault::reset(),
        Fault::reset_after(),
        Fault::status(503),
        Fault::truncate(20),
        Fault::status(502).as_html(),
    ];
    simulator.fault(Fault::one_of(faults).rate(0.2).seed(7));
    let mut consumer = stream.shard(0).consume(Seek::Earliest).poll_every(POLL).fetch_size(7);
    assert_eq!(take(&mut consumer, 300).await, texts(0..300));
}
