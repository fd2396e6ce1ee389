//! Many calls at once.

use longhaul::v3io::{Attributes, RaiseForStatus};
use longhaul::{ErrorKind, batch};
use longhaul_simulator::{Fault, Simulator};

use super::support::{KEY, builder, failure, faulty, start, users};

#[tokio::test]
async fn a_thousand_calls_keep_their_order_at_any_concurrency() {
    let (simulator, users) = users().await;
    for concurrency in [Some(1), Some(64), None] {
        let puts = batch(0..1000, |n| users.object(format!("order/{n}")).put(n.to_string()));
        let puts = match concurrency {
            Some(width) => puts.concurrency(width),
            None => puts,
        };
        assert_eq!(puts.await.into_result().unwrap().len(), 1000);
        let gets = batch(0..1000, |n| users.object(format!("order/{n}")).get());
        let contents = gets.await.into_result().unwrap();
        assert!(contents.iter().enumerate().all(|(n, content)| *content == n.to_string()));
    }
    assert_eq!(simulator.request_count(), 6000);
}

#[tokio::test]
async fn calls_of_all_kinds_can_be_in_a_batch() {
    let (_simulator, users) = users().await;
    let table = users.table("t");
    let puts = batch(0..20, |n| table.item(n.to_string()).put().set("n", n));
    puts.await.into_result().unwrap();
    let adds = batch(0..20, |n| table.item(n.to_string()).update_expression("n = n * 2"));
    adds.await.into_result().unwrap();
    let gets = batch(0..20, |n| table.item(n.to_string()).get());
    let found: Vec<Attributes> = gets.await.into_result().unwrap();
    assert!((0..20).all(|n| found[n].get_u64("n") == Some(2 * n as u64)));
    let deletes = batch(0..20, |n| table.item(n.to_string()).delete());
    deletes.await.into_result().unwrap();
    assert!(table.scan().items().collect_all().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_batch_of_nothing_sends_nothing() {
    let (simulator, users) = users().await;
    let none: [&str; 0] = [];
    let report = batch(none, |path| users.object(path).get()).await;
    assert!(report.is_success() && report.done.is_empty());
    assert!(users.table("t").put_items([]).await.is_success());
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn failures_come_with_their_inputs_and_stop_nobody() {
    let (_simulator, users) = users().await;
    for n in 0..10 {
        users.object(format!("o/{n}")).put(n.to_string()).await.unwrap();
    }
    let paths = ["o/0", "o/99", "o/2", "o/../3", "o/4"];
    let report = batch(paths, |path| users.object(path).get()).concurrency(2).await;
    let done: Vec<_> = report.done.iter().map(|(index, content)| (*index, &content[..])).collect();
    assert_eq!(done, [(0, &b"0"[..]), (2, b"2"), (4, b"4")]);
    let failed: Vec<_> = report.failed.iter().map(|one| (one.index, one.input)).collect();
    assert_eq!(failed, [(1, "o/99"), (3, "o/../3")]);
    assert!(report.failed[0].error.is_not_found());
    assert_eq!(report.failed[1].error.kind(), ErrorKind::InvalidInput);
    let error = report.into_result().unwrap_err();
    assert!(error.to_string().contains("2 of 5 inputs failed, first input 1"), "{error}");
}

#[tokio::test]
async fn a_key_that_expires_in_the_middle_loses_no_input() {
    let simulator = Simulator::v3io().access_key(KEY).expiring_key("short-lived", 10);
    let simulator = simulator.start().await.unwrap();
    let client = builder(&simulator).build().unwrap();
    let expiring = client.with_access_key("short-lived").unwrap();
    let put = |client: &longhaul::v3io::Client, n: i32| {
        client.container("users").object(format!("o/{n}")).put(n.to_string())
    };
    let report = batch(0..30, |n| put(&expiring, n)).concurrency(4).await;
    assert_eq!((report.done.len(), report.failed.len()), (10, 20));
    for failure in &report.failed {
        assert!(failure.error.is_unauthorized(), "{}", failure.error);
        assert_eq!(failure.index, failure.input as usize);
        assert!(!format!("{:?}", failure.error).contains("short-lived"));
    }
    let again = batch(report.retry_inputs(), |n| put(&client, n)).await;
    assert!(again.is_success());
    assert_eq!(client.container("users").list("o").collect_all().await.unwrap().len(), 30);
}

#[tokio::test]
async fn statuses_of_a_batch_are_raised_as_one_likes() {
    let (_simulator, client) = start().await;
    let users = client.container("users");
    users.object("o/0").put("x").await.unwrap();
    let get = |policy: RaiseForStatus| {
        let users = &users;
        batch(["o/0", "o/99", "o/0"], move |path| users.object(path).get().response(policy.clone()))
    };
    let never = get(RaiseForStatus::Never).await.into_result().unwrap();
    let statuses: Vec<_> = never.iter().map(|response| response.status).collect();
    assert_eq!(statuses, [200, 404, 200]);
    assert!(never[1].error().unwrap().is_not_found());
    assert_eq!(get(RaiseForStatus::Default).await.failed[0].index, 1);
    assert!(get([200, 404].into()).await.is_success());
    let report = get([404].into()).await;
    assert_eq!((report.done[0].0, report.failed.len()), (1, 2));
}

#[tokio::test]
async fn a_batch_that_is_dropped_stops() {
    let (simulator, users) = faulty(Fault::delay(std::time::Duration::from_millis(100))).await;
    let puts = batch(0..1000, |n| users.object(format!("o/{n}")).put("x")).concurrency(5);
    let limit = std::time::Duration::from_millis(250);
    tokio::time::timeout(limit, puts.into_future()).await.unwrap_err();
    tokio::time::sleep(limit).await;
    let sent = simulator.request_count();
    assert!(sent <= 25, "{sent} requests");
    tokio::time::sleep(limit).await;
    assert_eq!(simulator.request_count(), sent);
    assert!(failure(users.object("o/999").head()).await.is_not_found());
}
