//! Forms of errors, rules, orders, and the settings by name.

use longhaul_simulator::bodo::KEYS;
use longhaul_simulator::{Fault, Simulator};
use reqwest::Method;
use serde_json::json;

use super::support::{Client, answer, start};

#[tokio::test]
async fn errors_have_the_form_of_what_was_asked() {
    let (running, client) = start(Simulator::bodo().cluster("c")).await;
    let path = format!("v1/clusters/{}", running.id_of("c").expect("an id"));
    running.fault(Fault::status(503).on("GET", "/api/v1/clusters/*").once());
    let (status, body) = client.get(&path).await;
    assert_eq!(
        (status, &body["statusCode"], &body["error"]),
        (503, &json!(503), &json!("Service Unavailable"))
    );
    running.fault(Fault::status(502).on("GET", "/api/**").once());
    let (status, body) = client.get(&path).await;
    assert_eq!((status, body.as_str().is_some_and(|page| page.starts_with("<html>"))), (502, true));
    running.fault(Fault::status(500).on("POST", "/identity/**").once());
    assert!(client.exchange("v2", KEYS).await.1["errors"].is_array());
    running.fault(Fault::status(503).on("*", "/storage/**").once());
    let (status, body) = answer(client.http.get(format!("{}/storage/x", client.base))).await;
    assert_eq!(
        (status, body.as_str().is_some_and(|xml| xml.contains("<Code>SlowDown</Code>"))),
        (503, true)
    );
}

#[tokio::test]
async fn unknown_paths_and_bad_bodies_are_refused() {
    let (_running, client) = start(Simulator::bodo()).await;
    let (status, body) = client.get("v1/nothing").await;
    assert_eq!((status, &body["message"]), (404, &json!("Cannot GET /api/v1/nothing")));
    assert_eq!(client.put("v1/jobs", json!({})).await.0, 404);
    for text in ["{", "[]", ""] {
        let request = client.request(Method::POST, "v1/clusters").body(text);
        assert_eq!(answer(request).await.0, 400, "{text:?}");
    }
    let mut wish = super::support::cluster("c");
    (wish["_deprecated_fields"], wish["bogus"]) = (json!({}), json!([1]));
    (wish["description"], wish["customTags"]) = (json!(null), json!({"_own": "kept"}));
    let made = client.made("v1/clusters", wish).await;
    assert_eq!(made["customTags"], json!({"_own": "kept"}));
}

#[tokio::test]
async fn orders_come_over_the_wire() {
    let (_running, client) = start(Simulator::bodo().cluster("c")).await;
    let order = async |order: serde_json::Value| {
        let request = client.http.post(format!("{}/__ctl", client.base)).json(&order);
        answer(request).await.0
    };
    let rule =
        json!({"fault": {"method": "GET", "path": "/v2/clusters$", "status": 429, "times": 1}});
    assert_eq!(order(rule).await, 200);
    assert_eq!((client.get("v2/clusters").await.0, client.get("v2/clusters").await.0), (429, 200));
    assert_eq!(order(json!({"revoke_tokens": true, "token_ttl": 5})).await, 200);
    assert_eq!(client.get("v2/clusters").await.0, 401);
    assert_eq!(client.exchange("v2", KEYS).await.1["expires_in"], 5);
    assert_eq!(answer(client.http.post(format!("{}/__ctl", client.base)).body("x")).await.0, 400);
}

#[tokio::test]
async fn settings_have_names() {
    let settings = [
        ("keys", "me:mine"),
        ("cluster", "c"),
        ("catalog", "C"),
        ("minute", "1s"),
        ("outcome", "x:FAILED:why"),
        ("failures", "y:2"),
        ("rows-per-file", "10"),
        ("azure", "true"),
        ("deprecated-version", "1.0:2026-01-31"),
        ("token-lifetime", "5m"),
    ];
    let running =
        Simulator::named("bodo", &settings).expect("known").start().await.expect("started");
    let client = Client::login(&running, ("me", "mine")).await;
    assert_eq!(client.exchange("v2", KEYS).await.1["expires_in"], 300);
    assert_eq!(client.read("v2/clusters").await["data"][0]["status"], "RUNNING");
    assert!(running.id_of("C").is_some());
    for (key, value) in
        [("nonsense", "1"), ("azure", "maybe"), ("keys", "alone"), ("failures", "x:many")]
    {
        assert!(Simulator::named("bodo", &[(key, value)]).is_err(), "{key}");
    }
}
