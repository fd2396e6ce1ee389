//! Writes with conditions: they hold or not, and of several writers one wins.

use longhaul::v3io::{Item, codes};
use longhaul::{Error, ErrorKind, batch};
use longhaul_simulator::Fault;

use super::support::{asked, failure, faulty, lost_answer, users};

#[track_caller]
fn is_false(error: &Error) {
    assert_eq!(error.code(), Some(codes::CONDITION_FALSE), "{error}");
    assert_eq!(error.status(), Some(400));
    assert!(!error.may_have_happened());
}

#[tokio::test]
async fn a_write_happens_only_when_its_condition_holds() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    item.put().set("n", 1).await.unwrap();
    item.put().set("n", 2).condition("n == 1").await.unwrap();
    is_false(&failure(item.put().set("n", 3).condition("n == 1")).await);
    is_false(&failure(item.update().set("n", 3).condition("missing > 0")).await);
    is_false(&failure(item.update_expression("n = 3").condition("n > 2")).await);
    item.update_expression("n = n + 40").condition("exists(n) AND NOT (n > 2)").await.unwrap();
    assert_eq!(item.get().await.unwrap().get_i64("n"), Some(42));
}

#[tokio::test]
async fn a_missing_item_has_no_attributes() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    is_false(&failure(item.put().set("n", 1).condition("exists(n)")).await);
    item.put().set("n", 1).condition("not(exists(n))").await.unwrap();
    is_false(&failure(item.put().set("n", 1).condition("not(exists(n))")).await);
}

#[tokio::test]
async fn a_revision_holds_until_somebody_changes_the_item() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    let first = item.put().set("n", 1).await.unwrap().unwrap();
    let second = item.update().set("n", 2).condition(&first).await.unwrap().unwrap();
    is_false(&failure(item.update().set("n", 3).condition(first)).await);
    item.update_expression("n = n + 1").condition(second.as_condition()).await.unwrap();
    is_false(&failure(item.update_expression("n = 0").condition(&second)).await);
    assert_eq!(item.get().await.unwrap().get_i64("n"), Some(3));
}

#[tokio::test]
async fn of_two_writers_with_the_same_revision_one_wins() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    let read = item.put().set("owner", "nobody").await.unwrap().unwrap();
    let claims = batch(["ann", "bob"], |name| {
        let (item, read) = (item.clone(), read.clone());
        async move { item.update().set("owner", name).condition(read).await }
    });
    let report = claims.concurrency(2).await;
    assert_eq!((report.done.len(), report.failed.len()), (1, 1));
    is_false(&report.failed[0].error);
    let winner = ["ann", "bob"][report.done[0].0];
    assert_eq!(item.get().await.unwrap().get_str("owner"), Some(winner));
}

/// Reads, adds one and writes, until nobody came between.
async fn add_one(item: Item) -> longhaul::Result<()> {
    loop {
        let response = item.get().response([200]).await?;
        let revision = response.headers["x-v3io-transaction-verifier"].to_str().unwrap().to_owned();
        let n = response.output().unwrap().get_i64("n").unwrap();
        match item.update().set("n", n + 1).condition(revision).await {
            Err(error) if error.code() == Some(codes::CONDITION_FALSE) => {}
            outcome => return outcome.map(drop),
        }
    }
}

#[tokio::test]
async fn optimistic_locking_loses_no_count() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("counter");
    item.put().set("n", 0).await.unwrap();
    let counts = batch(0..40, |_| add_one(item.clone())).concurrency(8);
    counts.await.into_result().unwrap();
    assert_eq!(item.get().await.unwrap().get_i64("n"), Some(40));
}

#[tokio::test]
async fn of_many_who_make_an_item_one_does() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("once");
    let claims = batch(0..8, |n| item.put().only_new().set("owner", n)).concurrency(8).await;
    assert_eq!((claims.done.len(), claims.failed.len()), (1, 7));
    for failure in &claims.failed {
        assert_eq!(failure.error.code(), Some(codes::ITEM_EXISTS), "{}", failure.error);
    }
    let owner = item.get().await.unwrap().get_u64("owner").unwrap();
    assert_eq!(owner, claims.done[0].0 as u64);
}

#[tokio::test]
async fn what_older_platforms_say_of_a_false_condition_means_the_same() {
    for body in [
        r#"{"ErrorCode": -16777244, "ErrorMessage": "x"}"#,
        r#"{"ErrorCode": -22, "ErrorMessage": "y", "Inner": {"ErrorCode": -16777245}}"#,
    ] {
        let (_simulator, users) = faulty(Fault::status(400).with_body(body)).await;
        is_false(&failure(users.table("t").item("k").put().set("n", 1).condition("n == 0")).await);
    }
}

#[tokio::test]
async fn a_conditional_write_whose_answer_was_lost_is_not_repeated_and_says_so() {
    let (simulator, users) = faulty(lost_answer("PutItem")).await;
    let item = users.table("t").item("k");
    let writes =
        [item.put().set("n", 1).condition("not(exists(n))"), item.put().set("n", 2).only_new()];
    for write in writes {
        simulator.clear_requests();
        let error = failure(write).await;
        assert_eq!(asked(&simulator, "PutItem").len(), 1);
        assert_eq!(error.kind() == ErrorKind::Interrupted, error.may_have_happened(), "{error}");
        if simulator.requests()[0].applied {
            assert!(error.to_string().contains("may have taken effect"), "{error}");
        }
    }
}
