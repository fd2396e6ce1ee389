//! Catalogs: listed, made, changed and deleted, and their passwords kept.

use longhaul::ErrorKind;
use longhaul::bodo::{Catalog, CatalogDetails, CatalogType, Workspace};
use longhaul_simulator::Fault;
use serde_json::json;

use super::failure::{failure, says};
use super::shown::Shown;
use super::support::{fast, sent, start, start_with};

const CATALOGS: &str = "/api/v1/catalogs";
const EACH: &str = "/api/v1/catalogs/*";
const CANARY: &str = "canary-password-0123";

fn snowflake() -> CatalogDetails {
    let details = CatalogDetails::snowflake("account", "user", "fake-password");
    details.warehouse("WH").database("DB").schema("PUBLIC").user_role("ROLE").port(443)
}

async fn create(workspace: &Workspace, name: &str) -> Catalog {
    workspace.catalogs().create(name, snowflake()).await.expect("a catalog")
}

#[tokio::test]
async fn a_snowflake_catalog_is_sent_as_the_official_client_does() {
    let (handle, workspace) = start().await;
    let create = workspace.catalogs().create("MyCatalog", snowflake());
    let catalog = create.description("a catalog").await.unwrap();
    let expected = json!({
        "name": "MyCatalog", "description": "a catalog", "catalogType": "SNOWFLAKE",
        "data": {
            "port": 443, "schema": "PUBLIC", "database": "DB", "userRole": "ROLE",
            "username": "user", "warehouse": "WH", "accountName": "account",
            "password": "fake-password",
        },
    });
    assert_eq!(sent(&handle, "POST", CATALOGS)[0].json(), expected);
    let got = workspace.catalogs().get(catalog.id()).await.unwrap();
    assert_eq!(got.name(), Some("MyCatalog"));
    assert_eq!(got.catalog_type(), Some(&CatalogType::Snowflake));
    let data = got.data().unwrap().data.clone().expect("details are filled from the answer");
    assert_eq!(data.account_name.as_deref(), Some("account"));
}

#[tokio::test]
async fn details_of_another_kind_are_kept_as_they_are() {
    let (handle, workspace) = start().await;
    let details = json!({"region": "us-east-2", "deep": {"a": [1, 2.5, null]}});
    let glue = CatalogDetails::other("GLUE", &details).unwrap();
    let catalog = workspace.catalogs().create("Other", glue).await.unwrap();
    assert_eq!(sent(&handle, "POST", CATALOGS)[0].json()["data"], details);
    let data = workspace.catalogs().get(catalog.id()).await.unwrap();
    let data = data.data().unwrap().data.clone().unwrap();
    assert_eq!(data.extra["deep"], details["deep"]);
}

#[tokio::test]
async fn catalogs_are_found_by_name_and_id_and_nobody_by_nothing() {
    let (handle, workspace) = start_with(fast().catalog("First").catalog("Second")).await;
    let catalogs = workspace.catalogs();
    let all = catalogs.list().await.unwrap();
    assert_eq!(all.len(), 2);
    let second = catalogs.by_name("Second").await.unwrap().expect("it is there");
    assert_eq!(second.id(), all[1].id());
    assert!(catalogs.by_name("Third").await.unwrap().is_none());
    let by_id = catalogs.list().ids([all[0].id(), all[1].id()]).names(["First"]).await.unwrap();
    assert_eq!(by_id.len(), 1);
    handle.clear_requests();
    assert!(catalogs.list().names(Vec::<String>::new()).await.unwrap().is_empty());
    assert!(catalogs.list().ids(Vec::<String>::new()).await.unwrap().is_empty());
    assert!(handle.requests().is_empty());
}

#[tokio::test]
async fn a_server_that_ignores_the_name_gives_no_wrong_catalog() {
    let (handle, workspace) = start_with(fast().catalog("First").catalog("Second")).await;
    let everything = workspace.catalogs().list().await.unwrap();
    let everything: Vec<_> = everything.iter().filter_map(Catalog::data).collect();
    let body = serde_json::to_string(&everything).unwrap();
    handle.fault(Fault::body("application/json", body).on("GET", CATALOGS));
    let found = workspace.catalogs().by_name("Second").await.unwrap().unwrap();
    assert_eq!(found.name(), Some("Second"));
    assert!(workspace.catalogs().by_name("Third").await.unwrap().is_none());
}

#[tokio::test]
async fn a_change_keeps_what_was_not_set_and_never_loses_the_password() {
    let (handle, workspace) = start().await;
    let catalog = create(&workspace, "MyCatalog").await;
    let error = failure(catalog.update().description("changed")).await;
    says(&error, ErrorKind::InvalidInput, &["`details`"]);
    assert!(sent(&handle, "PUT", catalog.id().as_str()).is_empty());

    let changed = catalog.update().description("changed").details(snowflake()).await.unwrap();
    let put = sent(&handle, "PUT", catalog.id().as_str())[0].json();
    assert_eq!((&put["uuid"], &put["name"]), (&json!(catalog.id().as_str()), &json!("MyCatalog")));
    assert_eq!(
        (&put["description"], &put["catalogType"]),
        (&json!("changed"), &json!("SNOWFLAKE"))
    );
    assert_eq!(put["data"]["password"], "fake-password");
    assert_eq!(changed.data().unwrap().description.as_deref(), Some("changed"));

    let glue = CatalogDetails::other("GLUE", json!({"region": "us-east-2"})).unwrap();
    let other = workspace.catalogs().create("Other", glue).await.unwrap();
    other.update().name("Renamed").await.unwrap();
    let put = sent(&handle, "PUT", other.id().as_str())[0].json();
    assert_eq!(put["data"], json!({"region": "us-east-2"}));
}

#[tokio::test]
async fn catalogs_are_deleted_one_by_one_and_all_at_once() {
    let (handle, workspace) = start().await;
    let id = create(&workspace, "one").await.id().clone();
    workspace.catalog(&id).delete().await.unwrap();
    assert!(failure(workspace.catalog(&id).delete()).await.is_not_found());
    create(&workspace, "two").await;
    create(&workspace, "three").await;
    for id in ["", "."] {
        let error = failure(workspace.catalog(id).delete()).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "an empty id would delete all");
    }
    assert_eq!(workspace.catalogs().list().await.unwrap().len(), 2);
    workspace.catalogs().delete_all().await.unwrap();
    assert!(workspace.catalogs().list().await.unwrap().is_empty());
    assert_eq!(sent(&handle, "DELETE", CATALOGS).len(), 1);
}

#[tokio::test]
async fn catalogs_that_cannot_be_are_refused_before_a_request() {
    let (handle, workspace) = start().await;
    let catalogs = workspace.catalogs();
    let refusals = [
        (failure(catalogs.create("", snowflake())).await, "the name of the catalog"),
        (failure(catalogs.by_name(" ")).await, "the name of the catalog"),
        (failure(catalogs.create("x", CatalogDetails::snowflake("", "u", "p"))).await, "account"),
        (failure(catalogs.create("x", CatalogDetails::snowflake("a", "", "p"))).await, "user"),
        (failure(catalogs.create("x", CatalogDetails::snowflake("a", "u", ""))).await, "password"),
        (failure(workspace.catalog("x").update().name("")).await, "the name of the catalog"),
        (CatalogDetails::other("GLUE", [1]).unwrap_err(), "no JSON object"),
    ];
    for (error, words) in &refusals {
        says(error, ErrorKind::InvalidInput, &[words]);
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_by_the_platform() {
    let (_handle, workspace) = start_with(fast().catalog("taken")).await;
    let error = failure(workspace.catalogs().create("taken", snowflake())).await;
    assert!(error.is_conflict() && !error.may_have_happened());
    says(&error, ErrorKind::Status, &["taken", "already exists"]);
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_says_where_to_look() {
    let (handle, workspace) = start().await;
    handle.fault(Fault::reset_after().on("POST", CATALOGS));
    let error = failure(workspace.catalogs().create("lost", snowflake())).await;
    says(&error, ErrorKind::Interrupted, &["`catalogs().by_name`", "`lost`"]);
    assert_eq!(sent(&handle, "POST", CATALOGS).len(), 1);
}

#[tokio::test]
async fn passwords_and_unknown_details_show_nowhere() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let (handle, workspace) = start().await;
    let details = || CatalogDetails::snowflake("account", "user", CANARY);
    let glue = || CatalogDetails::other("GLUE", json!({"accessGrant": CANARY})).unwrap();
    shown.add(&details());
    shown.add(&glue());
    shown.add(&workspace.catalogs().create("x", details()));
    let catalog = workspace.catalogs().create("x", details()).await.unwrap();
    let other = workspace.catalogs().create("y", glue()).await.unwrap();
    shown.add(&[&catalog, &other]);
    shown.add(&workspace.catalogs().list().await.unwrap());
    shown.add(&catalog.update().details(details()));
    let echo = json!({"statusCode": 400, "message": format!("with {CANARY} nobody gets in")});
    handle.fault(Fault::status(400).with_body(echo.to_string()).on("POST", CATALOGS));
    handle.fault(Fault::status(400).with_body(echo.to_string()).on("PUT", EACH));
    shown.error(&failure(workspace.catalogs().create("z", details())).await);
    shown.error(&failure(workspace.catalogs().create("z", glue())).await);
    shown.error(&failure(catalog.update().details(details())).await);
    shown.error(&failure(other.update().name("z")).await);
    let text = shown.text();
    assert!(text.contains("with *** nobody gets in"), "nothing was shown");
    assert!(!text.contains(CANARY), "a secret is in the log, an error or debug output");
}
