//! What is refused before anything is sent, with a sentence that helps.

use chrono::NaiveDate;
use longhaul::spark::{Client, Destination, FolderId, Transform};
use longhaul_simulator::Handle;
use serde_json::json;

use super::support::{ECHO, refused, start};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const LATER: &str = "2025-01-02";
const EARLIER: &str = "2025-01-01";

#[tokio::test]
async fn locators_that_name_nothing() {
    let (handle, client) = start().await;
    let services = client.services();
    for locator in ["", "folder", "folder/", "/service", "a/b/c"] {
        let words = ["names no service", "folder/service"];
        refused(&handle, &words, services.execute(locator)).await;
        refused(&handle, &words, services.execute(locator).records([json!({})])).await;
        refused(&handle, &words, services.validate(locator)).await;
        refused(&handle, &words, services.exists(locator)).await;
        refused(&handle, &words, services.delete(locator)).await;
        refused(&handle, &words, services.recompile(locator)).await;
        refused(&handle, &words, services.download(locator).reader()).await;
        refused(&handle, &words, client.wasm().download(locator).reader()).await;
        refused(&handle, &words, client.logs().rehydrate(locator, "id")).await;
        refused(&handle, &words, client.logs().download(locator).call_ids(["id"])).await;
    }
}

#[tokio::test]
async fn locators_that_the_operation_has_no_place_for() {
    let (handle, client) = start().await;
    let services = client.services();
    let versioned = format!("{ECHO}[1.0.0]");
    refused(&handle, &["version/ID"], services.exists(versioned.clone())).await;
    refused(&handle, &["version/ID"], services.get_metadata(versioned.clone())).await;
    refused(&handle, &["version/ID"], client.wasm().download(versioned.clone()).reader()).await;
    refused(&handle, &["folder/service"], services.delete(versioned.clone())).await;
    refused(&handle, &["folder/service"], services.get_versions("version/x")).await;
    refused(&handle, &["folder/service"], services.get_schema("service/x")).await;
    refused(&handle, &["proxy"], services.validate("proxy/x")).await;
    refused(&handle, &["proxy"], services.exists("proxy/x")).await;
    refused(&handle, &["proxy"], services.execute("proxy/x").records([json!({})])).await;
    let by_id = services.execute("service/x[1.0.0]").records([json!({})]);
    refused(&handle, &["version/ID"], by_id).await;
    let transform = services.transform("version/x", json!({})).using("f", "t");
    refused(&handle, &["folder/service"], transform).await;
    refused(&handle, &["using"], services.transform(ECHO, json!({}))).await;
}

#[tokio::test]
async fn inputs_that_are_none() {
    let (handle, client) = start().await;
    let execute = || client.services().execute(ECHO);
    let nobody: [serde_json::Value; 0] = [];
    refused(&handle, &["no record"], execute().records(nobody)).await;
    refused(&handle, &["no record"], execute().table(["a"], Vec::<[i32; 1]>::new())).await;
    refused(&handle, &["row 2", "1 of 2"], execute().table(["a", "b"], [vec![1, 2], vec![1]]))
        .await;
    refused(&handle, &["`records`"], execute().inputs(json!([{"value": 1}]))).await;
    refused(&handle, &["`records`"], execute().inputs("text")).await;
    let single = execute().downloadable(true).records([json!({})]);
    refused(&handle, &["one record"], single).await;
    let keys = std::collections::BTreeMap::from([((1, 2), 3)]);
    refused(&handle, &["cannot become JSON"], execute().inputs(keys)).await;
}

#[tokio::test]
async fn folders_without_a_name_or_with_dates_in_disorder() {
    let (handle, client) = start().await;
    let folders = client.folders();
    for name in ["", " ", ".", ".."] {
        refused(&handle, &["no name of a folder"], folders.create(name)).await;
        refused(&handle, &["no name of a folder"], folders.get(name)).await;
        refused(&handle, &["no name of a folder"], folders.exists(name)).await;
        refused(&handle, &["no id of a folder"], folders.delete(name)).await;
        refused(&handle, &["no id of a folder"], folders.update(name).description("x")).await;
        refused(&handle, &["no id of a folder"], folders.upload_cover(name, "x")).await;
        refused(&handle, &["category"], folders.categories().delete(name)).await;
    }
    refused(&handle, &["nothing to change"], folders.update(FolderId::from("x"))).await;
    let turned = folders.create("new").start_date(day(LATER)).launch_date(day(EARLIER));
    refused(&handle, &["2025-01-01 is before"], turned).await;
    let turned = folders.update("x").start_date(day(LATER)).launch_date(day(EARLIER));
    refused(&handle, &["2025-01-01 is before"], turned).await;
    refused(&handle, &["a name and a key"], folders.categories().save(" ")).await;
    let empty = folders.find().page_size(0).collect_all();
    refused(&handle, &["at least 1"], empty).await;
}

#[tokio::test]
async fn uploads_without_names_and_publications_of_nothing() {
    let (handle, client) = start().await;
    let services = client.services();
    for name in ["", ".."] {
        refused(&handle, &["no name of a folder"], services.create(name, "s", "PK")).await;
        refused(&handle, &["no name of a service"], services.upload("f", name, "PK")).await;
    }
    let unnamed = services.upload("f", "s", "PK").file_name(" ");
    refused(&handle, &["name of the workbook"], unnamed).await;
    let turned = services.create("f", "s", "PK").start_date(day(LATER)).end_date(day(EARLIER));
    refused(&handle, &["2025-01-01 is before"], turned).await;
    let turned = services.recompile(ECHO).start_date(day(LATER)).end_date(day(EARLIER));
    refused(&handle, &["2025-01-01 is before"], turned).await;
    let compilation = services.compilation(ECHO, "id").unwrap();
    refused(&handle, &["ids of its files"], services.publish(&compilation)).await;
    let missing = longhaul::transfer::Content::file("no-such-workbook.xlsx").await;
    assert!(missing.is_err());
}

#[tokio::test]
async fn log_downloads_that_mean_nothing_or_two_things() {
    let (handle, client) = start().await;
    let logs = client.logs();
    refused(&handle, &["which calls"], logs.download(ECHO)).await;
    let two = logs.download(ECHO).call_ids(["id"]).correlation_id("c");
    refused(&handle, &["one at a time"], two).await;
    let two = logs.download(ECHO).source_system("s").correlation_id("c");
    refused(&handle, &["one at a time"], two).await;
    refused(&handle, &["empty"], logs.download(ECHO).call_ids([" "])).await;
    let turned = logs.download(ECHO).start_date(day(LATER)).end_date(day(EARLIER));
    refused(&handle, &["is before"], turned).await;
    refused(&handle, &["the id of the call is empty"], logs.get("")).await;
    refused(&handle, &["the id of the call is empty"], logs.rehydrate(ECHO, " ")).await;
    assert!(logs.find("version/x").is_err());
}

#[tokio::test]
async fn exports_and_imports_of_nothing() {
    let (handle, client) = start().await;
    let (exports, imports) = (client.impex().exports(), client.impex().imports());
    refused(&handle, &["name the folders"], exports.create()).await;
    let nothing: [&str; 0] = [];
    refused(&handle, &["name the folders"], exports.create().services(nothing)).await;
    refused(&handle, &["empty"], exports.create().services([""])).await;
    refused(&handle, &["destination"], imports.create("PK")).await;
    refused(&handle, &["empty"], imports.create("PK").destination(" ")).await;
    let nowhere = Destination::from(ECHO).to("");
    refused(&handle, &["empty"], imports.create("PK").destination(nowhere)).await;
    unnamed_jobs(&handle, &client).await;
    let export = || exports.create().services([ECHO]);
    refused(&handle, &["destination"], client.impex().migrate(export(), "out/")).await;
}

async fn unnamed_jobs(handle: &Handle, client: &Client) {
    let mut export = client.impex().exports().of("");
    refused(handle, &["the id of the export is empty"], export.get_status()).await;
    refused(handle, &["the id of the export is empty"], export.cancel()).await;
    let mut import = client.impex().imports().of(" ");
    refused(handle, &["the id of the import is empty"], import.get_status()).await;
}

#[tokio::test]
async fn transforms_that_cannot_be_reached_or_do_nothing() {
    let (handle, client) = start().await;
    let transforms = client.transforms();
    refused(&handle, &["no name of a transform"], transforms.get("f", "")).await;
    refused(&handle, &["no name of a folder"], transforms.delete("..", "t")).await;
    refused(&handle, &["cannot be reached"], transforms.get("list", "t")).await;
    refused(&handle, &["cannot be reached"], transforms.list("validation").collect_all()).await;
    let empty = Transform::nodejs("");
    refused(&handle, &["its program"], transforms.save("f", "t", &empty)).await;
    refused(&handle, &["_transform.json"], transforms.upload("f", "t.json", "{}")).await;
}

#[tokio::test]
async fn addresses_of_files_that_are_none() {
    let (handle, client) = start().await;
    for url in ["ftp://host/x", "https://user:secret@host/x", "http://", "file:///etc/passwd"] {
        let document = client.files().document(url);
        refused(&handle, &["address of the file"], document.reader()).await;
        let shown = format!("{:?} {document:?}", document.reader().await.unwrap_err());
        assert!(!shown.contains("secret"), "{shown}");
    }
}
