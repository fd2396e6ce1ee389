//! The API call history and its downloads.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, answer, spark};

async fn executed(client: &Client) -> String {
    let meta = json!({"source_system": "wire", "correlation_id": "c", "call_purpose": "Recording"});
    let body = json!({"request_data": {"inputs": {"price": 7}}, "request_meta": meta});
    let answer = client.post("v3/folders/f/services/tax/execute", body).await;
    answer["response_meta"]["call_id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_call_can_be_looked_up() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let call = executed(&client).await;
    let path = format!("v3/log/getexecutionhistorybycallid/{call}");
    let text = client.get(&path).await["response_data"].as_str().expect("text").to_owned();
    let log: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&log["EngineCallId"], &log["Tenant"]), (&json!(call), &json!("my-tenant")));
    assert_eq!(log["EngineDetails"]["request_data"]["inputs"]["price"], 7);
    assert_eq!(log["EngineDetails"]["response_data"]["outputs"]["net"], 7);
    let unknown = client.get("v3/log/getexecutionhistorybycallid/unknown").await;
    assert_eq!(unknown["response_data"], "null");
    let rows = client.post("/api/v1/product/f/engines/tax/logs", json!({"page": 1})).await;
    assert_eq!((&rows["count"], &rows["data"][0]["callPurpose"]), (&json!(1), &json!("Recording")));
}

#[tokio::test]
async fn workbooks_of_calls_need_no_credential() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let call = executed(&client).await;
    let path = format!("v3/folders/f/services/tax/download/xml/{call}");
    let link = client.post(&path, json!({})).await;
    assert_eq!(link["status"], Value::Null);
    let url = link["response_data"]["download_url"].as_str().expect("a link");
    let (status, file) = answer(client.bare(Method::GET, url)).await;
    assert_eq!((status.as_u16(), file), (200, json!("PK simulated workbook")));
    let other = format!("v3/folders/f/services/echo/download/xml/{call}");
    assert_eq!(client.call("POST", &other, Some(&json!({}))).await.0, 400);

    let records = json!({"service": "f/tax", "inputs": [{}, {}]});
    let list = client.post("v4/execute", records).await["call_id"].clone();
    let path = format!("v3/folders/f/services/tax/download/{}", list.as_str().expect("an id"));
    assert_eq!(client.call("GET", &format!("{path}?index=1"), None).await.0, 200);
    assert_eq!(client.call("POST", &format!("{path}?index=2"), Some(&json!({}))).await.0, 400);
}

#[tokio::test]
async fn logs_are_packed_by_the_clock() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let call = executed(&client).await;
    executed(&client).await;
    let logs = "v3/folders/f/services/tax/log";
    for (kind, wanted) in [("json", json!([call])), ("csv", json!(["wire"]))] {
        let body = json!({"request_data": {"call_ids": wanted, "start_date": "2020-01-01"}});
        let started = client.post(&format!("{logs}/download{kind}"), body).await;
        let job = started["response_data"]["job_id"].as_str().expect("an id");
        let path = format!("{logs}/download{kind}/status/{job}");
        let done = client.until(&path, |answer| answer["response_data"]["progress"] == 100).await;
        let url = done["response_data"]["download_url"].as_str().expect("a link");
        let request = client.bare(Method::GET, url);
        let file = request.send().await.expect("an answer").bytes().await.expect("a file");
        assert!(file.starts_with(b"PK\x03\x04"), "{kind}");
        let name = if kind == "json" { format!("{call}.json") } else { "calls.csv".to_owned() };
        assert!(file.windows(name.len()).any(|part| part == name.as_bytes()), "{kind}");
    }
}
