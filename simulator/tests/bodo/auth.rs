//! Keys, tokens and whose they are.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use longhaul_simulator::Simulator;
use longhaul_simulator::bodo::{KEYS, ORGANIZATION, ORGANIZATION_KEYS, WORKSPACE};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Client, answer, start};

fn claims(token: &Value) -> Value {
    let token = token.as_str().expect("a token");
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).expect("base64")).expect("claims")
}

#[tokio::test]
async fn keys_are_exchanged_for_tokens() {
    let (_running, client) = start(Simulator::bodo().keys("other", "secret")).await;
    let (status, granted) = client.exchange("v2", KEYS).await;
    assert_eq!((status, &granted["expires_in"]), (200, &json!(86_400)));
    let claimed = claims(&granted["access_token"]);
    assert_eq!(claimed["tenantId"], WORKSPACE);
    let lifetime = claimed["exp"].as_u64().expect("exp") - claimed["iat"].as_u64().expect("iat");
    assert!((86_400..=86_401).contains(&lifetime), "{claimed}");
    let (status, granted) = client.exchange("v1", ORGANIZATION_KEYS).await;
    assert_eq!((status, &claims(&granted["accessToken"])["tenantId"]), (200, &json!(ORGANIZATION)));
    assert_eq!(client.exchange("v2", ("other", "secret")).await.0, 200);
    let (status, refused) = client.exchange("v2", (KEYS.0, "wrong")).await;
    assert_eq!((status, refused["errors"].is_array()), (401, true));
}

#[tokio::test]
async fn a_token_can_lack_its_expiry() {
    let (_running, client) = start(Simulator::bodo().exp_claim(false)).await;
    let (_, granted) = client.exchange("v2", KEYS).await;
    assert_eq!(claims(&granted["access_token"]).get("exp"), None);
    assert_eq!(client.get("v2/clusters").await.0, 200);
}

#[tokio::test]
async fn tokens_expire() {
    let lifetime = Duration::from_millis(500);
    let (running, client) = start(Simulator::bodo().token_lifetime(lifetime)).await;
    assert_eq!(client.get("v2/clusters").await.0, 200);
    tokio::time::sleep(lifetime).await;
    assert_eq!(client.get("v2/clusters").await.0, 401);
    let again = Client::login(&running, KEYS).await;
    assert_eq!(again.get("v2/clusters").await.0, 200);
    running.bodo().expect("bodo").expire_tokens();
    let (status, body) = again.get("v2/clusters").await;
    assert_eq!((status, &body["statusCode"]), (401, &json!(401)));
    assert_eq!(answer(again.http.get(format!("{}/api/v2/clusters", again.base))).await.0, 401);
}

#[tokio::test]
async fn tokens_stay_on_their_side() {
    let (running, workspace) = start(Simulator::bodo()).await;
    let organization = Client::organization(&running).await;
    let own = format!("v1/workspaces/{WORKSPACE}");
    for (method, path) in [
        (Method::GET, "v1/workspaces"),
        (Method::POST, "v1/workspaces"),
        (Method::DELETE, own.as_str()),
        (Method::GET, "v1/cloud-configs"),
    ] {
        let (status, body) = answer(workspace.request(method, path)).await;
        assert_eq!((status, body["message"].is_string()), (403, true), "{path}");
    }
    for path in ["v2/clusters", "v1/jobs", "secrets", "v1/job-templates", "v1/catalogs"] {
        assert_eq!(organization.get(path).await.0, 403, "{path}");
    }
    assert_eq!(organization.get(&format!("{own}/available-images")).await.0, 403);
    for client in [&workspace, &organization] {
        assert_eq!(client.read(&own).await["status"], "READY");
        assert_eq!(client.get("v1/sdk-versions/1.0").await.0, 200);
    }
    let foreign = "v1/workspaces/0b0d0000-0000-4000-8000-0000000000ff";
    assert_eq!((workspace.get(foreign).await.0, organization.get(foreign).await.0), (403, 404));
}

#[tokio::test]
async fn versions_can_be_deprecated() {
    let (_running, client) =
        start(Simulator::bodo().deprecated_version("2.2.0", "2026-01-31")).await;
    let old = client.read("v1/sdk-versions/2.2.0").await;
    assert_eq!([&old["isDeprecated"], &old["endOfSupport"]], [&json!(true), &json!("2026-01-31")]);
    let new = client.read("v1/sdk-versions/2.3.2").await;
    assert_eq!([&new["isDeprecated"], &new["endOfSupport"]], [&json!(false), &Value::Null]);
}
