//! Limits of requests: those of the server and those that the client keeps to by itself.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::rescale::RateScope;

use super::support::{builder, fast, impatient, says, start, start_with, work};

/// One request in about 17 minutes, once the burst is used up.
const SELDOM: f64 = 0.001;

#[tokio::test]
async fn each_scope_has_a_limit_of_its_own() {
    let simulator = fast().limit("user", SELDOM, 2).limit("job-submission", SELDOM, 1);
    let simulator = simulator.start().await.unwrap();
    let client = impatient(&simulator);
    client.current_user().await.unwrap();
    client.current_user().await.unwrap();
    let limited = client.current_user().await.unwrap_err();
    assert!(limited.is_rate_limited() && limited.is_retryable());
    assert!(limited.retry_after().is_some_and(|pause| pause > Duration::from_secs(900)));
    says(&limited, ErrorKind::Status, &["429", "throttled"]);
    for _ in 0..2 {
        assert!(client.jobs().get("none").await.unwrap_err().is_not_found());
    }
}

#[tokio::test]
async fn submissions_are_counted_apart_from_other_calls_about_jobs() {
    let simulator = fast().limit("job-submission", SELDOM, 1).start().await.unwrap();
    let client = impatient(&simulator);
    let mut first = client.jobs().create("first", work("echo")).await.unwrap();
    first.submit().await.unwrap();
    let mut second = client.jobs().create("second", work("echo")).await.unwrap();
    assert!(second.submit().await.unwrap_err().is_rate_limited());
    second.refresh().await.unwrap();
}

#[tokio::test]
async fn a_limit_that_passes_soon_is_waited_for() {
    let (simulator, client) = start_with(fast().limit("user", 1.0, 1)).await;
    client.current_user().await.unwrap();
    client.current_user().await.unwrap();
    let statuses: Vec<_> = simulator.requests().iter().filter_map(|r| r.status).collect();
    assert_eq!(statuses, [200, 429, 200]);
}

#[tokio::test]
async fn after_a_refusal_nothing_more_is_sent_in_that_scope() {
    let simulator = fast().limit("user", SELDOM, 1).start().await.unwrap();
    let client = builder(&simulator).build().unwrap();
    client.current_user().await.unwrap();
    assert!(client.current_user().await.unwrap_err().is_rate_limited());
    simulator.clear_requests();
    let held = client.current_user().await.unwrap_err();
    says(&held, ErrorKind::Timeout, &["not sent", "`user`"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn the_client_keeps_to_its_own_rate() {
    let (simulator, _) = start().await;
    let slow = builder(&simulator).rate_limit(RateScope::User, Some(0.05)).build().unwrap();
    let clone = slow.clone();
    slow.current_user().await.unwrap();
    clone.current_user().await.unwrap();
    slow.current_user().await.unwrap();
    let fourth = tokio::time::timeout(Duration::from_millis(50), clone.current_user()).await;
    assert!(fourth.is_err(), "3 a minute are allowed");
    assert_eq!(simulator.request_count(), 3);
    let free = builder(&simulator).rate_limit(RateScope::User, None).build().unwrap();
    for _ in 0..10 {
        free.current_user().await.unwrap();
    }
}
