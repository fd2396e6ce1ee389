//! Calls that are safe to repeat.

use longhaul::{ErrorKind, Options};
use longhaul_simulator::Fault;

use crate::server::Server;
use crate::support::{
    ME, applied, asked, client, client_with, failure, fast, faulty, for_each, impatient, in_vain,
    ms, passing, single, start, submitted,
};

#[tokio::test]
async fn a_repeatable_call_outlives_every_fault_that_passes() {
    let prepare = async |(name, fault): (&'static str, Fault)| {
        let simulator = faulty([fault.path(ME).once()]).await;
        (name, impatient(&simulator), simulator)
    };
    for_each(passing(), prepare, async |(name, client, simulator)| {
        let user = client.current_user().await;
        assert!(user.is_ok(), "{name}: {user:?}");
        assert!(asked(&simulator, ME).len() >= 2, "{name}: the fault did not strike");
    })
    .await;
}

#[tokio::test]
async fn a_fault_that_lasts_is_an_error_of_its_kind_after_four_attempts() {
    let prepare = async |(name, fault): (&'static str, Fault)| {
        let simulator = faulty([fault.path(ME)]).await;
        let (client, expected) = match name.split(' ').next().unwrap() {
            "never" | "stalled" => (impatient(&simulator), ErrorKind::Timeout),
            "reset" | "truncated" => (client(&simulator), ErrorKind::Interrupted),
            _ => (client(&simulator), ErrorKind::Status),
        };
        (name, client, expected, simulator)
    };
    let lasting = passing().into_iter().filter(|(name, _)| *name != "refused");
    for_each(lasting, prepare, async |(name, client, expected, _simulator)| {
        let error = failure(client.current_user()).await;
        assert_eq!((error.kind(), error.attempts()), (expected, 4), "{name}: {error}");
        assert!(error.is_retryable(), "{name}");
        assert_eq!(error.operation(), Some("get_current_user"));
        assert!(error.to_string().contains("after 4 attempts in"), "{name}: {error}");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_four_times_and_nothing_has_happened() {
    let error = failure(in_vain(Options::new()).current_user()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 4));
    assert!(!error.may_have_happened());
    assert!(error.to_string().contains("could not connect to http://127.0.0.1:"), "{error}");
}

#[tokio::test]
async fn a_call_waits_out_a_restart_of_the_server() {
    let simulator = start(fast()).await;
    let client = client_with(&simulator, Options::new().attempts(20));
    simulator.refuse(ms(300)).await;
    client.current_user().await.unwrap();
}

#[tokio::test]
async fn an_earlier_attempt_in_doubt_is_remembered_when_the_last_one_never_arrived() {
    let simulator = start(fast().file("a.txt", 10)).await;
    let client = client(&simulator);
    let mut file = client.files().get(simulator.id_of("a.txt").unwrap()).await.unwrap();
    simulator.fault(Fault::reset_after().method("PATCH").once());
    simulator.fault(Fault::refuse(ms(60_000)).method("PATCH").skip(1));
    let error = failure(file.rename("b.txt")).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.may_have_happened(), "the first attempt did happen");
}

#[tokio::test]
async fn errors_of_the_caller_are_not_repeated() {
    for status in [400, 403, 404, 405, 409, 410, 412, 413, 418, 422, 451, 501, 599] {
        let simulator = faulty([Fault::status(status).path(ME)]).await;
        let error = failure(client(&simulator).current_user()).await;
        assert_eq!((error.status(), error.attempts()), (Some(status), 1), "{error}");
        assert_eq!(error.is_not_found(), matches!(status, 404 | 410));
        assert_eq!(error.is_conflict(), matches!(status, 409 | 412));
        assert_eq!(error.is_unauthorized(), status == 403);
        assert!(error.to_string().contains(&status.to_string()), "{error}");
    }
}

#[tokio::test]
async fn a_status_that_is_neither_success_nor_error_is_an_error() {
    for status in [304, 305, 300] {
        let head = format!("HTTP/1.1 {status} Odd\r\nContent-Length: 0\r\n\r\n");
        let server = Server::raw(head).await;
        let client = crate::support::builder(server.url()).api_key("k").build().unwrap();
        let error = failure(client.current_user()).await;
        assert_eq!((error.kind(), error.status()), (ErrorKind::Status, Some(status)), "{error}");
    }
}

#[tokio::test]
async fn a_gateway_page_keeps_its_status_and_its_text() {
    let simulator = faulty([Fault::status(502).as_html().path(ME)]).await;
    let error = failure(single(&simulator).current_user()).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Status, Some(502)));
    assert!(error.body().unwrap().contains("<html"), "{error:?}");
    assert!(!error.to_string().contains('<'), "{error}");
}

#[tokio::test]
async fn answers_that_are_not_what_was_promised_say_where_and_are_not_repeated() {
    let cases = [
        (Fault::html(), "it is HTML"),
        (Fault::garbage(), "it is not JSON"),
        (Fault::corrupt(0), "it is not JSON"),
        (Fault::set("/email", serde_json::json!({"a": 1})), "at `email`: invalid type: map"),
    ];
    for (fault, expected) in cases {
        let simulator = faulty([fault.path(ME)]).await;
        let error = failure(client(&simulator).current_user()).await;
        assert_eq!((error.kind(), error.status()), (ErrorKind::Decode, Some(200)), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.body().is_some() && error.request_id().is_some());
        assert_eq!(simulator.request_count(), 1);
    }
}

#[tokio::test]
async fn unknown_fields_and_missing_ones_change_nothing() {
    let simulator = faulty([
        Fault::set("/brandNew", serde_json::json!({"deep": [1, 2]})).path(ME),
        Fault::remove("/email").path(ME),
    ])
    .await;
    client(&simulator).current_user().await.unwrap();
}

#[tokio::test]
async fn a_keyed_call_is_repeated_with_the_same_request() {
    let simulator = start(fast().file("a.txt", 10)).await;
    let client = client(&simulator);
    let file = client.files().get(simulator.id_of("a.txt").unwrap()).await.unwrap();
    simulator.fault(Fault::reset_after().method("POST").once());
    simulator.fault(Fault::status(503).method("POST").skip(1).once());
    simulator.clear_requests();
    file.add_tag("blue").await.unwrap();
    let requests = simulator.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| request.body == requests[0].body));
    assert_eq!(file.tags().await.unwrap().len(), 1, "one tag, although two requests were applied");
    assert_eq!(applied(&simulator, "POST"), 2);
}

#[tokio::test]
async fn a_keyed_call_gives_up_after_four_attempts() {
    let simulator = start(fast()).await;
    let job = submitted(&client(&simulator), "sleep inf").await;
    simulator.fault(Fault::status(500).path("/api/v2/jobs/*/stop/"));
    simulator.clear_requests();
    let error = failure(job.stop()).await;
    assert_eq!((error.attempts(), simulator.request_count()), (4, 4));
}

#[tokio::test]
async fn a_delete_whose_answer_was_lost_and_that_then_finds_nothing_is_a_success() {
    let simulator = start(fast().file("a.txt", 10)).await;
    let client = client(&simulator);
    let file = client.files().get(simulator.id_of("a.txt").unwrap()).await.unwrap();
    let again = file.clone();
    simulator.fault(Fault::reset_after().method("DELETE").once());
    file.delete().await.unwrap();
    let answers: Vec<_> =
        asked(&simulator, "/api/v2/files/").iter().map(|r| (r.method.clone(), r.status)).collect();
    assert_eq!(answers[1..], [("DELETE".into(), None), ("DELETE".into(), Some(404))]);
    assert!(failure(again.delete()).await.is_not_found(), "a plain 404 stays an error");
}

#[tokio::test]
async fn the_request_id_is_the_same_over_attempts_and_another_for_each_call() {
    let simulator = faulty([Fault::status(503).path(ME).first(2)]).await;
    let client = client(&simulator);
    client.current_user().await.unwrap();
    client.current_user().await.unwrap();
    let ids: Vec<_> = simulator
        .requests()
        .iter()
        .map(|request| request.header("x-request-id").unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 4);
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3], "{ids:?}");
    assert!(!ids[0].is_empty());
}

#[tokio::test]
async fn the_servers_request_id_is_the_one_to_quote() {
    let fault = Fault::status(400).with_header("X-Request-Id", "server-77").path(ME);
    let simulator = faulty([fault]).await;
    let error = failure(client(&simulator).current_user()).await;
    assert_eq!(error.request_id(), Some("server-77"));
    assert!(error.to_string().ends_with("[request server-77]"), "{error}");
}

#[tokio::test]
async fn a_dropped_call_sends_nothing_more() {
    let simulator = faulty([Fault::status(503).path(ME)]).await;
    let client = client_with(&simulator, Options::new().attempts(1000));
    let dropped = tokio::time::timeout(ms(50), client.current_user()).await;
    assert!(dropped.is_err());
    let before = simulator.request_count();
    assert!(before >= 1);
    tokio::time::sleep(ms(400)).await;
    assert_eq!(simulator.request_count(), before);
}
