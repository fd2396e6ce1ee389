//! Coherent Spark: one record, several, and a batch of thousands that is interrupted and goes on
//! where it was.

use std::error::Error;
use std::path::Path;

use longhaul::spark::{Client, Run, RunReport};
use longhaul_simulator::Simulator;
use serde_json::{Value, json};

use super::{Tour, support};

const SERVICE: &str = "my-folder/my-service";
const RECORDS: u64 = 5000;

pub(crate) async fn run(tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let simulator = Simulator::spark().service(SERVICE, "total=price*(1+tax)".parse()?);
    let (spark, _simulator) = support::spark(simulator).await?;
    let service = support::option("--service").unwrap_or_else(|| SERVICE.to_owned());
    let exists = spark.services().exists(service.as_str()).await;
    if tour.step("whether the service exists", exists).is_none() {
        return Ok(());
    }
    executions(tour, &spark, &service).await;
    batch(tour, &spark, &service).await?;
    let nothing = spark.batches().create("").await;
    let refused = match nothing {
        Ok(pipeline) => Err(format!("batch {} was made", pipeline.id())),
        Err(error) => Ok(format!("as expected, {error}")),
    };
    tour.step("a batch of no service", refused);
    Ok(())
}

async fn executions(tour: &mut Tour, spark: &Client, service: &str) {
    let one = spark.services().execute(service).inputs(json!({"price": 100, "tax": 0.25})).await;
    tour.step("a price with tax", one.map(|answer| answer.outputs["total"].clone()));
    let records = [json!({"price": 10}), json!({"price": "boom"}), json!({"price": 20})];
    let many = spark.services().execute(service).records(records).await;
    let many = many.map(|answers| {
        let records = answers.records();
        let failed = records.iter().filter(|record| record.errors.is_some()).count();
        format!("{} outcomes, {failed} of them an error", records.len())
    });
    tour.step("three records, one of them bad", many);
}

async fn batch(tour: &mut Tour, spark: &Client, service: &str) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let journal = folder.path().join("batch.journal");
    let mut first = start(spark, service, &journal);
    let taken = take(&mut first, 3).await.map(|sum| format!("their totals are {sum}"));
    tour.step("the first chunks of a batch", taken);
    let report = first.finish().await;
    tour.step("the batch is interrupted", report.map(|report| told(&report)));

    let mut second = start(spark, service, &journal);
    let taken = take(&mut second, usize::MAX).await;
    let expected = 1.5 * (RECORDS * (RECORDS - 1) / 2) as f64;
    let sum = match taken {
        Ok(sum) if sum == expected => Ok(format!("their totals are {sum}, as they should")),
        Ok(sum) => Err(format!("their totals are {sum}, not {expected}")),
        Err(error) => Err(error.to_string()),
    };
    tour.step("every record once, in a second run", sum);
    let report = second.finish().await;
    tour.step("what the second run did", report.map(|report| told(&report)));
    Ok(())
}

fn start(spark: &Client, service: &str, journal: &Path) -> Run {
    let inputs = (0..RECORDS).map(|price| json!({"price": price, "tax": 0.5}));
    spark.batches().create_and_run(service, inputs).chunk_size(500).journal(journal)
}

/// The sum of the totals of so many chunks.
async fn take(run: &mut Run, chunks: usize) -> longhaul::Result<f64> {
    let mut sum = 0.0;
    for _ in 0..chunks {
        let Some(chunk) = run.try_next().await? else { break };
        for record in chunk.records() {
            sum += record.decode::<Value>()?["total"].as_f64().unwrap_or_default();
        }
    }
    Ok(sum)
}

fn told(report: &RunReport) -> String {
    let (records, replayed, requests) = (report.records, report.chunks_replayed, report.requests);
    format!("{records} records, {replayed} chunks from the journal, {requests} requests")
}
