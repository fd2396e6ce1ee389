//! A batch from beginning to end: inputs from a JSON file, outputs into another, each record once.
//!
//! `cargo run --example spark_create_and_run`; with `-- --live` on the platform. Options are
//! `--service FOLDER/SERVICE`, `--inputs FILE` with a list of records, and `--outputs FILE`. A
//! program that is killed and started again with the same options goes on where it was: a journal
//! beside the outputs remembers what was done, until all of it is.

mod support;

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use longhaul::progress;
use longhaul::spark::{Batches, FinishedChunk, Run, RunReport};
use longhaul_simulator::Simulator;
use serde_json::Value;

const SERVICE: &str = "my-folder/my-service";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let simulator = Simulator::spark().service(SERVICE, "total=price*(1+tax)".parse()?);
    let (spark, _simulator) = support::spark(simulator.rate(500.0)).await?;
    let service = support::option("--service").unwrap_or_else(|| SERVICE.to_owned());
    let inputs = support::option("--inputs").map(PathBuf::from);
    let inputs = inputs.unwrap_or_else(|| support::data("spark_inputs.json"));
    let folder = tempfile::tempdir()?;
    let outputs = support::option("--outputs").map(PathBuf::from);
    let outputs = outputs.unwrap_or_else(|| folder.path().join("outputs.json"));

    let records = read_list(&inputs)?;
    let count = records.len();
    println!("{count} records in {}", inputs.display());
    let report = create_and_run(&spark.batches(), &service, records, &outputs).await?;
    println!("{} of them failed; {} requests were sent", report.records_failed, report.requests);
    if let Some(batch) = report.batches.last() {
        let done = spark.batches().of(batch).info().await?;
        println!("batch {batch} of {} is closed", done.service_uri.unwrap_or_default());
    }
    let written = read_list(&outputs)?;
    println!("{} outputs in {}, at last {:?}", written.len(), outputs.display(), written.last());
    assert_eq!(written.len(), count);
    Ok(())
}

fn read_list(path: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_reader(BufReader::new(file))?)
}

/// The batch is closed on every way out.
async fn create_and_run(
    batches: &Batches,
    service: &str,
    inputs: Vec<Value>,
    outputs: &Path,
) -> Result<RunReport, Box<dyn Error>> {
    let journal = outputs.with_extension("journal");
    let run = batches.create_and_run(service, inputs).chunk_size(150).ordered();
    let mut run = run.journal(&journal).on_event(progress::bar());
    let written = write_outputs(&mut run, outputs).await;
    let report = run.finish().await?;
    written?;
    std::fs::remove_file(journal)?;
    Ok(report)
}

/// One output for each input, in their order; `null` for a record that failed.
async fn write_outputs(run: &mut Run, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(File::create(path)?);
    write!(file, "[")?;
    let mut separator = "";
    while let Some(chunk) = run.try_next().await? {
        for record in chunk.records() {
            write!(file, "{separator}\n{}", record.output.map_or("null", |output| output.get()))?;
            separator = ",";
        }
        print_status(&chunk, &run.report());
    }
    write!(file, "\n]\n")?;
    file.flush()?;
    Ok(())
}

fn print_status(chunk: &FinishedChunk, report: &RunReport) {
    let origin = if chunk.replayed { ", from the journal" } else { "" };
    let (first, count) = (chunk.first_record, chunk.len() as u64);
    let last = first + count - 1;
    println!("records {first} to {last}{origin}: {} outputs so far", report.records);
    for record in chunk.records().filter(|record| record.is_failed()) {
        let errors = record.errors.map(Value::to_string).unwrap_or_default();
        println!("record {} failed: {errors}", first + record.index as u64);
    }
}
