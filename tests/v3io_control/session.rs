//! Sessions: opened once for all, opened again when they end, and never sent elsewhere.

use futures_util::future::join_all;
use longhaul::v3io::control::Client;
use longhaul::{ErrorKind, Options};
use longhaul_simulator::Fault;
use longhaul_simulator::v3io::LOGIN;
use serde_json::json;

use super::support::{KEY, builder, canned, fast, keyed, logins, says, sent, start};

#[tokio::test]
async fn an_access_key_needs_no_login() {
    let simulator = fast().start().await.unwrap();
    keyed(&simulator).me().await.unwrap();
    assert_eq!(logins(&simulator), 0);
    let expected = format!("session=j:%7B%22sid%22:%20%22{KEY}%22%7D");
    let request = &sent(&simulator, "GET", "/api/self")[0];
    assert_eq!(request.header("cookie"), Some(expected.as_str()));
    assert_eq!(request.header("x-v3io-session-key"), None);
}

#[tokio::test]
async fn a_login_is_sent_as_the_official_client_sends_it() {
    let (simulator, client) = start().await;
    assert_eq!(simulator.request_count(), 0, "making a client sends nothing");
    client.me().await.unwrap();
    assert_eq!(
        sent(&simulator, "POST", "/api/sessions")[0].json(),
        json!({"data": {"type": "session", "attributes": {
            "username": LOGIN.0, "password": LOGIN.1, "plane": "control",
        }}})
    );
    let request = &sent(&simulator, "GET", "/api/self")[0];
    let cookie = request.header("cookie").unwrap();
    assert!(cookie.starts_with("session=") && !cookie.contains(';'), "{cookie}");
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn fifty_calls_share_one_login() {
    let (simulator, client) = start().await;
    simulator.fault(Fault::delay_after(std::time::Duration::from_millis(50)).path("/api/sessions"));
    let all = join_all((0..50).map(|_| client.me())).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(logins(&simulator), 1);
    client.clone().me().await.unwrap();
    assert_eq!(logins(&simulator), 1);
}

#[tokio::test]
async fn a_session_that_ends_in_the_middle_is_opened_once_more_for_all() {
    let (simulator, client) = start().await;
    client.me().await.unwrap();
    let ended = sent(&simulator, "GET", "/api/self")[0].header("cookie").unwrap().to_owned();
    simulator.fault(Fault::expired_token().request_header("cookie", &ended));
    let all = join_all((0..50).map(|_| client.me())).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(logins(&simulator), 2);
    let last = simulator.requests().pop().unwrap();
    assert_ne!(last.header("cookie"), Some(ended.as_str()));
}

#[tokio::test]
async fn a_write_is_sent_again_when_the_session_had_ended() {
    let (simulator, client) = start().await;
    client.me().await.unwrap();
    simulator.fault(Fault::expired_token().on("POST", "/api/containers").once());
    client.containers().create("measurements").await.unwrap();
    assert_eq!((logins(&simulator), sent(&simulator, "POST", "/api/containers").len()), (2, 2));
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_said_clearly() {
    let simulator = fast().start().await.unwrap();
    let client = builder(&simulator).login("iguazio", "wrong-canary").build().unwrap();
    let all = join_all((0..50).map(|_| client.me())).await;
    for error in all.into_iter().map(Result::unwrap_err) {
        let words = ["create_session", "could not sign in as `iguazio`", "401"];
        says(&error, ErrorKind::Status, &words);
        assert!(error.is_unauthorized() && !error.may_have_happened() && error.attempts() == 1);
    }
    assert_eq!(simulator.request_count(), 1);
}

#[tokio::test]
async fn a_rejected_access_key_is_an_error_at_once() {
    let simulator = fast().fault(Fault::expired_token()).start().await.unwrap();
    let error = keyed(&simulator).me().await.unwrap_err();
    assert!(error.is_unauthorized() && error.attempts() == 1, "{error}");
    assert_eq!(simulator.request_count(), 1);
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again_to_sign_in() {
    let (simulator, client) = start().await;
    simulator.fault(Fault::status(503).path("/api/sessions").once());
    client.me().await.unwrap();
    assert_eq!(logins(&simulator), 2);
}

#[tokio::test]
async fn a_login_without_a_session_in_its_answer_is_an_error() {
    let (simulator, client) = start().await;
    simulator.fault(canned("/api/sessions", json!({"data": {"id": "sid-canary"}})));
    let error = client.me().await.unwrap_err();
    says(&error, ErrorKind::Protocol, &["sign in", "no cookie"]);
    assert!(!format!("{error} {error:?}").contains("canary"));
}

#[tokio::test]
async fn the_cookie_stays_at_home() {
    let elsewhere = fast().start().await.unwrap();
    let (simulator, client) = start().await;
    simulator.fault(Fault::redirect(302, elsewhere.url()).path("/api/self"));
    let _ = client.me().await;
    let strangers = elsewhere.requests();
    assert!(!strangers.is_empty(), "the redirect was followed");
    assert!(strangers.iter().all(|request| request.header("cookie").is_none()));
    elsewhere.clear_requests();
    simulator.fault(Fault::redirect(307, elsewhere.url()).path("/api/users"));
    let user = longhaul::v3io::control::models::UserCreateAttributes {
        username: Some("ben".to_owned()),
        ..Default::default()
    };
    assert_eq!(client.users().create(user).await.unwrap_err().kind(), ErrorKind::Protocol);
    assert!(elsewhere.requests().is_empty(), "a write is not redirected");
}

#[test]
fn the_password_does_not_go_out_unencrypted() {
    let login = || Client::builder().login("ann", "hunter2").options(Options::new());
    let error = login().url("http://dashboard.example.com").build().unwrap_err();
    says(&error, ErrorKind::Config, &["unencrypted"]);
    assert!(login().url("http://dashboard.example.com").allow_plain_http().build().is_ok());
    assert!(login().url("https://dashboard.example.com").build().is_ok());
    let two = login().access_key(KEY).url("https://dashboard.example.com").build().unwrap_err();
    says(&two, ErrorKind::Config, &["two credentials"]);
}
