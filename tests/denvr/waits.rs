//! Waits for servers and applications: good ends, every bad end, and what is shown meanwhile.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use longhaul::denvr::{ApplicationStatus, ServerStatus};
use longhaul::progress::Event;
use longhaul::{ErrorKind, wait_all};
use longhaul_simulator::Fault;

use super::support::{
    CONFIGURATION, IMAGE, PACE, PACKAGE, fast, online, running, says, sent, start, start_with,
};

const SHORT: Duration = Duration::from_millis(600);

#[tokio::test]
async fn every_failure_of_a_server_ends_a_wait_at_once() {
    for failure in ["FAILED", "CREATE_FAILED", "ADMIN_WAIT"] {
        let (_handle, client) = start_with(fast().outcome("bad", failure, "")).await;
        let mut server = client.virtual_servers().create("bad", CONFIGURATION).await.unwrap();
        let ended = server.wait_for_status(ServerStatus::Online).every(PACE).await.unwrap_err();
        let ending = format!("ended as `{failure}`");
        says(&ended, ErrorKind::Failed, &["virtual server bad", &ending, "`ONLINE`"]);
        assert!(ended.is_wait_failed());
    }
}

#[tokio::test]
async fn a_failed_application_tells_the_reason() {
    let simulator = fast().outcome("bad", "FAILED", "ImagePullBackOff");
    let (_handle, client) = start_with(simulator).await;
    let made = client.applications().create_custom("bad", PACKAGE, IMAGE).await;
    let mut application = made.unwrap();
    let ended = application.wait_for_status(ApplicationStatus::Online).every(PACE).await;
    says(&ended.unwrap_err(), ErrorKind::Failed, &["application bad", "ImagePullBackOff"]);
}

#[tokio::test]
async fn a_status_that_nobody_knows_is_waited_through() {
    let (_handle, client) = start_with(fast().outcome("odd", "HIBERNATING", "")).await;
    let mut server = client.virtual_servers().create("odd", CONFIGURATION).await.unwrap();
    let wait = server.wait_for_status(ServerStatus::Online).every(PACE).timeout(SHORT);
    says(&wait.await.unwrap_err(), ErrorKind::Timeout, &["last seen as `HIBERNATING`"]);
    let odd = ServerStatus::from("HIBERNATING");
    server.wait_for_status(odd).await.unwrap();
}

#[tokio::test]
async fn a_server_that_never_gets_ready_runs_into_the_limit() {
    let (_handle, client) = start_with(fast().outcome("slow", "PENDING_READINESS", "")).await;
    let mut server = client.virtual_servers().create("slow", CONFIGURATION).await.unwrap();
    let wait = server.wait_for_status(ServerStatus::Online).every(PACE).timeout(SHORT);
    says(
        &wait.await.unwrap_err(),
        ErrorKind::Timeout,
        &["PENDING_READINESS", "nothing was stopped"],
    );
}

#[tokio::test]
async fn the_status_from_before_a_command_is_no_end() {
    let (_handle, client) = start_with(fast().pace(PACE * 20)).await;
    let mut server = online(&client, "round").await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = seen.clone();
    let listen = move |event: &Event| {
        if let Event::Status { status, .. } = event {
            keep.lock().unwrap().push(status.clone());
        }
    };
    server.stop().await.unwrap();
    // The simulator shows `ONLINE` for one more step, as the platform may.
    let wait = server.wait_for_status(ServerStatus::Offline).every(PACE);
    wait.on_event(listen).await.unwrap();
    assert_eq!(seen.lock().unwrap()[0], "ONLINE, as before the command");
    server.start().await.unwrap();
    server.wait_for_status(ServerStatus::Online).every(PACE).await.unwrap();

    let mut application = running(&client, "round").await;
    application.stop().await.unwrap();
    application.wait_for_status(ApplicationStatus::Offline).every(PACE).await.unwrap();
    application.start().await.unwrap();
    application.wait_for_status(ApplicationStatus::Online).every(PACE).await.unwrap();
}

#[tokio::test]
async fn without_a_command_an_end_is_an_end() {
    let (_handle, client) = start().await;
    let mut server = online(&client, "still").await;
    let never = server.wait_for_status(ServerStatus::Offline).await.unwrap_err();
    says(&never, ErrorKind::Failed, &["ended as `ONLINE`", "will not be `OFFLINE`"]);
}

#[tokio::test]
async fn a_command_needs_no_namespace_in_its_answer() {
    let (_handle, client) = start_with(fast().namespace_in_commands(false)).await;
    let mut server = online(&client, "strict").await;
    server.stop().await.unwrap();
    server.wait_for_status(ServerStatus::Offline).every(PACE).await.unwrap();
    server.start().await.unwrap();
    server.wait_for_status(ServerStatus::Online).every(PACE).await.unwrap();
}

#[tokio::test]
async fn a_wait_outlives_looks_that_fail() {
    let (handle, client) = start().await;
    let mut server = client.virtual_servers().create("shaky", CONFIGURATION).await.unwrap();
    let faults = [Fault::status(500), Fault::status(502).as_html(), Fault::reset()];
    for (look, fault) in (0..).zip(faults) {
        handle.fault(fault.on("GET", "/api/v1/servers/virtual/GetServer").skip(look).first(1));
    }
    server.wait_for_status(ServerStatus::Online).every(PACE).await.unwrap();
    assert!(sent(&handle, "GET", "GetServer").len() >= 4);
}

#[tokio::test]
async fn a_wait_for_what_is_not_there_ends_at_once() {
    let (handle, client) = start().await;
    let mut nobody = client.virtual_server("nobody");
    let missing = nobody.wait_for_status(ServerStatus::Online).await.unwrap_err();
    assert!(missing.is_not_found(), "{missing}");
    assert_eq!(handle.request_count(), 1);
}

#[tokio::test]
async fn a_wait_goes_on_when_the_token_expires() {
    let (handle, client) = super::support::start_as_user(fast()).await;
    let mut server = client.virtual_servers().create("long", CONFIGURATION).await.unwrap();
    handle.denvr().unwrap().expire_access_tokens();
    server.wait_for_status(ServerStatus::Online).every(PACE).await.unwrap();
}

#[tokio::test]
async fn a_destruction_can_wait_until_the_thing_is_gone() {
    let (handle, client) = start().await;
    let server = online(&client, "gone").await;
    let started = Instant::now();
    server.clone().destroy().wait_until_gone().every(PACE).await.unwrap();
    assert!(started.elapsed() >= PACE);
    assert!(server.clone().refresh().await.unwrap_err().is_not_found());
    let application = running(&client, "gone").await;
    application.clone().destroy().wait_until_gone().every(PACE).await.unwrap();
    assert!(application.clone().refresh().await.unwrap_err().is_not_found());

    let stuck = online(&client, "stuck").await;
    let nothing = Fault::status(202).with_body(r#"{"success":true}"#);
    handle.fault(nothing.on("DELETE", "/api/v1/servers/virtual/DestroyServer"));
    let wait = stuck.destroy().wait_until_gone().timeout(SHORT).every(PACE);
    says(&wait.await.unwrap_err(), ErrorKind::Timeout, &["not `gone`", "ONLINE"]);
}

#[tokio::test]
async fn what_is_gone_may_be_told_by_500() {
    let (handle, client) = start().await;
    let server = online(&client, "gone").await;
    let text = r#"{"success":false,"error":{"message":"Server \"gone\" not found"}}"#;
    let rule = Fault::status(500).with_body(text);
    handle.fault(rule.on("GET", "/api/v1/servers/virtual/GetServer"));
    server.destroy().wait_until_gone().every(PACE).await.unwrap();
}

#[tokio::test]
async fn many_are_waited_for_together() {
    let simulator = fast().outcome("many-2", "FAILED", "");
    let (_handle, client) = start_with(simulator).await;
    let mut servers = Vec::new();
    for index in 0..4 {
        let create = client.virtual_servers().create(format!("many-{index}"), CONFIGURATION);
        servers.push(create.await.unwrap());
    }
    let report = wait_all(servers, ServerStatus::Online).every(PACE).await;
    assert_eq!((report.done.len(), report.failed.len()), (3, 1));
    assert_eq!(report.failed[0].input.id().as_str(), "many-2");
}
