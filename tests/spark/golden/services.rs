//! Services: executed, looked at, made and deleted.

use longhaul::spark::{Client, Compilation};
use longhaul_simulator::Handle;
use serde_json::json;

use super::{FILE, SDK, read, version_of};
use crate::support::{ECHO, RHYTHM};
use crate::wire::{Bench, What};

pub(super) async fn executions(bench: &mut Bench<'_>, handle: &Handle, client: &Client) {
    let services = client.services();
    let execute = |locator: &str| services.execute(locator.to_owned()).source_system(SDK);
    let one = json!({"value": 1});
    let call = execute(ECHO).inputs(json!({"value": 42}));
    let answer = bench.golden("execute", &[], call).await.unwrap();
    assert_eq!(answer.outputs, json!({"value": 42}));
    let call = services.execute(ECHO).inputs(&one).active_since("2025-06-01");
    let call = call.call_purpose("Recording").source_system("wire").correlation_id("corr-1");
    let call = call.tables_as_array(["t1", "t2"]).compiler_type("Xconnector").debug_solve(true);
    let call = call.downloadable(true).selected_outputs(["value", "other"]);
    let call = call.outputs_filter("value#").echo_inputs(true).subservices(["sub1", "sub2"]);
    bench.golden("execute with options", &[], call.extra("custom", 1)).await.unwrap();
    let version = version_of(handle).await;
    let by_version = execute(&format!("version/{version}")).inputs(&one);
    bench.golden("execute a version", &[], by_version).await.unwrap();
    let service = handle.id_of(ECHO).unwrap();
    let by_id = execute(&format!("service/{service}")).inputs(&one);
    bench.golden("execute by service id", &[], by_id).await.unwrap();
    let number = [What::Body("/request_meta/version", "\"0.1.0\"")
        .because("the simulated service has another version")];
    let by_number = execute("wire-folder/wire-service[0.1.0]").inputs(&one);
    bench.golden("execute a version by number", &number, by_number).await.unwrap();
    let proxied = execute("proxy/to-wire-service").inputs(&one);
    bench.golden("execute through a proxy", &[], proxied).await.unwrap();
    let unknown = execute("wire-folder/no-such-service");
    let error = bench.golden("execute what does not exist", &[], unknown).await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    let odd = execute("wire folder \u{e9}/svc & more").inputs(&one);
    assert!(bench.golden("execute odd names", &[], odd).await.is_err());
    for operation in ["execute_public_service_by_id", "execute_public_proxy"] {
        let locator = match operation {
            "execute_public_proxy" => "public/proxy/to-wire-service".to_owned(),
            _ => format!("public/service/{service}"),
        };
        bench.spec(operation, execute(&locator)).await.unwrap();
    }
}

pub(super) async fn records(bench: &mut Bench<'_>, client: &Client) {
    let services = client.services();
    let call = services.execute(ECHO).source_system(SDK).active_since("2025-06-01");
    let call = call.call_purpose("Recording").correlation_id("corr-4").subservices(["sub1"]);
    let call = call.selected_outputs(["value"]);
    let call = call.records([json!({"value": 42}), json!({"value": 43})]);
    let answer = bench.golden("execute records with options", &[], call).await.unwrap();
    assert_eq!(answer.records()[1].outputs, json!({"value": 43}));
    let version = services.get_versions(ECHO).await.unwrap()[0].id.clone().unwrap();
    let id = services.execute(ECHO).await.unwrap().meta.service_id.unwrap();
    let call = services.execute(format!("service/{id}")).source_system(SDK);
    let answer = bench.golden("execute a table", &[], call.table(["value"], [[1], [2]])).await;
    assert_eq!(answer.unwrap().records()[1].outputs, json!({"value": 2}));
    let call = services.execute(format!("version/{version}")).source_system(SDK);
    let call = call.records([json!({"value": 1})]);
    bench.golden("execute records of a version", &[], call).await.unwrap();
    let call = services.execute("wire-folder/no-such-service").source_system(SDK);
    let call = call.records([json!({})]);
    let error = bench.golden("execute records of what does not exist", &[], call).await;
    assert!(error.unwrap_err().is_not_found());
}

pub(super) async fn validations(bench: &mut Bench<'_>, client: &Client, handle: &Handle) {
    let services = client.services();
    let validate = |locator: &str| services.validate(locator.to_owned()).source_system(SDK);
    let one = json!({"value": 1});
    let call = validate(ECHO).inputs(&one).validation_type("dynamic");
    bench.golden("validate", &[], call).await.unwrap();
    bench.golden("validate defaults", &[], validate(ECHO).inputs(&one)).await.unwrap();
    let version = version_of(handle).await;
    let call = validate(&format!("version/{version}"));
    bench.golden("validate a version", &[], call).await.unwrap();
    let service = handle.id_of(ECHO).unwrap();
    let places = [
        ("validate_service_by_id", format!("service/{service}")),
        ("validate_public_service", format!("public/{ECHO}")),
        ("validate_public_service_by_id", format!("public/service/{service}")),
        ("validate_public_version", format!("public/version/{version}")),
    ];
    for (operation, locator) in &places {
        bench.spec(operation, validate(locator)).await.unwrap();
    }
}

pub(super) async fn looks(bench: &mut Bench<'_>, handle: &Handle, client: &Client) {
    let services = client.services();
    assert!(bench.golden("service exists", &[], services.exists(ECHO)).await.unwrap());
    let nope = services.exists("wire-folder/nope");
    assert!(!bench.golden("service does not exist", &[], nope).await.unwrap());
    let version = version_of(handle).await;
    let by_version = format!("version/{version}");
    let by_id = format!("service/{}", handle.id_of(ECHO).unwrap());
    bench.golden("schema", &[], services.get_schema(ECHO)).await.unwrap();
    let schema = services.get_schema(by_version.clone());
    bench.golden("schema of a version", &[], schema).await.unwrap();
    let nope = services.get_schema("wire-folder/nope");
    let nope = bench.golden("schema of what does not exist", &[], nope).await;
    assert!(nope.unwrap_err().is_not_found());
    bench.golden("metadata", &[], services.get_metadata(ECHO)).await.unwrap();
    let metadata = services.get_metadata(by_id.clone());
    bench.golden("metadata by service id", &[], metadata).await.unwrap();
    let metadata = services.get_metadata(by_version.clone());
    bench.golden("metadata of a version", &[], metadata).await.unwrap();
    let metadata = services.get_metadata(format!("public/{ECHO}"));
    bench.golden("metadata in public", &[], metadata).await.unwrap();
    bench.golden("versions", &[], services.get_versions(ECHO)).await.unwrap();
    bench.golden("swagger", &[], services.get_swagger(ECHO)).await.unwrap();
    let file = services.get_swagger(ECHO).subservice("sub1").version_id(&version).document();
    bench.golden("swagger file of a version", &[], read(file)).await.unwrap();
    let size = [What::Body("/request_data/page_size", "100")
        .because("a list of any length comes in pages of a bounded size")];
    let search = services.search().filter("foldername", "wire-folder").collect_all();
    assert_eq!(bench.golden("search", &size, search).await.unwrap().len(), 2);
    let search = services.search().fields(["id"]).extra("extra_flag", true);
    let search = search.page_size(1).max_items(1).collect_all();
    bench.golden("search with options", &[], search).await.unwrap();
    let workbook = services.download(ECHO).document();
    bench.golden("download workbook", &[], read(workbook)).await.unwrap();
    let workbook = services.download(ECHO).version_id(&version).file_name("x.xlsx").configured();
    let workbook = read(workbook.document());
    bench.golden("download workbook of a version", &[], workbook).await.unwrap();
    let list = services.list("wire-folder").collect_all();
    assert_eq!(bench.golden("services of a folder", &[], list).await.unwrap().len(), 2);
    modules(bench, client, [ECHO, &by_id, &by_version]).await;
    others(bench, client, [&by_id, &by_version], &version).await;
}

async fn modules(bench: &mut Bench<'_>, client: &Client, places: [&str; 3]) {
    let names = ["module", "module by service id", "module of a version"];
    for (name, place) in names.into_iter().zip(places) {
        let module = client.wasm().download(place);
        bench.golden(name, &[], read(module)).await.unwrap();
    }
    let public = client.wasm().download(format!("public/{ECHO}"));
    bench.golden("module in public", &[], read(public)).await.unwrap();
    let operations = ["download_public_service_by_id_wasm", "download_public_version_wasm"];
    for (operation, place) in operations.into_iter().zip(&places[1..]) {
        let module = client.wasm().download(format!("public/{place}"));
        bench.spec(operation, read(module)).await.unwrap();
    }
}

/// What the official client's methods can build and nobody recorded.
async fn others(bench: &mut Bench<'_>, client: &Client, places: [&str; 2], version: &str) {
    let services = client.services();
    for (operation, place) in ["check_service_by_id", "check_version"].into_iter().zip(places) {
        let place = place.to_owned();
        let _ = bench.spec(operation, services.exists(place)).await;
    }
    let operations = ["get_public_service_by_id_metadata", "get_public_version_metadata"];
    for (operation, place) in operations.into_iter().zip(places) {
        let metadata = services.get_metadata(format!("public/{place}"));
        bench.spec(operation, metadata).await.unwrap();
    }
    let swagger = services.get_swagger(ECHO).version_id(version);
    bench.spec("get_version_swagger", swagger).await.unwrap();
    let file = services.get_swagger(ECHO).document();
    bench.spec("download_swagger", read(file)).await.unwrap();
    let calls = client.logs().find(ECHO).unwrap().collect_all();
    assert!(!bench.spec("list_service_calls", calls).await.unwrap().is_empty());
}

/// Making, changing and deleting services.
pub(super) async fn changes(bench: &mut Bench<'_>, client: &Client) {
    let services = client.services();
    let day = |text: &str| text.parse().unwrap();
    let (start, end) = (day("2025-01-01"), day("2035-01-01"));
    let upload = services.upload("wire-folder", "wire-service", "PK workbook");
    let upload = upload.start_date(start).end_date(end);
    let mut compilation: Compilation =
        bench.golden("upload service", &[FILE], upload).await.unwrap();
    bench.golden("compilation", &[], compilation.get_status()).await.unwrap();
    compilation.wait().every(RHYTHM).await.unwrap();
    let publish = services.publish(&compilation).start_date(start).end_date(end);
    let publish = publish.label("first").release_notes("notes").tags(["a", "b"]);
    bench.golden("publish", &[], publish.track_user(true)).await.unwrap();
    let label =
        [What::Renamed("/request_data/label", "versionLabel")
            .because("this is the documented name")];
    let recompile = services.recompile(ECHO).upgrade("minor").compiler("Neuron_v1.13.0");
    let recompile = recompile.release_notes("notes").label("recompiled").tags(["t1", "t2"]);
    let recompile = recompile.start_date(start).end_date(end);
    bench.golden("recompile", &label, recompile).await.unwrap();
    bench.golden("delete service", &[], services.delete(ECHO)).await.unwrap();
    let gone = bench.golden("delete service that is gone", &[], services.delete(ECHO)).await;
    assert!(gone.unwrap_err().is_not_found());
}
