//! Answers of every form: in an envelope and bare, successes that are errors, errors of all kinds.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul_simulator::Fault;
use serde_json::json;

use super::support::{CLUSTERS, broken, fast, keyed, online, says, sent, start, start_with};

fn body(json: serde_json::Value) -> Fault {
    Fault::body("application/json", json.to_string())
}

#[tokio::test]
async fn answers_without_an_envelope_are_read_like_others() {
    let (_handle, client) = broken(body(json!(["Abc1"]))).await;
    assert_eq!(client.clusters().list().await.unwrap(), ["Abc1"]);
    let bare = json!({"items": [{"id": "a", "cluster": "Abc1", "status": "ONLINE"}]});
    let (_handle, client) = broken(body(bare)).await;
    let servers = client.virtual_servers().list().await.unwrap();
    assert_eq!((servers[0].id().as_str(), servers[0].cluster()), ("a", "Abc1"));
    let (handle, client) = start_with(fast().server("Hou1", "a")).await;
    handle.fault(body(json!({"id": "a", "status": "ADMIN_WAIT"})));
    assert_eq!(client.virtual_server("a").status().await.unwrap().as_str(), "ADMIN_WAIT");
}

#[tokio::test]
async fn a_success_that_says_it_failed_is_an_error_with_all_that_is_said() {
    let refused = json!({"result": null, "success": false, "error": {
        "code": 42, "message": "Your request is not valid!", "details": "Two things.",
        "validationErrors": [{"message": "Too long.", "members": ["name", "vpc"]}]}});
    let (_handle, client) = broken(body(refused)).await;
    let error = client.clusters().list().await.unwrap_err();
    let words = [
        "denvr list_clusters",
        "Your request is not valid!",
        "Two things.",
        "name, vpc: Too long.",
    ];
    says(&error, ErrorKind::Status, &words);
    assert_eq!((error.status(), error.code()), (Some(200), Some("42")));
    assert!(error.request_id().is_some() || error.body().is_some());
    let (_handle, client) = broken(body(json!({"success": false, "error": null}))).await;
    let error = client.clusters().list().await.unwrap_err();
    says(&error, ErrorKind::Status, &["failed, and not why"]);
}

#[tokio::test]
async fn odd_errors_keep_their_status() {
    let bodies = ["", "null", "{\"error\":null}", "[\"a\"]", "\"text\"", "not json", "<html>"];
    for odd in bodies {
        let (_handle, client) = broken(Fault::status(400).with_body(odd)).await;
        let error = client.clusters().list().await.unwrap_err();
        says(&error, ErrorKind::Status, &["400 Bad Request"]);
        assert!(!error.to_string().contains("<html"), "{error}");
    }
}

#[tokio::test]
async fn a_500_carries_the_message_of_the_platform() {
    let (_handle, client) = broken(Fault::status(500).with_body(
        json!({"success": false, "error": {"code": 0, "message": "No such thing."}}).to_string(),
    ))
    .await;
    let error = client.clusters().list().await.unwrap_err();
    says(&error, ErrorKind::Status, &["500 Internal Server Error: No such thing."]);
    assert_eq!(error.code(), None);
}

#[tokio::test]
async fn an_empty_401_says_where_the_key_came_from() {
    let (handle, _) = start().await;
    let client = super::support::builder(&handle).api_key("wrong").build().unwrap();
    let refused = client.clusters().list().await.unwrap_err();
    says(&refused, ErrorKind::Status, &["401", "check the API key", "`api_key` on the builder"]);
    assert!(refused.is_unauthorized() && refused.body().is_none());
    assert_eq!(handle.request_count(), 1);
}

#[tokio::test]
async fn a_502_of_html_is_repeated_and_not_shown() {
    let (handle, client) = start().await;
    handle.fault(Fault::status(502).as_html().path(CLUSTERS).first(2));
    client.clusters().list().await.unwrap();
    assert_eq!(sent(&handle, "GET", CLUSTERS).len(), 3);
    handle.fault(Fault::status(502).as_html().path(CLUSTERS));
    let gateway = client.clusters().list().await.unwrap_err();
    says(&gateway, ErrorKind::Status, &["502 Bad Gateway", "after 4 attempts"]);
    assert!(gateway.is_retryable() && !gateway.to_string().contains("<html"));
}

#[tokio::test]
async fn a_pause_that_the_server_asks_for_is_kept() {
    let (handle, client) = start().await;
    handle.fault(Fault::status(429).retry_after(1).path(CLUSTERS).once());
    let started = std::time::Instant::now();
    client.clusters().list().await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_page_of_html_or_broken_json_is_no_answer() {
    let (_handle, client) = broken(Fault::html()).await;
    says(&client.clusters().list().await.unwrap_err(), ErrorKind::Decode, &["HTML"]);
    let (_handle, client) = broken(Fault::garbage()).await;
    says(&client.clusters().list().await.unwrap_err(), ErrorKind::Decode, &["not JSON"]);
}

#[tokio::test]
async fn missing_lists_are_empty_and_missing_things_are_errors() {
    let (_handle, client) = broken(body(json!({"result": {"items": null}, "success": true}))).await;
    assert!(client.images().list().await.unwrap().is_empty());
    let (handle, client) = start_with(fast().server("Hou1", "a")).await;
    handle.fault(body(json!({"result": null, "success": true})));
    assert!(client.images().list().await.unwrap().is_empty());
    let nothing = client.virtual_server("a").status().await.unwrap_err();
    says(&nothing, ErrorKind::Protocol, &["without the server"]);
}

#[tokio::test]
async fn unknown_fields_statuses_and_odd_times_break_nothing() {
    let (handle, client) = start().await;
    let mut server = online(&client, "odd").await;
    for (pointer, value) in [
        ("/result/status", json!("HIBERNATING")),
        ("/result/lastUpdated", json!("0001-01-01T00:00:00")),
        ("/result/operatingSystemImageXYZ", json!({"a": [1]})),
        ("/result/memory", json!(null)),
    ] {
        handle.fault(Fault::set(pointer, value));
    }
    handle.fault(Fault::remove("/result/cluster"));
    assert_eq!(server.status().await.unwrap().as_str(), "HIBERNATING");
    assert_eq!(server.cluster(), "Hou1");
}

#[tokio::test]
async fn an_empty_answer_to_a_command_is_a_success() {
    let (handle, client) = start().await;
    let mut server = online(&client, "silent").await;
    handle.fault(Fault::body("application/json", "").method("POST"));
    server.stop().await.unwrap();
    handle.clear_faults();
    handle.fault(Fault::body("application/json", "").method("DELETE"));
    server.destroy().await.unwrap();
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_finds_its_work_done() {
    let (handle, client) = start().await;
    client.vpcs().create("denvr-lab").await.unwrap();
    handle.fault(Fault::reset_after().method("DELETE").once());
    client.vpcs().destroy("denvr-lab").await.unwrap();
    assert_eq!(sent(&handle, "DELETE", "DestroyVpc").len(), 2);
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let handle = fast().fault(Fault::hang()).start().await.unwrap();
    let limit = Duration::from_millis(200);
    let options = longhaul::Options::new().timeout(limit).deadline(limit * 2);
    let client = keyed(&handle).options(options).build().unwrap();
    assert!(client.clusters().list().await.unwrap_err().is_timeout());
}
