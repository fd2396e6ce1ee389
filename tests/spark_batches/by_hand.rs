//! Pipelines driven by hand: what the official documentation shows.

use std::time::Duration;

use longhaul::spark::models::{Aggregation, ChunkSummary};
use longhaul::spark::{
    BatchStatus, Chunk, ChunkData, DuplicateIds, PipelineState, ServiceLocator, chunks,
    chunks_with_ids,
};
use serde_json::{Value, json};

use crate::support::{SERVICE, client, failure, pipeline, simulator, start};

#[tokio::test]
async fn batches_are_described() {
    let (_handle, spark) = start(simulator()).await;
    let pipeline = pipeline(&spark).await;
    let all = spark.batches().describe().await.unwrap();
    assert_eq!(all.in_progress_batches.unwrap()[0].id, pipeline.id());
    assert!(all.tenant.unwrap().configuration.unwrap().max_workers.is_some());
    pipeline.cancel().await.unwrap();
    let all = spark.batches().describe().await.unwrap();
    let recent = all.recent_batches.unwrap().remove(0).data.unwrap();
    assert_eq!(recent.batch_status, Some(BatchStatus::Cancelled));
}

#[tokio::test]
async fn a_batch_is_created_with_every_option() {
    let (handle, spark) = start(simulator()).await;
    let version = pipeline(&spark).await.info().await.unwrap().version_id.unwrap();
    handle.clear_requests();
    let locator = ServiceLocator::named("my-folder", "my-service");
    let created = spark
        .batches()
        .create(locator)
        .active_since("2030-01-01")
        .source_system("tests")
        .correlation_id("c-1")
        .call_purpose("testing")
        .subservices(["a", "b"])
        .selected_outputs("double")
        .unique_record_key(vec!["k1", "k2"])
        .min_runners(1)
        .max_runners(2)
        .chunks_per_vm(3)
        .runners_per_vm(4)
        .max_input_size(2.5)
        .max_output_size(3.0)
        .accuracy(0.99)
        .extra("new_option", true)
        .await
        .unwrap();
    let sent: Value = serde_json::from_slice(&handle.requests()[0].body).unwrap();
    let expected = json!({
        "service": SERVICE, "version_by_timestamp": "2030-01-01", "source_system": "tests",
        "correlation_id": "c-1", "call_purpose": "testing", "subservice": "a,b",
        "output": "double", "unique_record_key": "k1,k2", "initial_workers": 1, "max_workers": 2,
        "chunks_per_request": 3, "runner_thread_count": 4, "max_input_in_mb": 2.5,
        "max_output_in_mb": 3.0, "acceptable_error_percentage": 1, "new_option": true,
    });
    assert_eq!(sent, expected);
    assert_eq!(created.data().unwrap().batch_status, Some(BatchStatus::Created));
    let info = created.info().await.unwrap();
    assert_eq!(info.configuration.unwrap().input_buffer_allocated_bytes, Some(2_500_000));
    handle.clear_requests();
    spark.batches().create(ServiceLocator::version_id(version.as_str())).await.unwrap();
    let sent: Value = serde_json::from_slice(&handle.requests()[0].body).unwrap();
    let expected = json!({
        "version_id": version, "source_system": "longhaul", "acceptable_error_percentage": 0,
        "call_purpose": "Async Batch Execution",
    });
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_pipeline_by_its_id_asks_nothing() {
    let (handle, spark) = start(simulator()).await;
    let pipeline = spark.batches().of("uuid");
    assert_eq!((pipeline.id(), pipeline.state()), ("uuid", PipelineState::Open));
    assert!(pipeline.data().is_none() && pipeline.stats().chunks.is_empty());
    assert_eq!(handle.request_count(), 0);
    assert!(failure(pipeline.info()).await.is_not_found());
}

#[tokio::test]
async fn records_are_pushed_in_every_form_and_pulled() {
    let (_handle, spark) = start(simulator().rate(1e6)).await;
    let mut pipeline = pipeline(&spark).await;
    pipeline.push([json!({"value": 42}), json!({"value": 43})]).await.unwrap();
    let (output_name, operator) = ("double".to_owned(), "SUM".into());
    let total = Aggregation { output_name, operator, extra: serde_json::Map::new() };
    let summary = ChunkSummary {
        ignore_error: Some(false),
        aggregation: Some(vec![total]),
        ..ChunkSummary::default()
    };
    let data = ChunkData::new([json!({"value": 42}), json!({"value": 43})])
        .parameters(json!({"common": 40}))
        .summary(summary);
    pipeline.push_data(data.clone()).await.unwrap();
    pipeline.push_chunks([Chunk::new(data).id("prepared")]).await.unwrap();
    let inputs = [42, 43, 44].map(|value| json!({ "value": value }));
    let split = chunks(&inputs, 2).unwrap();
    assert_eq!(split.iter().map(Chunk::records).collect::<Vec<_>>(), [2, 1]);
    let status = pipeline.push_chunks(split).await.unwrap();
    assert_eq!(status.record_submitted, Some(9));
    let stats = pipeline.clone().stats();
    assert_eq!((stats.chunks_pushed, stats.records_pushed, stats.chunks.len()), (5, 9, 5));
    assert_eq!(stats.chunks["prepared"], 2);
    pipeline.dispose().await.unwrap();
    let wait = pipeline.wait_for_status(BatchStatus::Completed).every(Duration::from_millis(20));
    wait.await.unwrap();
    let first = pipeline.pull().max_chunks(2).await.unwrap();
    assert_eq!((first.chunks.len(), first.status.records_available), (2, Some(5)));
    let rest = pipeline.pull().await.unwrap().chunks;
    let prepared = rest.iter().find(|chunk| chunk.id == "prepared").unwrap();
    assert_eq!(prepared.summary_output, [json!(["double"]), json!([170])]);
    let records = prepared.records().map(|record| record.decode::<Value>().unwrap());
    assert_eq!(records.map(|record| record["double"].clone()).collect::<Vec<_>>(), [84, 86]);
    let none = pipeline.pull().await.unwrap();
    assert!(none.chunks.is_empty() && none.status.records_completed == Some(9));
    assert_eq!(pipeline.stats().chunks_pulled, 5);
}

#[tokio::test]
async fn tables_stay_tables() {
    let (_handle, spark) = start(simulator().rate(1e6)).await;
    let pipeline = pipeline(&spark).await;
    let table = [vec![json!("value")], vec![json!(1)], vec![json!(2)], vec![json!(3)]];
    let parts = chunks_with_ids(&table, 2, "part").unwrap();
    let status = pipeline.push_chunks(parts).await.unwrap();
    assert_eq!(status.record_submitted, Some(3));
    assert_eq!(pipeline.stats().chunks["part-0"], 2);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let pulled = pipeline.pull().await.unwrap().chunks;
    assert_eq!(pulled[0].header().unwrap(), ["value", "double"]);
    let rows = pulled.iter().flat_map(|chunk| chunk.records());
    let rows: Vec<(i64, i64)> = rows.map(|record| record.decode().unwrap()).collect();
    assert_eq!(rows, [(1, 2), (2, 4), (3, 6)]);
    assert_eq!(table.len(), 4, "the input is as it was");
}

#[tokio::test]
async fn ids_that_come_twice_are_treated_as_wished() {
    let (handle, spark) = start(simulator()).await;
    let pipeline = pipeline(&spark).await;
    let one = |value: i64| Chunk::new(ChunkData::new([json!({ "value": value })])).id("same");
    pipeline.push_chunks([one(1), one(2)]).await.unwrap();
    let stats = pipeline.stats();
    assert_eq!((stats.chunks.len(), stats.records_pushed), (2, 2), "the second got another id");
    let ignore = DuplicateIds::Ignore;
    let other = one(4).id("other");
    pipeline.push_chunks([one(3), other]).if_chunk_id_duplicated(ignore).await.unwrap();
    assert_eq!(pipeline.stats().records_pushed, 3);
    let before = handle.request_count();
    let refuse = DuplicateIds::Refuse;
    let error = failure(pipeline.push_chunks([one(5)]).if_chunk_id_duplicated(refuse)).await;
    assert!(error.to_string().contains("`same` was pushed before"), "{error}");
    assert_eq!(handle.request_count(), before);
    let status = pipeline.push_chunks([one(6)]).if_chunk_id_duplicated(ignore).await.unwrap();
    assert_eq!(status.record_submitted, Some(3), "nothing is left to push, which is no error");
    let another = client(&handle).batches().of(pipeline.id());
    another.push_chunks([one(7)]).await.unwrap();
    assert_eq!(another.stats().chunks["same"], 1, "each pipeline object has its own statistics");
}

#[tokio::test]
async fn a_large_push_is_split_in_order() {
    let (handle, spark) = start(simulator().rate(1.0)).await;
    let pipeline = spark.batches().create("my-folder/echo").await.unwrap();
    let text = "x".repeat(1 << 20);
    let large = (0..20).map(|n| Chunk::new(ChunkData::new([json!({ "n": n, "text": text })])));
    let large = large.enumerate().map(|(n, chunk)| chunk.id(format!("c-{n:02}")));
    handle.clear_requests();
    let status = pipeline.push_chunks(large).await.unwrap();
    assert_eq!(status.chunks_submitted, Some(20));
    let pushes = handle.requests().iter().filter(|request| request.method == "POST").count();
    assert_eq!(pushes, 3);
    assert_eq!(handle.spark().unwrap().chunks(pipeline.id()).len(), 20);
}
