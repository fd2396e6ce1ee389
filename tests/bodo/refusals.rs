//! Errors of all kinds: with one message, with several, with none, of gateways.

use std::time::Duration;

use longhaul::{ErrorKind, Options};
use longhaul_simulator::Fault;
use serde_json::{Value, json};

use super::failure::{failure, says};
use super::support::{broken, fast, sent, start, workspace_builder};

const VERSION: &str = "/api/v1/sdk-versions/*";

#[tokio::test]
async fn messages_are_shown_whether_there_is_one_or_several() {
    let said =
        |message: Value| json!({"statusCode": 400, "message": message, "error": "Bad Request"});
    let cases = [
        (said(json!("name must be text")), "name must be text"),
        (
            said(json!(["name must be text", "size must be positive"])),
            "text; size must be positive",
        ),
        (json!({"statusCode": 400, "error": "Bad Request"}), "Bad Request"),
    ];
    for (answer, words) in cases {
        let (_handle, workspace) = broken(Fault::status(400).with_body(answer.to_string())).await;
        let error = failure(workspace.clusters().get("a")).await;
        says(&error, ErrorKind::Status, &["bodo get_cluster", "400 Bad Request", words]);
        assert_eq!(error.status(), Some(400));
    }
}

#[tokio::test]
async fn odd_errors_keep_their_status() {
    let odd = [
        "",
        "null",
        "{\"message\":null}",
        "{\"message\":{\"a\":1}}",
        "[\"a\"]",
        "\"text\"",
        "not json",
        "<html><body>hello</body></html>",
        "\u{0}\u{1}",
    ];
    for status in [400, 404, 409, 422, 500, 503] {
        for body in odd {
            let (_handle, workspace) = broken(Fault::status(status).with_body(body)).await;
            let error = failure(workspace.clusters().get("a")).await;
            says(&error, ErrorKind::Status, &[&status.to_string()]);
            assert_eq!(error.status(), Some(status));
            assert!(!error.to_string().contains("<html"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_502_of_html_is_repeated_and_not_shown() {
    let (handle, workspace) = start().await;
    handle.fault(Fault::status(502).as_html().path(VERSION).first(2));
    workspace.sdk_version().await.unwrap();
    assert_eq!(sent(&handle, "GET", "2.3.2").len(), 3);
    handle.fault(Fault::status(502).as_html().path(VERSION));
    let gateway = failure(workspace.sdk_version()).await;
    says(&gateway, ErrorKind::Status, &["502 Bad Gateway", "after 4 attempts"]);
    assert!(gateway.is_retryable() && !gateway.to_string().contains("<html"));
}

#[tokio::test]
async fn an_empty_500_is_an_error_with_a_status() {
    let (_handle, workspace) = broken(Fault::status(500).with_body("")).await;
    let error = failure(workspace.jobs().list().collect_all()).await;
    says(&error, ErrorKind::Status, &["bodo list_jobs", "500 Internal Server Error"]);
    assert!(error.body().is_none());
}

#[tokio::test]
async fn a_page_of_html_or_broken_json_is_no_answer() {
    let (_handle, workspace) = broken(Fault::html()).await;
    says(&failure(workspace.sdk_version()).await, ErrorKind::Decode, &["HTML"]);
    let (_handle, workspace) = broken(Fault::garbage()).await;
    says(&failure(workspace.sdk_version()).await, ErrorKind::Decode, &["not JSON"]);
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let handle = fast().fault(Fault::hang()).start().await.expect("a free port");
    let limit = Duration::from_millis(200);
    let options = Options::new().timeout(limit).deadline(limit * 2);
    let workspace = workspace_builder(&handle).options(options).build().unwrap();
    assert!(failure(workspace.data()).await.is_timeout());
}
