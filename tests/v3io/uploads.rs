//! Writing objects: from memory, files and streams, in parts, and at the end.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::stream;
use longhaul::progress::Event;
use longhaul::transfer::Content;
use longhaul::v3io::Container;
use longhaul::{ErrorKind, Options};
use longhaul_simulator::{Fault, Handle, Simulator};

use super::support::{client_with, failure, faulty, lost_answer, plain, says, users};

/// A stream that makes its bytes anew each time that it is opened.
fn streamed(text: &'static str) -> Content {
    let chunks = move || text.as_bytes().chunks(3).map(|chunk| Ok(Bytes::from_static(chunk)));
    Content::stream(text.len() as u64, move || stream::iter(chunks()))
}

const TEXT: &str = "0123456789abcdefghij";

/// The same content from memory, a stream and a file; the folder holds the file.
async fn contents() -> (tempfile::TempDir, [Content; 3]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("content.txt");
    std::fs::write(&path, TEXT).unwrap();
    let file = Content::file(path).await.unwrap();
    (folder, [Content::bytes(TEXT), streamed(TEXT), file])
}

#[tokio::test]
async fn any_content_can_be_written_whole_and_in_parts() {
    let (simulator, users) = users().await;
    let (_folder, contents) = contents().await;
    for content in contents {
        for (part_size, requests) in [(20, 1), (7, 3), (5, 4), (1000, 1)] {
            simulator.clear_requests();
            let object = users.object("content");
            let put = object.put(content.clone()).part_size(part_size);
            assert!(put.await.unwrap().is_some());
            assert_eq!(simulator.request_count(), requests, "{part_size}");
            assert_eq!(object.get().await.unwrap(), TEXT);
        }
    }
}

#[tokio::test]
async fn every_body_has_a_length() {
    let (simulator, users) = users().await;
    let (_folder, contents) = contents().await;
    for content in contents {
        users.object("content").put(content).await.unwrap();
    }
    for request in simulator.requests() {
        assert_eq!(request.header("content-length"), Some("20"));
        assert_eq!(request.header("transfer-encoding"), None);
        assert_eq!(request.header("content-type"), Some("application/octet-stream"));
    }
}

#[tokio::test]
async fn a_file_is_written_and_its_progress_told() {
    let (_simulator, users) = users().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.bin");
    std::fs::write(&path, vec![5; 3_000_000]).unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = told.clone();
    let put = users.object("large.bin").put_file(&path).on_event(move |event| {
        if let Event::Bytes { done, total, .. } = event {
            listener.lock().unwrap().push((*done, *total));
        }
    });
    put.await.unwrap();
    assert_eq!(users.object("large.bin").get().await.unwrap(), vec![5; 3_000_000]);
    let told = told.lock().unwrap();
    assert_eq!(told.last(), Some(&(3_000_000, 3_000_000)));
    assert!(told.is_sorted());
}

#[tokio::test]
async fn a_lost_answer_is_no_reason_to_lose_a_body() {
    let (_folder, contents) = contents().await;
    for content in contents {
        let lost = [Fault::reset_after(), Fault::status(503).after_effect(), Fault::reset()];
        for fault in lost {
            let (simulator, users) = faulty(fault.method("PUT").once()).await;
            users.object("content").put(content.clone()).await.unwrap();
            assert_eq!(users.object("content").get().await.unwrap(), TEXT);
            assert_eq!(plain(&simulator, "PUT").len(), 2);
        }
    }
}

#[tokio::test]
async fn a_lost_answer_in_the_middle_of_the_parts_adds_nothing_twice() {
    let (_folder, contents) = contents().await;
    for content in contents {
        for (fault, appends) in [
            (Fault::reset_after(), 3),
            (Fault::status(504).as_html().after_effect(), 3),
            (Fault::reset(), 4),
            (Fault::status(503), 4),
        ] {
            let (simulator, users) = faulty(fault.method("POST").skip(1).once()).await;
            let object = users.object("content");
            object.put(content.clone()).part_size(5).await.unwrap();
            assert_eq!(object.get().await.unwrap(), TEXT);
            assert_eq!(plain(&simulator, "POST").len(), appends);
            assert_eq!(plain(&simulator, "HEAD").len(), 1);
        }
    }
}

#[tokio::test]
async fn parts_that_somebody_else_appended_to_are_not_mended_but_reported() {
    let (simulator, users) = users().await;
    let object = users.object("shared");
    simulator.fault(Fault::reset_after().method("POST").once());
    simulator.fault(Fault::set_header("Content-Length", "12").method("HEAD"));
    let error = failure(object.put(TEXT).part_size(10)).await;
    says(&error, ErrorKind::Interrupted, &["12 bytes", "write it again"]);
}

#[tokio::test]
async fn parts_give_up_after_some_tries() {
    let (simulator, users) = faulty(Fault::status(503).method("POST")).await;
    let error = failure(users.object("content").put(TEXT).part_size(10)).await;
    assert_eq!(error.status(), Some(503));
    assert!(plain(&simulator, "POST").len() <= 4);
}

async fn appended_once(simulator: &Handle, users: &Container) {
    assert_eq!(users.object("log").get().await.unwrap(), "-A");
    assert_eq!(plain(simulator, "POST").len(), 1);
}

#[tokio::test]
async fn an_append_whose_answer_was_lost_is_not_repeated_and_says_so() {
    for content in [Content::bytes("A"), streamed("A")] {
        let (simulator, users) = faulty(lost_answer("POST")).await;
        users.object("log").put("-").await.unwrap();
        let error = failure(users.object("log").append(content)).await;
        assert!(error.may_have_happened());
        says(&error, ErrorKind::Interrupted, &["may"]);
        appended_once(&simulator, &users).await;
    }
}

#[tokio::test]
async fn an_append_that_was_turned_away_is_repeated() {
    for content in [Content::bytes("A"), streamed("A")] {
        let (_simulator, users) = faulty(Fault::status(429).method("POST").first(2)).await;
        users.object("log").put("-").await.unwrap();
        users.object("log").append(content).await.unwrap();
        assert_eq!(users.object("log").get().await.unwrap(), "-A");
    }
}

#[tokio::test]
async fn appends_make_an_object_and_extend_it() {
    let (_simulator, users) = users().await;
    let object = users.object("new/log");
    for (part, size) in [("First part", 10), ("Second part", 21), ("", 21)] {
        object.append(part).await.unwrap();
        assert_eq!(object.head().await.unwrap().size, size);
    }
    let before = object.head().await.unwrap().revision;
    let after = object.append(streamed(TEXT)).await.unwrap();
    assert_ne!(after, before);
    assert_eq!(object.get().await.unwrap(), "First partSecond part0123456789abcdefghij");
}

#[tokio::test]
async fn files_that_cannot_be_read_are_named_before_anything_is_sent() {
    let (simulator, users) = users().await;
    let folder = tempfile::tempdir().unwrap();
    let missing = failure(users.object("a").put_file(folder.path().join("missing.bin"))).await;
    says(&missing, ErrorKind::Io, &["missing.bin"]);
    let directory = failure(users.object("a").put_file(folder.path())).await;
    says(&directory, ErrorKind::InvalidInput, &["no file"]);
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_stream_that_is_shorter_than_announced_is_an_error_and_no_object() {
    let (_simulator, users) = users().await;
    let short = Content::stream(10, || stream::iter([Ok(Bytes::from_static(b"12345"))]));
    let error = failure(users.object("short").put(short)).await;
    assert!(error.to_string().contains("not uploaded"), "{error}");
    assert!(failure(users.object("short").head()).await.is_not_found());
}

#[tokio::test]
async fn large_uploads_may_take_longer_than_a_call() {
    let (simulator, _users) = users().await;
    let hasty = Options::new().timeout(std::time::Duration::from_millis(300));
    let users = client_with(&simulator, hasty).container("users");
    let slow = Content::stream(20, || {
        stream::unfold(0, |at| async move {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            let chunk = TEXT.as_bytes().get(at..at + 4)?;
            Some((Ok(Bytes::from_static(chunk)), at + 4))
        })
    });
    users.object("slow").put(slow).await.unwrap();
    assert_eq!(users.object("slow").get().await.unwrap(), TEXT);
}

#[tokio::test]
async fn sizes_beyond_the_limits_are_refused_before_anything_is_sent() {
    let simulator = Simulator::v3io().start().await.unwrap();
    let users = client_with(&simulator, Options::new()).container("users");
    let huge = || Content::stream(5_000_000_001, || stream::iter([]));
    let error = failure(users.object("a").append(huge())).await;
    says(&error, ErrorKind::InvalidInput, &["5 GB"]);
    for part_size in [0, 5_000_000_001] {
        let error = failure(users.object("a").put("x").part_size(part_size)).await;
        says(&error, ErrorKind::InvalidInput, &["part", &part_size.to_string()]);
    }
    assert_eq!(simulator.request_count(), 0);
}
