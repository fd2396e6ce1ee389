//! Scans: filtered, limited, resumed and ranged.

use std::time::{Duration, SystemTime};

use longhaul::page::Continuation;
use longhaul::v3io::{Container, Table, codes};
use longhaul::{ErrorKind, Options};
use longhaul_simulator::{Fault, Handle, Simulator};
use serde::Deserialize;

use super::support::{
    FUNCTION, asked, client_with, failure, faulty, names, numbered, numbers, says, users,
    users_with,
};

#[tokio::test]
async fn a_filter_and_a_choice_of_attributes_are_the_servers_work() {
    let (simulator, users) = users().await;
    let table = users.table("people");
    for (key, age, feature) in
        [("bob", 42, "mustache"), ("linda", 41, "singing"), ("louise", 9, "bunny ears")]
    {
        table.item(key).put().set("age", age).set("feature", feature).await.unwrap();
    }
    let scan = table.scan().filter("age > 15 AND starts(feature, 'must')").attributes(["age"]);
    let rows = scan.items().collect_all().await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].name.as_deref(), rows[0].attributes.get_i64("age")), (None, Some(42)));
    assert_eq!(rows[0].attributes.len(), 1);
    let sent = asked(&simulator, "GetItems")[0].json();
    assert_eq!(sent["FilterExpression"], "age > 15 AND starts(feature, 'must')");

    let all = table.scan().items().collect_all().await.unwrap();
    assert_eq!(names(&all), ["bob", "linda", "louise"]);
    assert!(all.iter().all(|row| row.attributes.len() == 2));
    let named = table.scan().attributes(["__name", "__size"]).items().collect_all().await.unwrap();
    assert_eq!(names(&named), ["bob", "linda", "louise"]);
    let system = table.scan().all_attributes().items().collect_all().await.unwrap();
    assert!(system.iter().all(|row| row.attributes.contains("__mtime_secs") && row.name.is_some()));
}

#[tokio::test]
async fn rows_become_structs() {
    #[derive(Deserialize)]
    struct Numbered {
        n: u32,
    }
    let (_simulator, users) = users().await;
    let mut list = numbered(&users, 3).await.scan().items();
    let mut sum = 0;
    while let Some(row) = list.try_next().await.unwrap() {
        sum += row.decode::<Numbered>().unwrap().n;
    }
    assert_eq!(sum, 3);
}

#[tokio::test]
async fn a_limit_holds_over_several_pages() {
    let (simulator, users) = users_with(Simulator::v3io().page_size(10)).await;
    let table = numbered(&users, 60).await;
    for limit in [0, 1, 9, 10, 11, 35, 60, 100] {
        simulator.clear_requests();
        let rows = table.scan().limit(limit).items().collect_all().await.unwrap();
        assert_eq!(rows.len() as u64, limit.min(60));
        assert_eq!(simulator.request_count(), limit.min(60).div_ceil(10), "{limit}");
    }
}

#[tokio::test]
async fn pages_have_at_most_the_size_that_was_asked_for() {
    let (simulator, users) = users().await;
    let table = numbered(&users, 7).await;
    let rows = table.scan().page_size(3).items().collect_all().await.unwrap();
    assert_eq!(numbers(&rows), [0, 1, 2, 3, 4, 5, 6]);
    let pages = asked(&simulator, "GetItems");
    assert_eq!(pages.len(), 3);
    assert!(pages.iter().all(|page| page.json()["Limit"] == 3));
}

#[tokio::test]
async fn a_scan_is_resumed_where_it_was_left() {
    let (_simulator, users) = users_with(Simulator::v3io().page_size(10).empty_pages(true)).await;
    let table = numbered(&users, 60).await;
    for taken in [0, 1, 10, 15, 59] {
        let mut list = table.scan().items();
        let mut rows = Vec::new();
        for _ in 0..taken {
            rows.push(list.try_next().await.unwrap().unwrap());
        }
        let place: Continuation = list.continuation().unwrap().to_string().parse().unwrap();
        rows.extend(table.scan().items().resume(place).collect_all().await.unwrap());
        assert_eq!(numbers(&rows), (0..60).collect::<Vec<_>>(), "{taken}");
    }
    let mut list = table.scan().items();
    while list.try_next().await.unwrap().is_some() {}
    assert!(list.continuation().is_none());
}

#[tokio::test]
async fn a_marker_of_the_server_is_honoured() {
    let (simulator, users) = users().await;
    let table = numbered(&users, 120).await;
    table.scan().page_size(40).items().collect_all().await.unwrap();
    let second = asked(&simulator, "GetItems")[1].json();
    let marker = second["Marker"].as_str().unwrap();
    let rows = table.scan().page_size(40).marker(marker).items().collect_all().await.unwrap();
    assert_eq!(numbers(&rows), (40..120).collect::<Vec<_>>());
    let other = table.scan().filter("n > 5").marker(marker).items().collect_all();
    assert_eq!(failure(other).await.code(), Some(codes::INVALID_ARGUMENT));
}

async fn rides(users: &Container) {
    let rides = users.table("rides");
    for driver in ["1", "16", "24"] {
        for day in ["20180601", "20180602", "20180701"] {
            rides.item(format!("{driver}.{day}")).put().set("date", day).await.unwrap();
        }
    }
    rides.item("24").put().set("date", "none").await.unwrap();
    rides.item("24.2018.07").put().set("date", "dotted").await.unwrap();
}

#[tokio::test]
async fn a_sharding_key_and_a_range_of_sorting_keys_find_their_items() {
    let (_simulator, users) = users_with(Simulator::v3io().page_size(2)).await;
    rides(&users).await;
    let of = |key: &str| users.table("rides").scan().sharding_key(key);
    let all = of("1").items().collect_all().await.unwrap();
    assert_eq!(names(&all), ["1.20180601", "1.20180602", "1.20180701"]);
    let range = of("24").sort_key_from("20180101").sort_key_before("20180701").items();
    assert_eq!(names(&range.collect_all().await.unwrap()), ["24.20180601", "24.20180602"]);
    let from = of("16").sort_key_from("20180602").items().collect_all().await.unwrap();
    assert_eq!(names(&from), ["16.20180602", "16.20180701"]);
    let before = of("16").sort_key_before("20180602").items().collect_all().await.unwrap();
    assert_eq!(names(&before), ["16.20180601"]);
    let whole = of("24").items().collect_all().await.unwrap();
    assert_eq!(names(&whole), ["24", "24.2018.07", "24.20180601", "24.20180602", "24.20180701"]);
    assert!(of("99").items().collect_all().await.unwrap().is_empty());
    let filtered = of("24").filter("date == '20180602'").items().collect_all().await.unwrap();
    assert_eq!(names(&filtered), ["24.20180602"]);
}

#[tokio::test]
async fn the_root_is_a_table_and_tables_lie_in_tables() {
    let (_simulator, users) = users().await;
    for key in ["top", "a/one", "a/b/two"] {
        users.table("").item(key).put().set("n", 1).await.unwrap();
    }
    let scan = |path: &str, name: Option<&str>| {
        let scan = users.table(path).scan();
        match name {
            Some(name) => scan.table_name(name).items().collect_all(),
            None => scan.items().collect_all(),
        }
    };
    assert_eq!(names(&scan("", None).await.unwrap()), ["top"]);
    assert_eq!(names(&scan("/", None).await.unwrap()), ["top"]);
    assert_eq!(names(&scan("/a/", None).await.unwrap()), ["one"]);
    assert_eq!(names(&scan("", Some("a/b")).await.unwrap()), ["two"]);
    assert_eq!(names(&scan("a", Some("b")).await.unwrap()), ["two"]);
    assert_eq!(names(&scan("", Some("/*")).await.unwrap()), ["one", "top", "two"]);
    let missing = failure(scan("no/such", None)).await;
    assert!(missing.is_not_found());
    says(&missing, ErrorKind::Status, &["get_items", "404"]);
}

#[tokio::test]
async fn only_what_changed_since_is_found() {
    let (simulator, users) = users().await;
    let table = users.table("t");
    table.item("old").put().set("n", 1).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let since = SystemTime::now();
    tokio::time::sleep(Duration::from_millis(20)).await;
    table.item("new").put().set("n", 2).await.unwrap();
    let rows = table.scan().changed_since(since).items().collect_all().await.unwrap();
    assert_eq!(names(&rows), ["new"]);
    let sent = since.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let request = &asked(&simulator, "GetItems")[0];
    assert_eq!(request.header("conditional-mtime-sec"), Some(&*sent.as_secs().to_string()));
    assert_eq!(request.header("conditional-mtime-nsec"), Some(&*sent.subsec_nanos().to_string()));
}

/// A server that answers every scan with this.
async fn answering(body: &str) -> (Handle, Table) {
    let answer = Fault::status(200).with_body(body.to_owned());
    let (simulator, users) = faulty(answer.request_header(FUNCTION, "GetItems")).await;
    let table = users.table("t");
    table.item("k").put().set("n", 1).await.unwrap();
    simulator.clear_requests();
    (simulator, table)
}

#[tokio::test]
async fn a_server_that_does_not_come_to_an_end_is_stopped() {
    let repeated = r#"{"LastItemIncluded": "FALSE", "NextMarker": "m", "Items": []}"#;
    let (simulator, table) = answering(repeated).await;
    let error = failure(table.scan().items().collect_all()).await;
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    assert_eq!(simulator.request_count(), 2);
    let lost = r#"{"LastItemIncluded": "FALSE", "Items": [{"n": {"N": "1"}}]}"#;
    let (_simulator, table) = answering(lost).await;
    let error = failure(table.scan().items().collect_all()).await;
    says(&error, ErrorKind::Protocol, &["there is more"]);
}

#[tokio::test]
async fn a_sparse_answer_is_read_as_far_as_it_goes() {
    for (body, count) in [
        ("{}", 0),
        (r#"{"Items": null, "LastItemIncluded": "TRUE", "NextMarker": "left over"}"#, 0),
        (r#"{"Items": [{"n": {"N": "1"}, "__name": {"N": "7"}}], "News": 1}"#, 1),
        (r#"{"Items": [{}], "LastItemIncluded": "MAYBE", "NextMarker": ""}"#, 1),
    ] {
        let (_simulator, table) = answering(body).await;
        let rows = table.scan().items().collect_all().await.unwrap();
        assert_eq!(rows.len(), count, "{body}");
    }
}

#[tokio::test]
async fn a_scan_that_is_disturbed_misses_and_repeats_nothing() {
    let (simulator, users) = users_with(Simulator::v3io().page_size(7).empty_pages(true)).await;
    let table = numbered(&users, 100).await;
    let faults = [Fault::status(503), Fault::reset(), Fault::reset_after(), Fault::truncate(20)];
    simulator.fault(Fault::one_of(faults).rate(0.2));
    let patient = client_with(&simulator, Options::new().attempts(12));
    let table = patient.container("users").table(table.path());
    let rows = table.scan().items().collect_all().await.unwrap();
    assert_eq!(numbers(&rows), (0..100).collect::<Vec<_>>());
    let rows = table.scan().parallel(4).collect_all().await.unwrap();
    assert_eq!(numbers(&rows), (0..100).collect::<Vec<_>>());
}
