//! Credentials: who asks, and that nobody else learns it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use longhaul::v3io::Client;
use longhaul::{ErrorKind, Token, batch};
use longhaul_simulator::v3io::{INVALID_KEY, LOGIN};
use longhaul_simulator::{Fault, Simulator};

use super::support::{KEY, SESSION_KEY, builder, failure, says, start};

#[tokio::test]
async fn a_key_travels_in_its_header_alone() {
    let (simulator, client) = start().await;
    client.containers().await.unwrap();
    let request = &simulator.requests()[0];
    let having: Vec<_> = request.headers.iter().filter(|(_, value)| value.contains(KEY)).collect();
    assert_eq!(having, [&(SESSION_KEY.to_owned(), KEY.to_owned())]);
    assert!(!format!("{}?{}", request.path, request.query).contains(KEY));
}

#[tokio::test]
async fn another_key_can_be_used_for_some_calls() {
    let (simulator, client) = start().await;
    let other = client.with_access_key("other-key").unwrap();
    other.containers().await.unwrap();
    client.containers().await.unwrap();
    let keys: Vec<_> = simulator.requests();
    assert_eq!(keys[0].header(SESSION_KEY), Some("other-key"));
    assert_eq!(keys[1].header(SESSION_KEY), Some(KEY));
    for bad in ["", "  ", "two\nlines"] {
        assert_eq!(client.with_access_key(bad).unwrap_err().kind(), ErrorKind::Config);
    }
}

#[tokio::test]
async fn a_user_and_a_password_are_a_credential_too() {
    let (simulator, _client) = start().await;
    let login = |user: &str, password: &str| {
        let client = Client::builder().endpoint(simulator.url());
        client.basic_auth(user, password.to_owned()).build().unwrap()
    };
    login(LOGIN.0, LOGIN.1).containers().await.unwrap();
    let request = &simulator.requests()[0];
    assert!(request.header("authorization").unwrap().starts_with("Basic "));
    assert_eq!(request.header(SESSION_KEY), None);
    let error = failure(login(LOGIN.0, "hunter2").containers()).await;
    assert!(error.is_unauthorized());
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}

#[tokio::test]
async fn a_wrong_key_is_tried_once_and_not_shown() {
    let (simulator, client) = start().await;
    let stranger = client.with_access_key(INVALID_KEY).unwrap();
    let error = failure(stranger.containers()).await;
    assert_eq!(simulator.request_count(), 1);
    says(&error, ErrorKind::Status, &["401", "Permission denied"]);
    assert_eq!(error.code(), Some(longhaul::v3io::codes::PERMISSION_DENIED));
    assert!(!format!("{error:?} {error} {stranger:?}").contains(INVALID_KEY));
}

/// A provider of keys `key-0`, `key-1` .. and how many it gave.
fn counted()
-> (Arc<AtomicUsize>, impl Fn() -> std::future::Ready<Result<Token, longhaul::ProviderError>>) {
    let count = Arc::new(AtomicUsize::new(0));
    let given = count.clone();
    let provider = move || {
        let number = given.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok(Token::new(format!("key-{number}"))))
    };
    (count, provider)
}

#[tokio::test]
async fn a_provider_is_asked_again_when_its_key_is_rejected() {
    let mut simulator = Simulator::v3io().access_key(KEY);
    for n in 0..3 {
        simulator = simulator.expiring_key(format!("key-{n}"), 10);
    }
    let simulator = simulator.start().await.unwrap();
    let (asked, provider) = counted();
    let client = Client::builder().endpoint(simulator.url()).access_key_provider(provider);
    let users = client.build().unwrap().container("users");
    let puts = batch(0..25, |n| users.object(format!("o/{n}")).put("x")).concurrency(1);
    puts.await.into_result().unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    assert_eq!(simulator.request_count(), 27);
}

#[tokio::test]
async fn a_provider_is_asked_once_for_many_calls() {
    let (simulator, _client) = start().await;
    let (asked, provider) = counted();
    let client = Client::builder().endpoint(simulator.url()).access_key_provider(provider);
    let client = client.build().unwrap();
    batch(0..50, |_| client.containers()).await.into_result().unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_large_upload_goes_on_with_a_new_key() {
    let simulator = Simulator::v3io().access_key(KEY).expiring_key("key-0", 1);
    let simulator = simulator.expiring_key("key-1", 9).start().await.unwrap();
    let (_, provider) = counted();
    let client = Client::builder().endpoint(simulator.url()).access_key_provider(provider);
    let object = client.build().unwrap().container("users").object("o");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("o"), vec![1; 100_000]).unwrap();
    object.put_file(folder.path().join("o")).part_size(40_000).await.unwrap();
    assert_eq!(object.get().await.unwrap().len(), 100_000);
}

#[tokio::test]
async fn a_provider_that_fails_is_an_error_before_any_request() {
    let (simulator, _client) = start().await;
    let provider = || async { Err::<Token, _>("the vault is sealed".into()) };
    let client = Client::builder().endpoint(simulator.url()).access_key_provider(provider);
    let error = failure(client.build().unwrap().containers()).await;
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_redirect_of_a_write_is_not_followed() {
    let (elsewhere, _client) = start().await;
    let redirect = Fault::redirect(307, elsewhere.url()).method("PUT");
    let simulator = Simulator::v3io().fault(redirect).start().await.unwrap();
    let users = builder(&simulator).build().unwrap().container("users");
    let error = failure(users.object("o").put("x")).await;
    says(&error, ErrorKind::Protocol, &["redirected a PUT"]);
    assert_eq!(elsewhere.request_count(), 0);
}

#[test]
fn nothing_that_prints_shows_a_credential() {
    let endpoint = "http://127.0.0.1:9";
    let with_key = || Client::builder().endpoint(endpoint).access_key("hunter2");
    let with_login = || Client::builder().endpoint(endpoint).basic_auth("ann", "hunter2");
    let client = with_key().build().unwrap();
    let users = client.container("users");
    let printed = format!(
        "{:?} {:?} {client:?} {:?} {users:?} {:?} {:?} {:?} {:?}",
        with_key(),
        with_login(),
        with_login().build().unwrap(),
        users.object("o"),
        users.object("o").put("x"),
        users.table("t").item("k").put().set("a", 1),
        users.table("t").scan().items(),
    );
    assert!(!printed.contains("hunter2"), "{printed}");
    assert!(!printed.contains("aHVudGVyMg") && !printed.contains("YW5uOmh1bnRlcjI"), "{printed}");
}

#[tokio::test]
async fn making_things_sends_nothing() {
    let (simulator, client) = start().await;
    let users = client.container("users");
    let _ = (users.object("o"), users.table("t").item("k"), users.list(""), users.stream("s"));
    let _ = (users.table("t").scan().items(), users.table("t").scan().parallel(4));
    let _ = (users.object("o").put("x"), users.object("o").append("x"), client.containers());
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(simulator.request_count(), 0);
}
