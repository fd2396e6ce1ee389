//! Batches by hand: created, pushed to, pulled from and closed.

use longhaul::spark::{Chunk, ChunkData, Client};
use longhaul_simulator::Handle;
use serde_json::json;

use super::{SDK, version_of};
use crate::support::ECHO;
use crate::wire::{Bench, Differs, What};

const UNSET: Differs =
    What::Body("/chunks/0/data/parameters", "null").because("what is not given is not sent");

fn data() -> ChunkData {
    let total = json!({"output_name": "total", "operator": "SUM"});
    let summary = json!({"ignore_error": false, "aggregation": [total]});
    let summary = serde_json::from_value(summary).expect("a summary");
    let inputs = json!([{"value": 42}, {"value": 43}]);
    ChunkData::new(inputs).parameters(json!({"common": 40})).summary(summary)
}

pub(super) async fn batches(bench: &mut Bench<'_>, handle: &Handle, client: &Client) {
    let batches = client.batches();
    let create = |locator: &str| batches.create(locator.to_owned()).source_system(SDK);
    let batch = bench.golden("create batch", &[], create(ECHO)).await.unwrap();
    let version = format!("version/{}", version_of(handle).await);
    bench.golden("create batch by version id", &[], create(&version)).await.unwrap();
    let bearing = [What::Body("/acceptable_error_percentage", "1")
        .because("1 - 0.99 is a hundredth, whatever floats make of it")];
    let call = create(ECHO).accuracy(0.99);
    bench.golden("create batch that bears a hundredth", &bearing, call).await.unwrap();
    let name = "the vendor's own collection of requests has this name";
    let options = [
        What::Body("/max_input_in_mb", "10.5").because(name),
        What::Body("/max_input_size_in_mb", "null").because(name),
        What::Renamed("/max_output_size_in_mb", "max_output_in_mb").because(name),
        What::Body("/max_output_in_mb", "20.0").because("sizes are floats"),
    ];
    let call = batches.create(ECHO).active_since("2025-06-01").subservices(["s1", "s2"]);
    let call = call.selected_outputs("value").call_purpose("Recording").source_system("wire");
    let call = call.correlation_id("corr-b").unique_record_key(["k1", "k2"]).min_runners(10);
    let call = call.max_runners(100).chunks_per_vm(2).runners_per_vm(2).accuracy(0.9);
    let call = call.max_input_size(10.5).max_output_size(20.0);
    bench.golden("create batch with options", &options, call).await.unwrap();
    bench.golden("batches", &[], batches.describe()).await.unwrap();
    bench.golden("batch", &[], batch.info()).await.unwrap();
    bench.golden("batch status", &[], batch.status()).await.unwrap();
    let inputs = json!([{"value": 42}, {"value": 43}]);
    bench.golden("push inputs", &[UNSET], batch.push(inputs)).await.unwrap();
    let counted = What::Body("/chunks/0/size", "2").because("the head row of a table is no record");
    let table = json!([["value", "b"], [1, "x"], [2, "y"]]);
    bench.golden("push table", &[UNSET, counted], batch.push(table)).await.unwrap();
    bench.golden("push data", &[], batch.push_data(data())).await.unwrap();
    let chunk = Chunk::new(data()).id("wire-chunk-a");
    bench.golden("push chunks", &[], batch.push_chunks([chunk])).await.unwrap();
    bench.golden("pull two", &[], batch.pull().max_chunks(2)).await.unwrap();
    bench.golden("pull", &[], batch.pull()).await.unwrap();
    bench.golden("dispose batch", &[], batch.dispose()).await.unwrap();
    let other = create(ECHO).await.unwrap();
    bench.golden("cancel batch", &[], other.cancel()).await.unwrap();
}
