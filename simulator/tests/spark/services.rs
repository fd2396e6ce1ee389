//! Services from the upload of a workbook to their deletion.

use std::time::Duration;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Client, answer, spark};

const NEW: &str = "v3/folders/f/services/new";

async fn upload(client: &Client, file_name: &str) -> Value {
    let entity =
        json!({"request_data": {"version_difference": "minor", "extra": "x".repeat(3000)}});
    let file = Part::bytes(b"PK workbook".to_vec()).file_name(file_name.to_owned());
    let form =
        Form::new().text("engineUploadRequestEntity", entity.to_string()).part("serviceFile", file);
    let request = client.request(Method::POST, &format!("/my-tenant/api/{NEW}/upload"));
    let (status, body) = answer(request.multipart(form)).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn compiled(client: &Client, upload: &Value) -> Value {
    let job = upload["response_data"]["nodegen_compilation_jobid"].as_str().expect("an id");
    let path = format!("{NEW}/getcompilationprogess/{job}");
    client.until(&path, |answer| answer["response_data"]["progress"] == 100).await
}

fn publication(upload: &Value) -> Value {
    let engine = &upload["response_data"]["engine_file_documentid"];
    json!({"request_data": {"engine_file_documentid": engine, "version_difference": "minor", "tags": "a,b"}})
}

#[tokio::test]
async fn a_workbook_becomes_a_service() {
    let simulator = spark().pace(Duration::from_millis(60)).start().await.expect("started");
    let client = Client::new(&simulator);
    let uploaded = upload(&client, "double=2*value.xlsx").await;
    let early = client.call("POST", &format!("{NEW}/publish"), Some(&publication(&uploaded))).await;
    assert_eq!(
        (early.0.as_u16(), &early.1["error"]["message"]),
        (400, &json!("SERVICE_NOT_COMPILED"))
    );
    assert_eq!(compiled(&client, &uploaded).await["response_data"]["status"], "Success");
    let published = client.post(&format!("{NEW}/publish"), publication(&uploaded)).await;
    let meta = &uploaded["response_meta"];
    assert_eq!(published["response_data"]["version_id"], meta["version_id"]);
    let body = json!({"request_data": {"inputs": {"value": 21}}});
    let answer = client.post(&format!("{NEW}/execute"), body).await;
    assert_eq!(answer["response_data"]["outputs"], json!({"double": 42}));
    assert_eq!(answer["response_meta"]["service_id"], meta["service_id"]);
    assert_eq!(
        (&answer["response_meta"]["version"], &meta["version"]),
        (&json!("0.1.0"), &json!("0.1.0"))
    );
    let versions = client.get("/api/v1/product/f/engines/getversions/new").await;
    assert_eq!(versions["data"][0]["tags"], "a,b");
    let file =
        client.request(Method::GET, "/api/v1/product/f/engines/new/download/?filename=&type=");
    assert_eq!(crate::support::answer(file).await.1, "PK workbook");
}

#[tokio::test]
async fn a_formula_that_cannot_be_read_fails_the_compilation() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let uploaded = upload(&client, "double=2*.xlsx").await;
    let done = compiled(&client, &uploaded).await;
    assert_eq!(done["response_data"]["status"], "Failed");
    let message = done["response_data"]["last_error_message"].as_str().expect("a message");
    assert!(message.contains("it breaks off"), "{message}");
    let refused =
        client.call("POST", &format!("{NEW}/publish"), Some(&publication(&uploaded))).await;
    assert_eq!(refused.0, 400);
}

#[tokio::test]
async fn versions_are_recompiled_found_and_deleted() {
    let simulator = spark().start().await.expect("started");
    let client = Client::new(&simulator);
    let path = "v3/folders/f/services/echo/RecompileNodgen";
    let made =
        client.post(path, json!({"request_data": {"upgradeType": "major", "label": "l"}})).await;
    assert_eq!(made["response_data"]["revision"], "1.0.0");
    let search = json!({"request_data": {"search": [{"field": "filename", "value": "ECHO"}]}});
    let found = client.post("v3/services/search", search).await;
    assert_eq!(
        (&found["response_meta"]["count"], &found["response_data"][0]["version"]),
        (&json!(1), &json!("1.0.0"))
    );
    let old = client.post("v4/execute", json!({"service": "f/echo[0.1.0]", "inputs": [{}]})).await;
    assert_eq!(old["version"], "0.1.0");
    let rows = client.post("/api/v1/product/f/engines", json!({"page": 1})).await;
    assert_eq!((&rows["count"], &rows["data"][0]["serviceName"]), (&json!(2), &json!("echo")));
    let path = "/api/v1/product/f/engines/delete/echo";
    assert_eq!(client.call("DELETE", path, None).await.0, 200);
    assert_eq!(client.call("DELETE", path, None).await.0, 404);
}
