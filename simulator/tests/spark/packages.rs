//! Exports, imports, modules, and the Hybrid Runner that takes packages.

use longhaul_simulator::spark::Spark;
use longhaul_simulator::{Handle, Simulator};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Client, answer, spark};

async fn start(simulator: Simulator<Spark>) -> (Handle, Client) {
    let simulator = simulator.start().await.expect("started");
    let client = Client::new(&simulator);
    (simulator, client)
}

async fn ended(client: &Client, job: &Value) -> Value {
    let url = job["status_url"].as_str().expect("a link").to_owned();
    for _ in 0..1000 {
        let now = answer(client.request(Method::GET, &url)).await.1;
        if !["created", "in_progress"].contains(&now["status"].as_str().expect("a status")) {
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    panic!("{job} does not end")
}

async fn file(client: &Client, url: &Value) -> Vec<u8> {
    let request = client.bare(Method::GET, url.as_str().expect("a link"));
    request.send().await.expect("an answer").bytes().await.expect("a file").to_vec()
}

async fn exported(client: &Client) -> Vec<u8> {
    let job = client.post("v4/export", json!({"inputs": {"services": ["f/tax"]}})).await;
    let done = ended(client, &job).await;
    assert_eq!(done["status"], "completed", "{done}");
    assert_eq!(done["outputs"]["service_versions"][0]["version_source"], "0.1.0");
    file(client, &done["outputs"]["files"][0]["file"]).await
}

async fn import(client: &Client, package: &[u8], mode: &str, target: &str) -> (u16, Value) {
    let modify = json!([{"service_uri_source": "f/tax", "service_uri_destination": target}]);
    let entity = json!({"inputs": {"services_modify": modify}, "services_existing": mode});
    let part = Part::bytes(package.to_vec()).file_name("package.zip");
    let form = Form::new().text("importRequestEntity", entity.to_string()).part("file", part);
    let request = client.request(Method::POST, "/my-tenant/api/v4/import").multipart(form);
    let (status, job) = answer(request).await;
    match status.as_u16() {
        200 => (200, ended(client, &job).await),
        other => (other, job),
    }
}

#[tokio::test]
async fn a_service_moves_from_one_platform_to_another() {
    let (_from, source) = start(spark()).await;
    let package = exported(&source).await;
    let (_to, target) =
        start(Simulator::spark().service("f/other", "echo".parse().expect("a model"))).await;
    let (_, done) = import(&target, &package, "add_version", "f/moved").await;
    assert_eq!((&done["status"], &done["errors"]), (&json!("completed"), &Value::Null));
    assert_eq!(done["outputs"]["services"][0]["service_uri_destination"], "f/moved");
    let body = json!({"service": "f/moved", "inputs": [{"price": 2, "tax": 1}]});
    assert_eq!(target.post("v4/execute", body).await["outputs"], json!([{"total": 4, "net": 2}]));
}

#[tokio::test]
async fn an_import_does_all_or_nothing() {
    let (_simulator, client) = start(spark()).await;
    let package = exported(&client).await;
    for (mode, target, code) in [
        ("abort", "f/tax", "SERVICE_ALREADY_EXISTS"),
        ("add_version", "nowhere/tax", "FOLDER_NOT_FOUND"),
    ] {
        let (_, done) = import(&client, &package, mode, target).await;
        assert_eq!(
            (&done["errors"][0]["code"], &done["outputs"]["services"]),
            (&json!(code), &json!([]))
        );
    }
    import(&client, &package, "replace", "f/tax").await;
    let versions = client.get("/api/v1/product/f/engines/getversions/tax").await;
    assert_eq!(
        (&versions["data"][0]["revision"], &versions["data"][1]["isActive"]),
        (&json!("0.2.0"), &json!(false))
    );
    let (status, refused) = import(&client, b"no zip", "replace", "f/tax").await;
    assert_eq!((status, &refused["code"]), (500, &json!("INVALID_IMPORT_ZIP")));
}

#[tokio::test]
async fn one_export_runs_at_a_time_and_can_be_cancelled() {
    let (_simulator, client) = start(spark().pace(std::time::Duration::from_secs(60))).await;
    let body = json!({"inputs": {"folders": ["f"]}});
    let job = client.post("v4/export", body.clone()).await;
    assert_eq!(client.call("POST", "v4/export", Some(&body)).await.0, 429);
    let all = client.get("v4/export/status").await;
    assert_eq!(all["tenant"]["status"]["export_api_jobs_in_progress"], 1);
    let path = format!("v4/export/{}", job["id"].as_str().expect("an id"));
    let cancelled =
        client.call("PATCH", &path, Some(&json!({"export_status": "cancelled"}))).await.1;
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(client.get("v4/export/status").await["recent_exports"][0]["id"], job["id"]);
    client.post("v4/export", body).await;
    let (status, error) = client.call("GET", "v4/export/unknown/status", None).await;
    assert_eq!((status.as_u16(), &error["code"]), (500, &json!("INVALID_JOB_ID")));
}

#[tokio::test]
async fn jobs_fail_when_told_to() {
    let (_from, source) = start(spark()).await;
    let package = exported(&source).await;
    let (_simulator, client) = start(spark().failing_exports(true).failing_imports(true)).await;
    let job = client.post("v4/export", json!({"inputs": {"services": ["f/tax"]}})).await;
    let failed = ended(&client, &job).await;
    assert_eq!((&failed["status"], &failed["outputs"]), (&json!("failed"), &Value::Null));
    assert_eq!(failed["errors"][0]["code"], "JOB_FAILED");
    let (_, failed) = import(&client, &package, "add_version", "f/new").await;
    assert_eq!(failed["status"], "failed");
    let exists = client.get("v3/folders/f/services/new/exists").await;
    assert_eq!(exists["response_data"]["is_exists"], false);
}

#[tokio::test]
async fn modules_and_the_hybrid_runner() {
    let (_simulator, client) = start(spark()).await;
    let path = "/my-tenant/api/v3/nodegen/getnodegenzipbyId/folders/f/services/tax";
    let module = client.request(Method::GET, path).send().await.expect("an answer");
    let module = module.bytes().await.expect("a file");
    assert!(module.windows(8).any(|part| part == b"tax.wasm"));
    assert_eq!(client.get("/healthcheck").await, json!({"msg": "ok"}));
    assert_eq!(client.get("/status").await["models"][0]["tenant"], "my-tenant");
    let part = Part::bytes(exported(&client).await).file_name("package.zip");
    let request = client.request(Method::POST, "/api/v3/upload");
    let loaded = answer(request.multipart(Form::new().part("file", part))).await.1;
    let service = &loaded["response_data"][0]["services"][0];
    assert_eq!(service["XInputTable"][0]["Input Name"], "price");
    let body = json!({"request_meta": {"version_id": service["VersionId"]}});
    assert_eq!(client.post("v3/metadata", body.clone()).await["status"], "Success");
    assert_eq!(client.post("v3/validation", body).await["status"], "Success");
}
