//! Nothing is unbounded: time, size, connections, repeats.

use std::time::Duration;

use futures_util::future::join_all;
use longhaul::rescale::Client;
use longhaul::{ErrorKind, Options};
use longhaul_simulator::Fault;

use crate::server::{Server, ok};
use crate::support::{
    ME, builder, client_with, eventually, failure, fast, faulty, ms, start, timed,
};

/// What a busy machine may add to a time limit.
const SLACK: Duration = Duration::from_secs(2);

fn client_of(server: &Server, options: Options) -> Client {
    builder(server.url()).api_key("k").options(options).build().unwrap()
}

#[tokio::test]
async fn the_time_limit_of_an_attempt_is_kept_by_a_server_that_dribbles() {
    let faults = [Fault::trickle(50), Fault::hang(), Fault::stall(3), Fault::delay(ms(60_000))];
    let one = |fault: Fault| async move {
        let simulator = faulty([fault.path(ME)]).await;
        let client = client_with(&simulator, Options::new().timeout(ms(150)).attempts(1));
        let (error, took) = timed(failure(client.current_user())).await;
        assert!(error.is_timeout(), "{error}");
        assert!(took >= ms(140) && took < ms(150) + SLACK, "{took:?}");
    };
    join_all(faults.map(one)).await;
}

#[tokio::test]
async fn the_deadline_of_a_call_is_kept_over_all_its_attempts() {
    for fault in [Fault::hang(), Fault::status(503), Fault::status(500), Fault::reset()] {
        let simulator = faulty([fault.path(ME)]).await;
        let options = Options::new().timeout(ms(80)).deadline(ms(800)).attempts(1000);
        let client = client_with(&simulator, options);
        let (error, took) = timed(failure(client.current_user())).await;
        assert!(error.attempts() >= 2, "{error}");
        assert!(error.elapsed() <= took && took < ms(800) + SLACK, "{took:?}");
    }
}

#[tokio::test]
async fn an_answer_beyond_the_allowed_size_is_refused_whether_it_was_announced_or_not() {
    let announced = ok(&[], " ".repeat(5000).as_bytes());
    let simple = Server::raw(announced).await;
    let endless = Server::endless().await;
    for server in [&simple, &endless] {
        let client = client_of(server, Options::new().max_response_bytes(1000));
        let (error, took) = timed(failure(client.current_user())).await;
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert!(error.to_string().contains("larger than the allowed 1000 bytes"), "{error}");
        assert!(took < SLACK, "{took:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_endless_error_is_cut() {
    let server = Server::endless().await;
    server.say(&b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n"[..]);
    let client = client_of(&server, Options::new());
    let (error, took) = timed(failure(client.current_user())).await;
    assert_eq!(error.status(), Some(400));
    assert!(error.body().unwrap().len() <= 4100 && took < SLACK);
}

#[tokio::test]
async fn an_error_that_lists_a_thousand_fields_stays_a_sentence() {
    let fields: serde_json::Map<_, _> =
        (0..1000).map(|at| (format!("field{at}"), "is wrong".into())).collect();
    let text = serde_json::Value::from(fields).to_string();
    let simulator = faulty([Fault::status(400).with_body(text).path(ME)]).await;
    let error = failure(client_with(&simulator, Options::new()).current_user()).await;
    assert!(error.to_string().contains("field0: is wrong; "), "{error}");
    assert!(error.to_string().len() < 1300, "{} bytes", error.to_string().len());
}

#[tokio::test]
async fn more_work_than_connections_queues() {
    let user = r#"{"email": "a@b.c"}"#;
    let server = Server::json(user, ms(5)).await;
    let client = client_of(&server, Options::new().max_connections(4));
    let all = join_all((0..100).map(|_| client.current_user())).await;
    assert!(all.iter().all(Result::is_ok), "{:?}", all[0]);
    assert_eq!(server.requests().len(), 100);
    assert_eq!(server.most_at_once(), 4);
    assert!(server.connections() <= 8, "{} sockets for 4 connections", server.connections());
}

#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_is_replaced_without_an_error() {
    let simulator = faulty([Fault::close()]).await;
    let client = client_with(&simulator, Options::new().attempts(2));
    for _ in 0..50 {
        client.current_user().await.unwrap();
    }
}

#[tokio::test]
async fn repeats_in_an_outage_stay_within_the_budget() {
    let simulator = start(fast().fault(Fault::status(503).path(ME))).await;
    let client = client_with(&simulator, Options::new());
    let all = join_all((0..600).map(|_| failure(client.current_user()))).await;
    let requests = simulator.request_count();
    // The reserve of 100 and a fifth of all requests: (600 + 100) / 0.8.
    assert!((700..=880).contains(&requests), "{requests} requests for {} calls", all.len());
    let sent: u64 = all.iter().map(|error| u64::from(error.attempts())).sum();
    assert_eq!(sent, requests);
}

#[tokio::test]
async fn a_hundred_dropped_calls_leave_no_connection_in_use() {
    let simulator = faulty([Fault::hang().path(ME)]).await;
    let client = client_with(&simulator, Options::new().max_connections(4));
    let calls = (0..100).map(|_| tokio::time::timeout(ms(200), client.current_user()));
    assert!(join_all(calls).await.iter().all(Result::is_err));
    simulator.clear_faults();
    let users = join_all((0..8).map(|_| client.current_user())).await;
    assert!(users.iter().all(Result::is_ok), "a connection is still in use: {users:?}");
    eventually("every dropped request ends", || simulator.request_count() >= 9).await;
}
