//! Where the official client has a defect, this one does not.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul_simulator::Fault;
use longhaul_simulator::spark::TOKEN;
use serde_json::{Value, json};

use super::support::{
    ECHO, TAX, asked, builder, failure, faulty, refused, says, simulator, start, start_with,
};

#[tokio::test]
async fn an_awaited_update_is_sent_and_can_clear_a_field() {
    let (_simulator, client) = start().await;
    let made = client.folders().create("mine").description("text").await.unwrap();
    let id = made.id.unwrap();
    client.folders().update(&id).description("").await.unwrap();
    assert_eq!(client.folders().get("mine").await.unwrap().description.as_deref(), Some(""));
}

#[tokio::test]
async fn a_folder_that_exists_is_a_conflict_and_says_so() {
    let (_simulator, client) = start().await;
    client.folders().create("mine").cover("image").await.unwrap();
    let error = failure(client.folders().create("mine")).await;
    assert!(error.is_conflict(), "{error}");
    says(&error, ErrorKind::Status, &["PRODUCT_ALREADY_EXISTS"]);
    assert_eq!(error.code(), Some("PRODUCT_ALREADY_EXISTS"));
}

#[tokio::test]
async fn errors_inside_successes_are_errors_in_every_version() {
    let third = r#"{"status":"Error","response_data":null,
        "error":{"error_type":"error.x","message":"NOT_TODAY"}}"#;
    let fault = || Fault::status(200).with_body(third).path("/my-tenant/api/v3/**");
    let (_simulator, client) = faulty(fault()).await;
    let services = client.services();
    for error in [
        failure(services.execute(ECHO)).await,
        failure(services.validate(ECHO)).await,
        failure(services.exists(ECHO)).await,
        failure(services.get_metadata(ECHO)).await,
        failure(services.get_schema("version/x")).await,
        failure(services.get_swagger(ECHO)).await,
        failure(services.search().collect_all()).await,
        failure(services.recompile(ECHO)).await,
        failure(services.upload("wire-folder", "s", "PK")).await,
        failure(client.logs().rehydrate(ECHO, "id")).await,
        failure(client.wasm().download(ECHO).reader()).await,
    ] {
        says(&error, ErrorKind::Status, &["spark ", "NOT_TODAY"]);
        assert_eq!((error.status(), error.code()), (Some(200), Some("error.x")));
    }
    let first = r#"{"status":"Error","data":null,"message":null,"errorCode":"NOT_TODAY"}"#;
    let fault = Fault::status(200).with_body(first).path("/api/v1/**");
    let (_simulator, client) = faulty(fault).await;
    let services = client.services();
    for error in [
        failure(client.folders().find().collect_all()).await,
        failure(client.folders().delete("id")).await,
        failure(client.folders().upload_cover("id", "x")).await,
        failure(client.platform().get_config()).await,
        failure(services.delete(ECHO)).await,
        failure(services.get_schema(ECHO)).await,
        failure(services.get_versions(ECHO)).await,
        failure(services.download(ECHO).reader()).await,
    ] {
        says(&error, ErrorKind::Status, &["NOT_TODAY"]);
        assert_eq!((error.status(), error.code()), (Some(200), Some("NOT_TODAY")));
    }
}

#[tokio::test]
async fn a_failed_upload_keeps_its_status_and_its_body() {
    let fault = Fault::status(413).path("**/upload");
    let (_simulator, client) = faulty(fault).await;
    let error = failure(client.services().upload("wire-folder", "s", "PK")).await;
    assert_eq!(error.status(), Some(413));
    assert!(error.body().is_some() && error.operation() == Some("upload_service"));
}

#[tokio::test]
async fn every_status_keeps_its_number() {
    for status in [400, 404, 405, 409, 413, 415, 418, 422, 501] {
        let (_simulator, client) = faulty(Fault::status(status)).await;
        let error = failure(client.services().execute(ECHO)).await;
        assert_eq!(error.status(), Some(status));
    }
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_retry_after_is_heeded() {
    let fault = Fault::status(503).path("**/execute").first(2);
    let (handle, client) = faulty(fault).await;
    client.services().execute(ECHO).await.unwrap();
    assert_eq!(asked(&handle, "/execute").len(), 3);
    let fault = Fault::status(429).retry_after(1).path("**/execute").once();
    let (_simulator, client) = faulty(fault).await;
    let started = std::time::Instant::now();
    client.services().execute(ECHO).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn what_makes_something_is_not_done_twice() {
    let fault = Fault::reset_after().method("POST");
    let (handle, client) = faulty(fault).await;
    let services = client.services();
    for error in [
        failure(client.folders().create("mine")).await,
        failure(services.upload("wire-folder", "s", "PK")).await,
        failure(services.recompile(ECHO)).await,
        failure(client.impex().exports().create().services([ECHO])).await,
        failure(client.impex().imports().create("PK").destination(ECHO)).await,
        failure(client.logs().download(ECHO).call_ids(["x"])).await,
    ] {
        assert!(error.may_have_happened(), "{error}");
        assert!(error.to_string().contains("look before trying again") || error.attempts() <= 1);
    }
    assert_eq!(handle.request_count(), 6);
}

#[tokio::test]
async fn a_repeated_deletion_that_finds_nothing_has_done_its_work() {
    let (_simulator, client) = faulty(Fault::reset_after().method("DELETE").once()).await;
    client.services().delete(ECHO).await.unwrap();
    assert!(!client.services().exists(ECHO).await.unwrap());
    assert!(failure(client.services().delete(ECHO)).await.is_not_found());
}

#[tokio::test]
async fn credentials_stay_at_home() {
    let (_simulator, client) = start().await;
    let (elsewhere, _) = start().await;
    let url = format!("{}/signed/file.zip?signature=very-secret", elsewhere.url());
    let error = failure(client.files().document(&url).reader()).await;
    let text = format!("{error} {error:?} {:?}", client.files().document(&url));
    assert!(!text.contains("very-secret"), "{text}");
    let requests = elsewhere.requests();
    assert!(!requests.is_empty());
    for request in requests {
        for name in ["authorization", "x-synthetic-key", "x-tenant-name"] {
            assert_eq!(request.header(name), None);
        }
    }
}

#[tokio::test]
async fn a_link_that_an_answer_names_elsewhere_gets_no_credential() {
    let (elsewhere, _) = start().await;
    let url = format!("{}/file.xlsx?signature=very-secret", elsewhere.url());
    let fault = Fault::set("/response_data/download_url", url).path("**/download/xml/*");
    let (_simulator, client) = faulty(fault).await;
    let call = client.services().execute(ECHO).await.unwrap().meta.call_id.unwrap();
    let workbook = client.logs().rehydrate(ECHO, call).await.unwrap();
    let error = failure(workbook.reader()).await;
    assert!(!format!("{error} {error:?}").contains("very-secret"), "{error}");
    assert!(elsewhere.requests().iter().all(|one| one.header("authorization").is_none()));
}

#[tokio::test]
async fn files_of_our_own_server_get_the_credential_and_go_on_where_they_broke() {
    let (handle, client) = start().await;
    let call = client.services().execute(ECHO).await.unwrap().meta.call_id.unwrap();
    handle.fault(Fault::truncate(3).path("/docstore/**").once());
    let workbook = client.logs().rehydrate(ECHO, call).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let stored = workbook.download_to(folder.path().join("x.xlsx")).await.unwrap();
    assert!(std::fs::read(stored.path).unwrap().starts_with(b"PK"));
    for request in handle.requests().iter().filter(|one| one.path.starts_with("/docstore")) {
        assert_eq!(request.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    }
    let missing = client.files().document(format!("{}/no-such-file", handle.url()));
    assert!(failure(missing.reader()).await.is_not_found());
}

#[tokio::test]
async fn the_service_chain_is_where_the_platform_puts_it() {
    let chain = json!([{"service_name": "first"}]);
    let fault = Fault::set("/response_data/service_chain", chain);
    let (_simulator, client) = faulty(fault).await;
    let answer = client.services().execute(ECHO).await.unwrap();
    assert_eq!(answer.service_chain[0].service_name.as_deref(), Some("first"));
}

#[tokio::test]
async fn signs_in_names_do_not_change_the_address() {
    let (handle, client) = start().await;
    let folders = client.folders();
    for name in ["a?b", "a#b", "a/b", "a%20b", "a&b=c", "\u{e9} \u{5e9}", "a+b"] {
        handle.clear_requests();
        let made = folders.create(name).await.unwrap();
        assert_eq!(made.name.as_deref(), Some(name));
        assert!(folders.exists(name).await.unwrap(), "{name}");
        let locator = longhaul::spark::ServiceLocator::named(name, "s?#/");
        assert!(!client.services().exists(&locator).await.unwrap());
    }
}

#[tokio::test]
async fn a_list_of_one_record_goes_to_version_4_and_none_is_refused() {
    let (handle, client) = start().await;
    client.services().execute(ECHO).records([json!({"value": 1})]).await.unwrap();
    assert_eq!(asked(&handle, "/api/v4/execute").len(), 1);
    let nobody: [Value; 0] = [];
    refused(&handle, &["no record"], client.services().execute(ECHO).records(nobody)).await;
}

#[tokio::test]
async fn inputs_of_transforms_are_sent_as_they_are() {
    let (handle, client) = start().await;
    for inputs in [json!([]), json!(0), json!(false), json!("")] {
        handle.clear_requests();
        let apply = client.services().transform(ECHO, &inputs).using("wire-folder", "t");
        // What the simulator makes of them does not matter here.
        let _ = apply.await;
        assert_eq!(handle.requests()[0].text(), inputs.to_string());
        assert!(handle.requests()[0].path.contains("/transforms/wire-folder/t/for/"));
    }
}

#[tokio::test]
async fn a_filter_for_false_is_a_filter() {
    let (handle, client) = start().await;
    client.folders().find().favorite(false).collect_all().await.unwrap();
    let search = &handle.requests()[0].json()["search"];
    assert_eq!(search, &json!([{"field": "isstarred", "value": false}]));
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_an_error_that_says_so() {
    let (_simulator, client) = faulty(Fault::garbage()).await;
    assert_eq!(failure(client.services().execute(ECHO)).await.kind(), ErrorKind::Decode);
    let (_simulator, client) = faulty(Fault::html()).await;
    says(&failure(client.services().execute(ECHO)).await, ErrorKind::Decode, &["HTML"]);
    let fault = Fault::set("/response_data", "{oops").path("**/getexecutionhistorybycallid/*");
    let (_simulator, client) = faulty(fault).await;
    let error = failure(client.logs().get("id")).await;
    says(&error, ErrorKind::Decode, &["get_call_log", "log of the call"]);
}

#[tokio::test]
async fn the_tenant_is_named_where_the_path_does_not() {
    let (handle, client) = start().await;
    client.services().get_versions(ECHO).await.unwrap();
    client.services().download(ECHO).reader().await.unwrap();
    for request in handle.requests() {
        assert_eq!(request.header("x-tenant-name"), Some("my-tenant"), "{}", request.path);
    }
}

#[tokio::test]
async fn default_dates_are_ten_years_apart() {
    let (handle, client) = start().await;
    client.folders().create("mine").await.unwrap();
    let form: std::collections::HashMap<_, _> =
        url::form_urlencoded::parse(&handle.requests()[0].body).into_owned().collect();
    let day = |name: &str| form[name].trim_end_matches("T00:00:00").parse().unwrap();
    let (start, launch): (chrono::NaiveDate, chrono::NaiveDate) =
        (day("StartDate"), day("LaunchDate"));
    assert_eq!(start.checked_add_months(chrono::Months::new(120)), Some(launch));
}

#[tokio::test]
async fn a_file_is_only_there_when_it_is_complete() {
    let fault = Fault::truncate(5).path("/api/v1/product/**/download/");
    let (_simulator, client) = faulty(fault).await;
    let folder = tempfile::tempdir().unwrap();
    let error = failure(client.services().download(ECHO).download_to(folder.path())).await;
    assert!(error.is_retryable(), "{error}");
    assert!(!folder.path().join("wire-service.xlsx").exists());
}

#[tokio::test]
async fn clients_for_two_tenants_stay_apart() {
    let (handle, client) = start_with(simulator().tenant("live")).await;
    let other = longhaul::spark::Client::builder().base_url(format!("{}/live", handle.url()));
    let other = other.bearer_token(TOKEN).build().unwrap();
    client.folders().create("only-here").await.unwrap();
    assert!(!other.folders().exists("only-here").await.unwrap());
    let open = builder(&handle).open().build().unwrap();
    assert!(failure(open.services().execute(TAX)).await.is_unauthorized());
}
