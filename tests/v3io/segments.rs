//! Scans in segments, one by one and side by side.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use longhaul::ErrorKind;
use longhaul_simulator::{Fault, Simulator};

use super::support::{FUNCTION, asked, numbered, numbers, says, users, users_with};

#[tokio::test]
async fn segments_one_by_one_are_the_table_exactly_once() {
    let (_simulator, users) = users_with(Simulator::v3io().page_size(10)).await;
    let table = numbered(&users, 200).await;
    for total in [1, 4, 7] {
        let mut all = Vec::new();
        for segment in 0..total {
            all.extend(table.scan().segment(segment, total).items().collect_all().await.unwrap());
        }
        assert_eq!(numbers(&all), (0..200).collect::<Vec<_>>(), "{total}");
    }
    let last = table.scan().segment(1023, 1024).items().collect_all().await.unwrap();
    assert!(last.len() < 10, "{} of 200 items in one of 1024 segments", last.len());
}

#[tokio::test]
async fn segments_side_by_side_are_the_table_exactly_once() {
    let (simulator, users) = users_with(Simulator::v3io().page_size(10).empty_pages(true)).await;
    let table = numbered(&users, 200).await;
    for total in [1, 4, 16] {
        simulator.clear_requests();
        let all = table.scan().parallel(total).collect_all().await.unwrap();
        assert_eq!(numbers(&all), (0..200).collect::<Vec<_>>(), "{total}");
        let segments: BTreeSet<_> = asked(&simulator, "GetItems")
            .iter()
            .map(|one| one.json()["Segment"].as_u64().unwrap())
            .collect();
        assert_eq!(segments, (0..u64::from(total)).collect());
    }
    let even = table.scan().filter("n % 2 == 0").parallel(4).collect_all().await.unwrap();
    assert_eq!(numbers(&even), (0..200).step_by(2).collect::<Vec<_>>());
}

#[tokio::test]
async fn segments_ask_at_the_same_time() {
    let slow = Simulator::v3io().latency(Duration::from_millis(100));
    let (_simulator, users) = users_with(slow).await;
    users.table("t").item("k").put().set("n", 1).await.unwrap();
    let started = Instant::now();
    users.table("t").scan().parallel(16).collect_all().await.unwrap();
    assert!(started.elapsed() < Duration::from_millis(800), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_parallel_scan_has_a_limit_and_can_be_left_and_resumed() {
    let (_simulator, users) = users_with(Simulator::v3io().page_size(10)).await;
    let table = numbered(&users, 100).await;
    assert_eq!(table.scan().limit(33).parallel(4).collect_all().await.unwrap().len(), 33);
    assert!(table.scan().limit(0).parallel(4).collect_all().await.unwrap().is_empty());
    let mut scan = table.scan().parallel(4);
    let mut rows = Vec::new();
    for _ in 0..42 {
        rows.push(scan.try_next().await.unwrap().unwrap());
    }
    let places = scan.continuations();
    let rest = table.scan().parallel(4).resume(places.clone()).unwrap();
    rows.extend(rest.collect_all().await.unwrap());
    assert_eq!(numbers(&rows), (0..100).collect::<Vec<_>>());
    let other = table.scan().parallel(5).resume(places).unwrap_err();
    says(&other, ErrorKind::InvalidInput, &["4 segments", "with 5"]);
}

#[tokio::test]
async fn a_segment_that_fails_says_so_once_and_the_others_go_on() {
    let (simulator, users) = users().await;
    let table = numbered(&users, 40).await;
    let refused = Fault::status(403).request_header(FUNCTION, "GetItems").skip(1).once();
    simulator.fault(refused);
    let mut scan = table.scan().parallel(4);
    let (mut rows, mut errors) = (Vec::new(), 0);
    loop {
        match scan.try_next().await {
            Ok(Some(row)) => rows.push(row),
            Ok(None) => break,
            Err(error) => {
                assert_eq!(error.status(), Some(403));
                errors += 1;
            }
        }
    }
    assert_eq!(errors, 1);
    let found = numbers(&rows);
    assert!(found.len() < 40 && found.len() > 10, "{found:?}");
    assert!(found.is_sorted_by(|a, b| a < b), "an item came twice: {found:?}");
}
