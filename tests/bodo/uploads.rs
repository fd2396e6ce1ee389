//! Putting files into the workspace.

use std::io::Write;

use longhaul::ErrorKind;
use longhaul_simulator::Fault;

use crate::shown::Shown;
use crate::support::{calls, failure, fast, says, sent, start, start_with};

const STORAGE: &str = "/storage/workspace/*";

#[tokio::test]
async fn a_file_is_there_after_its_upload() {
    let (handle, workspace) = start().await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let content: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
    file.write_all(&content).unwrap();
    workspace.upload_file(file.path(), "some dir/sub/üñï.py").await.unwrap();
    assert!(handle.bodo().unwrap().uploaded("some dir/sub/üñï.py").unwrap() == content);
    let put = handle.requests().into_iter().find(|request| request.method == "PUT").unwrap();
    assert_eq!(put.path, "/storage/workspace/some%20dir/sub/%C3%BC%C3%B1%C3%AF.py");
    assert_eq!(put.header("content-length"), Some("3000000"));
    for name in ["authorization", "content-type", "x-ms-blob-type", "sdk-version"] {
        assert_eq!(put.header(name), None, "{name}");
    }
}

#[tokio::test]
async fn an_empty_file_is_one() {
    let (handle, workspace) = start().await;
    workspace.upload("", "empty.py").await.unwrap();
    assert_eq!(handle.bodo().unwrap().uploaded("empty.py").unwrap(), b"");
    let put = sent(&handle, "PUT", "empty.py");
    assert_eq!(put[0].header("content-length"), Some("0"));
}

#[tokio::test]
async fn azure_is_told_what_it_wants_and_asked_about_once() {
    let (handle, workspace) = start_with(fast().azure(true)).await;
    workspace.upload("print(1)", "a.py").await.unwrap();
    workspace.upload("print(2)", "a.py").await.unwrap();
    assert_eq!(handle.bodo().unwrap().uploaded("a.py").unwrap(), b"print(2)");
    let put = sent(&handle, "PUT", "a.py");
    assert!(put.iter().all(|one| one.header("x-ms-blob-type") == Some("BlockBlob")));
    let looks = |request: &&longhaul_simulator::Recorded| {
        request.method == "GET" && request.path.rsplit('/').nth(1) == Some("workspaces")
    };
    assert_eq!(handle.requests().iter().filter(looks).count(), 1);
}

#[tokio::test]
async fn a_refused_link_is_asked_for_again_once() {
    let (handle, workspace) = start().await;
    handle.fault(Fault::status(403).on("PUT", STORAGE).once());
    workspace.upload("print(1)", "a.py").await.unwrap();
    assert_eq!(sent(&handle, "GET", "/upload-pre-signed-url").len(), 2);
    handle.fault(Fault::status(403).on("PUT", STORAGE));
    let error = failure(workspace.upload("print(2)", "a.py")).await;
    says(&error, ErrorKind::Status, &["403", "`a.py` was not uploaded"]);
    assert_eq!(sent(&handle, "PUT", "a.py").len(), 4);
}

#[tokio::test]
async fn an_upload_is_sent_again_from_its_start() {
    let (handle, workspace) = start().await;
    let content = "x".repeat(100_000);
    handle.fault(Fault::status(503).on("PUT", STORAGE).once());
    handle.fault(Fault::reset_after().on("PUT", STORAGE).skip(1).once());
    workspace.upload(content.clone(), "a.py").await.unwrap();
    assert_eq!(handle.bodo().unwrap().uploaded("a.py").unwrap(), content.as_bytes());
    assert_eq!(sent(&handle, "PUT", "a.py").len(), 3);
}

#[tokio::test]
async fn what_the_storage_received_otherwise_is_an_error() {
    for (azure, header, digest) in [
        (false, "etag", "\"00000000000000000000000000000000\""),
        (true, "content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ] {
        let (handle, workspace) = start_with(fast().azure(azure)).await;
        handle.fault(Fault::set_header(header, digest).on("PUT", STORAGE));
        let error = failure(workspace.upload("print(1)", "a.py")).await;
        says(&error, ErrorKind::Integrity, &["other bytes than were sent", "a.py"]);
        assert_eq!(sent(&handle, "PUT", "a.py").len(), 1);
    }
}

#[tokio::test]
async fn what_cannot_be_uploaded_is_refused_before_anything_is_sent() {
    let (handle, workspace) = start().await;
    let cases = [
        (workspace.upload("x", " "), ErrorKind::InvalidInput, "is empty"),
        (workspace.upload("x", "folder/"), ErrorKind::InvalidInput, "is a folder"),
        (workspace.upload_file("no/such/file.py", "a.py"), ErrorKind::Io, "no/such/file.py"),
    ];
    for (case, kind, words) in cases {
        says(&failure(case).await, kind, &[words]);
    }
    assert_eq!(calls(&handle), 0);
}

#[tokio::test]
async fn a_link_that_is_none_is_an_error_that_does_not_show_it() {
    let (handle, workspace) = start().await;
    let quoted = format!("\"{}/storage/workspace/a.py?X-Amz-Signature=x\"", handle.url());
    let links = "/api/v1/workspaces/*/upload-pre-signed-url";
    handle.fault(Fault::body("text/plain", quoted).on("GET", links));
    let error = failure(workspace.upload("x", "a.py")).await;
    assert_eq!(error.status(), Some(403), "a link in quotes is one: {error}");
    handle.clear_faults();
    handle.fault(Fault::body("text/plain", "ftp://canary").on("GET", links));
    let error = failure(workspace.upload("x", "a.py")).await;
    says(&error, ErrorKind::Protocol, &["no http or https address"]);
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[tokio::test]
async fn how_much_was_sent_is_told_and_the_link_is_not() {
    let shown = Shown::default();
    let _guard = shown.listen();
    let (handle, workspace) = start().await;
    let (told, seen) = std::sync::mpsc::channel();
    let upload = workspace.upload("x".repeat(1000), "a.py");
    shown.add(&upload);
    upload.on_event(move |event| told.send(event.clone()).unwrap()).await.unwrap();
    let last = seen.iter().last().unwrap();
    assert!(
        matches!(last, longhaul::progress::Event::Bytes { done: 1000, total: 1000, .. }),
        "{last:?}"
    );
    handle.fault(Fault::reset().on("PUT", STORAGE));
    shown.error(&failure(workspace.upload("x", "a.py")).await);
    assert!(!shown.text().contains("X-Amz-Signature"));
}
