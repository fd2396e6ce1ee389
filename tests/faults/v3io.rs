//! What V3IO adds: a thousand mixed operations while one request in five is hit, of which some may
//! be repeated and some may not, and a credential in a header of its own.

use std::collections::HashMap;

use longhaul::batch::{Report, batch};
use longhaul::v3io::{Client, Container, Seek};
use longhaul::{Error, Options, Result};
use longhaul_simulator::{Fault, Handle, Simulator};

use crate::secrets::leaks;
use crate::server::{Server, answer, ok};
use crate::shown::Shown;
use crate::support::{failure, ms};

/// How often each of the six kinds of operations is done.
const ROUNDS: usize = 170;

/// The kinds that must not be repeated: an append, a count and a record.
const ONCE: std::ops::Range<usize> = 3..6;

/// One request in five, drawn evenly from what can happen to it.
fn one_in_five() -> Fault {
    let kinds = [
        Fault::status(503),
        Fault::status(429),
        Fault::status(500),
        Fault::reset(),
        Fault::reset_after(),
        Fault::truncate(0),
        Fault::status(504).as_html().after_effect(),
    ];
    Fault::one_of(kinds).rate(0.2)
}

async fn start() -> (Handle, Container) {
    let simulator = Simulator::v3io().start().await.expect("a free port");
    let client = Client::builder().endpoint(simulator.url()).access_key("k");
    let client = client.options(Options::new().attempts(12)).build().expect("good settings");
    (simulator, client.container("users"))
}

/// What the operations change.
async fn prepare(users: &Container) {
    users.stream("stream").create(4).await.unwrap();
    let all = batch(0..ROUNDS, |round| async move {
        users.object(format!("old/{round}")).put("x").await?;
        users.object(format!("logs/{round}")).put("-").await?;
        users.table("counters").item(round.to_string()).put().set("n", 0).await
    });
    all.await.into_result().unwrap();
}

/// An operation of this kind, on things that no other one touches.
async fn perform(users: Container, (kind, round): (usize, usize)) -> Result<()> {
    let item = |table: &str| users.table(table).item(round.to_string());
    match kind {
        0 => users.object(format!("new/{round}")).put(round.to_string()).await.map(drop),
        1 => item("items").put().set("n", round).await.map(drop),
        2 => users.object(format!("old/{round}")).delete().await,
        3 => users.object(format!("logs/{round}")).append("+").await.map(drop),
        4 => item("counters").update_expression("n = n + 1").await.map(drop),
        _ => users.stream("stream").put(round.to_string()).await.map(drop),
    }
}

/// How often each operation took effect.
async fn effects(users: &Container) -> HashMap<(usize, usize), usize> {
    let mut effects = HashMap::new();
    for round in 0..ROUNDS {
        let item = |table: &str| users.table(table).item(round.to_string()).get();
        let content = users.object(format!("new/{round}")).get().await.unwrap();
        effects.insert((0, round), usize::from(content == round.to_string()));
        let written = item("items").await.unwrap().get_u64("n");
        effects.insert((1, round), usize::from(written == Some(round as u64)));
        let old = users.object(format!("old/{round}")).head().await;
        effects.insert((2, round), usize::from(old.is_err_and(|error| error.is_not_found())));
        let log = users.object(format!("logs/{round}")).get().await.unwrap();
        effects.insert((3, round), log.len() - 1);
        let count = item("counters").await.unwrap().get_u64("n").unwrap();
        effects.insert((4, round), count as usize);
    }
    for shard in 0..4 {
        let shard = users.stream("stream").shard(shard);
        let start = shard.seek(Seek::Earliest).await.unwrap();
        for record in shard.records(&start).await.unwrap().records {
            let round = std::str::from_utf8(&record.data).unwrap().parse().unwrap();
            *effects.entry((5, round)).or_default() += 1;
        }
    }
    effects
}

#[tokio::test]
async fn nothing_is_lost_and_nothing_is_done_twice() {
    let (simulator, users) = start().await;
    prepare(&users).await;
    simulator.fault(one_in_five());
    let all = (0..ROUNDS).flat_map(|round| (0..6).map(move |kind| (kind, round)));
    let operations = batch(all, |operation| perform(users.clone(), operation));
    let report = operations.concurrency(64).await;
    simulator.clear_faults();
    judge(&report, &effects(&users).await);
}

fn judge(report: &Report<(usize, usize), ()>, effects: &HashMap<(usize, usize), usize>) {
    let effect = |operation: &(usize, usize)| effects.get(operation).copied().unwrap_or(0);
    for (index, ()) in &report.done {
        let operation = (index % 6, index / 6);
        assert_eq!(effect(&operation), 1, "{operation:?} was lost or done twice");
    }
    let mut in_doubt_and_done = [0; 6];
    for failure in &report.failed {
        let (operation, error) = (failure.input, &failure.error);
        assert!(ONCE.contains(&operation.0), "{operation:?} may be repeated: {error}");
        assert!(error.may_have_happened(), "only doubt is not repeated: {error}");
        assert!(effect(&operation) <= 1, "{operation:?} was done twice: {error}");
        in_doubt_and_done[operation.0] += effect(&operation);
    }
    assert!(ONCE.into_iter().all(|kind| in_doubt_and_done[kind] > 0), "{in_doubt_and_done:?}");
}

#[tokio::test]
async fn a_client_with_another_key_shares_the_connections() {
    let server = Server::json("<ListAllMyBucketsResult/>", ms(0)).await;
    let client = Client::builder().endpoint(server.url()).access_key("k").build().unwrap();
    for key in ["one", "two", "three"] {
        client.with_access_key(key).unwrap().containers().await.unwrap();
        client.containers().await.unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (6, 1));
}

const KEY: &str = "canary-0123-4567-89ab-cdef-0123456789ab";
/// A name and [`KEY`] as its password, as Basic has them.
const BASIC: &str = "YW5uOmNhbmFyeS0wMTIzLTQ1NjctODlhYi1jZGVmLTAxMjM0NTY3ODlhYg==";

/// Answers that repeat what was sent, in every place where an answer has text.
fn echoes(secret: &str) -> Vec<Vec<u8>> {
    let error = format!(r#"{{"ErrorCode": "{secret}", "ErrorMessage": "no {secret}"}}"#);
    let item = format!(r#"{{"Item": "{secret}", "Items": "{secret}", "NextMarker": 7}}"#);
    let target = format!("http://127.0.0.1:1/{secret}?k={secret}");
    vec![
        answer(401, &[("X-Request-Id", secret)], error.as_bytes()),
        answer(400, &[], error.as_bytes()),
        answer(500, &[("Retry-After", secret)], format!("<html>{secret}</html>").as_bytes()),
        answer(404, &[], format!("{}{secret}", "x".repeat(4090)).as_bytes()),
        ok(&[], item.as_bytes()),
        ok(&[], format!("<{secret}/>").as_bytes()),
        ok(&[], format!("<ListBucketResult><Size>{secret}").as_bytes()),
        ok(&[("Content-Range", secret)], b""),
        answer(302, &[("Location", &target)], b""),
        format!("HTTP/1.1 {secret}\r\n\r\n").into_bytes(),
    ]
}

/// The errors of calls of every kind, as far as they fail.
async fn errors(client: &Client) -> Vec<Error> {
    let users = client.container("users");
    let (object, item) = (users.object("o"), users.table("t").item("k"));
    let outcomes = [
        client.containers().await.map(drop),
        users.list("").collect_all().await.map(drop),
        object.get().offset(1).await.map(drop),
        object.put("x").await.map(drop),
        object.append("x").await.map(drop),
        item.put().set("n", 1).condition("n == 0").await.map(drop),
        item.update_expression("n = 1").await.map(drop),
        item.get().await.map(drop),
        users.table("t").scan().items().collect_all().await.map(drop),
        users.stream("s").put("x").await.map(drop),
    ];
    outcomes.into_iter().filter_map(Result::err).collect()
}

#[tokio::test]
async fn a_credential_shows_up_in_no_log_and_no_error() {
    let shown = Shown::default();
    let listening = shown.listen();
    let server = Server::raw("").await;
    let options = || Options::new().timeout(ms(300)).attempts(2);
    let client = || Client::builder().endpoint(server.url()).options(options());
    let with_key = client().access_key(KEY).build().unwrap();
    let with_login = client().basic_auth("ann", KEY).build().unwrap();
    for (client, secret) in [(with_key, KEY), (with_login, BASIC)] {
        shown.add(&client);
        for bytes in echoes(secret) {
            server.say(bytes);
            errors(&client).await.iter().for_each(|error| shown.error(error));
        }
        assert!(server.requests().iter().any(|head| head.contains(secret)));
    }
    server.say("");
    shown.error(&failure(client().access_key(KEY).build().unwrap().containers()).await);
    drop(listening);
    let text = shown.text();
    assert!(text.contains("list_directory"), "nothing was recorded");
    for secret in [KEY, BASIC] {
        assert_eq!(leaks(&text, secret), [""; 0]);
    }
}
