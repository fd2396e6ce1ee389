//! Batches from their creation to their end.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Client, chunk, spark};

#[tokio::test]
async fn chunks_come_back_with_their_ids_and_outputs() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/tax", json!({"correlation_id": "c"})).await;
    assert_eq!(client.status(&batch).await["batch_status"], "created");
    let table = json!({"id": "b", "size": 9, "data": {
        "inputs": [["price", "tax"], [10, 0.5], [2, null]], "parameters": {"tax": 7},
        "summary": {"aggregation": [{"output_name": "total", "operator": "SUM"}]},
    }});
    let records = json!({"id": "a", "data": {
        "inputs": [{"price": 1}, {"price": 4, "tax": 1}], "parameters": {"tax": 0.25},
    }});
    let (status, pushed) = client.push(&batch, json!([records, table])).await;
    assert_eq!((status.as_u16(), &pushed["record_submitted"]), (200, &json!(4)), "{pushed}");
    assert_eq!(pushed["batch_status"], "in_progress");
    client.reaches(&batch, "records_completed", json!(4)).await;
    let pulled = client.pull(&batch, "").await;
    assert_eq!(
        pulled["data"],
        json!([
            {
                "id": "a", "summary_output": [[]],
                "outputs": [{"total": 1.25, "net": 1}, {"total": 8, "net": 4}],
                "warnings": [null, null], "errors": [null, null], "process_time": [1, 1],
            },
            {
                "id": "b", "summary_output": [["total"], [17]],
                "outputs": [["total", "net"], [15, 10], [2, 2]],
                "warnings": [null, null], "errors": [null, null], "process_time": [1, 1],
            },
        ])
    );
    assert_eq!(pulled["status"]["records_available"], 0);
    assert_eq!(client.pull(&batch, "").await["data"], Value::Null, "a pull is destructive");
}

#[tokio::test]
async fn work_is_done_by_the_clock() {
    let simulator = spark().rate(1000.0).start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    let records: Vec<_> = (0..50).map(|n| json!({"n": n})).collect();
    let chunks = json!([chunk("a", json!(records)), chunk("b", json!(records))]);
    let (_, pushed) = client.push(&batch, chunks).await;
    assert_eq!(pushed["records_completed"], 0);
    assert_eq!(pushed["pipeline_status"], "processing");
    assert!(pushed["workers_in_use"].as_u64() > Some(0) && pushed["input_buffer_used_bytes"] != 0);
    tokio::time::sleep(Duration::from_millis(130)).await;
    let status = client.status(&batch).await;
    assert_eq!(
        (&status["records_completed"], &status["compute_time_ms"]),
        (&json!(100), &json!(100))
    );
    assert_eq!(status["chunks_available"], 2);
    let watch = simulator.spark().expect("Spark");
    assert_eq!((watch.records_computed(), watch.live_batches()), (100, vec![batch]));
}

#[tokio::test]
async fn pulls_are_bounded() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    let chunks: Vec<_> = (0..220).map(|n| chunk(&n.to_string(), json!([{"n": n}]))).collect();
    client.push(&batch, json!(chunks)).await;
    client.reaches(&batch, "chunks_available", json!(220)).await;
    let count = |pulled: &Value| pulled["data"].as_array().map_or(0, Vec::len);
    assert_eq!(count(&client.pull(&batch, "").await), 50);
    assert_eq!(count(&client.pull(&batch, "?max=2").await), 2);
    assert_eq!(count(&client.pull(&batch, "?max_chunks=3").await), 3);
    assert_eq!(count(&client.pull(&batch, "?max=500").await), 100);
    let path = format!("v4/batch/{batch}/chunkresults?max=0");
    assert_eq!(client.call("GET", &path, None).await.0, 400);
}

#[tokio::test]
async fn closing_drains_and_cancelling_discards() {
    let simulator = spark().rate(20.0).start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    client.push(&batch, json!([chunk("a", json!([{"n": 1}, {"n": 2}]))])).await;
    let (status, closed) = client.patch(&batch, "closed").await;
    assert_eq!((status.as_u16(), &closed["data"]["batch_status"]), (200, &json!("closed")));
    assert_eq!(client.push(&batch, json!([chunk("b", json!([{}]))])).await.0, 400);
    client.reaches(&batch, "batch_status", json!("completed")).await;
    assert_eq!(client.pull(&batch, "").await["data"][0]["id"], "a");

    let batch = client.batch("f/echo", json!({})).await;
    client.push(&batch, json!([chunk("a", json!([{"n": 1}, {"n": 2}]))])).await;
    assert_eq!(client.patch(&batch, "cancelled").await.1["data"]["batch_status"], "cancelled");
    tokio::time::sleep(Duration::from_millis(130)).await;
    let status = client.status(&batch).await;
    assert_eq!(
        (&status["records_available"], &status["records_completed"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(client.pull(&batch, "").await["data"], Value::Null);
    assert_eq!(client.patch(&batch, "closed").await.0, 400);
    assert_eq!(client.patch(&batch, "paused").await.0, 400);
    assert!(simulator.spark().expect("Spark").live_batches().is_empty());
}

#[tokio::test]
async fn a_failed_record_leaves_the_others_alone() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({"acceptable_error_percentage": 40})).await;
    let summary = |ignore: bool| {
        let sum = json!([{"output_name": "n", "operator": "sum"}]);
        json!({"ignore_error": ignore, "aggregation": sum})
    };
    let inputs = json!([{"n": 1}, {"n": "boom"}, {"n": 3}]);
    let table = json!([["n"], [1], ["boom"], [3]]);
    let chunks = json!([
        {"id": "r", "data": {"inputs": inputs, "summary": summary(true)}},
        {"id": "t", "data": {"inputs": table, "summary": summary(false)}},
    ]);
    client.push(&batch, chunks).await;
    client.reaches(&batch, "records_completed", json!(6)).await;
    let data = client.pull(&batch, "").await["data"].clone();
    assert_eq!(data[0]["outputs"], json!([{"n": 1}, null, {"n": 3}]));
    assert_eq!(data[1]["outputs"], json!([["n"], [1], null, [3]]));
    assert_eq!((&data[0]["errors"][0], &data[0]["errors"][2]), (&Value::Null, &Value::Null));
    assert_eq!(data[0]["errors"][1][0]["error_type"], "error.calculation_error");
    assert_eq!(data[0]["summary_output"], json!([["n"], [4]]));
    assert_eq!(data[1]["summary_output"], json!([["n"], [null]]));
    let details = client.get(&format!("v4/batch/{batch}")).await;
    assert_eq!(details["data"]["summary"]["records_failed"], 2);
    assert_eq!(details["data"]["batch_status"], "in_progress");
}

#[tokio::test]
async fn too_many_failed_records_end_a_batch() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({"acceptable_error_percentage": 20})).await;
    let good = || chunk("good", json!([{"n": 1}, {"n": 2}]));
    let bad = chunk("bad", json!([{"n": "boom"}, {"n": 2}]));
    client.push(&batch, json!([good(), bad, good()])).await;
    client.reaches(&batch, "records_completed", json!(6)).await;
    assert_eq!(client.status(&batch).await["batch_status"], "in_progress", "one of six is few");
    let bad = chunk("worse", json!([{"n": "boom"}]));
    client.push(&batch, json!([bad, good()])).await;
    let status = client.reaches(&batch, "batch_status", json!("failed")).await;
    assert_eq!(status["records_completed"], 7, "nothing is computed after that");
    assert_eq!(client.push(&batch, json!([good()])).await.0, 400);
    assert_eq!(client.pull(&batch, "").await["data"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn a_chunk_that_is_sent_twice_is_computed_twice() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    client
        .push(&batch, json!([chunk("a", json!([{"n": 1}])), chunk("b", json!([{"n": 1}]))]))
        .await;
    client.push(&batch, json!([chunk("a", json!([{"n": 1}]))])).await;
    client.push(&batch, json!([{"data": {"inputs": [{"n": 1}]}}])).await;
    client.reaches(&batch, "records_completed", json!(4)).await;
    client.pull(&batch, "?max=1").await;
    let watch = simulator.spark().expect("Spark");
    let chunks = watch.chunks(&batch);
    let tally = |id: &str| (chunks[id].pushed, chunks[id].computed, chunks[id].pulled);
    assert_eq!((tally("a"), tally("b")), ((2, 2, 1), (1, 1, 0)));
    assert_eq!((chunks.len(), watch.records_computed()), (3, 4), "a chunk without an id gets one");
}

#[tokio::test]
async fn batches_are_described_together() {
    let simulator = spark().rate(10.0).start().await.expect("started");
    let client = Client::new(&simulator);
    let ended = client.batch("f/echo", json!({})).await;
    client.patch(&ended, "cancelled").await;
    let live = client.batch("f/echo", json!({"max_input_in_mb": 2, "max_output_size": 0.5})).await;
    client.push(&live, json!([chunk("a", json!([{"n": 1}]))])).await;
    let all = client.get("v4/batch/status").await;
    assert_eq!(all["in_progress_batches"][0]["id"], json!(live));
    assert_eq!(all["recent_batches"][0]["id"], json!(ended));
    assert_eq!(all["recent_batches"][0]["data"]["batch_status"], "cancelled");
    let tenant = &all["tenant"];
    assert_eq!(tenant["configuration"]["input_buffer_allocated_bytes"], 2_000_000);
    assert_eq!(tenant["configuration"]["output_buffer_allocated_bytes"], 500_000);
    assert_eq!(tenant["status"]["input_buffer_used_bytes"], r#"[{"n":1}]"#.len());
    assert_eq!(tenant["status"]["workers_in_use"], 1);
}
