//! Every way out closes the batch, and every way in which the platform ends one is noticed.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::spark::{BatchStatus, PipelineState};
use serde_json::json;

use crate::support::{
    SERVICE, all_closed, failure, inputs, pipeline, run_all, simulator, start, take_all,
};

/// Waits until something is so.
async fn until(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..500 {
        if so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} did not happen");
}

#[tokio::test]
async fn a_run_that_is_dropped_closes_its_batch() {
    let (handle, spark) = start(simulator().rate(1000.0)).await;
    let pipeline = pipeline(&spark).await;
    let mut run = pipeline.run(inputs(100_000));
    run.try_next().await.unwrap().unwrap();
    drop(run);
    let status = || handle.spark().unwrap().batch_status(pipeline.id());
    until("the closing", || status() == Some("closed")).await;
}

#[tokio::test]
async fn finish_stops_a_run_and_waits_for_the_closing() {
    let (handle, spark) = start(simulator().rate(1000.0)).await;
    let pipeline = pipeline(&spark).await;
    let mut run = pipeline.run(inputs(100_000));
    run.try_next().await.unwrap().unwrap();
    let report = run.finish().await.unwrap();
    assert!(report.records > 0 && report.records < 100_000);
    assert_eq!(handle.spark().unwrap().batch_status(pipeline.id()), Some("closed"));
    let unused = crate::support::pipeline(&spark).await;
    unused.run(inputs(5)).finish().await.unwrap();
    assert_eq!(unused.state(), PipelineState::Closed);
    spark.batches().create_and_run(SERVICE, inputs(5)).finish().await.unwrap();
}

#[tokio::test]
async fn a_failed_batch_delivers_what_it_has_and_names_the_rest() {
    let (_handle, spark) = start(simulator().rate(2000.0)).await;
    let inputs = (0..1000).map(|n| match n {
        450 => json!({"value": "boom"}),
        n => json!({ "value": n }),
    });
    let pipeline = spark.batches().create(SERVICE).await.unwrap();
    let mut run = pipeline.run(inputs).chunk_size(100);
    let mut answered = 0;
    let error = loop {
        match run.try_next().await {
            Ok(chunk) => answered += chunk.expect("an error before the end").len(),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), answered), (ErrorKind::Failed, 500));
    let words = "is failed; more records failed than its accuracy allows";
    assert!(error.to_string().contains(words), "{error}");
    assert!(error.to_string().contains("unanswered are the records 500 to 999"), "{error}");
    assert_eq!(run.unanswered(), std::slice::from_ref(&(500..1000)));
    assert!(all_closed(&spark).await);
    assert!(run.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_cancelled_batch_is_an_error_at_once() {
    let (_handle, spark) = start(simulator().rate(500.0)).await;
    let pipeline = pipeline(&spark).await;
    let mut run = pipeline.run(inputs(10_000)).chunk_size(100);
    run.try_next().await.unwrap().unwrap();
    spark.batches().of(pipeline.id()).cancel().await.unwrap();
    let error = failure(async { take_all(&mut run).await.map(drop) }).await;
    assert!(error.is_wait_failed() && error.to_string().contains("is cancelled"), "{error}");
    assert_eq!(pipeline.state(), PipelineState::Cancelled);
}

#[tokio::test]
async fn another_batch_takes_over_when_one_is_closed() {
    let (_handle, spark) = start(simulator().rate(4000.0).buffers(20_000, 20_000)).await;
    let pipeline = pipeline(&spark).await;
    let other = spark.batches().of(pipeline.id());
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(400)).await;
        other.dispose().await.unwrap();
    });
    let (_, report) = run_all(pipeline.run(inputs(4000)), 4000).await;
    assert_eq!((report.batches.len(), report.chunks_duplicate), (2, 0));
    assert!(all_closed(&spark).await);
}

#[tokio::test]
async fn another_batch_takes_over_when_the_platform_closes_an_idle_one() {
    let idle = Duration::from_millis(500);
    let (_handle, spark) = start(simulator().rate(1e5).idle_timeout(idle)).await;
    let slow =
        futures_util::StreamExt::then(futures_util::stream::iter(inputs(300)), |input| async {
            if input["value"] == 200 {
                tokio::time::sleep(Duration::from_millis(1500)).await;
            }
            input
        });
    let run = spark.batches().create(SERVICE).run_stream(slow);
    let (_, report) = run_all(run, 300).await;
    assert_eq!(report.batches.len(), 2);
}

#[tokio::test]
async fn a_batch_of_somebody_else_cannot_be_replaced() {
    let (_handle, spark) = start(simulator().rate(2000.0)).await;
    let theirs = pipeline(&spark).await;
    theirs.dispose().await.unwrap();
    let mut run = spark.batches().of(theirs.id()).run(inputs(10));
    let error = failure(run.try_next()).await;
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.to_string().contains("was not created by this program"), "{error}");
    assert_eq!(run.unanswered().first().map(|range| range.start), Some(0));
}

#[tokio::test]
async fn a_run_without_progress_ends() {
    let (_handle, spark) = start(simulator().rate(0.001)).await;
    let pipeline = pipeline(&spark).await;
    let mut run = pipeline.run(inputs(10)).stall_timeout(Duration::from_millis(800));
    let error = failure(run.try_next()).await;
    assert!(error.is_timeout() && error.to_string().contains("no progress"), "{error}");
    assert!(error.to_string().contains("records 0 to 9"), "{error}");
    assert_eq!(pipeline.status().await.unwrap().batch_status, Some(BatchStatus::Closed));
}
