//! The logs of jobs: as text, to a writer, to a file.

use longhaul::ErrorKind;
use longhaul::bodo::{JobStatus, NewJob};
use longhaul_simulator::Fault;

use super::{JOBS, STORAGE, mine, ran, ready, run};
use crate::support::{PACE, failure, fast, says, sent, start_with};

const THREE_LINES: &str = "print(\"one\")\nprint(\"two\")\nprint(\"three\")\n";

#[tokio::test]
async fn a_log_goes_to_a_writer_and_to_a_file() {
    let (handle, workspace) = ready().await;
    let job = ran(&handle, &workspace, THREE_LINES).await;
    let mut written = Vec::new();
    let bytes = job.stdout().write_to(&mut written).await.unwrap();
    assert_eq!((bytes, written.as_slice()), (14, &b"one\ntwo\nthree\n"[..]));
    let folder = tempfile::tempdir().unwrap();
    let file = job.stdout().download_to(folder.path()).await.unwrap();
    assert_eq!(file.path, folder.path().join(format!("{}.stdout.txt", job.id())));
    assert_eq!(std::fs::read_to_string(&file.path).unwrap(), "one\ntwo\nthree\n");
    let empty = job.stderr().download_to(folder.path().join("errors.txt")).await.unwrap();
    assert_eq!(empty.bytes, 0);
}

#[tokio::test]
async fn a_log_that_is_not_there_yet_is_empty() {
    let (handle, workspace) = start_with(fast().cluster("mine").outcome("*", "PENDING", "")).await;
    let job = run(&handle, &workspace, THREE_LINES).await;
    assert_eq!(job.stdout().await.unwrap(), "");
    assert_eq!(job.stderr().tail(100).await.unwrap(), "");
    let missing = Fault::status(404).on("GET", STORAGE);
    let (handle, workspace) = start_with(fast().cluster("mine").fault(missing)).await;
    let job = ran(&handle, &workspace, THREE_LINES).await;
    assert_eq!(job.stdout().await.unwrap(), "");
    assert_eq!(job.stdout().tail(5).await.unwrap(), "");
    let nulls = Fault::set("/stdoutUrl", serde_json::Value::Null);
    handle.fault(nulls.on("GET", format!("{JOBS}/*/logs")));
    assert_eq!(job.stdout().await.unwrap(), "");
}

#[tokio::test]
async fn the_log_of_no_job_is_an_error() {
    let (_handle, workspace) = ready().await;
    let job = workspace.job("00000000-0000-4000-8000-000000000000");
    assert!(failure(job.stdout()).await.is_not_found());
}

#[tokio::test]
async fn links_are_used_without_the_credential() {
    let (handle, workspace) = ready().await;
    let job = ran(&handle, &workspace, THREE_LINES).await;
    job.stdout().await.unwrap();
    let fetched = sent(&handle, "GET", "stdout.txt");
    assert!(!fetched.is_empty());
    assert!(fetched.iter().all(|request| request.header("authorization").is_none()));
    assert!(sent(&handle, "GET", "/logs")[0].query.contains("forceRefresh=true"));
}

#[tokio::test]
async fn a_refused_link_is_asked_for_again_once() {
    let (handle, workspace) = ready().await;
    let job = ran(&handle, &workspace, THREE_LINES).await;
    handle.clear_requests();
    handle.fault(Fault::status(403).on("GET", STORAGE).once());
    assert_eq!(job.stdout().await.unwrap(), "one\ntwo\nthree\n");
    assert_eq!(sent(&handle, "GET", "/logs").len(), 2);
}

#[tokio::test]
async fn a_log_that_cannot_be_had_is_an_error_and_never_empty() {
    let (handle, workspace) = ready().await;
    let job = ran(&handle, &workspace, THREE_LINES).await;
    handle.clear_requests();
    handle.fault(Fault::status(403).on("GET", STORAGE));
    let error = failure(job.stdout()).await;
    says(&error, ErrorKind::Status, &["403", "the stdout of job", "could not be read"]);
    assert!(!error.to_string().contains("X-Amz"), "{error}");
    assert_eq!(sent(&handle, "GET", "/logs").len(), 2);
}

#[tokio::test]
async fn storage_in_trouble_is_asked_again_and_a_cut_log_is_gone_on_with() {
    let (handle, workspace) = ready().await;
    let job = ran(&handle, &workspace, THREE_LINES).await;
    handle.fault(Fault::status(503).on("GET", STORAGE).once());
    assert_eq!(job.stdout().await.unwrap(), "one\ntwo\nthree\n");
    handle.fault(Fault::reset_in_body(6).on("GET", STORAGE).once());
    assert_eq!(job.stdout().await.unwrap(), "one\ntwo\nthree\n");
}

#[tokio::test]
async fn the_log_of_a_job_that_ran_out_of_time_is_there() {
    let (handle, workspace) =
        start_with(fast().cluster("mine").outcome("*", "TIMEOUT", "Timeout")).await;
    let mut job = run(&handle, &workspace, THREE_LINES).await;
    job.wait_for_status(JobStatus::Timeout).every(PACE).await.unwrap();
    assert_eq!(job.stdout().await.unwrap(), "one\ntwo\nthree\n");
}

#[tokio::test]
async fn an_empty_log_has_no_end() {
    let (handle, workspace) = ready().await;
    let job = NewJob::sql("SELECT 1").catalog("MyCatalog").on_cluster(mine(&handle));
    let mut job = workspace.jobs().run(job).await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert_eq!(job.stderr().tail(10).await.unwrap(), "");
    assert_eq!(job.stderr().await.unwrap(), "");
}
