//! Executions by both APIs, validation, metadata.

use std::io::Write;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, answer, spark};

#[tokio::test]
async fn one_record_is_computed_however_the_service_is_named() {
    let simulator = spark().proxy("to/tax", "f/tax").start().await.expect("started");
    let client = Client::new(&simulator);
    let id = simulator.id_of("f/tax").expect("an id");
    let inputs = json!({"request_data": {"inputs": {"price": 10, "tax": 0.2}}});
    let by_name = client.post("v3/folders/f/services/tax/execute", inputs.clone()).await;
    assert_eq!(by_name["response_data"]["outputs"], json!({"total": 12, "net": 10}));
    let version = by_name["response_meta"]["version_id"].as_str().expect("an id").to_owned();
    let paths = [
        format!("v3/service/{id}"),
        format!("v3/version/{version}"),
        "v3/proxy/to/tax".to_owned(),
        "v3/Folders/f/SERVICES/tax/Execute/".to_owned(),
    ];
    for path in &paths {
        let answer = client.post(path, inputs.clone()).await;
        assert_eq!(answer["response_data"], by_name["response_data"], "{path}");
    }
    for name in ["f/tax", "folders/f/services/tax", "f/tax[0.1.0]"] {
        let mut named = inputs.clone();
        named["request_meta"] = json!({"service_uri": name});
        let answer = client.post("v3/execute", named).await;
        assert_eq!(answer["response_data"], by_name["response_data"], "{name}");
    }
}

#[tokio::test]
async fn options_of_one_record() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let path = "v3/folders/f/services/tax/execute";
    let meta = json!({
        "requested_output": "net, other", "response_data_inputs": true, "correlation_id": "c",
    });
    let body = json!({"request_data": {"inputs": {"price": 3}}, "request_meta": meta});
    let answer = client.post(path, body).await;
    assert_eq!(answer["response_data"]["outputs"], json!({"net": 3}));
    assert_eq!(answer["response_data"]["inputs"], json!({"price": 3}));
    assert_eq!(answer["response_meta"]["correlation_id"], "c");
    let defaults = client.post(path, json!({})).await;
    assert_eq!(defaults["response_data"]["outputs"], json!({"total": 0, "net": 0}));
    for (value, message) in [("boom", "#BOOM!"), ("x", "#VALUE! price is not a number")] {
        let body = json!({"request_data": {"inputs": {"price": value}}});
        let failed = client.post(path, body).await;
        assert_eq!(failed["response_data"]["outputs"], Value::Null);
        assert_eq!(failed["response_data"]["errors"][0]["message"], message);
    }
    let wrong = json!({"request_meta": {"version": "7.0.0"}});
    let (status, error) = client.call("POST", path, Some(&wrong)).await;
    assert_eq!((status.as_u16(), &error["error"]["message"]), (400, &json!("VERSION_NOT_FOUND")));
}

#[tokio::test]
async fn lists_and_tables_are_computed_in_their_form() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let inputs = json!([{"price": 1, "tax": 1}, {"price": "boom"}]);
    let list = client.post("v4/execute", json!({"service": "f/tax", "inputs": inputs})).await;
    assert_eq!(list["outputs"], json!([{"total": 2, "net": 1}, null]));
    assert_eq!((&list["errors"][0], &list["process_time"]), (&Value::Null, &json!([1, 1])));
    assert_eq!(list["errors"][1][0]["error_category"], "calculation_error");
    let inputs = json!([["price", "tax"], [1, 1], [2, 0.5]]);
    let body = json!({"service": "f/tax", "inputs": inputs, "output": "total"});
    let table = client.post("v4/execute", body).await;
    assert_eq!(table["outputs"], json!([["total"], [2], [3]]));
    let body = json!({"service": "f/echo", "inputs": [["b", "a"], [1, "x"]], "output": "a"});
    assert_eq!(client.post("v4/execute", body).await["outputs"], json!([["a"], ["x"]]));
    let default = client.post("v4/execute", json!({"service": "f/tax"})).await;
    assert_eq!(default["outputs"], json!([{"total": 0, "net": 0}]));
    let missing = json!({"service": "f/nothing", "inputs": [{}]});
    let (status, error) = client.call("POST", "v4/execute", Some(&missing)).await;
    let known = json!({
        "type": "invalid_input", "code": "SERVICE_NOT_FOUND", "message": "The service is not found",
    });
    assert_eq!((status.as_u16(), error), (404, known));
}

#[tokio::test]
async fn an_unknown_encoding_and_a_damaged_body_are_refused() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    for (encoding, status) in [("br", 415), ("gzip", 400), ("deflate", 400)] {
        let request = client.request(Method::POST, "/my-tenant/api/v4/execute");
        let request = request.header("Content-Encoding", encoding).body("{}");
        assert_eq!(answer(request).await.0.as_u16(), status, "{encoding}");
    }
}

#[tokio::test]
async fn a_service_tells_about_itself() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let service = "v3/folders/f/services/tax";
    let valid = json!({"request_meta": {"validation_type": "dynamic"}});
    let answer = client.post(&format!("{service}/validation"), valid).await;
    let price = &answer["response_data"]["outputs"]["price"];
    assert_eq!(
        (&price["validation_type"], &price["validation_allow"]),
        (&json!("dynamic"), &json!("Decimal"))
    );
    let metadata = client.get(&format!("{service}/metadata")).await;
    assert_eq!(metadata["response_data"]["outputs"]["Metadata.ServiceName"], "tax");
    let schema = client.get("/api/v1/product/f/engines/get/tax").await;
    assert_eq!(schema["xlOutputs"][1]["name"], "net");
    let swagger = client.get(&format!("{service}/downloadswagger/All/False/")).await;
    assert_eq!(swagger["info"]["title"], "tax");
}

#[tokio::test]
async fn a_compressed_body_is_answered_in_kind() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let body = json!({"service": "f/tax", "inputs": [{"price": 5}], "output": "net"});
    packed.write_all(body.to_string().as_bytes()).expect("packed");
    let request = client.request(Method::POST, "/my-tenant/api/v4/execute");
    let request = request.header("Content-Encoding", "gzip").body(packed.finish().expect("packed"));
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let bytes = answer.bytes().await.expect("a body");
    let answer: Value = serde_json::from_reader(GzDecoder::new(&bytes[..])).expect("JSON");
    assert_eq!(answer["outputs"], json!([{"net": 5}]));
}
