//! What the token service answers when all is not well, and tokens that lack something.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use longhaul::ErrorKind;
use longhaul_simulator::bodo::KEYS;
use longhaul_simulator::{Fault, Handle};
use serde_json::json;

use super::failure::{failure, says};
use super::support::{calls, sent, start, workspace, workspace_builder};

const TOKENS: &str = "/identity/resources/auth/v2/api-token";

/// How many tokens were asked for.
fn fetched(handle: &Handle) -> usize {
    sent(handle, "POST", TOKENS).len()
}

/// An answer of the token service with this token and nothing else.
fn only(token: impl Into<String>) -> Fault {
    let answer = json!({"access_token": token.into()});
    Fault::body("application/json", answer.to_string()).path(TOKENS)
}

fn jwt(claims: &serde_json::Value) -> String {
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

#[tokio::test]
async fn a_wrong_key_is_sent_once_and_the_error_says_whose_and_from_where() {
    let (handle, _) = start().await;
    let wrong = workspace_builder(&handle).secret_key("hunter2").build().unwrap();
    let error = failure(wrong.sdk_version()).await;
    let id = KEYS.0;
    let words = [
        &*format!("no token for the client id `{id}` from `client_id` on the builder"),
        "401",
        "Invalid authentication",
        "check that these are the keys of a workspace (BODO_CLIENT_ID, BODO_SECRET_KEY)",
    ];
    says(&error, ErrorKind::Status, &words);
    assert!(error.is_unauthorized() && !error.may_have_happened());
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    assert_eq!(handle.request_count(), 1);
}

#[tokio::test]
async fn many_calls_with_a_wrong_key_send_it_once() {
    let (handle, _) = start().await;
    let wrong = workspace_builder(&handle).secret_key("hunter2").build().unwrap();
    let all = join_all((0..100).map(|_| failure(wrong.sdk_version()))).await;
    assert!(all.iter().all(longhaul::Error::is_unauthorized));
    assert_eq!(handle.request_count(), 1);
}

#[tokio::test]
async fn a_token_service_in_trouble_is_asked_again_and_then_named() {
    let (handle, _) = start().await;
    for fault in [Fault::status(500), Fault::status(429), Fault::status(502).as_html()] {
        handle.clear_faults();
        handle.clear_requests();
        handle.fault(fault.clone().path(TOKENS).first(2));
        workspace(&handle).sdk_version().await.unwrap();
        assert_eq!(fetched(&handle), 3);
        handle.clear_faults();
        handle.fault(fault.path(TOKENS));
        let error = failure(workspace(&handle).sdk_version()).await;
        says(&error, ErrorKind::Status, &["no token for the client id", "after 4 attempts"]);
        assert!(!error.to_string().contains("check that these are the keys"), "{error}");
        assert!(!error.to_string().contains("<html"), "{error}");
    }
}

#[tokio::test]
async fn a_token_service_that_is_down_is_named() {
    let (handle, _) = start().await;
    let down = workspace_builder(&handle).auth_url("http://127.0.0.1:9").build().unwrap();
    let error = failure(down.sdk_version()).await;
    says(&error, ErrorKind::Connect, &["no token for the client id", "127.0.0.1:9"]);
    assert!(!error.may_have_happened());
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_token_service_that_recovers_is_used_again() {
    let (handle, workspace) = start().await;
    handle.fault(Fault::status(503).path(TOKENS).first(4));
    assert!(failure(workspace.sdk_version()).await.is_retryable());
    tokio::time::sleep(Duration::from_millis(1050)).await;
    workspace.sdk_version().await.unwrap();
}

#[tokio::test]
async fn what_is_no_token_is_an_error_that_says_so() {
    let (handle, _) = start().await;
    let cases = [
        (Fault::html(), "HTML"),
        (Fault::body("application/json", "not json"), "not JSON"),
        (Fault::body("application/json", "[]"), "create_token"),
        (Fault::remove("/access_token"), "access_token"),
        (Fault::set("/access_token", serde_json::Value::Null), "null"),
        (Fault::set("/access_token", ""), "without a token"),
        (Fault::set("/access_token", "two\nlines"), "cannot be sent"),
    ];
    for (fault, words) in cases {
        handle.clear_faults();
        handle.fault(fault.path(TOKENS));
        handle.clear_requests();
        let error = failure(workspace(&handle).sdk_version()).await;
        assert!(error.to_string().contains(words), "{words}: {error}");
        assert_eq!(calls(&handle), 0);
    }
}

#[tokio::test]
async fn a_token_that_is_no_jwt_is_used_and_has_no_workspace() {
    let (handle, workspace) = start().await;
    handle.fault(only("opaque"));
    let error = failure(workspace.sdk_version()).await;
    assert!(error.is_unauthorized());
    assert_eq!(sent(&handle, "GET", "2.3.2")[0].header("authorization"), Some("Bearer opaque"));
    says(&failure(workspace.id()).await, ErrorKind::Config, &["no workspace", "`tenantId`"]);
}

#[tokio::test]
async fn a_token_without_a_workspace_says_so_before_the_call_that_needs_it() {
    for claims in
        [json!({"exp": 4_000_000_000_u64}), json!({"tenantId": null}), json!({"tenantId": ""})]
    {
        let (handle, workspace) = start().await;
        handle.fault(only(jwt(&claims)));
        for error in [
            failure(workspace.id()).await,
            failure(workspace.data()).await,
            failure(workspace.clusters().images()).await,
            failure(workspace.upload("a", "a.py")).await,
        ] {
            says(&error, ErrorKind::Config, &["names no workspace in its claim `tenantId`"]);
            assert!(!error.may_have_happened());
        }
        assert_eq!((fetched(&handle), calls(&handle)), (1, 0));
    }
}
