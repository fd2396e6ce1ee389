//! Waiting for jobs: success, failure, time-outs, many at once.

use std::sync::{Arc, Mutex};

use longhaul::ErrorKind;
use longhaul::progress::Event;
use longhaul::rescale::{Client, ClusterStatus, Job, JobStatus, Outcome};
use longhaul::wait_all;
use longhaul_simulator::Fault;

use super::support::{PACE, SHORT, completed, running, says, sent, start, submitted, work};

async fn failing(client: &Client, command: &str) -> longhaul::Error {
    let mut job = submitted(client, command).await;
    job.wait_for_status(JobStatus::Completed).every(PACE).await.unwrap_err()
}

#[tokio::test]
async fn a_failed_run_is_an_error_with_its_reason_and_the_end_of_its_log() {
    let (_simulator, client) = start().await;
    let mut job = submitted(&client, "echo first\necho last\nexit 3").await;
    let failed = job.wait_for_status(JobStatus::Completed).every(PACE).await.unwrap_err();
    says(
        &failed,
        ErrorKind::Failed,
        &["A run failed", "process_output.log", "\nlast\n", "Exit code: 3"],
    );
    assert!(failed.is_wait_failed() && !failed.is_retryable());
    assert_eq!(job.outcome(), Outcome::Failed("A run failed".to_owned()));
}

#[tokio::test]
async fn a_job_without_resources_fails_with_the_reason_of_the_platform() {
    let (_simulator, client) = start().await;
    let unallocated = failing(&client, "simulate unallocated").await;
    says(&unallocated, ErrorKind::Failed, &["Could not allocate compute resources"]);
    let restarts = failing(&client, "simulate completed Exceeded max number of restarts").await;
    says(&restarts, ErrorKind::Failed, &["Exceeded max number of restarts"]);
}

#[tokio::test]
async fn a_forced_stop_ends_a_wait_at_once() {
    let (_simulator, client) = start().await;
    let mut job = running(&client).await;
    job.force_stop().await.unwrap();
    let stopped = job.wait_for_status(JobStatus::Completed).await.unwrap_err();
    says(&stopped, ErrorKind::Failed, &["ended as `Force Stop`", "will not be `Completed`"]);
    job.wait_for_status([JobStatus::Completed, JobStatus::ForceStop]).await.unwrap();
}

#[tokio::test]
async fn a_status_that_has_passed_counts_as_reached() {
    let (simulator, client) = start().await;
    let mut job = completed(&client, "echo").await;
    simulator.clear_requests();
    job.wait_for_status(JobStatus::Queued).await.unwrap();
    assert_eq!(simulator.request_count(), 1);
}

#[tokio::test]
async fn a_job_that_was_never_submitted_is_not_waited_for() {
    let (_simulator, client) = start().await;
    let mut job = client.jobs().create("idle", work("echo")).await.unwrap();
    assert_eq!(job.status().await.unwrap(), None);
    let never = job.wait_for_status(JobStatus::Completed).await.unwrap_err();
    says(&never, ErrorKind::Failed, &["was never submitted", "submit it first"]);
    let mut same = client.job(job.id());
    let never = same.wait_for_status(JobStatus::Completed).await.unwrap_err();
    says(&never, ErrorKind::Failed, &["was never submitted"]);
}

#[tokio::test]
async fn a_wait_tells_each_status_that_it_sees() {
    let (_simulator, client) = start().await;
    let mut job = submitted(&client, "echo").await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = told.clone();
    let wait = job.wait_for_status(JobStatus::Completed).every(PACE).on_event(move |event| {
        if let Event::Status { status, next, .. } = event {
            listener.lock().unwrap().push((status.clone(), next.is_some()));
        }
    });
    wait.await.unwrap();
    let told = told.lock().unwrap();
    let (last, before) = told.split_last().unwrap();
    assert_eq!(*last, ("Completed".to_owned(), false));
    assert!(before.iter().all(|(_, more)| *more));
}

#[tokio::test]
async fn time_that_runs_out_leaves_the_job_as_it_is() {
    let (_simulator, client) = start().await;
    let mut job = running(&client).await;
    let wait = job.wait_for_status(JobStatus::Completed).timeout(SHORT);
    let late = wait.every(PACE).await.unwrap_err();
    says(
        &late,
        ErrorKind::Timeout,
        &["was not `Completed` within 0.6 s", "last seen as `Executing`", "nothing was stopped"],
    );
    assert!(late.is_timeout());
    assert_eq!(job.status().await.unwrap(), Some(JobStatus::Executing));
}

#[tokio::test]
async fn a_status_that_nobody_knows_does_not_end_a_wait() {
    let (_simulator, client) = start().await;
    let job = completed(&client, "simulate status Brand New\nsleep 0.02").await;
    assert!(job.history().iter().any(|entry| entry.status.as_str() == "Brand New"));
    assert_eq!(job.outcome(), Outcome::Succeeded);
}

#[tokio::test]
async fn trouble_with_the_server_is_told_and_passes() {
    let (simulator, client) = start().await;
    simulator.fault(Fault::status(502).as_html().on("GET", "**/statuses/").skip(1).first(3));
    let mut job = submitted(&client, "echo").await;
    let troubles = Arc::new(Mutex::new(Vec::new()));
    let listener = troubles.clone();
    let wait = job.wait_for_status(JobStatus::Completed).every(PACE).on_event(move |event| {
        if let Event::Trouble { in_a_row, .. } = event {
            listener.lock().unwrap().push(*in_a_row);
        }
    });
    wait.await.unwrap();
    assert_eq!(*troubles.lock().unwrap(), [1, 2, 3]);
}

#[tokio::test]
async fn a_job_that_has_gone_ends_a_wait() {
    let (_simulator, client) = start().await;
    let mut gone = client.job("Jzzzz");
    let missing = gone.wait_for_status(JobStatus::Completed).await.unwrap_err();
    assert!(missing.is_not_found());
    says(&missing, ErrorKind::Status, &["404", "the wait for job Jzzzz ended"]);
}

#[tokio::test]
async fn several_jobs_are_waited_for_and_the_one_that_fails_is_named() {
    let (_simulator, client) = start().await;
    let mut jobs = Vec::new();
    for command in ["echo", "exit 1", "sleep 0.05", "echo"] {
        jobs.push(submitted(&client, command).await);
    }
    let wrong = jobs[1].id().clone();
    let (events, seen) = std::sync::mpsc::channel();
    let wait = wait_all(jobs, JobStatus::Completed).every(PACE);
    let report = wait.on_event(move |event| events.send(event.clone()).unwrap()).await;
    let ended = |event: &Event| matches!(event, Event::Status { next: None, .. });
    assert_eq!(seen.iter().filter(ended).count(), 4, "every member tells its end");
    assert_eq!(report.done.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 2, 3]);
    let [failure] = report.failed.as_slice() else { panic!("one failure") };
    assert_eq!((failure.index, failure.input.id()), (1, &wrong));
    let outcome = failure.input.outcome();
    assert_eq!(outcome, Outcome::Failed("A run failed".to_owned()), "it comes back as last seen");
    says(&failure.error, ErrorKind::Failed, &[wrong.as_str(), "A run failed", "Exit code: 1"]);
    let all = report.into_result().map(|jobs: Vec<Job>| jobs.len()).unwrap_err();
    assert!(all.to_string().contains("1 of 4 inputs failed, first input 1"), "{all}");
}

#[tokio::test]
async fn several_jobs_have_one_deadline() {
    let (_simulator, client) = start().await;
    let jobs = [running(&client).await, completed(&client, "echo").await];
    let wait = wait_all(jobs, JobStatus::Completed).timeout(SHORT);
    let report = wait.every(PACE).await;
    assert_eq!((report.done.len(), report.failed.len()), (1, 1));
    assert!(report.failed[0].error.is_timeout());
}

#[tokio::test]
async fn a_wait_that_is_dropped_asks_no_more() {
    let (simulator, client) = start().await;
    let mut job = running(&client).await;
    let wait = async { job.wait_for_status(JobStatus::Completed).every(PACE).await.map(drop) };
    let looks = async {
        while sent(&simulator, "GET", "/statuses/").len() < 12 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = wait => panic!("the job never ends"),
        () = looks => {}
    }
    let before = simulator.request_count();
    job.cluster().wait_for_status(ClusterStatus::Started).await.unwrap();
    assert!(simulator.request_count() <= before + 2);
    assert_eq!(job.status().await.unwrap(), Some(JobStatus::Executing));
}

#[tokio::test]
async fn a_log_that_is_listed_late_is_waited_for() {
    let (_simulator, client) = start().await;
    let failed = failing(&client, "simulate late-files 0.05\necho late\nexit 1").await;
    says(&failed, ErrorKind::Failed, &["A run failed", "\nlate\n"]);
}
