//! 401, token providers, and calls that share a token.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use longhaul::rescale::Client;
use longhaul::{ErrorKind, Options, ProviderError, Token};
use longhaul_simulator::rescale::SESSION_TOKEN;
use longhaul_simulator::{Fault, Handle};

use crate::server::{Server, answer};
use crate::support::{ME, builder, client, failure, fast, faulty, ms, start, submitted, timed};

/// A client with a provider that gives the n-th token by number, and the count of its calls.
fn with_provider(
    simulator: &Handle,
    token: impl Fn(usize) -> Result<Token, ProviderError> + Send + Sync + 'static,
) -> (Client, Arc<AtomicUsize>) {
    let fetched = Arc::new(AtomicUsize::new(0));
    let count = fetched.clone();
    let provider = move || {
        let token = token(count.fetch_add(1, Ordering::SeqCst) + 1);
        async move { token }
    };
    let client = builder(simulator.url()).token_provider(provider).build().expect("good settings");
    (client, fetched)
}

fn good(_: usize) -> Result<Token, ProviderError> {
    Ok(Token::new(SESSION_TOKEN))
}

#[tokio::test]
async fn one_401_is_answered_by_one_fetch_and_one_replay() {
    let simulator = faulty([Fault::expired_token().path(ME).once()]).await;
    let (client, fetched) = with_provider(&simulator, good);
    client.current_user().await.unwrap();
    assert_eq!((fetched.load(Ordering::SeqCst), simulator.request_count()), (2, 2));
}

#[tokio::test]
async fn the_replay_is_outside_the_count_of_attempts_and_holds_for_writes() {
    let simulator = faulty([Fault::expired_token().method("POST").once()]).await;
    let (client, _) = with_provider(&simulator, good);
    submitted(&client, "echo").await;
    let created = simulator.requests().iter().filter(|request| request.applied).count();
    assert_eq!(created, 3, "the job, its history and its submission");
}

#[tokio::test]
async fn a_second_401_is_final() {
    let simulator = faulty([Fault::expired_token().path(ME)]).await;
    let (client, fetched) = with_provider(&simulator, good);
    let error = failure(client.current_user()).await;
    assert!(error.is_unauthorized() && error.status() == Some(401));
    assert_eq!((fetched.load(Ordering::SeqCst), simulator.request_count()), (2, 2));
}

#[tokio::test]
async fn a_401_of_another_origin_says_nothing_of_our_token() {
    let foreign = Server::raw(answer(401, &[], b"who are you?")).await;
    let simulator = faulty([Fault::redirect(307, foreign.url()).path(ME)]).await;
    let (client, fetched) = with_provider(&simulator, good);
    for asked in 1..=2 {
        let error = failure(client.current_user()).await;
        assert_eq!(error.status(), Some(401));
        assert_eq!((simulator.request_count(), fetched.load(Ordering::SeqCst)), (asked, 1));
    }
}

#[tokio::test]
async fn a_rejected_key_is_an_error_at_once() {
    let simulator = start(fast()).await;
    let client = builder(simulator.url()).api_key("wrong").build().unwrap();
    let error = failure(client.current_user()).await;
    assert!(error.is_unauthorized() && error.attempts() == 1, "{error}");
    assert_eq!(simulator.request_count(), 1);
    assert!(!client.check_credentials().await.unwrap());
}

#[tokio::test]
async fn a_hundred_calls_with_a_stale_token_make_one_more_fetch_and_all_succeed() {
    let simulator = start(fast()).await;
    let (client, fetched) = with_provider(&simulator, |number| {
        Ok(Token::new(if number == 1 { "eyJhIjoxfQ.eyJzdGFsZSI6MX0.eA" } else { SESSION_TOKEN }))
    });
    let all = join_all((0..100).map(|_| client.current_user())).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(fetched.load(Ordering::SeqCst), 2);
    assert!(simulator.request_count() <= 200);
}

#[tokio::test]
async fn a_provider_that_fails_fails_all_who_wait_with_its_words_as_the_source() {
    let simulator = start(fast()).await;
    let (client, fetched) = with_provider(&simulator, |_| Err("the vault is sealed".into()));
    let all = join_all((0..50).map(|_| failure(client.current_user()))).await;
    for error in all {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 0));
        assert!(!error.may_have_happened());
        assert!(!error.to_string().contains("vault"), "Display repeats the source: {error}");
        let source = std::error::Error::source(&error).expect("a source");
        assert_eq!(source.to_string(), "the vault is sealed");
    }
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_provider_that_hangs_does_not_hold_a_call_beyond_its_deadline() {
    let simulator = start(fast()).await;
    let hanging = || std::future::pending::<Result<Token, ProviderError>>();
    let options = Options::new().deadline(ms(100));
    let builder = builder(simulator.url()).token_provider(hanging).options(options);
    let client = builder.build().unwrap();
    let (error, took) = timed(failure(client.current_user())).await;
    assert!(error.is_timeout() && !error.may_have_happened(), "{error}");
    assert!(took < ms(2000), "{took:?}");
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_wait_goes_on_with_a_new_token() {
    let simulator = start(fast()).await;
    let (client, fetched) = with_provider(&simulator, good);
    let mut job = submitted(&client, "sleep 0.1").await;
    simulator.fault(Fault::expired_token().path("/api/v2/jobs/*/statuses/").once());
    let wait = job.wait_for_status(longhaul::rescale::JobStatus::Completed).every(ms(10));
    wait.await.unwrap();
    assert_eq!(fetched.load(Ordering::SeqCst), 2);
    drop(client);
}

#[tokio::test]
async fn a_key_is_not_replayed_by_a_wait() {
    let simulator = start(fast()).await;
    let mut job = submitted(&client(&simulator), "sleep inf").await;
    simulator.fault(Fault::expired_token().path("/api/v2/jobs/*/statuses/"));
    simulator.clear_requests();
    let error = failure(job.wait_for_status(longhaul::rescale::JobStatus::Completed));
    assert!(error.await.is_unauthorized());
    assert_eq!(simulator.request_count(), 1);
}
