//! What errors of V3IO say and what debug output of its clients shows, for review.

use std::time::Duration;

use longhaul::v3io::{Attributes, Builder, Client, Container, NewRecord, Seek, control};
use longhaul::{Error, Options, Token};
use longhaul_simulator::{Fault, Handle, Simulator};

use crate::failure::failure;
use crate::{debug, errors};

const KEY: &str = "hunter2hunter2";

fn builder() -> Builder {
    Client::builder().endpoint("http://127.0.0.1:9")
}

#[test]
fn debug_output_is_as_reviewed_and_has_no_credential() {
    let mut album = debug::Album::default();
    clients(&mut album);
    resources(&mut album, &builder().access_key(KEY).build().unwrap().container("users"));
    assert!(!album.0.contains("hunter2"), "{}", album.0);
    // The name and the password in base64, as Basic has them.
    assert!(!album.0.contains("YW5u"), "{}", album.0);
    insta::assert_snapshot!("v3io_debug", album.0);
}

fn clients(album: &mut debug::Album) {
    let provider = || async { Ok(Token::new(KEY)) };
    album.show("Builder", &builder().access_key(KEY));
    album.show("Builder with a user", &builder().basic_auth("ann", KEY));
    album.show("Client", &builder().access_key(KEY).build().unwrap());
    album.show("Client with a user", &builder().basic_auth("ann", KEY).build().unwrap());
    let fetched = builder().access_key_provider(provider).build().unwrap();
    album.show("Client with a key provider", &fetched);
    let control = || control::Client::builder().url("http://127.0.0.1:9");
    album.show("control::Builder", &control().login("ann", KEY));
    album.show("control::Client", &control().login("ann", KEY).build().unwrap());
    let with_key = control().access_key(KEY).build().unwrap();
    album.show("control::Client with an access key", &with_key);
    album.show("control::Job", &with_key.job("1"));
}

fn resources(album: &mut debug::Album, users: &Container) {
    let (object, table) = (users.object("/a/b"), users.table("/t"));
    album.show("Container", users);
    album.show("List of a directory", &users.list("/a").details());
    album.show("Object", &object);
    album.show("PutObject", &object.put("content"));
    album.show("GetObject", &object.get().offset(1));
    album.show("Item", &table.item("k"));
    album.show("PutItem", &table.item("k").put().set("n", 1).set("s", "text"));
    let change = table.item("k").update_expression("n = n + 1").condition("n > 1");
    album.show("UpdateItem", &change);
    album.show("Scan", &table.scan().filter("n > 1").attributes(["n"]));
    album.show("ParallelScan", &table.scan().parallel(4));
    album.show("Stream", &users.stream("/s"));
    album.show("PutRecord", &users.stream("/s").put(NewRecord::new("data").shard(1)));
    album.show("Consumer", &users.stream("/s").shard(1).consume(Seek::Earliest));
}

async fn start(fault: Option<Fault>) -> (Handle, Container) {
    let simulator = fault.into_iter().fold(Simulator::v3io(), Simulator::fault);
    let simulator = simulator.start().await.expect("a free port");
    let client = Client::builder().endpoint(simulator.url()).access_key(KEY);
    let client = client.options(Options::new().attempts(1).timeout(Duration::from_millis(300)));
    let users = client.build().expect("good settings").container("users");
    (simulator, users)
}

#[tokio::test]
async fn errors_say_what_was_reviewed() {
    let mut album = errors::Album::default();
    Box::pin(refusals_by_the_server(&mut album)).await;
    Box::pin(refusals_by_the_client(&mut album)).await;
    Box::pin(lost_answers(&mut album)).await;
    settings(&mut album);
    insta::assert_snapshot!("v3io_errors", album.text);
}

async fn refusals_by_the_server(album: &mut errors::Album) {
    let (simulator, users) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    add("a missing object", failure(users.object("nope").get()).await);
    add("a missing item", failure(users.table("t").item("nobody").get()).await);
    let nowhere = users.list("no/such").collect_all();
    add("a missing directory", failure(nowhere).await);
    let item = users.table("t").item("k");
    item.put().set("n", 1).await.unwrap();
    add("a false condition", failure(item.put().set("n", 2).condition("n == 7")).await);
    add("an item that was to be new", failure(item.put().only_new()).await);
    add("a system attribute", failure(item.put().set("__name", "x")).await);
    let filter = users.table("t").scan().filter("n >").items();
    add("a filter that is none", failure(filter.collect_all()).await);
    users.object("d/f").put("x").await.unwrap();
    add("a directory that is not empty", failure(users.object("d/").delete()).await);
    users.stream("s").create(1).await.unwrap();
    add("a stream that exists", failure(users.stream("s").create(1)).await);
    add("a shard that does not exist", failure(users.stream("s").put(outside())).await);
    let wrong = Client::builder().endpoint(simulator.url()).access_key("invalid-key");
    add("a wrong key", failure(wrong.build().unwrap().containers()).await);
}

fn outside() -> NewRecord {
    NewRecord::new("x").shard(7)
}

async fn refusals_by_the_client(album: &mut errors::Album) {
    let (_simulator, users) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, None);
    let item = users.table("t").item("k");
    add("an empty path", failure(users.object("").get()).await);
    add("a path that leads elsewhere", failure(users.object("a/../b").get()).await);
    add("a name that is none", failure(item.put().set("a b", 1)).await);
    add("a number that is none", failure(item.put().set("n", f64::NAN)).await);
    add("a text too long", failure(item.put().set("s", "x".repeat(61_201))).await);
    let alone = item.update_expression("n = 1").otherwise("n = 2");
    add("an alternative without a condition", failure(alone).await);
    let segment = users.table("t").scan().segment(4, 4).items();
    add("a segment that does not exist", failure(segment.collect_all()).await);
    let range = users.table("t").scan().sort_key_from("a").items();
    add("a range without a sharding key", failure(range.collect_all()).await);
    add("a part of nothing", failure(users.object("o").get().num_bytes(0)).await);
    let record = NewRecord::new(vec![0; 3_000_000]);
    add("a record too large", failure(users.stream("s").put(record)).await);
}

async fn lost_answers(album: &mut errors::Album) {
    let (simulator, users) = start(Some(Fault::reset_after())).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    add("a write that may be repeated", failure(users.object("o").put("x")).await);
    add("an append", failure(users.object("o").append("x")).await);
    let count = users.table("t").item("k").update_expression("n = 1");
    add("a change", failure(count).await);
    let conditional = users.table("t").item("k").put().set("n", 2).condition("n == 1");
    add("a conditional write", failure(conditional).await);
    let (simulator, users) = start(Some(Fault::html())).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    add("a page for a listing", failure(users.list("").collect_all()).await);
    add("a page for an item", failure(users.table("t").item("k").get()).await);
    let table = users.table("t");
    let items = [("k".to_owned(), Attributes::from_iter([("n", f64::NAN)]))];
    let report = table.put_items(items).await;
    add("an item of several", report.into_result().unwrap_err());
}

fn settings(album: &mut errors::Album) {
    let plain = Client::builder().endpoint("webapi.example.com").access_key(KEY);
    let cases = [
        ("no endpoint", Client::builder().access_key(KEY)),
        ("no key", builder()),
        ("two credentials", builder().access_key(KEY).basic_auth("ann", KEY)),
        ("a user name with a colon", builder().basic_auth("ann:hunter2", "")),
        ("no encryption", plain),
    ];
    for (cause, builder) in cases {
        album.add(cause, &builder.build().expect_err(cause), None);
    }
}
