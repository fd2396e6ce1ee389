//! Items: written, read, changed and scanned.

use longhaul::v3io::{
    Attributes, Container, Field, FieldType, Number, Revision, UnixTime, UpdateMode,
};

use super::{POST, TYPE};
use crate::wire::{Bench, Differs};

fn every_type() -> Attributes {
    let mut all = Attributes::from_iter([("age", 42), ("neg", -7)]);
    all.extend([("pi", "3.14".parse::<Number>().unwrap())]);
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

pub(super) async fn items(bench: &mut Bench<'_>, users: &Container) {
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

pub(super) async fn conditions(bench: &mut Bench<'_>, users: &Container) {
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

pub(super) async fn expressions(bench: &mut Bench<'_>, users: &Container) {
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

pub(super) async fn scans(bench: &mut Bench<'_>, users: &Container) {
    people(users).await;
    let table = users.table("wire/people");
    let scan = || table.scan();
    for name in bench.names("filter: ") {
        let filter = name.trim_start_matches("filter: ");
        if filter == "age >" {
            let refused = scan().filter(filter).items().collect_all();
            let refused = bench.golden(&name, &[], refused).await.unwrap_err();
            assert_eq!(refused.status(), Some(400));
        } else {
            let list = scan().filter(filter).attributes(["__name"]).items();
            bench.golden(&name, &[], list.collect_all()).await.unwrap();
        }
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
