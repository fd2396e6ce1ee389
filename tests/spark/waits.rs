//! Jobs that are waited for: they succeed, fail with their reason, or the wait ends in time.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::spark::{Destination, ExportStatus, JobState};
use longhaul_simulator::Fault;

use super::support::{ECHO, RHYTHM, asked, failure, faulty, says, simulator, start, start_with};

const BROKEN: &str = "total=price*(.xlsx";

#[tokio::test]
async fn a_service_is_created_and_calculates() {
    let (handle, client) = start().await;
    let services = client.services();
    let create = services.create("wire-folder", "sum", "PK workbook").file_name("total=a+b.xlsx");
    let made = create.label("first").await.unwrap();
    assert_eq!(made.compilation.state(), JobState::Succeeded);
    assert!(made.version_id.is_some());
    let inputs = serde_json::json!({"a": 1, "b": 2});
    let answer = services.execute("wire-folder/sum").inputs(inputs).await.unwrap();
    assert_eq!(answer.outputs["total"].as_f64(), Some(3.0));
    let published = &asked(&handle, "/publish")[0].json()["request_data"];
    let upload = &made.compilation.upload().unwrap();
    assert_eq!(published["engine_file_documentid"], upload.engine_file_documentid.clone().unwrap());
    assert_eq!(published["version_label"], "first");
}

#[tokio::test]
async fn a_failed_compilation_ends_the_wait_with_the_compilers_message() {
    let (handle, client) = start().await;
    let create = client.services().create("wire-folder", "broken", "PK").file_name(BROKEN);
    let error = failure(create).await;
    says(&error, ErrorKind::Failed, &["compilation", "wire-folder/broken", "failed"]);
    let told = asked(&handle, "/upload").len();
    assert_eq!((told, asked(&handle, "/publish").len()), (1, 0));
    let text = error.to_string();
    assert!(!text.contains("null") && text.contains("formula"), "{text}");
}

#[tokio::test]
async fn a_compilation_that_ends_without_success_has_failed() {
    let fault = Fault::set("/response_data/status", "Unsure").path("**/getcompilationprogess/*");
    let (_simulator, client) = faulty(fault).await;
    let mut job = client.services().upload("wire-folder", "new", "PK").await.unwrap();
    let error = failure(async { job.wait().every(RHYTHM).await.map(drop) }).await;
    says(&error, ErrorKind::Failed, &["its status is `Unsure`"]);
}

#[tokio::test]
async fn an_error_inside_a_status_ends_the_wait() {
    let body = r#"{"status":"Error","response_data":null,
        "error":{"error_type":"error.gone","message":"JOB_LOST"}}"#;
    let fault = Fault::status(200).with_body(body).path("**/getcompilationprogess/*");
    let (handle, client) = faulty(fault).await;
    let mut job = client.services().upload("wire-folder", "new", "PK").await.unwrap();
    let error = failure(async { job.wait().every(RHYTHM).await.map(drop) }).await;
    says(&error, ErrorKind::Status, &["JOB_LOST"]);
    assert_eq!(asked(&handle, job.id().as_str()).len(), 1);
}

#[tokio::test]
async fn every_wait_ends_in_time() {
    let (_simulator, client) = start_with(simulator().pace(Duration::from_secs(60))).await;
    let limit = Duration::from_millis(50);
    let mut job = client.services().upload("wire-folder", "new", "PK").await.unwrap();
    let late = failure(async { job.wait().timeout(limit).await.map(drop) }).await;
    says(&late, ErrorKind::Timeout, &["running"]);
    let create = client.services().create("wire-folder", "new", "PK").timeout(limit);
    says(&failure(create).await, ErrorKind::Timeout, &["running"]);
    let mut export = client.impex().exports().create().services([ECHO]).await.unwrap();
    let late = failure(async { export.wait().timeout(limit).await.map(drop) }).await;
    assert!(late.is_timeout(), "{late}");
    let execution = client.services().execute(ECHO).await.unwrap();
    let call = execution.meta.call_id.unwrap();
    let mut logs = client.logs().download(ECHO).call_ids([call]).await.unwrap();
    let late = failure(async { logs.wait().timeout(limit).await.map(drop) }).await;
    assert!(late.is_timeout(), "{late}");
    assert!(failure(async { logs.document().map(drop) }).await.to_string().contains("no file yet"));
}

#[tokio::test]
async fn a_failed_export_ends_the_wait_with_its_errors() {
    let (_simulator, client) = start_with(simulator().failing_exports(true)).await;
    let mut export = client.impex().exports().create().services([ECHO]).await.unwrap();
    let error = failure(async { export.wait().every(RHYTHM).await.map(drop) }).await;
    says(&error, ErrorKind::Failed, &["export", "`failed`", "The job failed"]);
    assert!(export.files().is_empty());
}

#[tokio::test]
async fn a_cancelled_export_ends_the_wait() {
    let (_simulator, client) = start_with(simulator().pace(Duration::from_secs(1))).await;
    let mut export = client.impex().exports().create().services([ECHO]).await.unwrap();
    export.cancel().await.unwrap();
    assert_eq!(export.status(), ExportStatus::Cancelled);
    let error = failure(async { export.wait().every(RHYTHM).await.map(drop) }).await;
    says(&error, ErrorKind::Failed, &["`cancelled`"]);
    export.wait_for_status(ExportStatus::Cancelled).await.unwrap();
}

#[tokio::test]
async fn an_export_is_downloaded_and_imported() {
    let (_simulator, client) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut export = client.impex().exports().create().services([ECHO]).await.unwrap();
    export.wait().every(RHYTHM).await.unwrap();
    assert!(export.files()[0].file_hash.is_some());
    let stored = export.download_to(folder.path()).await.into_result().unwrap();
    assert!(stored[0].bytes > 0 && !stored[0].is_verified());
    let package = longhaul::transfer::Content::file(&stored[0].path).await.unwrap();
    let new = client.impex().imports().create(package);
    let mut import = new.destination(Destination::from(ECHO).to("wire-folder/copy")).await.unwrap();
    import.wait().every(RHYTHM).await.unwrap();
    assert!(client.services().exists("wire-folder/copy").await.unwrap());
}

#[tokio::test]
async fn an_import_that_completes_with_errors_has_failed() {
    let (_simulator, client) = start().await;
    let mut export = client.impex().exports().create().services([ECHO]).await.unwrap();
    let files = export.wait().every(RHYTHM).await.unwrap().files();
    let package = files[0].document.bytes(1 << 20).await.unwrap();
    let lost = Destination::from(ECHO).to("no-such-folder/x");
    let mut import = client.impex().imports().create(package).destination(lost).await.unwrap();
    let error = failure(async { import.wait().every(RHYTHM).await.map(drop) }).await;
    says(&error, ErrorKind::Failed, &["ended with errors", "FOLDER_NOT_FOUND"]);
}

#[tokio::test]
async fn a_failed_import_ends_the_wait_with_its_errors() {
    let (_simulator, client) = start_with(simulator().failing_imports(true)).await;
    let mut export = client.impex().exports().create().services([ECHO]).await.unwrap();
    let files = export.wait().every(RHYTHM).await.unwrap().files();
    let package = files[0].document.bytes(1 << 20).await.unwrap();
    let mut import = client.impex().imports().create(package).destination(ECHO).await.unwrap();
    let error = failure(async { import.wait().every(RHYTHM).await.map(drop) }).await;
    says(&error, ErrorKind::Failed, &["`failed`", "The job failed"]);
}

#[tokio::test]
async fn services_migrate_into_another_tenant() {
    let (handle, client) = start_with(simulator().tenant("live")).await;
    let live = longhaul::spark::Client::builder()
        .base_url(format!("{}/live", handle.url()))
        .bearer_token(longhaul_simulator::spark::TOKEN)
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let export = client.impex().exports().create().services([ECHO]);
    let migration = client.impex().migrate(export, folder.path()).into_tenant(&live);
    let moved = Destination::from(ECHO).to("wire-folder/moved");
    let done = migration.destination(moved).await.unwrap();
    assert_eq!((done.packages.len(), done.imports.len()), (1, 1));
    assert!(live.services().exists("wire-folder/moved").await.unwrap());
    assert!(!client.services().exists("wire-folder/moved").await.unwrap());
}

#[tokio::test]
async fn a_log_download_that_ends_without_a_file_has_failed() {
    let fault = Fault::set("/response_data/download_url", "").path("**/log/downloadjson/status/*");
    let (_simulator, client) = faulty(fault).await;
    let execution = client.services().execute(ECHO).await.unwrap();
    let call = execution.meta.call_id.unwrap();
    let mut job = client.logs().download(ECHO).call_ids([call]).await.unwrap();
    let error = failure(async { job.wait().every(RHYTHM).await.map(drop) }).await;
    says(&error, ErrorKind::Failed, &["log download", "without a file"]);
}

#[tokio::test]
async fn logs_are_collected_and_stored() {
    let (_simulator, client) = start().await;
    let execution = client.services().execute(ECHO).await.unwrap();
    let call = execution.meta.call_id.unwrap();
    let mut job = client.logs().download(ECHO).call_ids([call]).await.unwrap();
    let document = job.wait().every(RHYTHM).await.unwrap().document().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let stored = document.download_to(folder.path().join("logs.zip")).await.unwrap();
    assert!(std::fs::read(stored.path).unwrap().starts_with(b"PK"));
    let shown = format!("{job:?}");
    assert!(!shown.contains("tokens/"), "{shown}");
}

#[tokio::test]
async fn a_job_that_nobody_knows_is_not_waited_for() {
    let (handle, client) = start().await;
    let mut export = client.impex().exports().of("11111111-1111-4111-8111-111111111111");
    let error = failure(async { export.wait().await.map(drop) }).await;
    says(&error, ErrorKind::Status, &["knows no export 1111"]);
    assert!(error.is_not_found() && !error.is_retryable());
    let mut import = client.impex().imports().of("11111111-1111-4111-8111-111111111111");
    assert!(failure(async { import.wait().await.map(drop) }).await.is_not_found());
    assert_eq!(handle.request_count(), 2);
}

#[tokio::test]
async fn an_unknown_status_is_waited_out() {
    let fault = Fault::set("/status", "on_hold").path("**/export/*/status").first(2);
    let (_simulator, client) = faulty(fault).await;
    let mut export = client.impex().exports().create().services([ECHO]).await.unwrap();
    export.wait().every(RHYTHM).await.unwrap();
    assert_eq!(export.status(), ExportStatus::Completed);
}
