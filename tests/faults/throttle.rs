//! 429 and Retry-After.

use std::time::Duration;

use futures_util::future::join_all;
use longhaul::{ErrorKind, Options};
use longhaul_simulator::Fault;

use crate::support::{
    ME, asked, client, client_with, failure, fast, faulty, gaps, ms, single, start, timed,
};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn seconds_are_waited() {
    let simulator = faulty([Fault::status(429).retry_after(1).path(ME).once()]).await;
    client(&simulator).current_user().await.unwrap();
    let gaps = gaps(&simulator.requests());
    assert!(gaps.len() == 1 && gaps[0] >= SECOND, "{gaps:?}");
}

#[tokio::test]
async fn a_date_is_waited_for() {
    // A date has whole seconds, so two seconds ahead is more than one.
    let simulator = faulty([Fault::status(503).retry_after_date(2).path(ME).once()]).await;
    client(&simulator).current_user().await.unwrap();
    let gaps = gaps(&simulator.requests());
    assert!(gaps.len() == 1 && gaps[0] >= ms(950), "{gaps:?}");
}

#[tokio::test]
async fn garbage_means_the_clients_own_pause() {
    for garbage in ["soon", "-1", "1.5", "", "Fri, 99 Nov 9999 99:99:99 GMT"] {
        let fault = Fault::status(429).with_header("Retry-After", garbage).path(ME);
        let simulator = faulty([fault.first(1)]).await;
        let error = failure(single(&simulator).current_user()).await;
        assert_eq!((error.is_rate_limited(), error.retry_after()), (true, None), "{garbage:?}");
        client(&simulator).current_user().await.unwrap();
    }
}

#[tokio::test]
async fn a_pause_beyond_the_deadline_fails_at_once_and_so_do_the_calls_after_it() {
    let far = ["3600", "99999999999", "18446744073709551615", "Fri, 31 Dec 9999 23:59:59 GMT"];
    for text in far {
        let fault = Fault::status(429).with_header("Retry-After", text).path(ME);
        let simulator = faulty([fault]).await;
        let client = client(&simulator);
        let (error, took) = timed(failure(client.current_user())).await;
        assert_eq!((error.status(), error.attempts()), (Some(429), 1), "{text}");
        assert!(error.retry_after().unwrap() >= Duration::from_secs(3600));
        assert!(took < 5 * SECOND);
        let error = failure(client.current_user()).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0), "{error}");
        assert!(error.to_string().contains("not sent, because the server limits the rate"));
        assert!(!error.may_have_happened() && error.retry_after().is_some());
        assert_eq!(simulator.request_count(), 1);
    }
}

#[tokio::test]
async fn a_429_slows_the_whole_client_and_leaves_other_limits_alone() {
    let simulator = start(fast().fault(Fault::status(429).retry_after(1).path(ME).once())).await;
    // Even a call that gives up tells the others.
    let client = client_with(&simulator, Options::new().attempts(1));
    failure(client.current_user()).await;
    let clone = client.clone();
    let others = join_all((0..20).map(|_| clone.current_user()));
    let jobs = async { timed(client.jobs().list().collect_all()).await };
    let (users, (listed, took)) = tokio::join!(others, jobs);
    assert!(users.iter().all(Result::is_ok));
    assert!(listed.is_ok() && took < ms(900), "another limit was held back for {took:?}");
    let requests = asked(&simulator, ME);
    assert_eq!(requests.len(), 21);
    assert!(gaps(&requests)[0] >= SECOND, "a request came before its time");
}

#[tokio::test]
async fn a_server_that_enforces_its_limits_gets_what_it_allows_and_every_call_succeeds() {
    let simulator = start(fast().limit("user", 20.0, 5)).await;
    let client = client(&simulator);
    let all = join_all((0..15).map(|_| client.current_user())).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
}

#[tokio::test]
async fn a_limit_of_the_clients_own_is_kept_without_the_servers_help() {
    let simulator = start(fast()).await;
    let client = crate::support::builder(simulator.url())
        .api_key(longhaul_simulator::rescale::API_KEY)
        .rate_limit(longhaul::rescale::RateScope::User, Some(0.1))
        .options(Options::new().deadline(ms(200)))
        .build()
        .unwrap();
    let all = join_all((0..10).map(|_| client.current_user())).await;
    assert_eq!(all.iter().filter(|user| user.is_ok()).count(), 6, "six a minute");
    assert_eq!(simulator.request_count(), 6);
    for error in all.into_iter().filter_map(Result::err) {
        assert!(error.is_timeout() && !error.may_have_happened(), "{error}");
        assert!(error.to_string().contains("not sent"), "{error}");
    }
}
