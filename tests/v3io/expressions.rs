//! Changes that the platform computes.

use longhaul::v3io::{Attributes, Item, codes};
use longhaul::{ErrorKind, batch};
use longhaul_simulator::Fault;

use super::support::{asked, failure, faulty, lost_answer, says, users};

async fn after(item: &Item, expression: &str) -> Attributes {
    item.update_expression(expression).await.unwrap();
    item.get().await.unwrap()
}

#[tokio::test]
async fn numbers_are_computed() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    item.put().set("a", 1).set("b", 2).await.unwrap();
    assert_eq!(after(&item, "SET a = a + 1000").await.get_i64("a"), Some(1001));
    assert_eq!(after(&item, "x = 2 + 3 * 4 - (1 + 1)").await.get_i64("x"), Some(12));
    assert_eq!(after(&item, "a = a * 2.5").await.get_f64("a"), Some(2502.5));
    let swapped = after(&item, "temp = b; b = x; x = temp; REMOVE temp").await;
    assert_eq!((swapped.get_i64("b"), swapped.get_i64("x")), (Some(12), Some(2)));
    assert!(!swapped.contains("temp"));
    let counted = "n = if_not_exists(n, 0) + 1";
    assert_eq!(after(&item, counted).await.get_i64("n"), Some(1));
    assert_eq!(after(&item, counted).await.get_i64("n"), Some(2));
    assert!(!after(&item, "delete(n)").await.contains("n"));
}

#[tokio::test]
async fn large_integers_stay_exact() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    item.put().set("n", 1_i64 << 53).await.unwrap();
    assert_eq!(after(&item, "n = n + 1").await.get_i64("n"), Some((1 << 53) + 1));
}

#[tokio::test]
async fn texts_flags_and_moments_are_set() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    let found = after(&item, "name = 'Ann'; quote = \"it's\"; yes = true").await;
    assert_eq!((found.get_str("name"), found.get_str("quote")), (Some("Ann"), Some("it's")));
    assert_eq!(found.get_bool("yes"), Some(true));
    let found = after(&item, "at = 1706933106:123456789").await;
    assert_eq!(found.get_timestamp("at").unwrap().to_string(), "1706933106:123456789");
}

#[tokio::test]
async fn elements_of_arrays_are_read_and_written() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    item.put().set("ints", [1, 2, 3]).set("floats", [10.25, 20.25]).await.unwrap();
    let found = after(&item, "ints[1] = ints[1] * 2; floats[0] = floats[0] * 2").await;
    assert_eq!(found.get_integers("ints"), Some(&[1, 4, 3][..]));
    assert_eq!(found.get_doubles("floats"), Some(&[20.5, 20.25][..]));
    let found = after(&item, "new = init_array(3, 'int'); part = ints[1..2]").await;
    assert_eq!(found.get_integers("new"), Some(&[0, 0, 0][..]));
    assert_eq!(found.get_integers("part"), Some(&[4, 3][..]));
}

#[tokio::test]
async fn the_alternative_is_taken_when_the_condition_does_not_hold() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    let count = || {
        let update = item.update_expression("n = n + 1").condition("ready == true");
        update.otherwise("n = 10; ready = true")
    };
    for expected in [10, 11, 12] {
        count().await.unwrap();
        assert_eq!(item.get().await.unwrap().get_i64("n"), Some(expected));
    }
}

#[tokio::test]
async fn an_item_is_made_by_an_expression() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("new");
    assert_eq!(after(&item, "n = 1").await.get_i64("n"), Some(1));
    let empty = users.table("t").item("empty");
    assert!(after(&empty, "").await.is_empty());
}

#[tokio::test]
async fn what_the_server_cannot_compute_is_told_in_its_words() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    let error = failure(item.update_expression("n = n +")).await;
    assert_eq!(error.code(), Some(codes::INVALID_ARGUMENT));
    says(&error, ErrorKind::Status, &["400", "InvalidArgumentException", "update_item"]);
    let error = failure(item.update_expression("n = nothing_here + 1")).await;
    says(&error, ErrorKind::Status, &["400", "n"]);
    let error = failure(item.update_expression("__name = 'x'")).await;
    assert_eq!(error.code(), Some(codes::NOT_PERMITTED));
    assert!(!error.may_have_happened());
}

#[tokio::test]
async fn counts_by_many_at_once_add_up() {
    let (_simulator, users) = users().await;
    let item = users.table("t").item("k");
    let counts = batch(0..100, |_| item.update_expression("n = if_not_exists(n, 0) + 1"));
    counts.await.into_result().unwrap();
    assert_eq!(item.get().await.unwrap().get_i64("n"), Some(100));
}

#[tokio::test]
async fn a_lost_answer_is_not_asked_for_twice() {
    let (simulator, users) = faulty(lost_answer("UpdateItem")).await;
    let item = users.table("t").item("k");
    item.put().set("n", 0).await.unwrap();
    let error = failure(item.update_expression("n = n + 1")).await;
    assert!(error.may_have_happened());
    says(&error, ErrorKind::Interrupted, &["may have taken effect"]);
    assert_eq!(asked(&simulator, "UpdateItem").len(), 1);
    assert_eq!(item.get().await.unwrap().get_i64("n"), Some(1));
}

#[tokio::test]
async fn what_was_turned_away_is_sent_again() {
    let busy = Fault::status(429).request_header("X-v3io-function", "UpdateItem").first(2);
    let (_simulator, users) = faulty(busy).await;
    let item = users.table("t").item("k");
    item.update_expression("n = if_not_exists(n, 0) + 1").await.unwrap();
    assert_eq!(item.get().await.unwrap().get_i64("n"), Some(1));
}
