//! Listings and objects.

use bytes::Bytes;
use futures_util::stream;
use longhaul::transfer::Content;
use longhaul::v3io::{Client, Container};

use super::{POST, TYPE};
use crate::wire::{Bench, Differs, What};

pub(super) async fn listings(bench: &mut Bench<'_>, client: &Client) {
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

pub(super) async fn objects(bench: &mut Bench<'_>, users: &Container) {
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

pub(super) async fn names(bench: &mut Bench<'_>, users: &Container) {
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

pub(super) async fn deletions(bench: &mut Bench<'_>, users: &Container) {
    let (directory, file) = (users.object("wire/obj/dir/"), users.object("wire/obj/dir/f"));
    file.put("x").await.unwrap();
    let full = bench.golden("delete full directory", &[], directory.delete()).await;
    assert!(full.unwrap_err().is_conflict());
    bench.golden("delete file", &[], file.delete()).await.unwrap();
    bench.golden("delete directory", &[], directory.delete()).await.unwrap();
    let gone = bench.golden("delete missing", &[], file.delete()).await;
    assert!(gone.unwrap_err().is_not_found());
}
