//! Who a client is: keys, tokens, OAuth; and what never shows.

use std::time::Duration;

use longhaul::spark::Client;
use longhaul::{ErrorKind, batch};
use longhaul_simulator::Handle;
use longhaul_simulator::spark::{API_KEY, CLIENT, TENANT, TOKEN};

use super::support::{ECHO, asked, builder, failure, says, simulator, start_with};

const TOKENS: &str = "/protocol/openid-connect/token";

async fn oauth() -> (Handle, Client) {
    let handle = simulator().start().await.unwrap();
    let client = builder(&handle).oauth(CLIENT.0, CLIENT.1).build().unwrap();
    (handle, client)
}

#[tokio::test]
async fn a_key_and_the_tenant_go_along_with_every_call() {
    let handle = simulator().start().await.unwrap();
    let client = builder(&handle).api_key(API_KEY).build().unwrap();
    client.services().execute(ECHO).await.unwrap();
    client.folders().exists("wire-folder").await.unwrap();
    for request in handle.requests() {
        assert_eq!(request.header("x-synthetic-key"), Some(API_KEY));
        assert_eq!(request.header("x-tenant-name"), Some(TENANT));
        assert_eq!(request.header("authorization"), None);
        assert!(request.header("x-spark-ua").unwrap().starts_with("agent=longhaul/"));
    }
}

#[tokio::test]
async fn a_token_is_taken_with_or_without_the_word_in_front() {
    let handle = simulator().token("my-bearer-token").start().await.unwrap();
    for token in ["my-bearer-token", "Bearer my-bearer-token", "bearer  my-bearer-token "] {
        let client = builder(&handle).bearer_token(token).build().unwrap();
        assert!(client.services().exists(ECHO).await.unwrap(), "{token}");
    }
    for request in handle.requests() {
        assert_eq!(request.header("authorization"), Some("Bearer my-bearer-token"));
    }
}

#[tokio::test]
async fn fifty_first_calls_fetch_one_token_and_none_goes_without() {
    let (handle, client) = oauth().await;
    let services = client.services();
    let calls = batch(0..50, |_| {
        let services = services.clone();
        async move { services.exists(ECHO).await }
    });
    assert_eq!(calls.concurrency(50).await.into_result().unwrap().len(), 50);
    let tokens = asked(&handle, TOKENS);
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].header("authorization"), None);
    let calls = asked(&handle, "/exists");
    assert_eq!(calls.len(), 50);
    for call in calls {
        let header = call.header("authorization").unwrap();
        assert!(header.starts_with("Bearer issued-"), "{header}");
        assert_eq!(call.status, Some(200));
    }
}

#[tokio::test]
async fn a_token_is_refreshed_before_it_ends() {
    let handle = simulator().token_lifetime(Duration::from_secs(2)).start().await.unwrap();
    let client = builder(&handle).oauth(CLIENT.0, CLIENT.1).build().unwrap();
    client.services().exists(ECHO).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1300)).await;
    client.services().exists(ECHO).await.unwrap();
    assert_eq!(asked(&handle, TOKENS).len(), 2);
    assert!(handle.requests().iter().all(|request| request.status == Some(200)));
}

#[tokio::test]
async fn a_token_that_expires_in_the_middle_is_replaced_and_the_call_goes_on() {
    let (handle, client) = oauth().await;
    client.services().exists(ECHO).await.unwrap();
    handle.spark().expect("a simulated Spark").expire_tokens();
    assert!(client.services().exists(ECHO).await.unwrap());
    let statuses: Vec<_> = asked(&handle, "/exists").iter().map(|call| call.status).collect();
    assert_eq!(statuses, [Some(200), Some(401), Some(200)]);
    assert_eq!(asked(&handle, TOKENS).len(), 2);
}

#[tokio::test]
async fn an_upload_survives_a_token_that_expires() {
    let (handle, client) = oauth().await;
    client.services().exists(ECHO).await.unwrap();
    handle.spark().expect("a simulated Spark").expire_tokens();
    client.services().upload("wire-folder", "new", "PK workbook").await.unwrap();
    assert_eq!(asked(&handle, "/upload").len(), 2);
}

#[tokio::test]
async fn a_wrong_secret_is_one_request_and_a_clear_error() {
    let handle = simulator().start().await.unwrap();
    let client = builder(&handle).oauth(CLIENT.0, "wrong-secret-123").build().unwrap();
    let error = failure(client.services().exists(ECHO)).await;
    assert_eq!(handle.request_count(), 1, "{error}");
    let text = format!("{error} {error:?}");
    assert!(
        text.contains("no token for the client `fake-client-id`: the server answered"),
        "{text}"
    );
    assert!(text.contains("Invalid client"), "{text}");
    assert!(!error.may_have_happened());
    assert!(!text.contains("wrong-secret-123"), "{text}");
}

#[tokio::test]
async fn another_tenant_is_not_entered() {
    let handle = simulator().start().await.unwrap();
    let client = longhaul::spark::Client::builder()
        .base_url(format!("{}/other-tenant", handle.url()))
        .bearer_token(TOKEN)
        .build()
        .unwrap();
    let error = failure(client.services().execute(ECHO)).await;
    says(&error, ErrorKind::Status, &["TENANT_MISMATCH"]);
    assert_eq!(error.code(), Some("error.application_error"));
}

#[tokio::test]
async fn credentials_never_show() {
    let handle = simulator().start().await.unwrap();
    let secrets = ["key-that-is-secret", "token-that-is-secret", "hunter2-the-secret"];
    let clients = [
        builder(&handle).api_key(secrets[0]).build().unwrap(),
        builder(&handle).bearer_token(secrets[1]).build().unwrap(),
        builder(&handle).oauth("id", secrets[2]).build().unwrap(),
    ];
    for client in clients {
        let error = failure(client.services().execute(ECHO)).await;
        let upload = failure(client.services().upload("f", "s", "PK")).await;
        for text in [format!("{client:?}"), format!("{error} {error:?}"), format!("{upload:?}")] {
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
        }
    }
}

#[tokio::test]
async fn a_secret_in_an_error_inside_a_success_does_not_show() {
    let body = format!(r#"{{"status":"Error","message":"{TOKEN} may not","errorCode":"NO"}}"#);
    let fault = longhaul_simulator::Fault::status(200).with_body(body);
    let (_simulator, client) = start_with(simulator().fault(fault)).await;
    let error = failure(client.folders().categories().list()).await;
    let text = format!("{error} {error:?}");
    assert!(text.contains("may not") && !text.contains(TOKEN), "{text}");
    assert_eq!((error.code(), error.status()), (Some("NO"), Some(200)));
}
