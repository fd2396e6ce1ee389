//! What cannot work is a clear error, before anything is sent where that is possible.

use longhaul::page::Continuation;
use longhaul::v3io::{Attributes, Builder, Client, codes, to_attributes};
use longhaul::{ErrorKind, Options, Token};

use super::support::{KEY, failure, says, start, users};

/// The error of a client that cannot be made.
#[track_caller]
fn refused(builder: Builder, words: &[&str]) {
    let error = builder.build().unwrap_err();
    says(&error, ErrorKind::Config, words);
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn a_client_needs_an_endpoint() {
    let with = |endpoint: &str| Client::builder().access_key(KEY).endpoint(endpoint);
    refused(Client::builder().access_key(KEY), &["no V3IO endpoint", "`endpoint` on the builder"]);
    refused(with("  "), &["no V3IO endpoint"]);
    refused(with("webapi.example.com:8081"), &["endpoint", "unencrypted", "https"]);
    refused(with("http://webapi.example.com"), &["unencrypted", "https"]);
    refused(with("http://10.0.0.7:8081"), &["unencrypted", "https"]);
    refused(with("ftp://webapi.example.com"), &["https://"]);
    refused(with("https://"), &["endpoint"]);
    refused(with("https://webapi.example.com/?x=1"), &["drop the `?`"]);
    for good in ["v3io-webapi:8081", "localhost:1", "http://[::1]:8081", "https://h.example.com"] {
        with(good).build().unwrap();
    }
    with("http://webapi.example.com").allow_plain_http().build().unwrap();
    let password = with("https://user:hunter2@webapi.example.com").build().unwrap_err();
    assert!(!password.to_string().contains("hunter2"));
}

#[test]
fn a_client_needs_one_credential() {
    let client = || Client::builder().endpoint("https://webapi.example.com");
    refused(client(), &["no V3IO access key", "`access_key` on the builder"]);
    refused(client().access_key("  "), &["no V3IO access key"]);
    refused(client().access_key("hunter2\nhunter2"), &["credential", "line break"]);
    let provider = || async { Ok(Token::new("t")) };
    let two = ["two credentials"];
    refused(client().access_key("hunter2").basic_auth("ann", "hunter2"), &two);
    refused(client().access_key("hunter2").access_key_provider(provider), &two);
    refused(client().basic_auth("ann", "hunter2").access_key_provider(provider), &two);
    refused(client().basic_auth("", "hunter2"), &["user name"]);
    refused(client().basic_auth("ann:hunter2", ""), &["user name", ":"]);
    let zero = Options::new().attempts(0);
    refused(client().access_key(KEY).options(zero), &["`attempts`", "above 0"]);
}

#[tokio::test]
async fn containers_and_paths_lead_where_they_say() {
    let (simulator, client) = start().await;
    for (container, words) in [
        ("", "is empty"),
        (".", "would lead elsewhere"),
        ("..", "would lead elsewhere"),
        ("a/b", "must not have a slash"),
    ] {
        let container = client.container(container);
        for error in [
            failure(container.object("o").get()).await,
            failure(container.list("").collect_all()).await,
            failure(container.exists()).await,
            failure(container.table("").scan().items().collect_all()).await,
            failure(container.stream("s").describe()).await,
        ] {
            says(&error, ErrorKind::InvalidInput, &["container", words]);
        }
    }
    let users = client.container("users");
    for path in ["..", ".", "a/../b", "a/./b", "../users/a", "a/.."] {
        for error in [
            failure(users.object(path).get()).await,
            failure(users.object(path).put("x")).await,
            failure(users.object(path).append("x")).await,
            failure(users.object(path).head()).await,
            failure(users.object(path).delete()).await,
            failure(users.list(path).collect_all()).await,
            failure(users.delete_directory(path)).await,
            failure(users.table(path).scan().items().collect_all()).await,
            failure(users.table("t").item(path).put().set("n", 1)).await,
            failure(users.table("t").item(path).update_expression("n = 1")).await,
            failure(users.table("t").item(path).get()).await,
            failure(users.table("t").item(path).delete()).await,
            failure(users.table(path).create_schema("k", [])).await,
            failure(users.stream(path).create(1)).await,
        ] {
            says(&error, ErrorKind::InvalidInput, &["which would lead elsewhere"]);
        }
    }
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn an_object_an_item_and_a_directory_to_delete_need_a_path() {
    let (simulator, users) = users().await;
    for path in ["", "/", "//"] {
        for error in [
            failure(users.object(path).get()).await,
            failure(users.object(path).put("x")).await,
            failure(users.object(path).delete()).await,
            failure(users.delete_directory(path)).await,
            failure(users.table("t").item(path).get()).await,
            failure(users.table("t").item(path).put()).await,
            failure(users.table("t").item(path).delete()).await,
            failure(users.stream(path).delete()).await,
        ] {
            says(&error, ErrorKind::InvalidInput, &["is empty"]);
        }
    }
    let backslash = failure(users.object("a\\b").get()).await;
    says(&backslash, ErrorKind::InvalidInput, &["backslash"]);
    let long = failure(users.object("x".repeat(256)).get()).await;
    says(&long, ErrorKind::InvalidInput, &["255 bytes"]);
    let deep = failure(users.object("x/".repeat(2049)).get()).await;
    says(&deep, ErrorKind::InvalidInput, &["4096 bytes"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn attributes_have_names_that_the_platform_knows() {
    let (simulator, users) = users().await;
    let item = users.table("t").item("k");
    for name in ["", "a b", "a,b", "1st", "a-b", "\u{e4}", "*", "**", &"x".repeat(256)] {
        let put = failure(item.put().set(name, 1)).await;
        says(&put, ErrorKind::InvalidInput, &["cannot name an attribute"]);
        let get = failure(item.get().attributes([name])).await;
        says(&get, ErrorKind::InvalidInput, &["cannot name an attribute"]);
        let scan = users.table("t").scan().attributes(["good", name]).items();
        let scan = failure(scan.collect_all()).await;
        says(&scan, ErrorKind::InvalidInput, &["cannot name an attribute"]);
    }
    let none = failure(item.get().attributes([""; 0])).await;
    says(&none, ErrorKind::InvalidInput, &["empty"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn attributes_have_values_that_the_platform_takes() {
    let (simulator, users) = users().await;
    let item = users.table("t").item("k");
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = failure(item.put().set("rate", number)).await;
        says(&error, ErrorKind::InvalidInput, &["`rate`", "must be finite"]);
    }
    let long = "\u{e4}".repeat(30_601);
    let error = failure(item.put().set("text", long)).await;
    says(&error, ErrorKind::InvalidInput, &["`text`", "61200 bytes", "61202"]);
    let nested =
        std::collections::BTreeMap::from([("a", std::collections::BTreeMap::from([("b", 1)]))]);
    let error = failure(item.put().fields(&nested)).await;
    says(&error, ErrorKind::InvalidInput, &["`a`"]);
    assert_eq!(to_attributes(&nested).unwrap_err().kind(), ErrorKind::InvalidInput);
    let error = failure(item.put().fields(&7)).await;
    says(&error, ErrorKind::InvalidInput, &["a struct or a map"]);
    assert_eq!(simulator.request_count(), 0);
    item.put().set("text", "\u{e4}".repeat(30_600)).await.unwrap();
}

#[tokio::test]
async fn an_item_too_large_for_the_platform_is_refused_in_its_words() {
    let (_simulator, users) = users().await;
    let blobs = (0..3).map(|n| (format!("blob{n}"), vec![n as u8; 700_000]));
    let error = failure(users.table("t").item("k").put().attributes(blobs)).await;
    assert!(matches!(error.status(), Some(400 | 413)), "{error}");
}

#[tokio::test]
async fn a_filter_that_is_none_is_refused_in_the_servers_words() {
    let (simulator, users) = users().await;
    users.table("t").item("k").put().set("n", 1).await.unwrap();
    simulator.clear_requests();
    for filter in ["age >", "age ==== 1", "(age > 1", "age > 'x", "no_such_function(age)"] {
        let scan = users.table("t").scan().filter(filter).items();
        let error = failure(scan.collect_all()).await;
        assert_eq!(error.code(), Some(codes::INVALID_ARGUMENT), "{filter}");
        says(&error, ErrorKind::Status, &["get_items", "400", "InvalidArgumentException"]);
    }
    assert_eq!(simulator.request_count(), 5, "nothing is tried again");
}

#[tokio::test]
async fn scans_have_ranges_and_segments_that_make_sense() {
    let (simulator, users) = users().await;
    let scan = || users.table("t").scan();
    for (segment, total) in [(4, 4), (5, 4), (0, 0), (0, 1025), (u32::MAX, u32::MAX)] {
        let error = failure(scan().segment(segment, total).items().collect_all()).await;
        says(&error, ErrorKind::InvalidInput, &[&format!("no segment {segment} of {total}")]);
    }
    for total in [0, 1025] {
        let error = failure(scan().parallel(total).collect_all()).await;
        says(&error, ErrorKind::InvalidInput, &["segment"]);
    }
    for scan in [scan().sort_key_from("a"), scan().sort_key_before("b")] {
        let error = failure(scan.items().collect_all()).await;
        says(&error, ErrorKind::InvalidInput, &["needs a sharding key"]);
    }
    let both = scan().sharding_key("k").sort_key_from("a").segment(0, 4).items();
    says(&failure(both.collect_all()).await, ErrorKind::InvalidInput, &["in segments"]);
    assert!("nonsense".parse::<Continuation>().is_err());
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn pages_have_a_size() {
    let (simulator, users) = users().await;
    let error = failure(users.table("t").scan().page_size(0).items().collect_all()).await;
    says(&error, ErrorKind::InvalidInput, &["page", "0"]);
    let error = failure(users.list("").page_size(0).collect_all()).await;
    says(&error, ErrorKind::InvalidInput, &["page", "0"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn parts_of_objects_have_bytes() {
    let (simulator, users) = users().await;
    let error = failure(users.object("o").get().num_bytes(0)).await;
    says(&error, ErrorKind::InvalidInput, &["at least 1 byte"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn expressions_have_a_length_and_alternatives_a_condition() {
    let (simulator, users) = users().await;
    let item = users.table("t").item("k");
    let otherwise = failure(item.update_expression("n = 1").otherwise("n = 2")).await;
    says(&otherwise, ErrorKind::InvalidInput, &["needs a condition"]);
    let long = "n = 1;".repeat(1366);
    let too_long: [longhaul::Error; 5] = [
        failure(item.update_expression(&long)).await,
        failure(item.update_expression("n = 1").condition(&long)).await,
        failure(item.update_expression("n = 1").condition("n == 0").otherwise(&long)).await,
        failure(item.put().set("n", 1).condition(&long)).await,
        failure(users.table("t").scan().filter(&long).items().collect_all()).await,
    ];
    for error in too_long {
        says(&error, ErrorKind::InvalidInput, &["8192 bytes", "8196"]);
    }
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn items_that_cannot_be_sent_are_reported_and_the_others_sent() {
    let (simulator, users) = users().await;
    let good = Attributes::from_iter([("n", 1)]);
    let bad = Attributes::from_iter([("n", f64::NAN)]);
    let items = [("good", good.clone()), ("bad", bad), ("", good)];
    let items = items.map(|(key, item)| (key.to_owned(), item));
    let report = users.table("t").put_items(items).await;
    assert_eq!((report.done.len(), report.failed.len()), (1, 2));
    assert!(report.failed.iter().all(|one| one.error.kind() == ErrorKind::InvalidInput));
    assert_eq!(simulator.request_count(), 1);
}
