//! Every method of the client sends what the official client sends for the same action.
//!
//! Where it differs on purpose, the reason stands beside the case.

mod batches;
mod jobs;
mod services;

use longhaul::Result;
use longhaul::spark::{Client, Document, hybrid};
use longhaul::transfer::Content;
use longhaul_simulator::Handle;
use longhaul_simulator::spark::{API_KEY, CLIENT, TOKEN};
use serde_json::{Value, json};

use super::manners::Spark;
use super::support::{ECHO, RHYTHM, builder, simulator, start_with};
use super::wire::{Bench, Differs, What};
use batches::batches;
use jobs::{exports, folders, imports, logs, transforms};
use services::{changes, executions, looks, records, validations};

/// The name under which the official client calls.
const SDK: &str = "Spark Python SDK";

const BYTES: &str = "the type of a file is not guessed from its name";
const FILE: Differs =
    What::Body("/multipart/1/content_type", "\"application/octet-stream\"").because(BYTES);
const ONE_FILE: Differs =
    What::Body("/multipart/0/content_type", "\"application/octet-stream\"").because(BYTES);

/// The operations that no method needs, with the reason.
const UNUSED: [(&str, &[&str]); 4] = [
    ("the service stands in the path instead of the body", &["execute_tenant", "execute_uri"]),
    ("a version's id alone is enough", &["get_service_version_schema"]),
    ("the official client posts", &["rehydrate_call_legacy_get"]),
    ("tokens are the platform's to check", &["list_signing_keys"]),
];

#[tokio::test]
async fn every_method_sends_what_the_official_client_sends() {
    let (handle, client) = start_with(simulator()).await;
    let mut bench = Bench::new(&handle, &Spark);
    Box::pin(platform(&mut bench, &handle, &client)).await;
    Box::pin(credentials(&mut bench, &handle)).await;
    Box::pin(executions(&mut bench, &handle, &client)).await;
    Box::pin(records(&mut bench, &client)).await;
    Box::pin(validations(&mut bench, &client, &handle)).await;
    Box::pin(transforms(&mut bench, &client)).await;
    Box::pin(looks(&mut bench, &handle, &client)).await;
    Box::pin(batches(&mut bench, &handle, &client)).await;
    Box::pin(logs(&mut bench, &client)).await;
    Box::pin(exports(&mut bench, &client)).await;
    Box::pin(imports(&mut bench, &client)).await;
    Box::pin(runner(&mut bench, &handle)).await;
    Box::pin(changes(&mut bench, &client)).await;
    Box::pin(folders(&mut bench, &handle)).await;
    bench.finish(126, &UNUSED);
}

async fn read(document: Document) -> Result<()> {
    document.bytes(1 << 20).await.map(drop)
}

fn version_of(handle: &Handle) -> impl Future<Output = String> + use<> {
    let client = builder(handle).bearer_token(TOKEN).build().unwrap();
    async move {
        let versions = client.services().get_versions(ECHO).await.unwrap();
        versions[0].id.clone().unwrap()
    }
}

async fn platform(bench: &mut Bench<'_>, handle: &Handle, client: &Client) {
    let open = builder(handle).open().build().unwrap();
    assert!(bench.golden("health", &[], async { open.health().ok().await }).await.unwrap());
    let platform = client.platform();
    let config = bench.golden("configuration", &[], platform.get_config()).await.unwrap();
    assert_eq!(config.integer("Batch_Chunk_Size"), Some(100));
    bench.golden("full configuration", &[], platform.get_full_config()).await.unwrap();
    let with_key = builder(handle).api_key(API_KEY).build().unwrap().platform();
    let refused = bench.golden("configuration with an API key", &[], with_key.get_config()).await;
    assert!(refused.unwrap_err().is_unauthorized());
}

async fn credentials(bench: &mut Bench<'_>, handle: &Handle) {
    let execute = |client: &Client, inputs: Value| {
        client.services().execute(ECHO).source_system(SDK).inputs(inputs)
    };
    let keyed = |key: &str| builder(handle).api_key(key.to_owned()).build().unwrap();
    let call = execute(&keyed(API_KEY), json!({"value": 1}));
    bench.golden("execute with an API key", &[], call).await.unwrap();
    let call = execute(&keyed("invalid-key"), json!({}));
    let refused = bench.golden("execute with a wrong API key", &[], call).await;
    assert!(refused.unwrap_err().is_unauthorized());
    let open = builder(handle).open().build().unwrap();
    let services = open.services();
    let call = services.execute("public/wire-folder/wire-service").source_system(SDK);
    bench.golden("execute in public", &[], call).await.unwrap();
    let id = version_of(handle).await;
    let call = services.execute(format!("public/version/{id}")).source_system(SDK);
    bench.golden("execute a version in public", &[], call).await.unwrap();
    let call = services.execute("public/wire-folder/wire-service").source_system(SDK);
    let call = call.records([json!({"value": 1}), json!({"value": 2})]);
    bench.golden("execute records in public", &[], call).await.unwrap();
    let oauth = builder(handle).oauth(CLIENT.0, CLIENT.1).build().unwrap();
    let none = [What::NoHeader("authorization").because("there is no token yet to send")];
    let wanted: [(&str, &[Differs]); 2] = [("token", &none), ("execute with OAuth", &[])];
    bench.goldens(&wanted, execute(&oauth, json!({}))).await.unwrap();
}

/// A package for a runner.
async fn exported(handle: &Handle) -> bytes::Bytes {
    let client = builder(handle).bearer_token(TOKEN).build().unwrap();
    let new = client.impex().exports().create().services([ECHO]).file_filter("onpremises");
    let mut export = new.await.unwrap();
    let files = export.wait().every(RHYTHM).await.unwrap().files();
    files[0].document.bytes(1 << 20).await.unwrap()
}

async fn runner(bench: &mut Bench<'_>, handle: &Handle) {
    let bare = [What::NoHeader("x-tenant-name").because("an empty name names no tenant")];
    let open = hybrid::Client::builder().base_url(handle.url()).build().unwrap();
    bench.golden("runner health", &bare, open.health()).await.unwrap();
    bench.golden("runner version", &bare, open.version()).await.unwrap();
    bench.golden("runner status", &bare, open.status()).await.unwrap();
    let url = format!("{}/my-tenant", handle.url());
    let runner = hybrid::Client::builder().base_url(url).bearer_token(TOKEN).build().unwrap();
    let services = runner.services();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.zip");
    std::fs::write(&path, exported(handle).await).unwrap();
    let upload = services.upload(Content::file(&path).await.unwrap());
    bench.golden("runner upload", &[ONE_FILE], upload).await.unwrap();
    let one = json!({"value": 1});
    let call = services.execute(ECHO).source_system(SDK).inputs(&one);
    bench.golden("runner execute", &[], call).await.unwrap();
    let call = services.execute(ECHO).source_system(SDK);
    let call = call.records([json!({"value": 1}), json!({"value": 2})]);
    bench.golden("runner execute records", &[], call).await.unwrap();
    let version = version_of(handle).await;
    let call = services.validate(format!("version/{version}")).inputs(&one).extra("m", 1);
    let call = call.validation_type("dynamic");
    bench.golden("runner validate", &[], call).await.unwrap();
    let service = handle.id_of(ECHO).unwrap();
    let call = services.get_metadata(format!("service/{service}"));
    bench.golden("runner metadata", &[], call).await.unwrap();
}
