//! Every method of the client sends what the official client sends for the same action.
//!
//! Where it differs on purpose, the reason stands beside the case.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use longhaul::batch;
use longhaul::transfer::Content;
use longhaul::v3io::control::models::UserCreateAttributes;
use longhaul::v3io::control::{self, ConfigurationKind};
use longhaul::v3io::{
    Attributes, Client, Container, Field, FieldType, Location, NewRecord, Revision, Seek, Stream,
    UnixTime, UpdateMode,
};
use longhaul_simulator::Simulator;
use longhaul_simulator::v3io::{INVALID_KEY, LOGIN};

use super::support::{KEY, start_with};
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
    // The simulator's pages have room for the five people, as those of the recorded server had.
    let (handle, client) = start_with(Simulator::v3io()).await;
    let mut bench = Bench::new(&handle);
    let users = client.container("users");
    Box::pin(access(&mut bench, &client, &handle.url())).await;
    Box::pin(tutorial(&mut bench, &client)).await;
    Box::pin(listings(&mut bench, &client)).await;
    Box::pin(objects(&mut bench, &users)).await;
    Box::pin(names(&mut bench, &users)).await;
    Box::pin(deletions(&mut bench, &users)).await;
    Box::pin(items(&mut bench, &users)).await;
    Box::pin(conditions(&mut bench, &users)).await;
    Box::pin(expressions(&mut bench, &users)).await;
    Box::pin(scans(&mut bench, &users)).await;
    Box::pin(streams(&mut bench, &users)).await;
    Box::pin(records(&mut bench, &users.stream("wire/stream"))).await;
    Box::pin(control_plane(&mut bench, &handle.url())).await;
    bench.finish(182, &UNUSED);
}

async fn access(bench: &mut Bench<'_>, client: &Client, url: &str) {
    bench.golden("list containers", &[], client.containers()).await.unwrap();
    let no_slash = [What::Query("prefix", "").because("the root has an empty path")];
    let root = client.container("users").list("/").collect_all();
    bench.golden("list the root", &no_slash, root).await.unwrap();
    let no_slash = [What::Path("/users").because("a container's path has no slash at its end")];
    let exists = client.container("users").exists();
    assert!(bench.golden("container exists", &no_slash, exists).await.unwrap());
    client.container("users").object("wire/o").put("x").await.unwrap();
    let by_id = client.container("1027").list("wire").collect_all();
    bench.golden("container by id", &[], by_id).await.unwrap();

    let stranger = client.with_access_key(INVALID_KEY).unwrap();
    let no_slash = [What::Query("prefix", "").because("the root has an empty path")];
    let refused = stranger.container("users").list("/").collect_all();
    assert!(bench.golden("wrong key", &no_slash, refused).await.unwrap_err().is_unauthorized());
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
    let look = What::Also("PUT", "DescribeStream")
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

async fn listings(bench: &mut Bench<'_>, client: &Client) {
    let users = client.container("users");
    for n in 0..5 {
        let file = users.object(format!("wire/list/file-{n}.txt"));
        file.put("0123456789").await.unwrap();
    }
    let directory = users.object("wire/list/dir-0/").put("");
    bench.golden("make directory", &[TYPE], directory).await.unwrap();
    for n in 1..4 {
        users.object(format!("wire/list/dir-{n}/")).put("").await.unwrap();
    }
    let list = || users.list("wire/list");
    bench.golden("list", &[], list().collect_all()).await.unwrap();
    bench.golden("list details", &[], list().details().collect_all()).await.unwrap();
    let directories = list().details().directories_only().collect_all();
    bench.golden("list directories", &[], directories).await.unwrap();
    let pages: [(&str, &[Differs]); 5] = [
        ("list page 1", &[]),
        ("list page 2", &[]),
        ("list page 3", &[]),
        ("list page 4", &[]),
        ("list page 5", &[]),
    ];
    bench.goldens(&pages, list().page_size(2).collect_all()).await.unwrap();
    let bare = [What::Query("prefix", "wire/no-such-path").because("the slash says nothing")];
    let missing = users.list("/wire/no-such-path").collect_all();
    assert!(bench.golden("list missing", &bare, missing).await.unwrap_err().is_not_found());

    let nowhere = client.container("not-exists").object("path/to/object");
    let error = bench.golden("no container: get", &[], nowhere.get()).await.unwrap_err();
    assert!(error.to_string().contains("Container not found"), "{error}");
    let error = bench.golden("no container: put", &[TYPE], nowhere.put("")).await.unwrap_err();
    assert!(error.is_not_found());
    let error = bench.golden("no container: delete", &[], nowhere.delete()).await.unwrap_err();
    assert!(error.is_not_found());
}

async fn objects(bench: &mut Bench<'_>, users: &Container) {
    let object = users.object("wire/obj/plain.bin");
    let bytes = object.put(&b"\x00\x01binary\xff"[..]);
    bench.golden("put bytes", &[TYPE], bytes).await.unwrap();
    bench.golden("put text", &[TYPE], object.put("text \u{2713}")).await.unwrap();
    assert_eq!(bench.golden("head", &[], object.head()).await.unwrap().size, 8);
    let directory = users.object("wire/obj").head();
    assert_eq!(bench.golden("head directory", &[], directory).await.unwrap().size, 0);
    let missing = users.object("wire/obj/none").head();
    assert!(bench.golden("head missing", &[], missing).await.unwrap_err().is_not_found());
    let missing = users.object("wire/nope").get();
    assert!(bench.golden("get missing", &[], missing).await.unwrap_err().is_not_found());

    let object = users.object("wire/obj/range.txt");
    object.put("1234567890").await.unwrap();
    let get = || object.get();
    bench.golden("range 4..", &[], get().offset(4)).await.unwrap();
    bench.golden("range 4..7", &[], get().offset(4).num_bytes(3)).await.unwrap();
    bench.golden("range ..3", &[], get().num_bytes(3)).await.unwrap();
    bench.golden("range ..1", &[], get().num_bytes(1)).await.unwrap();
    bench.golden("range 8..58", &[], get().offset(8).num_bytes(50)).await.unwrap();
    bench.golden("range ..", &[], get()).await.unwrap();

    let object = users.object("wire/obj/append.txt");
    bench.golden("append to nothing", &[POST, TYPE], object.append("First part")).await.unwrap();
    bench.golden("append", &[POST, TYPE], object.append("Second part")).await.unwrap();
    let object = users.object("wire/aio/ob j#1.txt");
    let append = object.append(" there");
    bench.golden("append of the asynchronous client", &[POST], append).await.unwrap();

    let object = users.object("wire/obj/body");
    let text = Bytes::from_static(b"from a file object");
    let content = Content::stream(18, move || stream::iter([Ok(text.clone())]));
    let counted = What::NoHeader("transfer-encoding").because("the length is known beforehand");
    bench.golden("put stream", &[TYPE, counted], object.put(content)).await.unwrap();
    bench.golden("put nothing", &[TYPE], object.put("")).await.unwrap();
}

async fn names(bench: &mut Bench<'_>, users: &Container) {
    let cases = [
        ("put name with a blank", "obj ect.txt"),
        ("put name with signs", "a b/c#d?e%20f+g&h=i;j,k.txt"),
        ("put name in Hebrew", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}/\u{2713}"),
        ("put name with marks", "dots.and-dash_~!$'()*@:"),
    ];
    for (golden, name) in cases {
        let object = users.object(format!("wire/paths/{name}"));
        bench.golden(golden, &[TYPE], object.put(name)).await.unwrap();
        assert_eq!(object.get().await.unwrap(), name);
    }
    let list = users.list("wire/paths/a b").collect_all();
    bench.golden("list name with a blank", &[], list).await.unwrap();
    let list = users.list("wire/paths/\u{5e9}\u{5dc}\u{5d5}\u{5dd}").collect_all();
    let entries = bench.golden("list name in Hebrew", &[], list).await.unwrap();
    assert!(entries[0].path.ends_with("/\u{2713}"));
}

async fn deletions(bench: &mut Bench<'_>, users: &Container) {
    let (directory, file) = (users.object("wire/obj/dir/"), users.object("wire/obj/dir/f"));
    file.put("x").await.unwrap();
    let full = bench.golden("delete full directory", &[], directory.delete()).await;
    assert!(full.unwrap_err().is_conflict());
    bench.golden("delete file", &[], file.delete()).await.unwrap();
    bench.golden("delete directory", &[], directory.delete()).await.unwrap();
    let gone = bench.golden("delete missing", &[], file.delete()).await;
    assert!(gone.unwrap_err().is_not_found());
}

fn every_type() -> Attributes {
    let mut all = Attributes::from_iter([("age", 42), ("neg", -7)]);
    all.extend([("pi", 3.14_f64)]);
    all.extend([("big", 1_i64 << 53)]);
    all.extend([("feature", "mustache"), ("numeric_str", "1"), ("empty", "")]);
    all.extend([("uni", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}")]);
    all.extend([("male", true), ("happy", false)]);
    all.extend([("blob", b"+AFymWFz\x00\xff".as_slice()), ("blob2", b"ba".as_slice())]);
    all.extend([("ints", vec![1_i64, 2, 3]), ("no_ints", vec![]), ("arr_l", vec![0, 1, 2, 3])]);
    all.extend([("floats", vec![10.5, 20.5]), ("arr_d", vec![0.5])]);
    all.extend([("now", "1706933106:500000000".parse::<UnixTime>().unwrap())]);
    all
}

async fn items(bench: &mut Bench<'_>, users: &Container) {
    let table = users.table("wire/kv");
    let types = table.item("types");
    let put = types.put().attributes(every_type());
    bench.golden("put all types", &[], put).await.unwrap();
    assert_eq!(bench.golden("get item", &[], types.get()).await.unwrap(), every_type());
    let forms = table.item("forms");
    forms.put().set("a", 1).set("b", "two").await.unwrap();
    let some = forms.get().attributes(["a", "missing"]);
    bench.golden("get attributes that are missing", &[], some).await.unwrap();
    let all = forms.get().all_attributes();
    bench.golden("get system attributes", &[], all).await.unwrap();
    let missing = bench.golden("get missing item", &[], table.item("nobody").get()).await;
    assert!(missing.unwrap_err().is_not_found());
    let overwrite = table.item("m").put().mode(UpdateMode::OverWriteAttributes).set("z", 0);
    bench.golden("overwrite", &[], overwrite).await.unwrap();
    let exists = table.item("m").put().only_new().set("y", 0);
    let exists = bench.golden("new only, not new", &[POST], exists).await;
    assert_eq!(exists.unwrap_err().status(), Some(400));
    let new = table.item("m-new").put().only_new().set("y", 0);
    bench.golden("new only", &[POST], new).await.unwrap();
    let system = table.item("sys").put().set("__name", "foo");
    let refused = bench.golden("write system attribute", &[], system).await;
    assert_eq!(refused.unwrap_err().status(), Some(403));

    let helper = users.table("wire/helper");
    let mut bob = Attributes::from_iter([("age", 42)]);
    bob.extend([("female", false)]);
    let mut linda = Attributes::from_iter([("age", 40)]);
    linda.extend([("female", true)]);
    linda.extend([("b", b"\x00\x11".as_slice())]);
    let invalid = Attributes::from_iter([("__name", "foo")]);
    let items = [("bob", bob), ("linda", linda), ("invalid", invalid)];
    let put = helper.put_items(items.map(|(name, item)| (name.to_owned(), item)));
    let wanted: [(&str, &[Differs]); 3] =
        [("put items: bob", &[]), ("put items: linda", &[]), ("put items: invalid", &[])];
    assert_eq!(bench.in_any_order(&wanted, put).await.failed.len(), 1);

    users.object("wire/obj/as-item.txt").put("12345").await.unwrap();
    let object = users.table("wire/obj").item("as-item.txt");
    let some = object.get().attributes(["__size", "__mtime_secs", "__name"]);
    bench.golden("item of an object", &[], some).await.unwrap();
    let color = object.update().set("color", "red");
    bench.golden("update item of an object", &[], color).await.unwrap();
}

async fn conditions(bench: &mut Bench<'_>, users: &Container) {
    let item = users.table("wire/kv").item("cond");
    item.put().set("n", 1).await.unwrap();
    let put_if = |n: i64, condition: &str| item.put().set("n", n).condition(condition);
    bench.golden("put if", &[POST], put_if(2, "n == 1")).await.unwrap();
    let not_so = bench.golden("put if, not so", &[POST], put_if(3, "n == 1")).await;
    assert_eq!(not_so.unwrap_err().status(), Some(400));
    let missing = item.update().set("n", 3).condition("missing > 0");
    let not_so = bench.golden("update if, not so", &[POST], missing).await;
    assert_eq!(not_so.unwrap_err().status(), Some(400));
    let nothing = bench.golden("put if nothing", &[POST], put_if(4, "")).await.unwrap();
    let revision: Revision = nothing.expect("the simulator says it");
    let unchanged = item.update().set("n", 5).condition(&revision);
    bench.golden("update if unchanged", &[POST], unchanged).await.unwrap();
    let absent = users.table("wire/kv").item("once").put().set("state", "s");
    let absent = absent.condition("not(exists(state))");
    bench.golden("put if absent", &[POST], absent).await.unwrap();
}

async fn expressions(bench: &mut Bench<'_>, users: &Container) {
    let table = users.table("wire/kv");
    let item = table.item("expr");
    item.put().set("miles", 10).set("numChildren", 4).await.unwrap();
    let good = [
        ("expression: add", "SET miles = miles + 1000"),
        ("expression: delete", "delete(numChildren)"),
        ("expression: bits", "x = 7 & 3; y = 4 | 1; z = 6 ^ 3; w = 1 << 4; v = 256 >> 2"),
        ("expression: timestamp", "ts = 1706933106:500000000"),
    ];
    for (name, expression) in good {
        bench.golden(name, &[], item.update_expression(expression)).await.unwrap();
    }
    let bad = [
        ("expression without a value", "q = nothing_here + 1"),
        ("expression that is none", "this is not valid"),
    ];
    for (name, expression) in bad {
        let refused = bench.golden(name, &[], item.update_expression(expression)).await;
        assert_eq!(refused.unwrap_err().status(), Some(400));
    }
    let arrays = table.item("arrays");
    let put = arrays.put().set("ints", [1, 2, 3]).set("floats", [10.25, 20.25, 30.25]);
    bench.golden("put arrays", &[], put).await.unwrap();
    let double = arrays.update_expression("ints[1]=ints[1]*2");
    bench.golden("expression: element", &[], double).await.unwrap();
    let fibonacci = arrays.update_expression(
        "fib = init_array(5, 'int'); fib[1]=1; fib[2]=fib[0]+fib[1]; fib[3]=fib[1]+fib[2]; \
         fib[4]=fib[2]+fib[3]",
    );
    bench.golden("expression: array", &[], fibonacci).await.unwrap();
    let count = table.item("alt").update_expression("a=a+1; b=b+1;");
    let count = count.condition("is_init==true").otherwise("a=0; b=10; is_init=true;");
    bench.golden("alternate", &[], count).await.unwrap();
}

/// Five people, of whom the filters tell.
async fn people(users: &Container) {
    let table = users.table("wire/people");
    let person = |key: &str, name: &str| table.item(key).put().set("name", name);
    let bob = person("p1", "Bob Belcher").set("age", 42).set("state", "NJ").set("ok", true);
    bob.set("tags", "grill,burger").await.unwrap();
    let linda = person("p2", "Linda Belcher").set("age", 41);
    linda.set("state", "NJ").set("ok", true).await.unwrap();
    let louise = person("p3", "Louise").set("age", 9).set("state", "MA");
    louise.set("ok", false).set("score", 9.5).await.unwrap();
    person("p4", "Tina").set("age", 14).set("state", "AZ").set("score", 1).await.unwrap();
    person("p5", "Gene").set("in", 5).await.unwrap();
}

async fn scans(bench: &mut Bench<'_>, users: &Container) {
    people(users).await;
    let table = users.table("wire/people");
    let scan = || table.scan();
    for name in bench.names("filter: ") {
        let filter = name.trim_start_matches("filter: ");
        let list = scan().filter(filter).attributes(["__name"]).items();
        let outcome = bench.golden(&name, &[], list.collect_all()).await;
        assert_eq!(outcome.is_err(), filter == "age >", "{filter}");
    }
    bench.golden("scan", &[], scan().items().collect_all()).await.unwrap();
    let ages = scan().attributes(["age"]).items();
    bench.golden("scan attributes", &[], ages.collect_all()).await.unwrap();
    let named = users.table("wire").scan().table_name("people").attributes(["__name"]);
    bench.golden("scan table name", &[], named.items().collect_all()).await.unwrap();
    let named = users.table("").scan().table_name("wire/people").attributes(["__name"]);
    bench.golden("scan table name in the root", &[], named.items().collect_all()).await.unwrap();
    let missing = users.table("wire/no-table").scan().items().collect_all();
    assert!(bench.golden("scan missing", &[], missing).await.unwrap_err().is_not_found());
    let pages: [(&str, &[Differs]); 3] =
        [("scan page 1", &[]), ("scan page 2", &[]), ("scan page 3", &[])];
    bench.goldens(&pages, scan().page_size(2).items().collect_all()).await.unwrap();
    for n in 0..4 {
        let name = format!("segment {n}");
        bench.golden(&name, &[], scan().segment(n, 4).items().collect_all()).await.unwrap();
    }
    let whole = scan().segment(0, 1).items().collect_all();
    bench.golden("segment of one", &[], whole).await.unwrap();

    let rides = users.table("wire/rides");
    for day in ["20180601", "20180602", "20180701"] {
        rides.item(format!("24.{day}")).put().set("date", day).await.unwrap();
    }
    let of = |driver: &str| rides.scan().sharding_key(driver);
    bench.golden("sharding key", &[], of("1").items().collect_all()).await.unwrap();
    let range = of("24").sort_key_from("20180101").sort_key_before("20180701").items();
    let found = bench.golden("sorting keys from to", &[], range.collect_all()).await.unwrap();
    assert_eq!(found.len(), 2);
    let from = of("16").sort_key_from("20180602").items().collect_all();
    bench.golden("sorting keys from", &[], from).await.unwrap();
    let before = of("16").sort_key_before("20180602").items().collect_all();
    bench.golden("sorting keys to", &[], before).await.unwrap();
    let filtered = of("24").filter("date == '20180602'").items().collect_all();
    bench.golden("sharding key and filter", &[], filtered).await.unwrap();

    let table = users.table("wire/schema");
    let fields =
        [Field::new("key_field", FieldType::String), Field::new("n", FieldType::Long).nullable()];
    let create = table.create_schema("key_field", fields);
    bench.golden("create schema", &[TYPE], create).await.unwrap();
    assert_eq!(bench.golden("get schema", &[], table.schema()).await.unwrap().fields.len(), 2);
    table.item("a").put().set("n", 30).await.unwrap();
    bench.golden("delete item", &[], table.item("a").delete()).await.unwrap();
}

async fn streams(bench: &mut Bench<'_>, users: &Container) {
    let stream = users.stream("wire/stream");
    let missing = bench.golden("describe missing stream", &[], stream.describe()).await;
    assert!(missing.unwrap_err().is_not_found());
    bench.golden("create another stream", &[], stream.create(8)).await.unwrap();
    let info = bench.golden("describe stream", &[], stream.describe()).await.unwrap();
    assert_eq!(info.shard_count, 8);
    let again = bench.golden("create stream again", &[], stream.create(8)).await;
    assert!(again.unwrap_err().is_conflict());
    bench.golden("update stream", &[], stream.update(12)).await.unwrap();
    let shrunk = bench.golden("shrink stream", &[], stream.update(4)).await;
    assert_eq!(shrunk.unwrap_err().status(), Some(400));
    let brief = users.stream("wire/stream2").create(1).retention(Duration::from_secs(2 * 3600));
    bench.golden("create stream with retention", &[], brief).await.unwrap();
}

async fn records(bench: &mut Bench<'_>, stream: &Stream) {
    let records = [
        NewRecord::new("first shard record #1").shard(1),
        NewRecord::new("first shard record #2").shard(1).client_info("some info"),
        NewRecord::new("invalid shard record #1").shard(100),
        NewRecord::new("second shard record #1").shard(2),
        NewRecord::new("some shard record #1"),
    ];
    let put = stream.put_records(records);
    let report = bench.golden("put records, one bad", &[], put).await.unwrap();
    assert_eq!((report.done.len(), report.failed[0].index), (4, 2));
    let by_key = (0..5).map(|n| NewRecord::new(format!("k{n}")).partition_key("same"));
    bench.golden("put records by key", &[], stream.put_records(by_key)).await.unwrap();
    let both = NewRecord::new("a").shard(7).partition_key("same");
    let stored = bench.golden("put record by key and shard", &[], stream.put(both)).await.unwrap();
    assert_eq!(stored.shard, 7);

    let shard = stream.shard(1);
    let start = shard.seek(Seek::Earliest).await.unwrap();
    let one = shard.records(&start).limit(1);
    bench.golden("get records with limit", &[], one).await.unwrap();
    bench.golden("seek latest", &[], shard.seek(Seek::Latest)).await.unwrap();
    bench.golden("seek sequence", &[], shard.seek(Seek::Sequence(2))).await.unwrap();
    let time: UnixTime = "1795163076:800150448".parse().unwrap();
    bench.golden("seek time", &[], shard.seek(Seek::Time(time))).await.unwrap();
    let outside = bench.golden("seek in no shard", &[], stream.shard(500).seek(Seek::Earliest));
    assert!(outside.await.unwrap_err().to_string().contains("ShardIDOutOfRange"));
    let no_such = shard.seek(Seek::Sequence(999_999));
    assert_eq!(
        bench.golden("seek no sequence", &[], no_such).await.unwrap_err().status(),
        Some(400)
    );
    let nowhere = shard.records(&Location::from("AQAAAP////8AAAAAAAAAAA=="));
    let nowhere = bench.golden("get records from nowhere", &[], nowhere).await;
    assert!(nowhere.unwrap_err().to_string().contains("IllegalLocation"));
}

/// What consumer groups do, and what the control plane has; no Python client does the latter.
async fn control_plane(bench: &mut Bench<'_>, url: &str) {
    let client = Client::builder().endpoint(url).access_key(KEY).build().unwrap();
    let stream = client.container("users").stream("wire/stream");
    stream.put(NewRecord::new("x").shard(9)).await.unwrap();
    let shard = client.container("users").table("wire/stream").item("9");
    let commit = shard.update().set("__cg0_committed_sequence_number", 1);
    let commit = commit.condition("__obj_type == 3");
    bench.golden("update if a shard", &[POST], commit).await.unwrap();
    let none = client.container("users").stream("wire/stream-none").put("x");
    let none = bench.golden("put records to nothing", &[], none).await;
    assert!(none.unwrap_err().is_not_found());

    let control = control::Client::builder().url(url).login(LOGIN.0, LOGIN.1).build().unwrap();
    bench.spec("create_session", control.me()).await.unwrap();
    bench.spec("get_self", control.me()).await.unwrap();
    let user = UserCreateAttributes {
        username: Some("ann".to_owned()),
        password: Some("not-a-real-password".into()),
        ..Default::default()
    };
    let user = bench.spec("create_user", control.users().create(user)).await.unwrap();
    bench.spec("delete_user", control.users().delete(&user.id)).await.unwrap();
    let containers = control.containers();
    let made = bench.spec("create_container", containers.create("made")).await.unwrap();
    bench.spec("list_container_resources", containers.list()).await.unwrap();
    bench.spec("delete_container", containers.delete(&made.id)).await.unwrap();
    let keys = control.access_keys();
    let key = bench.spec("create_access_key", keys.create(Default::default())).await.unwrap();
    bench.spec("delete_access_key", keys.delete(key.id.expose())).await.unwrap();
    let found = keys.get_or_create(Default::default());
    bench.spec("get_or_create_access_key", found).await.unwrap();
    bench.spec("create_event", control.events().create(Default::default())).await.unwrap();
    let clusters = control.cluster_info();
    let cluster = clusters.update("1", Default::default());
    bench.spec("update_cluster_info", cluster).await.unwrap();
    let configurations = control.configurations();
    let reload = configurations.reload(ConfigurationKind::Events);
    let mut job = bench.spec("reload_configuration", reload).await.unwrap();
    bench.spec("get_job", job.get()).await.unwrap();
    let manifests = control.app_services_manifests();
    bench.spec("get_app_services_manifests", manifests.get()).await.unwrap();
    let update = manifests.update(Default::default());
    bench.spec("update_app_services_manifests", update).await.unwrap();
}
