//! Batches of calls that fail in every way.

use longhaul::batch::batch;
use longhaul::rescale::{Client, File};
use longhaul::{ErrorKind, Options, Result};
use longhaul_simulator::{Fault, Handle};

use crate::support::{client, client_with, fast, for_each, impatient, in_vain, ms, passing, start};

/// A server with these files and their ids.
async fn with_files(count: usize) -> (Handle, Vec<String>) {
    let named = (0..count).map(|at| format!("file{at}"));
    let simulator = named.clone().fold(fast(), |simulator, name| simulator.file(name, 10));
    let simulator = start(simulator).await;
    let ids = named.map(|name| simulator.id_of(&name).unwrap()).collect();
    (simulator, ids)
}

async fn get(client: Client, id: String) -> Result<File> {
    client.files().get(id).await
}

#[tokio::test]
async fn every_input_is_done_in_order_through_every_fault_that_passes() {
    let prepare = async |(name, fault): (&'static str, Fault)| {
        let (simulator, ids) = with_files(12).await;
        simulator.fault(fault.path("/api/v2/files/*/").first(2));
        (name, impatient(&simulator), ids, simulator)
    };
    for_each(passing(), prepare, async |(name, client, ids, _simulator)| {
        let report = batch(ids.clone(), |id| get(client.clone(), id)).concurrency(4).await;
        let files = report.into_result().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(files.iter().map(|file| file.id().as_str()).eq(&ids), "{name}");
    })
    .await;
}

#[tokio::test]
async fn an_input_that_fails_is_reported_with_its_input_and_stops_no_other() {
    let (simulator, ids) = with_files(20).await;
    let client = client(&simulator);
    let bad = [3, 7, 19];
    for (at, fault) in bad.iter().zip([Fault::status(403), Fault::html(), Fault::status(404)]) {
        simulator.fault(fault.path(format!("/api/v2/files/{}/", ids[*at])));
    }
    let report = batch(ids.clone(), |id| get(client.clone(), id)).concurrency(8).await;
    assert_eq!(report.done.len(), 17);
    let failed: Vec<_> = report.failed.iter().map(|f| (f.index, f.error.kind())).collect();
    let (status, decode) = (ErrorKind::Status, ErrorKind::Decode);
    assert_eq!(failed, [(3, status), (7, decode), (19, status)]);
    simulator.clear_faults();
    let again = batch(report.retry_inputs(), |id| get(client.clone(), id)).await;
    let files = again.into_result().unwrap();
    assert!(files.iter().map(|file| file.id().as_str()).eq(bad.map(|at| ids[at].as_str())));
}

#[tokio::test]
async fn a_server_that_is_down_fails_every_input_and_hangs_none() {
    let (client, ids) = (in_vain(Options::new().attempts(2)), vec!["a".to_owned(); 30]);
    let report = batch(ids.clone(), |id| get(client.clone(), id)).concurrency(8).await;
    assert_eq!(report.failed.len(), 30);
    assert!(report.failed.iter().all(|f| f.error.kind() == ErrorKind::Connect));
    assert_eq!(report.retry_inputs(), ids);
}

#[tokio::test]
async fn work_beyond_the_connections_queues_and_is_done() {
    let (simulator, ids) = with_files(60).await;
    let client = client_with(&simulator, Options::new().max_connections(2));
    let report = batch(ids, |id| get(client.clone(), id)).concurrency(60).await;
    assert!(report.is_success());
}

#[tokio::test]
async fn a_dropped_batch_sends_nothing_more() {
    let (simulator, ids) = with_files(200).await;
    simulator.fault(Fault::delay(ms(20)));
    let client = client(&simulator);
    let work = batch(ids, |id| get(client.clone(), id)).concurrency(4).into_future();
    assert!(tokio::time::timeout(ms(150), work).await.is_err());
    tokio::time::sleep(ms(50)).await;
    let before = simulator.request_count();
    assert!((4..100).contains(&before), "{before}");
    tokio::time::sleep(ms(150)).await;
    assert_eq!(simulator.request_count(), before);
}
