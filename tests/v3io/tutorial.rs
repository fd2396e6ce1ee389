//! What the official client's tutorial shows, with the outcomes that it prints.

use longhaul::batch;
use longhaul::v3io::{NewRecord, RaiseForStatus, Seek};

use super::support::{failure, names, start, users};

#[tokio::test]
async fn containers_are_listed_with_the_status() {
    let (_simulator, client) = start().await;
    let response = client.containers().response(RaiseForStatus::Default).await.unwrap();
    assert_eq!(response.status, 200);
    let containers = response.into_output().unwrap();
    let found: Vec<_> = containers.iter().map(|container| container.name.as_str()).collect();
    assert_eq!(found, ["bigdata", "projects", "users"]);
    assert_eq!(containers[0].id, Some(1026));
    assert!(containers[0].creation_date.as_ref().unwrap().datetime().is_some());
}

#[tokio::test]
async fn errors_are_raised_or_handled_by_hand() {
    let (_simulator, users) = users().await;
    let missing = users.object("/nope");
    assert_eq!(failure(missing.get()).await.status(), Some(404));
    let response = missing.get().response(RaiseForStatus::Never).await.unwrap();
    assert_eq!(response.status, 404);
    let response = missing.get().response([200, 404]).await.unwrap();
    assert_eq!(response.status, 404);
}

#[tokio::test]
async fn sixteen_writes_go_in_parallel() {
    let (_simulator, client) = start().await;
    let bigdata = client.container("bigdata");
    let writes = batch(0..16, |index| {
        bigdata.object(format!("/object{index}")).put(format!("object-{index}"))
    });
    assert_eq!(writes.concurrency(16).await.into_result().unwrap().len(), 16);
    let reads = batch(0..16, |index| bigdata.object(format!("/object{index}")).get());
    let contents = reads.await.into_result().unwrap();
    let expected: Vec<_> = (0..16).map(|index| format!("object-{index}")).collect();
    assert_eq!(contents, expected);
}

#[tokio::test]
async fn an_object_is_written_read_and_deleted() {
    let (_simulator, users) = users().await;
    let object = users.object("/my-object");
    object.put("hello, there").await.unwrap();
    let content = object.get().await.unwrap();
    assert_eq!(std::str::from_utf8(&content).unwrap(), "hello, there");
    object.delete().await.unwrap();
    assert!(failure(object.get()).await.is_not_found());
}

#[tokio::test]
async fn a_table_is_filled_changed_and_queried() {
    let (_simulator, users) = users().await;
    let burgers = users.table("/bobs-burgers/");
    for (key, age, feature) in
        [("bob", 42, "mustache"), ("linda", 41, "singing"), ("louise", 9, "bunny ears")]
    {
        burgers.item(key).put().set("age", age).set("feature", feature).await.unwrap();
    }
    let louise = burgers.item("louise");
    louise.update().set("height", 130).set("quip", "i can smell fear on you").await.unwrap();
    let found = louise.get().attributes(["__size", "age", "quip", "height"]).await.unwrap();
    assert_eq!(found.len(), 4);
    assert_eq!((found.get_i64("__size"), found.get_i64("height")), (Some(0), Some(130)));
    assert_eq!(found.get_str("quip"), Some("i can smell fear on you"));

    let adults = burgers.scan().filter("age > 15").attributes(["age", "feature"]);
    let mut adults = adults.items().collect_all().await.unwrap();
    adults.sort_by_key(|row| row.attributes.get_i64("age"));
    let adults: Vec<_> = adults
        .iter()
        .map(|row| (row.attributes.get_i64("age"), row.attributes.get_str("feature")))
        .collect();
    assert_eq!(adults, [(Some(41), Some("singing")), (Some(42), Some("mustache"))]);
    let all = burgers.scan().items().collect_all().await.unwrap();
    assert_eq!(names(&all), ["bob", "linda", "louise"]);
}

#[tokio::test]
async fn a_stream_is_made_written_read_and_deleted() {
    let (_simulator, users) = users().await;
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
    let read = shard.records(&start).await.unwrap().records;
    let read: Vec<_> = read.iter().map(|record| &record.data[..]).collect();
    assert_eq!(read[..2], [&b"first shard record #1"[..], b"first shard record #2"]);
    stream.delete().await.unwrap();
    assert!(!stream.exists().await.unwrap());
}
