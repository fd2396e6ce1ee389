//! A thousand mixed operations while one request in five is hit: nothing lost, nothing done twice.

use std::collections::HashMap;

use longhaul::batch::batch;
use longhaul::rescale::Client;
use longhaul::{Options, Result};
use longhaul_simulator::{Fault, Handle};

use crate::support::{client, client_with, fast, start, work};

const FILES: usize = 300;

/// One request in five, drawn evenly from what can happen to it.
fn one_in_five() -> Fault {
    let kinds = [
        Fault::status(503),
        Fault::status(429),
        Fault::status(500),
        Fault::reset(),
        Fault::reset_after(),
        Fault::status(504).as_html().after_effect(),
    ];
    Fault::one_of(kinds).rate(0.2)
}

/// What is done to each file: it is read, renamed and tagged, and every second one is deleted.
async fn perform(client: Client, (at, id): (usize, String)) -> Result<()> {
    let mut file = client.files().get(&id).await?;
    file.rename(format!("renamed-{id}")).await?;
    file.add_tag(format!("tag-{id}")).await?;
    match at % 2 {
        0 => file.delete().await,
        _ => Ok(()),
    }
}

/// A server with the files, and their ids.
async fn with_files() -> (Handle, Vec<String>) {
    let names: Vec<_> = (0..FILES).map(|at| format!("file{at}")).collect();
    let simulator = names.iter().fold(fast(), |simulator, name| simulator.file(name, 1));
    let simulator = start(simulator).await;
    let ids = names.iter().map(|name| simulator.id_of(name).unwrap()).collect();
    (simulator, ids)
}

#[tokio::test]
async fn repeatable_operations_are_all_done_once_for_a_quarter_more_requests() {
    let (simulator, ids) = with_files().await;
    simulator.fault(one_in_five());
    let client_of_all = client_with(&simulator, Options::new().attempts(12));
    let calls = 3 * FILES + FILES / 2;
    let report =
        batch(ids.clone().into_iter().enumerate(), |file| perform(client_of_all.clone(), file));
    report.concurrency(100).await.into_result().unwrap();
    let share = simulator.request_count() as f64 / calls as f64;
    assert!((1.15..=1.32).contains(&share), "{share} requests for each operation");
    simulator.clear_faults();
    verify(&client(&simulator), &ids).await;
}

async fn verify(client: &Client, ids: &[String]) {
    let names = client.files().list().collect_all().await.unwrap();
    let names: HashMap<_, _> = names.iter().map(|file| (file.id().to_string(), file)).collect();
    for (at, id) in ids.iter().enumerate() {
        match names.get(id) {
            None => assert_eq!(at % 2, 0, "{id} was deleted although nobody asked for it"),
            Some(file) => {
                assert_eq!(at % 2, 1, "{id} was not deleted");
                assert_eq!(file.name(), format!("renamed-{id}"));
                let tags = file.tags().await.unwrap();
                assert_eq!(tags.len(), 1, "{tags:?}");
            }
        }
    }
}

#[tokio::test]
async fn operations_that_must_not_be_repeated_are_never_done_twice_and_never_lied_about() {
    let simulator = start(fast().fault(one_in_five().method("POST"))).await;
    let client = client_with(&simulator, Options::new().attempts(12));
    let report = batch(0..200, |at: usize| {
        let client = client.clone();
        async move { client.jobs().create(format!("job {at}"), work("echo")).await.map(drop) }
    });
    let report = report.concurrency(48).await;
    let mut made: HashMap<String, usize> = HashMap::new();
    for job in client.jobs().list().collect_all().await.unwrap() {
        *made.entry(job.name.to_string()).or_default() += 1;
    }
    let count = |at: usize| made.get(&format!("job {at}")).copied().unwrap_or(0);
    assert!(report.done.iter().all(|(at, _)| count(*at) == 1), "lost or done twice");
    assert!(!report.failed.is_empty(), "no fault struck");
    let mut in_doubt_and_made = 0;
    for failure in &report.failed {
        let effects = count(failure.index);
        assert!(effects <= 1, "done twice: {}", failure.error);
        assert!(failure.error.may_have_happened(), "only doubt is not repeated: {}", failure.error);
        in_doubt_and_made += effects;
    }
    assert!(in_doubt_and_made > 0, "no answer was lost after the effect");
}
