//! A batch by hand: records are pushed in three forms, their outputs are pulled, and it is closed.
//!
//! `cargo run --example spark_batch_by_hand`; with `-- --live --service FOLDER/SERVICE` on the
//! platform, for a service with the inputs `price` and `tax` and the output `total`.

mod support;

use std::error::Error;
use std::time::Duration;

use longhaul::spark::models::{Aggregation, BatchProgress, ChunkSummary};
use longhaul::spark::{
    BatchStatus, ChunkData, ChunkResult, Pipeline, PipelineState, chunks_with_ids,
};
use longhaul_simulator::Simulator;
use serde_json::value::RawValue;
use serde_json::{Map, json};
use tokio::time::{sleep, timeout};

const SERVICE: &str = "my-folder/my-service";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let simulator = Simulator::spark().service(SERVICE, "total=price*(1+tax)".parse()?);
    let (spark, _simulator) = support::spark(simulator).await?;
    let service = support::option("--service").unwrap_or_else(|| SERVICE.to_owned());

    // One bad record of four would end a batch that has to be accurate.
    let pipeline = spark.batches().create(service).max_runners(4).accuracy(0.5).await?;
    println!("created batch {}", pipeline.id());
    let outcome = push_and_pull(&pipeline).await;
    close(pipeline).await?;
    outcome
}

async fn push_and_pull(pipeline: &Pipeline) -> Result<(), Box<dyn Error>> {
    push(pipeline).await?;
    let stats = pipeline.stats();
    println!("pushed {} records: {:?}", stats.records_pushed, stats.chunks);
    assert_eq!((stats.records_pushed, stats.chunks.len()), (9, 5));

    // Neither a pipeline nor its client knows how long a service takes.
    let pulled = timeout(Duration::from_secs(300), pull(pipeline, stats.records_pushed)).await??;
    let records = pulled.iter().flat_map(ChunkResult::records);
    let failed = records.filter(|record| record.is_failed()).count();
    println!("pulled {} chunks; {failed} record failed", pulled.len());
    assert_eq!((pulled.len(), failed), (5, 1));
    Ok(())
}

async fn push(pipeline: &Pipeline) -> longhaul::Result<()> {
    // Records as one chunk.
    pipeline.push([json!({"price": 42, "tax": 0.1}), json!({"price": 43, "tax": 0.1})]).await?;

    // Records that share an input, and the sum of their outputs. One of them is rejected, alone.
    let (output_name, operator) = ("total".to_owned(), "SUM".into());
    let sum = Aggregation { output_name, operator, extra: Map::new() };
    let (ignore_error, aggregation) = (Some(true), Some(vec![sum]));
    let summary = ChunkSummary { ignore_error, aggregation, ..ChunkSummary::default() };
    let data = ChunkData::new([json!({"price": 20}), json!({"price": "boom"})]);
    pipeline.push_data(data.parameters(json!({"tax": 0.5})).summary(summary)).await?;

    // A table, in as many chunks as it needs, each with its row of names.
    let rows = (1..=5).map(|price| json!([price, 0.2]));
    let table: Vec<_> = [json!(["price", "tax"])].into_iter().chain(rows).collect();
    let status = pipeline.push_chunks(chunks_with_ids(&table, 2, "table")?).await?;
    print_status("pushed", &status);
    Ok(())
}

/// A chunk is handed out once: what was pulled has to be kept.
async fn pull(pipeline: &Pipeline, records: u64) -> longhaul::Result<Vec<ChunkResult>> {
    let mut pulled: Vec<ChunkResult> = Vec::new();
    while (pulled.iter().map(ChunkResult::len).sum::<usize>() as u64) < records {
        let more = pipeline.pull().max_chunks(2).await?;
        print_status("pulled", &more.status);
        more.chunks.iter().for_each(print_chunk);
        if more.chunks.is_empty() {
            sleep(Duration::from_millis(500)).await;
        }
        pulled.extend(more.chunks);
    }
    Ok(pulled)
}

fn print_chunk(chunk: &ChunkResult) {
    println!("chunk {}, summary {:?}", chunk.id, chunk.summary_output);
    for record in chunk.records() {
        match record.errors {
            Some(errors) => println!("  record {} failed: {errors}", record.index),
            None => {
                println!("  record {}: {}", record.index, record.output.map_or("", RawValue::get))
            }
        }
    }
}

fn print_status(what: &str, status: &BatchProgress) {
    let number = |count: Option<i64>| count.unwrap_or_default();
    let (there, sent) = (number(status.records_available), number(status.record_submitted));
    let done = number(status.records_completed);
    println!("{what}: {sent} records submitted, {done} processed, {there} to be pulled");
}

async fn close(mut pipeline: Pipeline) -> Result<(), Box<dyn Error>> {
    pipeline.dispose().await?;
    assert_eq!(pipeline.state(), PipelineState::Closed);
    let refused = pipeline.push([json!({"price": 1})]).await;
    println!("one more record: {}", refused.err().ok_or("a closed batch took a record")?);
    pipeline.wait_for_status(BatchStatus::Completed).await?;
    let summary = pipeline.info().await?.summary.unwrap_or_default();
    println!("the platform counts {} records", summary.records_completed.unwrap_or_default());
    Ok(())
}
