//! Creations: sent once, and clear about what became of them.

use longhaul::ErrorKind;
use longhaul_simulator::Fault;
use serde_json::json;

use super::support::{CONFIGURATION, IMAGE, PACKAGE, fast, keyed, says, sent, start, start_with};

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_not_repeated_and_says_how_to_find_out() {
    let (handle, client) = start().await;
    let lost = [
        Fault::reset_after(),
        Fault::status(504).after_effect().as_html(),
        Fault::status(503).after_effect().as_html(),
    ];
    for (index, fault) in lost.into_iter().enumerate() {
        let name = format!("lost-{index}");
        handle.clear_faults();
        handle.fault(fault.on("POST", "/api/v1/servers/virtual/CreateServer"));
        handle.clear_requests();
        let lost = client.virtual_servers().create(&name, CONFIGURATION).await.unwrap_err();
        let words = ["may have taken effect", "`virtual_servers().list()`", &name, "`Hou1`"];
        says(&lost, lost.kind(), &words);
        assert!(lost.may_have_happened());
        assert_eq!(sent(&handle, "POST", "CreateServer").len(), 1);
        let there = client.virtual_servers().list().await.unwrap();
        assert!(there.iter().any(|server| server.id().as_str() == name));
    }
}

#[tokio::test]
async fn every_kind_of_creation_says_how_to_find_out() {
    let (handle, client) = start().await;
    handle.fault(Fault::reset_after().method("POST"));
    let application = client.applications().create_custom("app", PACKAGE, IMAGE).await.unwrap_err();
    says(&application, ErrorKind::Interrupted, &["`applications().list()`", "`app`"]);
    let vpc = client.vpcs().create("denvr-lab").await.unwrap_err();
    says(&vpc, ErrorKind::Interrupted, &["`vpcs().list()`", "`denvr-lab`"]);
    let snapshot = client.snapshots().create("some").name("snap").await.unwrap_err();
    says(&snapshot, ErrorKind::Interrupted, &["`snapshots().list()`", "`snap`"]);
    let unnamed = client.virtual_servers().create_unnamed(CONFIGURATION).await.unwrap_err();
    says(&unnamed, ErrorKind::Interrupted, &["`a A100_40GB_PCIe_1x`"]);
    assert_eq!(handle.requests().iter().filter(|one| one.method == "POST").count(), 4);
}

#[tokio::test]
async fn a_creation_that_never_left_is_repeated() {
    let (handle, _) = start().await;
    let client = keyed(&handle).retries(9).build().unwrap();
    handle.refuse(std::time::Duration::from_millis(150)).await;
    client.virtual_servers().create("patient", CONFIGURATION).await.unwrap();
    assert_eq!(client.virtual_servers().list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn lack_of_capacity_is_retryable_after_a_while_and_leaves_no_doubt() {
    let (handle, client) = start_with(fast().capacity(CONFIGURATION, 0)).await;
    let full = client.virtual_servers().create("full", CONFIGURATION).await.unwrap_err();
    says(&full, ErrorKind::Status, &["503", "No capacity", "try again in a few minutes"]);
    assert!(full.is_retryable() && !full.may_have_happened());
    assert!(!full.to_string().contains("may have taken effect"), "{full}");
    assert_eq!(sent(&handle, "POST", "CreateServer").len(), 1);
}

#[tokio::test]
async fn lack_of_capacity_on_a_start_says_so_too() {
    let (handle, client) = start_with(fast().server("Hou1", "idle")).await;
    let full = json!({"success": false, "error": {"message": "No capacity."}}).to_string();
    handle.fault(Fault::status(503).with_body(full).method("POST"));
    let full = client.virtual_server("idle").start().await.unwrap_err();
    says(&full, ErrorKind::Status, &["503", "No capacity.", "`availability` shows"]);
    assert!(full.is_retryable());
    // A start that is repeated starts nothing twice, and a gateway answers 503 as well.
    assert_eq!(sent(&handle, "POST", "StartServer").len(), 4);
}

#[tokio::test]
async fn a_refusal_with_500_leaves_no_doubt() {
    let (handle, client) = start().await;
    let unknown = client.virtual_servers().create("x", "No_Such").await.unwrap_err();
    says(&unknown, ErrorKind::Status, &["500", "'No_Such' could not be found"]);
    assert!(!unknown.may_have_happened());
    assert!(!unknown.to_string().contains("may have"), "{unknown}");
    assert_eq!(handle.request_count(), 1);
    handle.fault(Fault::status(500).with_body("").method("POST"));
    let silent = client.virtual_servers().create("x", CONFIGURATION).await.unwrap_err();
    assert!(silent.may_have_happened());
    handle.clear_faults();
    let internal = r#"{"success":false,"error":{"message":"An internal error occurred."}}"#;
    handle.fault(Fault::status(500).with_body(internal).method("POST"));
    let internal = client.virtual_servers().create("x", CONFIGURATION).await.unwrap_err();
    assert!(internal.may_have_happened(), "{internal}");
}

#[tokio::test]
async fn the_defaults_of_the_client_go_into_creations() {
    let (handle, _) = start().await;
    let client = keyed(&handle).cluster("Msc1").rpool("reserved-denvr").vpc("denvr-lab");
    let client = client.build().unwrap();
    client.vpcs().create("denvr-lab").await.unwrap();
    let server = client.virtual_servers().create("placed", CONFIGURATION).await.unwrap();
    assert_eq!((server.cluster(), server.namespace().unwrap()), ("Msc1", "denvr-lab"));
    let body = sent(&handle, "POST", "CreateServer")[0].json();
    assert_eq!([&body["cluster"], &body["vpc"]], ["Msc1", "denvr-lab"]);
    assert_eq!(body["rpool"], "reserved-denvr");
    let free = client.virtual_servers().create("free", CONFIGURATION).default_rpool();
    free.cluster("Hou1").vpc("denvr").selected_node("node-01").await.unwrap();
    let body = sent(&handle, "POST", "CreateServer")[1].json();
    assert!(body.get("rpool").is_none(), "{body}");
    assert_eq!([&body["cluster"], &body["vpc"]], ["Hou1", "denvr"]);
    client.applications().create_custom("app", PACKAGE, IMAGE).await.unwrap();
    let body = sent(&handle, "POST", "CreateCustomApplication")[0].json();
    assert_eq!([&body["cluster"], &body["resourcePool"]], ["Msc1", "reserved-denvr"]);
}
