//! Services: a folder, a service made from a workbook, what it tells of itself, one record and many
//! through it, the log of a call, and the workbook again.
//!
//! `cargo run --example spark_services`; with `-- --live --workbook FILE` on the platform, for a
//! workbook with the inputs `price` and `tax` and the output `total`. The folder
//! `longhaul-examples` is deleted at the end. Folders need a bearer token or OAuth.

mod support;

use std::error::Error;
use std::time::Duration;

use longhaul::spark::{Client, Published};
use longhaul::transfer::Content;
use longhaul_simulator::Simulator;
use serde_json::json;

const FOLDER: &str = "longhaul-examples";
const SERVICE: &str = "longhaul-examples/tax";

#[derive(serde::Serialize)]
struct Inputs {
    price: f64,
    tax: f64,
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Outputs {
    total: f64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (spark, _simulator) =
        support::spark(Simulator::spark().pace(Duration::from_millis(20))).await?;
    assert!(spark.health().ok().await?);
    let folder = spark.folders().create(FOLDER).description("an example").await?;
    println!("made the folder {FOLDER}");
    let outcome = in_folder(&spark).await;
    spark.folders().delete(folder.id.ok_or("the folder has no id")?).await?;
    outcome
}

async fn in_folder(spark: &Client) -> Result<(), Box<dyn Error>> {
    let published = create(spark).await?;
    println!("published version {}", published.version_id.unwrap_or_default());
    look(spark).await?;
    let call_id = one_record(spark).await?;
    many_records(spark).await?;
    let log = spark.logs().get(call_id).await?.ok_or("the call is not in the log")?;
    println!("the log has call {}", log.engine_call_id.unwrap_or_default());

    let folder = tempfile::tempdir()?;
    let workbook = spark.services().download(SERVICE).download_to(folder.path()).await?;
    println!("{} bytes in {}", workbook.bytes, workbook.path.display());
    Ok(())
}

/// A compilation that fails is an error with the compiler's message.
async fn create(spark: &Client) -> Result<Published, Box<dyn Error>> {
    let services = spark.services();
    if let Some(path) = support::option("--workbook") {
        return Ok(services.create(FOLDER, "tax", Content::file(path).await?).await?);
    }
    // The simulator takes the formulas from the workbook's name.
    let workbook = services.create(FOLDER, "tax", "PK...").file_name("total=price*(1+tax).xlsx");
    Ok(workbook.label("first").await?)
}

async fn look(spark: &Client) -> longhaul::Result<()> {
    let services = spark.services();
    assert!(services.exists(SERVICE).await?);
    let mut found = services.search().filter("foldername", FOLDER);
    while let Some(service) = found.try_next().await? {
        println!("found {}", service.file_name.unwrap_or_default());
    }
    let versions = services.get_versions(SERVICE).await?;
    println!("{} version", versions.len());
    for (name, input) in services.validate(SERVICE).await?.inputs {
        println!("input {name}: {}", input.validation_allow.unwrap_or_default());
    }
    Ok(())
}

async fn one_record(spark: &Client) -> Result<String, Box<dyn Error>> {
    let inputs = Inputs { price: 100.0, tax: 0.25 };
    let answer = spark.services().execute(SERVICE).inputs(&inputs).await?.into_result()?;
    let outputs: Outputs = answer.decode()?;
    println!("one record: {outputs:?}");
    assert_eq!(outputs, Outputs { total: 125.0 });
    Ok(answer.meta.call_id.ok_or("the call has no id")?)
}

/// One of them is rejected, alone.
async fn many_records(spark: &Client) -> longhaul::Result<()> {
    let records = [json!({"price": 10}), json!({"price": "boom"}), json!({"price": 20})];
    let answers = spark.services().execute(SERVICE).records(records).await?;
    let answers = answers.records();
    for answer in &answers {
        match answer.decode::<Outputs>() {
            Ok(outputs) => println!("one of several: {outputs:?}"),
            Err(error) => println!("one of several: {error}"),
        }
    }
    let failed = answers.iter().filter(|answer| answer.errors.is_some()).count();
    assert_eq!((answers.len(), failed), (3, 1));

    let table = spark.services().execute(SERVICE).table(["price", "tax"], [(10, 0.5), (20, 0.1)]);
    let totals = table.await?.records();
    println!("a table: {:?}", totals.iter().map(|row| &row.outputs["total"]).collect::<Vec<_>>());
    Ok(())
}
