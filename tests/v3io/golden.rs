//! Every method of the client sends what the official client sends for the same action.
//!
//! Where it differs on purpose, the reason stands beside the case.

mod items;
mod objects;
mod streams;

use longhaul::batch;
use longhaul::v3io::{Client, NewRecord, Seek, Stream};
use longhaul_simulator::v3io::{INVALID_KEY, LOGIN};

use super::manners::V3io;
use super::support::start;
use super::wire::{Bench, Differs, What};

const TYPE: Differs = What::Header("content-type", "application/octet-stream")
    .because("this is the registered name of the type");
const POST: Differs = What::Method("POST").because(
    "what must not be repeated is told from what may be; the platform takes PUT and POST alike",
);

/// The operations that no method needs, with the reason.
const UNUSED: [(&str, &[&str]); 1] = [(
    "the official client has no method for them either; `raw` has them",
    &[
        "create_symlink",
        "get_cluster_metadata",
        "put_chunk",
        "run_object_vector",
        "set_directory_attributes",
    ],
)];

#[tokio::test]
async fn every_method_sends_what_the_official_client_sends() {
    let (handle, client) = start().await;
    let mut bench = Bench::new(&handle, &V3io);
    let users = client.container("users");
    Box::pin(access(&mut bench, &client, &handle.url())).await;
    Box::pin(tutorial(&mut bench, &client)).await;
    Box::pin(objects::listings(&mut bench, &client)).await;
    Box::pin(objects::objects(&mut bench, &users)).await;
    Box::pin(objects::names(&mut bench, &users)).await;
    Box::pin(objects::deletions(&mut bench, &users)).await;
    Box::pin(items::items(&mut bench, &users)).await;
    Box::pin(items::conditions(&mut bench, &users)).await;
    Box::pin(items::expressions(&mut bench, &users)).await;
    Box::pin(items::scans(&mut bench, &users)).await;
    Box::pin(streams::streams(&mut bench, &users)).await;
    Box::pin(streams::records(&mut bench, &users.stream("wire/stream"))).await;
    Box::pin(streams::control_plane(&mut bench, &handle.url())).await;
    bench.finish(182, &UNUSED);
}

async fn access(bench: &mut Bench<'_>, client: &Client, url: &str) {
    bench.golden("list containers", &[], client.containers()).await.unwrap();
    let no_slash = [What::Query("prefix", "").because("the root has an empty path")];
    let root = client.container("users").list("/").collect_all();
    bench.golden("list the root", &no_slash, root).await.unwrap();
    let stranger = client.with_access_key(INVALID_KEY).unwrap();
    let refused = stranger.container("users").list("/").collect_all();
    assert!(bench.golden("wrong key", &no_slash, refused).await.unwrap_err().is_unauthorized());
    let no_slash = [What::Path("/users").because("a container's path has no slash at its end")];
    let exists = client.container("users").exists();
    assert!(bench.golden("container exists", &no_slash, exists).await.unwrap());
    client.container("users").object("wire/o").put("x").await.unwrap();
    let by_id = client.container("1027").list("wire").collect_all();
    bench.golden("container by id", &[], by_id).await.unwrap();

    let login = |user: &str, password: &str| {
        let client = Client::builder().endpoint(url).basic_auth(user, password.to_owned());
        client.build().unwrap().container("users").list("wire").collect_all()
    };
    bench.golden("basic auth", &[], login(LOGIN.0, LOGIN.1)).await.unwrap();
    let wrong = bench.golden("wrong basic auth", &[], login("nobody", "wrong")).await;
    assert!(wrong.unwrap_err().is_unauthorized());
}

/// What the official client's own tutorial does.
async fn tutorial(bench: &mut Bench<'_>, client: &Client) {
    let bigdata = client.container("bigdata");
    let puts = batch(0..16, |index| {
        bigdata.object(format!("/object{index}")).put(format!("object-{index}"))
    });
    let names = bench.names("batch ");
    let wanted: Vec<_> = names.iter().map(|name| (name.as_str(), &[TYPE][..])).collect();
    assert!(bench.in_any_order(&wanted, puts.concurrency(16)).await.is_success());

    let users = client.container("users");
    let object = users.object("/my-object");
    bench.golden("put", &[TYPE], object.put("hello, there")).await.unwrap();
    let content = bench.golden("get", &[], object.get()).await.unwrap();
    assert_eq!(content, "hello, there");
    bench.golden("delete", &[], object.delete()).await.unwrap();

    let burgers = users.table("/bobs-burgers/");
    let bob = burgers.item("bob").put().set("age", 42).set("feature", "mustache");
    bench.golden("put item", &[], bob).await.unwrap();
    let louise = burgers.item("louise");
    let more = louise.update().set("height", 130).set("quip", "i can smell fear on you");
    bench.golden("update item", &[], more).await.unwrap();
    let some = louise.get().attributes(["__size", "age", "quip", "height"]);
    bench.golden("get attributes", &[], some).await.unwrap();
    let adults = burgers.scan().filter("age > 15").attributes(["age", "feature"]).items();
    assert_eq!(bench.golden("query", &[], adults.collect_all()).await.unwrap().len(), 1);

    let stream = users.stream("/my-test-stream");
    bench.golden("create stream", &[], stream.create(8)).await.unwrap();
    let records = [
        NewRecord::new("first shard record #1").shard(1),
        NewRecord::new("first shard record #2").shard(1),
        NewRecord::new("second shard record #1").shard(2),
        NewRecord::new("some shard record #1"),
    ];
    let put = stream.put_records(records);
    assert!(bench.golden("put records", &[], put).await.unwrap().is_success());
    let shard = stream.shard(1);
    let start = bench.golden("seek earliest", &[], shard.seek(Seek::Earliest)).await.unwrap();
    let read = bench.golden("get records", &[], shard.records(&start)).await.unwrap();
    assert_eq!(read.records[1].data, "first shard record #2");
    delete_stream(bench, &stream).await;
}

async fn delete_stream(bench: &mut Bench<'_>, stream: &Stream) {
    let look = What::Also("PUT", "/users/my-test-stream/#DescribeStream")
        .because("a mistyped path must not empty a folder that is no stream");
    let bare =
        What::Query("prefix", "my-test-stream").because("the slashes at a path's ends say nothing");
    let wanted: [(&str, &[Differs]); 5] = [
        ("delete stream: list", &[look, bare]),
        ("delete stream: 0", &[]),
        ("delete stream: 1", &[]),
        ("delete stream: 2", &[]),
        ("delete stream: itself", &[]),
    ];
    bench.in_any_order(&wanted, stream.delete()).await.unwrap();
    let gone = bench.golden("describe deleted stream", &[], stream.describe()).await;
    assert!(gone.unwrap_err().is_not_found());
}
