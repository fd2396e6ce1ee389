//! Journals: a run that is started again goes on, and a journal that is of no use is refused.

use std::fs;
use std::path::Path;

use longhaul::spark::{Client, Run};
use longhaul::{Error, ErrorKind};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{
    SERVICE, Seen, all_closed, client, computed_again, failure, inputs, pipeline, run_all,
    simulator, start,
};

fn folder() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.journal");
    (folder, path)
}

fn run(spark: &Client, count: u64, journal: &Path) -> Run {
    spark.batches().create_and_run(SERVICE, inputs(count)).chunk_size(100).journal(journal)
}

/// Takes a few chunks and stops.
async fn begin(mut run: Run, chunks: usize) {
    for _ in 0..chunks {
        run.try_next().await.unwrap().unwrap();
    }
    run.finish().await.unwrap();
}

#[tokio::test]
async fn a_stopped_run_goes_on() {
    let (handle, spark) = start(simulator().rate(5000.0)).await;
    let (_folder, path) = folder();
    begin(run(&spark, 3000, &path), 5).await;
    let (seen, report) = run_all(run(&spark, 3000, &path), 3000).await;
    assert!(seen.replayed >= 500 && report.chunks_replayed >= 5, "{report:?}");
    assert_eq!(report.chunks_duplicate, 0);
    assert_eq!(computed_again(&handle, 3000), report.chunks_pushed_again * 100);
    let requests = handle.request_count();
    let (seen, report) = run_all(run(&spark, 3000, &path), 3000).await;
    assert_eq!((seen.replayed, report.requests, handle.request_count()), (3000, 0, requests));
}

#[tokio::test]
async fn a_run_in_order_goes_on_in_order() {
    let (_handle, spark) = start(simulator().rate(5000.0)).await;
    let (_folder, path) = folder();
    begin(run(&spark, 2000, &path), 5).await;
    let (seen, _) = run_all(run(&spark, 2000, &path).ordered(), 2000).await;
    assert_eq!(seen.order, (0..20).collect::<Vec<_>>());
    assert!(seen.replayed >= 500);
}

#[tokio::test]
async fn an_open_batch_is_used_on() {
    let (handle, spark) = start(simulator().rate(2000.0)).await;
    let (_folder, path) = folder();
    let pipeline = pipeline(&spark).await;
    let mut first = pipeline.run(inputs(2000)).chunk_size(100).journal(&path);
    let mut seen = Seen::default();
    seen.take(&first.try_next().await.unwrap().unwrap());
    // As after a kill: the batch stays open, the lock is released.
    handle.fault(longhaul_simulator::Fault::status(503).on("PATCH", "/**"));
    first.finish().await.unwrap();
    handle.clear_faults();
    let again = client(&handle).batches().of(pipeline.id()).run(inputs(2000));
    let error = failure(again.journal(&path).try_next()).await;
    assert!(error.to_string().contains("another batch or service"), "{error}");
    let given = crate::support::pipeline(&spark).await;
    let (_, report) = run_all(given.run(inputs(2000)).journal(&path), 2000).await;
    assert_eq!(report.batches, Vec::<String>::new(), "no other batch was begun with");
    assert!(all_closed(&spark).await, "the given one, too");
}

#[tokio::test]
async fn a_batch_that_is_gone_is_replaced() {
    let (_folder, path) = folder();
    let (handle, spark) = start(simulator().rate(5000.0)).await;
    let port = handle.port();
    begin(run(&spark, 2000, &path), 3).await;
    handle.shutdown().await;
    let other = simulator().rate(5000.0).port(port);
    let (_handle, spark) = start(other).await;
    let (seen, report) = run_all(run(&spark, 2000, &path), 2000).await;
    assert!(seen.replayed >= 300 && report.batches.len() == 1, "{report:?}");
}

#[tokio::test]
async fn other_inputs_are_refused() {
    let (handle, spark) = start(simulator().rate(5000.0)).await;
    let (_folder, path) = folder();
    begin(run(&spark, 2000, &path), 5).await;
    let before = handle.request_count();
    let changed = (0..2000).map(|n| json!({"value": if n == 250 { 0 } else { n }}));
    let refused = spark.batches().create_and_run(SERVICE, changed).journal(&path);
    refuses(refused, "the records 200 to 299 are not those").await;
    refuses(run(&spark, 50, &path), "the records 0 to 99 are not those").await;
    assert_eq!(handle.request_count(), before);
}

#[track_caller]
fn says(error: &Error, words: &str) {
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

/// Takes what there is until the error.
async fn refuses(mut run: Run, words: &str) {
    let error = loop {
        match run.try_next().await {
            Ok(chunk) => assert!(chunk.is_some(), "it ended well"),
            Err(error) => break error,
        }
    };
    says(&error, words);
}

#[tokio::test]
async fn the_journal_of_another_run_is_refused() {
    let (handle, spark) = start(simulator().rate(5000.0)).await;
    let (_folder, path) = folder();
    begin(run(&spark, 500, &path), 1).await;
    let before = handle.request_count();
    let batches = spark.batches();
    let other = batches.create_and_run("my-folder/echo", inputs(500)).journal(&path);
    refuses(other, "another batch or service").await;
    let other = batches.create(SERVICE).selected_outputs("double").run(inputs(500)).journal(&path);
    refuses(other, "another batch or service").await;
    let other = run(&spark, 500, &path).parameters(json!({"tax": 1}));
    refuses(other, "another header, parameters or summary").await;
    fs::write(&path, "not a journal\n").unwrap();
    refuses(run(&spark, 500, &path), "line 1 of the journal").await;
    assert_eq!(fs::read_to_string(&path).unwrap(), "not a journal\n", "it is left alone");
    assert_eq!(handle.request_count(), before);
}

#[tokio::test]
async fn a_line_that_was_being_written_is_dropped_and_a_broken_one_is_not() {
    let (_handle, spark) = start(simulator().rate(5000.0)).await;
    let (_folder, path) = folder();
    begin(run(&spark, 1000, &path), 3).await;
    let whole = fs::read(&path).unwrap();
    let ends = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let ends: Vec<usize> = ends.map(|(at, _)| at).collect();
    for cut in [1, 20, ends[0], ends[1] + 5, ends[2] + 1, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        run_all(run(&spark, 1000, &path), 1000).await;
    }
    let mut broken = whole.clone();
    broken[ends[1] + 30] ^= 1;
    fs::write(&path, &broken).unwrap();
    refuses(run(&spark, 1000, &path), "line 3 of the journal").await;
    assert_eq!(fs::read(&path).unwrap(), broken, "it is left alone");
}

#[tokio::test]
async fn two_runs_cannot_have_one_journal() {
    let (_handle, spark) = start(simulator().rate(1000.0)).await;
    let (_folder, path) = folder();
    let mut first = run(&spark, 10_000, &path);
    first.try_next().await.unwrap().unwrap();
    refuses(run(&spark, 10_000, &path), "another batch is using the journal").await;
    first.finish().await.unwrap();
}
