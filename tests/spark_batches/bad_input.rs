//! What cannot work is refused before a request is sent.

use longhaul::spark::{Chunk, ChunkData, ServiceLocator, chunks};
use longhaul::{Error, ErrorKind, Result};
use serde_json::json;

use crate::support::{SERVICE, failure, inputs, pipeline, simulator, start, take_all};

#[track_caller]
fn refuses(error: &Error, words: &str) {
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(error.to_string().contains(words), "{error}");
    assert_eq!(error.attempts(), 0);
}

#[tokio::test]
async fn batches_that_cannot_be() {
    let (handle, spark) = start(simulator()).await;
    let batches = spark.batches();
    let create = |locator: &str| batches.create(locator);
    refuses(&failure(create("")).await, "names no service");
    refuses(&failure(create("folder/")).await, "names no service");
    refuses(&failure(batches.create(ServiceLocator::named("f", " "))).await, "service in the");
    refuses(&failure(create("public/f/s")).await, "public endpoint");
    refuses(&failure(create("proxy/a/b")).await, "proxy endpoint");
    for accuracy in [-0.1, 1.1, f64::NAN] {
        refuses(&failure(create(SERVICE).accuracy(accuracy)).await, "between 0.0 and 1.0");
    }
    for size in [0.0, -1.0, f64::INFINITY] {
        refuses(&failure(create(SERVICE).max_input_size(size)).await, "max_input_size");
        refuses(&failure(create(SERVICE).max_output_size(size)).await, "max_output_size");
    }
    refuses(&failure(batches.of(" ").status()).await, "id of the batch pipeline is empty");
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn chunks_that_cannot_be() {
    let (handle, spark) = start(simulator()).await;
    let pipeline = spark.batches().of("uuid");
    let one = || ChunkData::new([json!({"value": 1})]);
    refuses(&failure(pipeline.push(json!([]))).await, "has no inputs");
    refuses(&failure(pipeline.push([["only", "a", "header"]])).await, "has no inputs");
    refuses(&failure(pipeline.push("text")).await, "has no inputs");
    refuses(&failure(pipeline.push_chunks([])).await, "no chunks");
    refuses(&failure(pipeline.push_chunks([Chunk::new(one()).id("")])).await, "is empty");
    refuses(&failure(pipeline.push_data(one().parameters(5))).await, "no object");
    for wrong in [0, 101] {
        refuses(&failure(pipeline.pull().max_chunks(wrong)).await, "1 to 100");
    }
    assert_eq!(handle.request_count(), 0);
    refuses(&chunks(&[1], 0).unwrap_err(), "at least 1");
    refuses(&chunks::<u8>(&[], 1).unwrap_err(), "no inputs");
    refuses(&chunks(&[["header"]], 1).unwrap_err(), "no inputs");
}

#[tokio::test]
async fn runs_that_cannot_be() {
    let (handle, spark) = start(simulator()).await;
    let run = || spark.batches().create_and_run(SERVICE, inputs(5));
    let none: [&str; 0] = [];
    let cases = [
        (run().chunk_size(0), "at least 1 record"),
        (run().requests_per_second(0.0), "requests a second"),
        (run().requests_per_second(f64::NAN), "requests a second"),
        (run().header(none), "names no columns"),
        (run().header(["value"]), "record 0 cannot be calculated"),
        (run().parameters(5), "no object"),
        (run().stall_timeout(std::time::Duration::ZERO), "above 0"),
        (spark.batches().create_and_run("", inputs(5)), "names no service"),
        (spark.batches().create_and_run(SERVICE, [1, 2]), "record 0 cannot be calculated"),
        (spark.batches().create_and_run(SERVICE, [[1], [2]]), "with `header`"),
    ];
    for (mut run, words) in cases {
        refuses(&failure(run.try_next()).await, words);
        assert!(run.try_next().await.unwrap().is_none(), "it is over");
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn inputs_that_fail_end_the_run() {
    let (_handle, spark) = start(simulator()).await;
    let lines = [Ok(json!({"value": 0})), Err(std::io::Error::other("a bad sector"))];
    let pipeline = pipeline(&spark).await;
    let mut run = pipeline.try_run_stream(futures_util::stream::iter(lines));
    let error = failure(run.try_next()).await;
    assert!(error.to_string().contains("it is record 1"), "{error}");
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "a bad sector");
}

#[tokio::test]
async fn a_chunk_larger_than_the_buffer() {
    let (handle, spark) = start(simulator().buffers(2_000_000, 2_000_000)).await;
    let pipeline = pipeline(&spark).await;
    let large = json!({"value": 1, "text": "x".repeat(2_000_000)});
    let small = json!({"value": 0});
    refuses(&failure(pipeline.push([&large])).await, "the input buffer 2000000");
    assert!(
        handle
            .requests()
            .iter()
            .all(|request| request.method != "POST" || { !request.path.ends_with("/chunks") })
    );
    let mut run = pipeline.run([small, large.clone()]);
    let error = failure(async { take_all(&mut run).await.map(drop) }).await;
    assert!(error.to_string().contains("from record 1 on has"), "{error}");
    let mut run = spark.batches().create_and_run(SERVICE, [large]);
    let error = failure(run.try_next()).await;
    assert!(error.to_string().contains("make smaller chunks or a larger buffer"), "{error}");
    assert_eq!(run.unanswered().first().map(|range| range.start), Some(0));
}

#[tokio::test]
async fn what_the_state_forbids() {
    let (handle, spark) = start(simulator()).await;
    let closed = pipeline(&spark).await;
    closed.dispose().await.unwrap();
    let cancelled = pipeline(&spark).await;
    cancelled.cancel().await.unwrap();
    let elsewhere = pipeline(&spark).await;
    spark.batches().of(elsewhere.id()).dispose().await.unwrap();
    elsewhere.status().await.unwrap();
    let before = handle.request_count();
    for (pipeline, word) in [(&closed, "closed"), (&cancelled, "cancelled"), (&elsewhere, "clos")] {
        let words = format!("{} is already {word}", pipeline.id());
        let same = pipeline.clone();
        refuses(&failure(same.push([json!({"value": 1})])).await, &words[..words.len() - 2]);
        refuses(&failure(async { same.dispose().await }).await, "is already");
        refuses(&failure(async { same.cancel().await }).await, "is already");
    }
    refuses(&failure(cancelled.pull()).await, "is already cancelled");
    assert_eq!(handle.request_count(), before);
    closed.pull().await.unwrap();
    let info: Result<_> = cancelled.info().await;
    info.unwrap();
}
