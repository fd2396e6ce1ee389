//! Sessions: one login, early refreshes, and what happens when the server says no.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use longhaul::ErrorKind;
use longhaul_simulator::denvr::{Account, USER};
use longhaul_simulator::{Fault, Handle};
use serde_json::json;

use super::support::{
    CLUSTERS, LOGIN, REFRESH, builder, fast, keyed, says, sent, start_as_user, user,
};

#[tokio::test]
async fn the_first_call_logs_in_and_all_others_use_the_session() {
    let (handle, client) = start_as_user(fast()).await;
    assert_eq!(handle.request_count(), 0);
    client.clusters().list().await.unwrap();
    client.images().list().await.unwrap();
    client.with_cluster("Msc1").virtual_servers().list().await.unwrap();
    assert_eq!(sent(&handle, "POST", LOGIN).len(), 1);
}

#[tokio::test]
async fn ten_thousand_calls_with_an_expired_token_make_one_refresh() {
    let (handle, client) = start_as_user(fast()).await;
    client.clusters().list().await.unwrap();
    let old = bearers(&handle);
    handle.denvr().unwrap().expire_access_tokens();
    let calls = (0..10_000).map(|_| async { client.clusters().list().await.map(drop) });
    let failed = join_all(calls).await.into_iter().find_map(Result::err);
    assert!(failed.is_none(), "{failed:?}");
    // Each refresh gives another token, and the record holds the last 10,000 requests.
    assert_eq!(bearers(&handle).difference(&old).count(), 1);
    let rejected = handle.request_count() - 10_000;
    assert!(rejected < 300, "{rejected} requests more than calls");
}

/// The tokens that calls have carried.
fn bearers(handle: &Handle) -> BTreeSet<String> {
    let all = sent(handle, "GET", CLUSTERS).into_iter();
    all.filter_map(|request| request.header("authorization").map(str::to_owned)).collect()
}

#[tokio::test]
async fn calls_that_find_the_token_expired_together_share_one_refresh() {
    let (handle, client) = start_as_user(fast()).await;
    client.clusters().list().await.unwrap();
    handle.denvr().unwrap().expire_access_tokens();
    handle.clear_requests();
    let calls = (0..500).map(|_| async { client.clusters().list().await.map(drop) });
    assert!(join_all(calls).await.into_iter().all(|outcome| outcome.is_ok()));
    assert_eq!(sent(&handle, "POST", REFRESH).len(), 1);
    assert!(sent(&handle, "POST", LOGIN).is_empty());
}

#[tokio::test]
async fn a_token_is_refreshed_before_it_ends() {
    let (handle, client) = start_as_user(fast().token_lifetime(Duration::from_secs(2))).await;
    client.clusters().list().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    client.clusters().list().await.unwrap();
    let statuses: Vec<_> = sent(&handle, "GET", CLUSTERS).iter().map(|one| one.status).collect();
    assert_eq!(statuses, [Some(200), Some(200)]);
    assert_eq!(sent(&handle, "POST", REFRESH).len(), 1);
}

#[tokio::test]
async fn get_is_used_for_a_refresh_only_where_post_is_refused() {
    let (handle, client) = start_as_user(fast().refresh_by_get(true)).await;
    client.clusters().list().await.unwrap();
    for refused in [404, 405] {
        handle.clear_faults();
        handle.fault(Fault::status(refused).on("POST", REFRESH));
        handle.denvr().unwrap().expire_access_tokens();
        handle.clear_requests();
        client.clusters().list().await.unwrap();
        assert_eq!(sent(&handle, "GET", REFRESH).len(), 1);
        assert!(sent(&handle, "POST", LOGIN).is_empty());
    }
    handle.clear_faults();
    handle.denvr().unwrap().expire_access_tokens();
    handle.clear_requests();
    client.clusters().list().await.unwrap();
    assert!(sent(&handle, "GET", REFRESH).is_empty());
}

#[tokio::test]
async fn a_session_that_cannot_be_refreshed_is_begun_anew() {
    let (handle, client) = start_as_user(fast()).await;
    client.clusters().list().await.unwrap();
    handle.denvr().unwrap().expire_access_tokens();
    handle.denvr().unwrap().expire_refresh_tokens();
    client.clusters().list().await.unwrap();
    assert_eq!(sent(&handle, "POST", LOGIN).len(), 2);
}

#[tokio::test]
async fn a_refresh_token_that_has_expired_is_not_sent() {
    let simulator = fast().refresh_token_lifetime(Duration::from_secs(1));
    let (handle, client) = start_as_user(simulator).await;
    client.clusters().list().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1050)).await;
    handle.denvr().unwrap().expire_access_tokens();
    client.clusters().list().await.unwrap();
    assert!(sent(&handle, "POST", REFRESH).is_empty());
    assert_eq!(sent(&handle, "POST", LOGIN).len(), 2);
}

#[tokio::test]
async fn a_refresh_that_fails_for_a_while_keeps_the_session() {
    let (handle, client) = start_as_user(fast()).await;
    client.clusters().list().await.unwrap();
    handle.denvr().unwrap().expire_access_tokens();
    handle.fault(Fault::status(502).on("POST", REFRESH).first(2));
    client.clusters().list().await.unwrap();
    assert_eq!(sent(&handle, "POST", LOGIN).len(), 1);
    assert_eq!(sent(&handle, "POST", REFRESH).len(), 3);
}

#[tokio::test]
async fn a_wrong_password_is_sent_once() {
    let handle = fast().start().await.unwrap();
    let client = builder(&handle).login(USER.0, "hunter2").build().unwrap();
    let wrong = client.clusters().list().await.unwrap_err();
    says(&wrong, ErrorKind::Status, &["log_in", "`alice@example.test`", "Login failed!", "500"]);
    assert!(!wrong.may_have_happened());
    assert!(!format!("{wrong} {wrong:?}").contains("hunter2"));
    // Not even later, when the cache would try again.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let again = client.clusters().list().await.unwrap_err();
    says(&again, ErrorKind::Config, &["not logged in again", "locked", "Login failed!"]);
    assert_eq!(handle.request_count(), 1);
}

#[tokio::test]
async fn many_calls_with_a_wrong_password_send_it_once() {
    let handle = fast().start().await.unwrap();
    let client = builder(&handle).login(USER.0, "hunter2").build().unwrap();
    let calls = (0..100).map(|_| async { client.clusters().list().await });
    assert!(join_all(calls).await.iter().all(|outcome| outcome.is_err()));
    assert_eq!(handle.request_count(), 1);
}

#[tokio::test]
async fn a_login_that_failed_for_a_while_is_tried_again() {
    let internal = json!({"success": false, "error":
        {"message": "An internal error occurred during your request!"}});
    let faults = [
        Fault::status(503),
        Fault::status(502).as_html(),
        Fault::status(500).with_body(internal.to_string()),
    ];
    let (handle, _) = start_as_user(fast()).await;
    for fault in faults {
        handle.fault(fault.on("POST", LOGIN).once());
        handle.clear_requests();
        let client = user(&handle).build().unwrap();
        assert!(client.clusters().list().await.is_err());
        tokio::time::sleep(Duration::from_millis(1050)).await;
        client.clusters().list().await.unwrap();
        assert_eq!(sent(&handle, "POST", LOGIN).len(), 2);
        handle.clear_faults();
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for_by_name_and_given_once() {
    let account = Account::TwoFactor("123456".to_owned());
    let handle = fast().user("bob@example.test", "secret", account).start().await.unwrap();
    let bob = || builder(&handle).login("bob@example.test", "secret");
    let lacking = bob().build().unwrap().clusters().list().await.unwrap_err();
    let words = ["`bob@example.test`", "two-factor code", "Email", "`two_factor_code`"];
    says(&lacking, ErrorKind::Config, &words);
    let wrong = bob().two_factor_code("000000").build().unwrap();
    let wrong = wrong.clusters().list().await.unwrap_err();
    says(&wrong, ErrorKind::Status, &["Login failed!"]);

    let client = bob().two_factor_code("123456").build().unwrap();
    client.clusters().list().await.unwrap();
    handle.denvr().unwrap().expire_access_tokens();
    handle.denvr().unwrap().expire_refresh_tokens();
    handle.clear_requests();
    client.clusters().list().await.unwrap();
    let [again] = sent(&handle, "POST", LOGIN).try_into().expect("one login");
    assert!(again.json()["twoFactorVerificationCode"].is_null());
    assert!(again.json()["twoFactorRememberClientToken"].is_string());
}

#[tokio::test]
async fn an_outdated_password_is_said_to_be_one() {
    let simulator = fast().user("eve@example.test", "old", Account::PasswordReset);
    let handle = simulator.start().await.unwrap();
    let client = builder(&handle).login("eve@example.test", "old").build().unwrap();
    let outdated = client.clusters().list().await.unwrap_err();
    says(&outdated, ErrorKind::Config, &["`eve@example.test`", "changed first", "console"]);
}

#[tokio::test]
async fn a_password_can_be_forgotten_after_the_login() {
    let handle = fast().start().await.unwrap();
    let client = user(&handle).forget_password_after_login().build().unwrap();
    client.clusters().list().await.unwrap();
    handle.denvr().unwrap().expire_access_tokens();
    client.clusters().list().await.unwrap();
    handle.denvr().unwrap().expire_access_tokens();
    handle.denvr().unwrap().expire_refresh_tokens();
    let ended = client.clusters().list().await.unwrap_err();
    says(&ended, ErrorKind::Config, &["password was forgotten", "make a new client"]);
    assert_eq!(sent(&handle, "POST", LOGIN).len(), 1);
}

#[tokio::test]
async fn a_logout_ends_the_session_and_the_next_call_begins_one() {
    for empty in [false, true] {
        let (handle, client) = start_as_user(fast().empty_logout(empty)).await;
        client.log_out().await.unwrap();
        assert_eq!(handle.request_count(), 0);
        client.clusters().list().await.unwrap();
        client.log_out().await.unwrap();
        client.clusters().list().await.unwrap();
        let paths: Vec<_> = handle.requests().into_iter().map(|request| request.path).collect();
        assert_eq!(paths, [LOGIN, CLUSTERS, "/api/TokenAuth/LogOut", LOGIN, CLUSTERS]);
        handle.denvr().unwrap().expire_access_tokens();
        client.log_out().await.unwrap();
        let key = keyed(&handle).build().unwrap();
        says(&key.log_out().await.unwrap_err(), ErrorKind::InvalidInput, &["no session"]);
    }
}

#[tokio::test]
async fn a_login_without_an_envelope_is_taken_as_well() {
    let (handle, client) = start_as_user(fast()).await;
    let bare = json!({"accessToken": "made-up", "expireInSeconds": 60});
    handle.fault(Fault::body("application/json", bare.to_string()).on("POST", LOGIN));
    assert!(client.clusters().list().await.unwrap_err().is_unauthorized());
    let calls = sent(&handle, "GET", CLUSTERS);
    assert!(calls.iter().all(|call| call.header("authorization") == Some("Bearer made-up")));
}

#[tokio::test]
async fn a_login_that_brings_no_token_is_an_error() {
    let (handle, client) = start_as_user(fast()).await;
    handle.fault(Fault::remove("/result/accessToken").on("POST", LOGIN));
    let odd = client.clusters().list().await.unwrap_err();
    says(&odd, ErrorKind::Protocol, &["without a token"]);
}
