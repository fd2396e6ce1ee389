//! Transforms in both spellings of their paths.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, answer, spark};

#[tokio::test]
async fn transforms_are_kept() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let document = json!({"transform_type": "JSONtransforms_v1.0.1", "target_api_version": "v3"});
    let body = json!({"transform_content": document.to_string()});
    let valid = client.post("v4/transform/validation", body.clone()).await;
    assert_eq!(
        (&valid["outputs"]["isValid"], &valid["outputs"]["error"]),
        (&json!(true), &Value::Null)
    );
    let wrong = json!({"transform_content": "{"});
    let invalid = client.post("v4/transforms/validation", wrong.clone()).await;
    assert_eq!(invalid["outputs"]["error"][0]["code"], "INVALID_JSON");
    assert_eq!(client.call("POST", "v4/transforms/f/t", Some(&wrong)).await.0, 400);
    let saved = client.post("v4/transforms/f/t", body.clone()).await;
    assert_eq!(saved["outputs"]["transform_uri"], "f/t");
    client.post("v4/transform/f/t", body).await;
    let kept = client.get("v4/transform/f/t").await;
    assert_eq!(kept["outputs"]["transform_document"], document.to_string());
    for list in [json!({"page": 1}), json!({"request_data": {"page": 1}})] {
        let listed = client.post("v4/transforms/list/f", list).await;
        assert_eq!((&listed["count"], &listed["result"][0]["name"]), (&json!(1), &json!("t")));
    }
    assert_eq!(client.call("DELETE", "v4/transforms/f/t", None).await.0, 200);
    assert_eq!(client.call("GET", "v4/transforms/f/t", None).await.0, 404);
}

#[tokio::test]
async fn a_transform_hands_its_body_to_the_service() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let one = client.post("v4/transforms/f/t/for/f/tax", json!({"price": 2})).await;
    assert_eq!(one["response_data"]["outputs"]["net"], 2);
    let path = "/my-tenant/api/v4/transforms/t/for/folders/f/services/tax";
    let request = client.request(Method::POST, path).header("x-meta", r#"'{"output":"net"}'"#);
    let list = answer(request.json(&json!([{"price": 3}]))).await.1;
    assert_eq!(list["outputs"], json!([{"net": 3}]));
    let request = client.request(Method::POST, path);
    let request = request.header("x-request-meta", r#""{\"requested_output\":\"net\"}""#);
    let one = answer(request.json(&json!({"price": 4}))).await.1;
    assert_eq!(one["response_data"]["outputs"], json!({"net": 4}));
}
