//! Batches at their limits: full buffers, idle time, what is refused.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Client, chunk, spark};

#[tokio::test]
async fn a_push_needs_room_in_the_input_buffer() {
    let simulator = spark().rate(10.0).buffers(40, 1000).start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    let ten = json!([{"n": 1234}, {"n": 4}]);
    let (_, pushed) = client.push(&batch, json!([chunk("a", ten.clone())])).await;
    assert_eq!(pushed["input_buffer_used_bytes"], 20);
    assert_eq!(pushed["input_buffer_remaining_bytes"], 20);
    let two = json!([chunk("b", ten.clone()), chunk("c", ten.clone())]);
    let (status, refused) = client.push(&batch, two).await;
    assert_eq!((status.as_u16(), &refused["code"]), (400, &json!("INPUT_BUFFER_FULL")));
    assert_eq!(client.status(&batch).await["chunks_submitted"], 1, "all or nothing");
    assert_eq!(client.push(&batch, json!([chunk("b", ten.clone())])).await.0, 200);
    client.reaches(&batch, "input_buffer_remaining_bytes", json!(40)).await;
    let large = json!([{"text": "longer than the whole buffer is, by a bit"}]);
    let (status, refused) = client.push(&batch, json!([chunk("d", large)])).await;
    assert_eq!((status.as_u16(), &refused["code"]), (400, &json!("CHUNK_TOO_LARGE")));
}

#[tokio::test]
async fn a_full_output_buffer_stops_the_work() {
    let simulator = spark().rate(1000.0).buffers(1000, 25).start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    let chunks: Vec<_> = (0..4).map(|n| chunk(&n.to_string(), json!([{"n": n}]))).collect();
    client.push(&batch, json!(chunks)).await;
    tokio::time::sleep(Duration::from_millis(30)).await;
    let status = client.status(&batch).await;
    assert_eq!((&status["chunks_completed"], &status["workers_in_use"]), (&json!(2), &json!(0)));
    assert_eq!(status["output_buffer_remaining_bytes"], 7);
    client.patch(&batch, "closed").await;
    assert_eq!(client.status(&batch).await["batch_status"], "closed");
    assert_eq!(client.pull(&batch, "?max=1").await["data"][0]["id"], "0");
    client.reaches(&batch, "chunks_completed", json!(3)).await;
    client.pull(&batch, "").await;
    client.reaches(&batch, "batch_status", json!("completed")).await;
    assert_eq!(client.pull(&batch, "").await["data"][0]["id"], "3");
}

#[tokio::test]
async fn an_idle_batch_is_closed() {
    let idle = Duration::from_millis(250);
    let simulator = spark().idle_timeout(idle).start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    client.push(&batch, json!([chunk("a", json!([{"n": 1}]))])).await;
    let start = Instant::now();
    while start.elapsed() < idle * 2 {
        client.pull(&batch, "").await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(client.status(&batch).await["batch_status"], "in_progress", "pulls keep it open");
    tokio::time::sleep(idle + Duration::from_millis(2)).await;
    client.reaches(&batch, "batch_status", json!("completed_by_timeout")).await;
    let (status, refused) = client.push(&batch, json!([chunk("b", json!([{"n": 1}]))])).await;
    assert_eq!((status.as_u16(), &refused["code"]), (400, &json!("BATCH_CLOSED")));
}

#[tokio::test]
async fn what_waits_for_too_long_is_gone() {
    let idle = Duration::from_millis(60);
    let simulator = spark().idle_timeout(idle).start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    client.push(&batch, json!([chunk("a", json!([{"n": 1}]))])).await;
    let status = client.reaches(&batch, "batch_status", json!("completed_by_timeout")).await;
    assert_eq!(status["chunks_available"], 1);
    client.reaches(&batch, "chunks_available", json!(0)).await;
    assert_eq!(client.pull(&batch, "").await["data"], Value::Null);
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let batch = client.batch("f/echo", json!({})).await;
    assert_eq!(client.push(&batch, json!([])).await.0, 400);
    assert_eq!(client.push(&batch, json!([{"id": "a"}])).await.0, 400);
    assert_eq!(client.push(&batch, json!([chunk("a", json!({"n": 1}))])).await.0, 400);
    assert_eq!(client.call("GET", "v4/batch/unknown/status", None).await.0, 404);
    for body in [json!({"service": "f/nothing"}), json!({"service": "f/echo[9.9.9]"}), json!({})] {
        assert_eq!(client.call("POST", "v4/batch", Some(&body)).await.0, 404, "{body}");
    }
    let wrong = json!({"service": "f/echo", "acceptable_error_percentage": 101});
    assert_eq!(client.call("POST", "v4/batch", Some(&wrong)).await.0, 400);
    for service in ["folders/f/services/echo", "f/echo[0.1.0]"] {
        client.batch(service, json!({})).await;
    }
    client.batch(&simulator.id_of("f/echo").expect("an id"), json!({})).await;
}
