//! Credentials, tenants, rights.

use std::time::Duration;

use longhaul_simulator::Handle;
use longhaul_simulator::spark::{API_KEY, CLIENT, Right, TENANT, TOKEN};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, answer, spark};

const STATUS: &str = "/my-tenant/api/v4/batch/status";
const EXECUTE: &str = "/my-tenant/api/v3/folders/f/services/echo/execute";

async fn issue(client: &Client, tenant: &str, secret: &str) -> (StatusCode, Value) {
    let path = format!("/auth/realms/{tenant}/protocol/openid-connect/token");
    let form =
        format!("client_id={}&client_secret={secret}&grant_type=client_credentials", CLIENT.0);
    let request = client.bare(Method::POST, &path).body(form);
    answer(request.header("Content-Type", "application/x-www-form-urlencoded")).await
}

async fn with_key(client: &Client, key: &str, method: Method, path: &str) -> (StatusCode, Value) {
    let request = client.bare(method, path).header("x-synthetic-key", key);
    answer(request.header("x-tenant-name", TENANT).json(&json!({}))).await
}

async fn started() -> (Handle, Client) {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    (simulator, client)
}

#[tokio::test]
async fn nothing_is_done_without_a_credential_but_what_is_public() {
    let (_simulator, client) = started().await;
    for path in [STATUS, "/api/v1/product/list", EXECUTE] {
        assert_eq!(answer(client.bare(Method::GET, path)).await.0, 401, "{path}");
    }
    assert_eq!(answer(client.bare(Method::GET, "/health")).await.1, json!({"status": "UP"}));
    let public = EXECUTE.replace("/v3/", "/v3/public/");
    assert_eq!(answer(client.bare(Method::POST, &public).json(&json!({}))).await.0, 200);
    let other = public.replace(TENANT, "nobody");
    assert_eq!(answer(client.bare(Method::POST, &other).json(&json!({}))).await.0, 400);
}

#[tokio::test]
async fn errors_have_the_form_of_their_api() {
    let (_simulator, client) = started().await;
    let denied = |path: &'static str| client.bare(Method::GET, path).bearer_auth("None");
    let (_, v1) = answer(denied("/api/v1/lookup/getcategories")).await;
    assert_eq!((&v1["status"], &v1["errorCode"]), (&json!("Error"), &json!("INVALID_TOKEN")));
    let (_, v3) = answer(denied("/my-tenant/api/v3/services/search")).await;
    let error = json!({
        "error_category": "access_error", "error_type": "error.UNAUTHORIZED",
        "message": "INVALID_TOKEN", "additional_details": null,
    });
    assert_eq!((&v3["status"], &v3["error"]), (&json!("Error"), &error));
    let (_, v4) = answer(denied(STATUS)).await;
    assert_eq!(v4, json!({"status": "Error", "errorCode": "INVALID_TOKEN"}));
}

#[tokio::test]
async fn issued_tokens_expire() {
    let simulator =
        spark().token_lifetime(Duration::from_millis(250)).start().await.expect("started");
    let client = Client::new(&simulator);
    assert_eq!(issue(&client, TENANT, "wrong").await.0, 401);
    assert_eq!(issue(&client, "nobody", CLIENT.1).await.0, 404);
    let (status, issued) = issue(&client, TENANT, CLIENT.1).await;
    assert_eq!((status.as_u16(), &issued["token_type"]), (200, &json!("Bearer")));
    assert_eq!(issued["not-before-policy"], 0);
    let token = issued["access_token"].as_str().expect("a token");
    let ask = || answer(client.bare(Method::GET, STATUS).bearer_auth(token));
    assert_eq!(ask().await.0, 200);
    tokio::time::sleep(Duration::from_millis(260)).await;
    assert_eq!(ask().await.0, 401);
}

#[tokio::test]
async fn issued_tokens_can_be_ended() {
    let (simulator, client) = started().await;
    let (_, issued) = issue(&client, TENANT, CLIENT.1).await;
    let token = issued["access_token"].as_str().expect("a token");
    let ask = || answer(client.bare(Method::GET, STATUS).bearer_auth(token));
    assert_eq!(ask().await.0, 200);
    simulator.spark().expect("Spark").expire_tokens();
    assert_eq!(ask().await.0, 401);
}

#[tokio::test]
async fn tenants_are_kept_apart() {
    let simulator = spark().tenant("other").start().await.expect("started");
    let client = Client::new(&simulator);
    client.batch("f/echo", json!({})).await;
    let other = STATUS.replace(TENANT, "other");
    let batches = answer(client.bare(Method::GET, &other).bearer_auth(TOKEN)).await.1;
    assert_eq!(batches["in_progress_batches"], json!([]));
    let mixed = client.bare(Method::GET, &other).bearer_auth(TOKEN).header("x-tenant-name", TENANT);
    let (status, error) = answer(mixed).await;
    assert_eq!((status.as_u16(), &error["code"]), (400, &json!("TENANT_MISMATCH")));
    let (_, issued) = issue(&client, TENANT, CLIENT.1).await;
    let token = issued["access_token"].as_str().expect("a token");
    assert_eq!(answer(client.bare(Method::GET, &other).bearer_auth(token)).await.0, 400);
    let without = client.bare(Method::GET, "/api/v1/lookup/getcategories").bearer_auth(TOKEN);
    assert_eq!(answer(without).await.0, 400, "API v1 knows the tenant by its header only");
}

#[tokio::test]
async fn api_keys_have_rights() {
    let simulator = spark()
        .api_key("syncs", [Right::SyncBatch])
        .api_key("does-all", [Right::AllEncompassingProxy])
        .start()
        .await
        .expect("started");
    let client = Client::new(&simulator);
    let list = "/my-tenant/api/v4/execute";
    let status = async |key, method, path| with_key(&client, key, method, path).await.0.as_u16();
    assert_eq!(status("unknown", Method::GET, STATUS).await, 401);
    assert_eq!(status(API_KEY, Method::GET, STATUS).await, 200);
    assert_eq!(status(API_KEY, Method::POST, EXECUTE).await, 200);
    assert_eq!(status(API_KEY, Method::POST, list).await, 403);
    assert_eq!(status("syncs", Method::POST, list).await, 404, "no service is named");
    for key in ["syncs", "does-all"] {
        assert_eq!(status(key, Method::POST, "/api/v1/product/list").await, 401);
        assert_eq!(status(key, Method::POST, "/my-tenant/api/v3").await, 401);
    }
    assert_eq!(status("syncs", Method::GET, "/my-tenant/api/v4/export/status").await, 403);
    assert_eq!(status("does-all", Method::GET, "/my-tenant/api/v4/export/status").await, 200);
    let nameless = client.bare(Method::GET, STATUS).header("x-synthetic-key", API_KEY);
    assert_eq!(answer(nameless).await.0, 400, "a key needs the tenant's name");
}

#[tokio::test]
async fn a_realm_tells_its_keys() {
    let (_simulator, client) = started().await;
    let keys = client.get("/auth/realms/my-tenant/protocol/openid-connect/certs").await;
    assert_eq!(keys["keys"][0]["kty"], "RSA");
}
