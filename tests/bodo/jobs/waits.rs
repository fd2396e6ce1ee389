//! How jobs end, and what a wait makes of it.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::bodo::{JobStatus, NewJob, Retries};
use longhaul_simulator::Fault;

use super::{JOBS, mine, ready, run};
use crate::support::{PACE, failure, fast, says, sent, start_with};

const RAISES: &str = "print(\"begun\")\nraise ValueError(\"no such column\")\n";

#[tokio::test]
async fn a_failed_job_is_an_error_with_the_end_of_its_stderr() {
    let (handle, workspace) = ready().await;
    let mut job = run(&handle, &workspace, RAISES).await;
    let error = failure(job.wait_for_status(JobStatus::Succeeded).every(PACE)).await;
    let words = ["`FAILED`", "NonZeroExitCode", "ValueError: no such column"];
    says(&error, ErrorKind::Failed, &words);
    assert!(error.is_wait_failed());
    assert_eq!(job.stdout().await.unwrap(), "begun\n");
}

#[tokio::test]
async fn a_failed_query_says_what_the_engine_said() {
    let (handle, workspace) = ready().await;
    let cluster = workspace.cluster(mine(&handle));
    let mut job = cluster.run_sql_query("MyCatalog", "SELECT x FROM nowhere").await.unwrap();
    let error = failure(job.wait_for_status(JobStatus::Succeeded).every(PACE)).await;
    says(&error, ErrorKind::Failed, &["nowhere"]);
    let mut job = cluster.run_sql_query("NoSuchCatalog", "SELECT 1").await.unwrap();
    let error = failure(job.wait_for_status(JobStatus::Succeeded).every(PACE)).await;
    says(&error, ErrorKind::Failed, &["NoSuchCatalog"]);
}

#[tokio::test]
async fn the_error_has_no_more_than_the_end_of_a_long_stderr() {
    let (handle, workspace) =
        start_with(fast().cluster("mine").outcome("a.py", "RUNNING", "")).await;
    let mut job =
        workspace.jobs().run(NewJob::python("a.py").on_cluster(mine(&handle))).await.unwrap();
    job.wait_for_status(JobStatus::Running).every(PACE).await.unwrap();
    let inside = handle.bodo().unwrap();
    inside.end_job(job.id().as_str(), "FAILED", "NonZeroExitCode");
    let long = format!("{}äöü the last words\n", "x".repeat(9000));
    inside.print(job.id().as_str(), "stderr", &long);
    let error = failure(job.wait_for_status(JobStatus::Succeeded).every(PACE)).await;
    says(&error, ErrorKind::Failed, &["xäöü the last words"]);
    assert!(error.to_string().len() < 2300, "{}", error.to_string().len());
    assert_eq!(job.stderr().tail(19).await.unwrap(), "ü the last words\n");
}

#[tokio::test]
async fn a_cancelled_or_timed_out_job_ends_the_wait_at_once() {
    for (status, reason) in [("CANCELLED", "Cancelled by user"), ("TIMEOUT", "Timeout")] {
        let (handle, workspace) =
            start_with(fast().cluster("mine").outcome("*", status, reason)).await;
        let mut job = run(&handle, &workspace, "print(1)").await;
        let wait = job.wait_for_status(JobStatus::Succeeded).every(PACE);
        let error = failure(wait.timeout(Duration::from_secs(20))).await;
        says(&error, ErrorKind::Failed, &[status, reason]);
        job.wait_for_status(JobStatus::from(status)).await.expect("it is what was asked for");
    }
}

#[tokio::test]
async fn a_job_that_succeeded_has_been_running() {
    let (handle, workspace) = ready().await;
    let mut job = super::ran(&handle, &workspace, "print(1)").await;
    job.wait_for_status(JobStatus::Running).await.unwrap();
    let error = failure(job.wait_for_status(JobStatus::Failed)).await;
    says(&error, ErrorKind::Failed, &["ended as `SUCCEEDED` and will not be `FAILED`"]);
}

#[tokio::test]
async fn a_wait_looks_before_it_believes_what_it_knows() {
    let (handle, workspace) = ready().await;
    let mut job = super::ran(&handle, &workspace, "print(1)").await;
    handle.clear_requests();
    job.wait_for_status(JobStatus::Succeeded).await.unwrap();
    assert_eq!(sent(&handle, "GET", job.id().as_str()).len(), 1);
}

#[tokio::test]
async fn a_wait_bears_a_server_in_trouble_with_one_attempt_a_look() {
    let (handle, workspace) = ready().await;
    let mut job = run(&handle, &workspace, "print(1)").await;
    handle.clear_requests();
    handle.fault(Fault::status(503).on("GET", format!("{JOBS}/*")).first(3));
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    let looks = sent(&handle, "GET", job.id().as_str());
    assert!(looks.iter().filter(|look| look.status == Some(503)).count() == 3, "{looks:?}");
}

#[tokio::test]
async fn a_wait_ends_in_time_and_leaves_the_job_alone() {
    let (handle, workspace) =
        start_with(fast().cluster("mine").outcome("*.py", "RUNNING", "")).await;
    let mut job = run(&handle, &workspace, "print(1)").await;
    let wait = job.wait_for_status(JobStatus::Succeeded).every(PACE);
    let error = failure(wait.timeout(Duration::from_millis(100))).await;
    assert!(error.is_timeout(), "{error}");
    assert!(handle.requests().iter().all(|request| request.method != "DELETE"));
}

#[tokio::test]
async fn a_job_is_tried_again_as_often_as_it_was_told() {
    let simulator = fast().cluster("mine").failures("test.py", 2).minute(PACE);
    let (handle, workspace) = start_with(simulator).await;
    workspace.upload("print(1)", "test.py").await.unwrap();
    let job = NewJob::python("test.py").retries(Retries::new(2)).on_cluster(mine(&handle));
    let mut job = workspace.jobs().run(job).await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert_eq!(job.data().unwrap().num_retries_used, Some(2));
}

#[tokio::test]
async fn statuses_of_the_future_do_not_end_a_wait() {
    let (handle, workspace) = ready().await;
    let mut job = run(&handle, &workspace, "print(1)").await;
    let odd = Fault::set("/status", "DREAMING").on("GET", format!("{JOBS}/*"));
    handle.fault(odd.first(2));
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
}
