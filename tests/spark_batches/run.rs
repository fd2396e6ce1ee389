//! Runs: every record once, at the speed of the service, in all forms of inputs.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use longhaul::progress::Event;
use longhaul::spark::PipelineState;
use serde_json::{Value, json};

use crate::support::{
    SERVICE, all_closed, computed_again, failure, inputs, pipeline, run_all, simulator, start,
    take_all,
};

#[tokio::test]
async fn every_record_comes_back_once() {
    let (handle, spark) = start(simulator().rate(20_000.0)).await;
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = events.clone();
    let pipeline = pipeline(&spark).await;
    let run = pipeline.run(inputs(5000)).on_event(move |event| {
        heard.lock().unwrap().push(event.clone());
    });
    let (seen, report) = run_all(run, 5000).await;
    assert_eq!((seen.replayed, report.chunks), (0, seen.order.len() as u64));
    assert_eq!(report.batches, [pipeline.id()]);
    assert_eq!(pipeline.state(), PipelineState::Closed);
    assert_eq!(computed_again(&handle, 5000), 0);
    assert!(all_closed(&spark).await);
    let last = events.lock().unwrap().last().cloned();
    assert_eq!(last, Some(Event::Item { done: 5000, failed: 0, total: Some(5000) }));
    assert!(pipeline.stats().chunks.is_empty() && pipeline.stats().records_pushed == 5000);
}

#[tokio::test]
async fn create_and_run_creates_only_what_it_needs() {
    let (handle, spark) = start(simulator().rate(1e6)).await;
    let run = spark.batches().create_and_run(SERVICE, inputs(750)).chunk_size(150);
    let (seen, report) = run_all(run, 750).await;
    assert_eq!((seen.order.len(), report.batches.len()), (5, 1));
    handle.clear_requests();
    let before = handle.request_count();
    let (_, report) = run_all(spark.batches().create_and_run(SERVICE, inputs(0)), 0).await;
    assert_eq!((report.requests, handle.request_count()), (0, before));
}

#[tokio::test]
async fn rows_and_streams_are_inputs_too() {
    let (_handle, spark) = start(simulator().rate(1e5)).await;
    let rows = (0..250).map(|n| [n]);
    let mut run = pipeline(&spark).await.run(rows).header(["value"]).chunk_size(100);
    let mut doubles = Vec::new();
    while let Some(chunk) = run.try_next().await.unwrap() {
        assert_eq!(chunk.header().unwrap(), ["value", "double"]);
        doubles.extend(chunk.records().map(|record| record.decode::<(u64, u64)>().unwrap().1));
    }
    assert_eq!(doubles, (0..250).map(|n| 2 * n).collect::<Vec<_>>());
    let stream = futures_util::stream::iter(inputs(250));
    let slow = stream.then(|input| async {
        if input["value"] == 100 {
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
        input
    });
    run_all(spark.batches().create(SERVICE).run_stream(slow), 250).await;
}

#[tokio::test]
async fn what_records_share_is_sent_with_each_chunk() {
    let model = "total=price*(1+tax)".parse().unwrap();
    let (_handle, spark) = start(simulator().service("f/tax", model)).await;
    let run = spark.batches().create_and_run("f/tax", (0..4).map(|n| json!({ "price": n })));
    let mut run = run.parameters(json!({"tax": 0.5})).chunk_size(2);
    let mut totals = Vec::new();
    while let Some(chunk) = run.try_next().await.unwrap() {
        let total = |value: Value| value["total"].as_f64().unwrap();
        totals.extend(chunk.records().map(|record| total(record.decode().unwrap())));
    }
    assert_eq!(totals, [0.0, 1.5, 3.0, 4.5]);
}

#[tokio::test]
async fn records_that_the_model_rejects_are_reported_and_the_others_delivered() {
    let (_handle, spark) = start(simulator().rate(1e5)).await;
    let inputs = (0..300).map(|n| match n {
        150 => json!({"value": "boom"}),
        n => json!({ "value": n }),
    });
    let (seen, report) = run_all(pipeline(&spark).await.run(inputs), 300).await;
    assert_eq!((seen.failed, report.records_failed), (vec![150], 1));
}

#[tokio::test]
async fn chunks_come_in_order_on_request() {
    let (_handle, spark) = start(simulator().rate(50_000.0)).await;
    let run = pipeline(&spark).await.run(inputs(10_000)).chunk_size(100).ordered();
    let (seen, _) = run_all(run, 10_000).await;
    assert_eq!(seen.order, (0..100).collect::<Vec<_>>());
}

#[tokio::test]
async fn requests_stay_below_their_limit_and_outputs_are_soon_there() {
    let (handle, spark) = start(simulator().rate(20_000.0).buffers(2_000_000, 2_000_000)).await;
    let pipeline = pipeline(&spark).await;
    handle.clear_requests();
    let started = Instant::now();
    let mut run = pipeline.run(inputs(40_000));
    take_all(&mut run).await.unwrap().assert_once(40_000);
    let took = started.elapsed();
    assert!(took < Duration::from_millis(3500), "{took:?} for 2 s of work");
    let times: Vec<_> = handle.requests().iter().map(|request| request.time).collect();
    let slack = Duration::from_millis(950);
    for from in &times {
        let within = times.iter().filter(|at| **at >= *from && **at < *from + slack).count();
        assert!(within <= 5, "{within} requests in a second");
    }
}

#[tokio::test]
async fn slow_services_and_their_last_chunks_are_waited_for() {
    let (_handle, spark) = start(simulator().rate(50.0)).await;
    let started = Instant::now();
    run_all(pipeline(&spark).await.run(inputs(60)).chunk_size(20), 60).await;
    let took = started.elapsed();
    assert!(took > Duration::from_millis(1200) && took < Duration::from_millis(2400), "{took:?}");
}

#[tokio::test]
async fn a_consumer_who_takes_its_time_loses_nothing() {
    let (_handle, spark) = start(simulator().rate(1e6).buffers(20_000, 20_000)).await;
    let mut run = pipeline(&spark).await.run(inputs(5000)).requests_per_second(200.0);
    let mut seen = crate::support::Seen::default();
    while let Some(chunk) = run.try_next().await.unwrap() {
        tokio::time::sleep(Duration::from_millis(10)).await;
        seen.take(&chunk);
    }
    seen.assert_once(5000);
}

#[tokio::test]
async fn a_run_is_a_stream() {
    let (_handle, spark) = start(simulator().rate(1e6)).await;
    let run = spark.batches().create_and_run(SERVICE, inputs(300));
    let chunks: Vec<_> = run.map(|chunk| chunk.unwrap().len()).collect().await;
    assert_eq!(chunks.iter().sum::<usize>(), 300);
}

#[tokio::test]
async fn a_service_that_does_not_exist_is_an_error() {
    let (_handle, spark) = start(simulator()).await;
    let mut run = spark.batches().create_and_run("no/such", inputs(3));
    let error = failure(run.try_next()).await;
    assert!(error.is_not_found() && error.to_string().contains("records from 0 on"), "{error}");
    assert_eq!(run.unanswered(), std::slice::from_ref(&(0..u64::MAX)));
}
