//! Objects: whole, in part, by any name, and what is told of them.

use std::time::{Duration, SystemTime};

use longhaul::{ErrorKind, Options};
use longhaul_simulator::Fault;

use super::support::{client_with, failure, faulty, plain, says, start, users};

#[tokio::test]
async fn any_part_of_an_object_can_be_read() {
    let (_simulator, users) = users().await;
    let object = users.object("digits");
    object.put("0123456789").await.unwrap();
    let cases = [
        (0, None, "0123456789"),
        (4, None, "456789"),
        (9, None, "9"),
        (0, Some(1), "0"),
        (0, Some(10), "0123456789"),
        (4, Some(3), "456"),
        (8, Some(50), "89"),
        (10, None, ""),
        (10, Some(5), ""),
        (u64::MAX, Some(1), ""),
        (5, Some(u64::MAX), "56789"),
    ];
    for (offset, num_bytes, expected) in cases {
        let get = object.get().offset(offset);
        let get = match num_bytes {
            Some(bytes) => get.num_bytes(bytes),
            None => get,
        };
        assert_eq!(get.await.unwrap(), expected, "{offset} {num_bytes:?}");
    }
}

#[tokio::test]
async fn an_empty_object_is_empty_in_every_part() {
    let (_simulator, users) = users().await;
    let object = users.object("empty");
    object.put("").await.unwrap();
    assert_eq!(object.get().await.unwrap(), "");
    assert_eq!(object.get().offset(3).await.unwrap(), "");
    assert_eq!(object.get().num_bytes(3).await.unwrap(), "");
    assert_eq!(object.head().await.unwrap().size, 0);
}

#[tokio::test]
async fn an_object_is_replaced_and_its_head_says_when() {
    let (_simulator, users) = users().await;
    let object = users.object("changing");
    let first = object.put("one").await.unwrap().unwrap();
    let before = object.head().await.unwrap();
    assert_eq!((before.size, before.revision.as_ref()), (3, Some(&first)));
    let age = SystemTime::now().duration_since(before.modified.unwrap()).unwrap();
    assert!(age < Duration::from_secs(60), "{age:?}");
    let second = object.put("two and more").await.unwrap().unwrap();
    assert_ne!(first, second);
    let after = object.head().await.unwrap();
    assert_eq!((after.size, after.revision), (12, Some(second)));
    assert_eq!(object.get().await.unwrap(), "two and more");
}

#[tokio::test]
async fn any_name_is_a_name() {
    let (_simulator, users) = users().await;
    let names = [
        "with blanks",
        "100%",
        "50%25",
        "what?",
        "a#b",
        "a+b",
        "a&b=c",
        "semi;colon,comma",
        "quote'\"s",
        "[brackets]{braces}",
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
        "deep/er/\u{2713}/x",
        "..dots..",
        "tilde~",
        ".#schema",
    ];
    for name in names {
        let object = users.object(format!("/names/{name}"));
        assert_eq!(object.path(), format!("names/{name}"));
        object.put(name).await.unwrap();
        assert_eq!(object.get().await.unwrap(), name);
        assert_eq!(object.head().await.unwrap().size, name.len() as u64);
        object.delete().await.unwrap();
        assert!(failure(object.head()).await.is_not_found(), "{name}");
    }
}

#[tokio::test]
async fn slashes_at_the_start_and_doubled_ones_do_not_matter() {
    let (_simulator, users) = users().await;
    users.object("//a//b").put("x").await.unwrap();
    for path in ["a/b", "/a/b", "a//b"] {
        assert_eq!(users.object(path).get().await.unwrap(), "x");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_makes_a_directory() {
    let (_simulator, users) = users().await;
    let directory = users.object("new/directory/");
    directory.put("").await.unwrap();
    assert!(users.list("new/directory").collect_all().await.unwrap().is_empty());
    assert_eq!(directory.head().await.unwrap().size, 0);
    users.object("new/directory/file").put("x").await.unwrap();
    assert!(failure(directory.delete()).await.is_conflict());
    users.object("new/directory/file").delete().await.unwrap();
    directory.delete().await.unwrap();
    assert!(failure(users.list("new/directory").collect_all()).await.is_not_found());
}

#[tokio::test]
async fn what_is_missing_is_not_found_for_every_call() {
    let (_simulator, users) = users().await;
    let object = users.object("no/such");
    assert!(failure(object.get()).await.is_not_found());
    assert!(failure(object.get().reader()).await.is_not_found());
    assert!(failure(object.head()).await.is_not_found());
    let error = failure(object.delete()).await;
    says(&error, ErrorKind::Status, &["404", "No such file or directory"]);
    assert_eq!(error.code(), Some(longhaul::v3io::codes::NOT_FOUND));
}

#[tokio::test]
async fn a_delete_that_may_have_been_done_counts_as_done() {
    let (simulator, users) = faulty(Fault::reset_after().method("DELETE").once()).await;
    users.object("a").put("x").await.unwrap();
    users.object("a").delete().await.unwrap();
    let statuses: Vec<_> = plain(&simulator, "DELETE").iter().map(|one| one.status).collect();
    assert_eq!(statuses, [None, Some(404)]);
}

#[tokio::test]
async fn an_answer_larger_than_allowed_is_refused_and_can_be_streamed() {
    let (simulator, client) = start().await;
    client.container("users").object("kib").put(vec![7; 1025]).await.unwrap();
    let small = client_with(&simulator, Options::new().max_response_bytes(1024));
    let object = small.container("users").object("kib");
    let error = failure(object.get()).await;
    says(&error, ErrorKind::Protocol, &["1024 bytes", "get_object"]);
    let whole = object.get().reader().await.unwrap().collect_up_to(2000).await.unwrap();
    assert_eq!(whole.len(), 1025);
    assert_eq!(object.get().num_bytes(1024).await.unwrap().len(), 1024);
}
