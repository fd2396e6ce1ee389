//! Creating a job: repeated only when nothing can have happened.

use longhaul::rescale::{Client, Job};
use longhaul::{ErrorKind, Options, Result};
use longhaul_simulator::{Fault, Handle};

use crate::server::Server;
use crate::support::{
    JOBS, applied, builder, client, client_with, failure, fast, for_each, in_vain, ms, start, work,
};

async fn create(client: &Client) -> Result<Job> {
    client.jobs().create("precious", work("echo")).await
}

/// A client whose creations meet this fault, and the server.
async fn meeting(fault: Fault) -> (Client, Handle) {
    let simulator = start(fast().fault(fault.on("POST", JOBS))).await;
    (client_with(&simulator, Options::new().timeout(ms(1000))), simulator)
}

#[tokio::test]
async fn what_may_have_taken_effect_is_sent_once_and_the_error_says_so() {
    let cases = [
        ("reset before", Fault::reset(), 0),
        ("reset after", Fault::reset_after(), 1),
        ("stalled", Fault::stall(5), 1),
        ("truncated", Fault::truncate(5), 1),
        ("408", Fault::status(408), 0),
        ("500", Fault::status(500), 0),
        ("502", Fault::status(502).as_html(), 0),
        ("503", Fault::status(503), 0),
        ("504", Fault::status(504).after_effect(), 1),
        ("not JSON", Fault::corrupt(0), 1),
        ("HTML", Fault::html(), 0),
    ];
    let prepare = async |(name, fault, effects): (&'static str, Fault, usize)| {
        (name, meeting(fault).await, effects)
    };
    for_each(cases, prepare, async |(name, (client, simulator), effects)| {
        let error = failure(create(&client)).await;
        assert_eq!(simulator.request_count(), 1, "{name}");
        assert_eq!(applied(&simulator, "POST"), effects, "{name}");
        assert!(error.may_have_happened(), "{name}: {error}");
        assert!(error.to_string().contains("may have taken effect"), "{name}: {error}");
    })
    .await;
}

#[tokio::test]
async fn what_is_never_answered_is_sent_once_and_the_error_says_so() {
    let server = Server::json("{}", ms(60_000)).await;
    let options = Options::new().timeout(ms(100));
    let client = builder(server.url()).api_key("k").options(options).build().unwrap();
    let error = failure(create(&client)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(error.may_have_happened() && error.to_string().contains("may have taken"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_answer_too_large_to_be_read_leaves_the_effect_in_doubt() {
    let simulator = start(fast()).await;
    let client = client_with(&simulator, Options::new().max_response_bytes(10));
    let error = failure(create(&client)).await;
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.may_have_happened() && error.to_string().contains("may have taken"), "{error}");
}

#[tokio::test]
async fn what_the_server_turned_away_is_repeated() {
    let simulator = start(fast().fault(Fault::status(429).on("POST", JOBS).first(3))).await;
    create(&client(&simulator)).await.unwrap();
    assert_eq!((simulator.request_count(), applied(&simulator, "POST")), (4, 1));
}

#[tokio::test]
async fn what_never_reached_the_server_is_repeated_and_the_error_does_not_worry() {
    let simulator = start(fast()).await;
    let patient = client_with(&simulator, Options::new().attempts(20));
    simulator.refuse(ms(100)).await;
    create(&patient).await.unwrap();
    assert_eq!(applied(&simulator, "POST"), 1);
    let error = failure(create(&in_vain(Options::new()))).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 4));
    assert!(!error.may_have_happened());
    assert!(!error.to_string().contains("may have taken effect"), "{error}");
}

#[tokio::test]
async fn a_refusal_by_the_rules_is_no_reason_to_worry() {
    for status in [400, 401, 403, 404, 409, 422] {
        let (client, simulator) = meeting(Fault::status(status)).await;
        let error = failure(create(&client)).await;
        assert_eq!(simulator.request_count(), 1);
        assert!(!error.may_have_happened(), "{error}");
        assert!(!error.to_string().contains("may have taken effect"), "{error}");
    }
}

#[tokio::test]
async fn what_was_held_back_until_the_deadline_was_not_sent_and_says_so() {
    let simulator = start(fast().file("large.bin", 100_000_000)).await;
    let client = client_with(&simulator, Options::new().max_connections(1).deadline(ms(200)));
    let file = simulator.id_of("large.bin").unwrap();
    let unread = client.raw().download_file().file(file).send().await.unwrap();
    let error = failure(create(&client)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(!error.may_have_happened());
    assert!(error.to_string().contains("not sent"), "{error}");
    assert!(!error.to_string().contains("may have taken effect"), "{error}");
    drop(unread);
    create(&client).await.unwrap();
    assert_eq!(applied(&simulator, "POST"), 1);
}
