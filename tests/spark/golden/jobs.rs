//! Transforms, logs, exports, imports and folders.

use longhaul::spark::{Client, Destination, Export, FileFilter, LogDownload, LogFormat, Transform};
use longhaul_simulator::Handle;
use longhaul_simulator::spark::TOKEN;
use serde_json::{Value, json};

use super::{FILE, SDK, read};
use crate::support::{ECHO, RHYTHM, builder};
use crate::wire::{Bench, Differs, What};

const PLURAL: &str = "the documented paths have the plural";

pub(super) async fn transforms(bench: &mut Bench<'_>, client: &Client) {
    let (services, transforms) = (client.services(), client.transforms());
    let apply = |body: Value| services.transform(ECHO, body).source_system(SDK);
    let raw = json!({"raw": 1});
    let call = apply(raw.clone()).call_purpose("Demo").using_name("my-transform");
    bench.golden("transform by name", &[], call).await.unwrap();
    let call = apply(raw.clone()).using("wire-folder", "my-transform");
    bench.golden("transform", &[], call).await.unwrap();
    let call = apply(json!([1, 2])).using_name("my-transform").many().subservices(["a", "b"]);
    // What the simulator makes of numbers for records does not matter here.
    let _ = bench.golden("transform records", &[], call).await;

    let place = "/my-tenant/api/v4/transforms/wire-folder/my-transform";
    let plural = [What::Path(place).because(PLURAL)];
    let json = Transform::json().inputs("my-jsonata").for_many();
    let save = transforms.save("wire-folder", "my-transform", &json);
    bench.golden("save transform", &plural, save).await.unwrap();
    let get = transforms.get("wire-folder", "my-transform");
    let found = bench.golden("get transform", &plural, get).await.unwrap();
    assert_eq!(found.to_string(), json.to_string());
    let node = Transform::nodejs("async function handler(e){}").extra("x", 1);
    let path = "/my-tenant/api/v4/transforms/wire-folder/node";
    let differs = [What::Path(path).because(PLURAL)];
    let save = transforms.save("wire-folder", "node", &node);
    bench.golden("save program", &differs, save).await.unwrap();
    let list = transforms.list("wire-folder").page_size(10).collect_all();
    let path = "/my-tenant/api/v4/transforms/list/wire-folder";
    let differs = [
        What::Path(path).because(PLURAL),
        What::Unwrapped("/request_data").because("the documented body has no envelope"),
    ];
    assert_eq!(bench.golden("transforms", &differs, list).await.unwrap().len(), 2);
    let other = Transform::json().inputs("a").outputs("b");
    let path = "/my-tenant/api/v4/transforms/validation";
    let differs = [What::Path(path).because(PLURAL)];
    let judged = bench.golden("validate transform", &differs, transforms.validate(&other)).await;
    assert!(judged.unwrap().is_valid);
    let run = transforms.run("wire-folder", "my-transform", &raw);
    bench.spec("run_transform", run).await.unwrap();
    let delete = transforms.delete("wire-folder", "my-transform");
    bench.golden("delete transform", &plural, delete).await.unwrap();
    let gone = transforms.get("wire-folder", "my-transform");
    let gone = bench.golden("get transform that is gone", &plural, gone).await;
    assert!(gone.unwrap_err().is_not_found());
    let upload = transforms.upload("wire-folder", "up_transform.json", other.to_string());
    bench.spec("upload_transform", upload).await.unwrap();
}

pub(super) async fn logs(bench: &mut Bench<'_>, client: &Client) {
    let logs = client.logs();
    let execution = client.services().execute(ECHO).correlation_id("corr-1").await.unwrap();
    let call = execution.meta.call_id.unwrap();
    let version = execution.meta.version_id.unwrap();
    let unknown = "00000000-0000-0000-0000-000000000000";
    assert!(bench.golden("log", &[], logs.get(&call)).await.unwrap().is_some());
    let none = bench.golden("log of an unknown call", &[], logs.get(unknown)).await;
    assert!(none.unwrap().is_none());
    let workbook = bench.golden("rehydrate", &[], logs.rehydrate(ECHO, &call)).await.unwrap();
    bench.golden("rehydrated workbook", &[], read(workbook)).await.unwrap();
    let legacy = logs.rehydrate(ECHO, &call).legacy().index(0);
    bench.golden("rehydrate by the older way", &[], legacy).await.unwrap();
    let error = logs.rehydrate(ECHO, unknown);
    assert!(bench.golden("rehydrate an unknown call", &[], error).await.is_err());

    let day = |text: &str| text.parse().unwrap();
    let job = logs.download(ECHO).call_ids([&call]).version_id(&version);
    let job = job.extra("has_errors", false);
    let job = job.start_date(day("2025-01-01")).end_date(day("2035-01-01"));
    let mut job: LogDownload = bench.golden("download logs", &[], job).await.unwrap();
    bench.golden("log download", &[], job.get_status()).await.unwrap();
    let done = job.wait().every(RHYTHM).await.unwrap().document().unwrap();
    bench.golden("downloaded logs", &[], read(done)).await.unwrap();
    let tables = logs.download(ECHO).format(LogFormat::Csv).source_system("wire");
    let tables = tables.timezone_offset("0");
    let mut tables = bench.golden("download logs as tables", &[], tables).await.unwrap();
    bench.golden("log download of tables", &[], tables.get_status()).await.unwrap();
    let correlated = logs.download(ECHO).correlation_id("corr-1");
    bench.golden("download logs by correlation id", &[], correlated).await.unwrap();
}

pub(super) async fn exports(bench: &mut Bench<'_>, client: &Client) {
    let exports = client.impex().exports();
    let version = client.services().get_versions(ECHO).await.unwrap()[0].id.clone().unwrap();
    let new = exports.create().services([ECHO]).file_filter(FileFilter::Onpremises);
    let new = new.version_filter("all").source_system("wire").correlation_id("corr-e");
    let mut export: Export = bench.golden("export", &[], new).await.unwrap();
    bench.golden("export status", &[], export.get_status()).await.unwrap();
    let files = export.wait().every(RHYTHM).await.unwrap().files();
    bench.golden("package", &[], read(files[0].document.clone())).await.unwrap();
    let new = || exports.create().source_system(SDK);
    let folders = bench.golden("export folders", &[], new().folders(["wire-folder"])).await;
    folders.unwrap().wait().every(RHYTHM).await.unwrap();
    let versions = bench.golden("export versions", &[], new().version_ids([version])).await;
    versions.unwrap().wait().every(RHYTHM).await.unwrap();
    let nothing =
        bench.golden("export what does not exist", &[], new().services(["wire-folder/nope"]));
    assert!(nothing.await.unwrap_err().is_not_found());
    bench.golden("exports", &[], exports.describe()).await.unwrap();
    let mut cancelled = new().services([ECHO]).await.unwrap();
    bench.golden("cancel export", &[], cancelled.cancel()).await.unwrap();
    let mut unknown = exports.of("00000000-0000-0000-0000-000000000000");
    let wait = unknown.wait().every(RHYTHM);
    let error = bench.golden("unknown export", &[], async { wait.await.map(drop) }).await;
    assert!(error.unwrap_err().is_not_found());
}

pub(super) async fn imports(bench: &mut Bench<'_>, client: &Client) {
    let (exports, imports) = (client.impex().exports(), client.impex().imports());
    let mut export = exports.create().services([ECHO]).await.unwrap();
    let files = export.wait().every(RHYTHM).await.unwrap().files();
    let package = files[0].document.bytes(1 << 20).await.unwrap();
    let create = || imports.create(package.clone());
    let new = create().destination(ECHO).if_present("replace").source_system("wire");
    let mut import = bench.golden("import", &[FILE], new.correlation_id("corr-i")).await.unwrap();
    bench.golden("import status", &[], import.get_status()).await.unwrap();
    import.wait().every(RHYTHM).await.unwrap();
    let new = create().destinations([ECHO, ECHO]).source_system(SDK);
    let mut import = bench.golden("import several", &[FILE], new).await.unwrap();
    import.wait().every(RHYTHM).await.unwrap();
    let copy = Destination::from(ECHO).to("wire-folder/copy").upgrade("patch");
    let new = create().destination(copy).source_system(SDK);
    let mut import = bench.golden("import elsewhere", &[FILE], new).await.unwrap();
    import.wait().every(RHYTHM).await.unwrap();
    let broken = imports.create("no zip").destination(ECHO).source_system(SDK);
    let error = bench.golden("import what is no package", &[FILE], broken).await.unwrap_err();
    assert_eq!(error.code(), Some("INVALID_IMPORT_ZIP"));
    bench.golden("imports", &[], imports.describe()).await.unwrap();
}

pub(super) async fn folders(bench: &mut Bench<'_>, handle: &Handle) {
    let client = builder(handle).bearer_token(TOKEN).build().unwrap();
    let folders = client.folders();
    assert!(bench.golden("folder exists", &[], folders.exists("wire-folder")).await.unwrap());
    let days = [
        What::Body("/form/Description", "\"Created by longhaul\"").because("we are another client"),
        What::Body("/form/StartDate", "\"2025-01-01T00:00:00\"").because("a test needs fixed days"),
        What::Body("/form/LaunchDate", "\"2035-01-01T00:00:00\"").because("exactly 10 years later"),
    ];
    let day = |text: &str| text.parse().unwrap();
    let again = folders.create("wire-folder").start_date(day("2025-01-01"));
    let taken = bench.golden("create folder that exists", &days, again).await.unwrap_err();
    assert!(taken.is_conflict(), "{taken}");
    let found = folders.find().name("wire-folder").sort("productName").page_size(1).collect_all();
    let id = bench.golden("find folder", &[], found).await.unwrap()[0].id.clone().unwrap();
    let favorites = folders.find().category("Medical").favorite(true).collect_all();
    bench.golden("find favorite folders", &[], favorites).await.unwrap();
    let name = [What::Body("/multipart/1/filename", "\"cover\"").because("a cover is one")];
    bench.golden("upload cover", &name, folders.upload_cover(&id, "image")).await.unwrap();
    let update = folders.update(&id).description("new").category("Medical");
    let update = update.start_date(day("2025-01-01")).launch_date(day("2026-01-01"));
    bench.golden("update folder", &[], update).await.unwrap();
    let categories = folders.categories();
    bench.golden("categories", &[], categories.list()).await.unwrap();
    let saved = bench.golden("save category", &[], categories.save_as("Wire", "wire-key")).await;
    assert!(saved.unwrap().iter().any(|one| one.key.as_deref() == Some("wire-key")));
    bench.golden("delete category", &[], categories.delete("wire-key")).await.unwrap();
    bench.golden("delete folder", &[], folders.delete(&id)).await.unwrap();
    let unknown = folders.delete("00000000-0000-0000-0000-000000000000");
    let gone = bench.golden("delete folder that is gone", &[], unknown).await;
    assert!(gone.unwrap_err().is_not_found());
    let create = folders.create("wire-folder").description("made by a test");
    let create = create.category("Medical").start_date(day("2025-01-01"));
    let wanted: [(&str, &[Differs]); 2] = [("create folder", &[]), ("created folder", &[])];
    bench.goldens(&wanted, create).await.unwrap();
}
