//! Following a log while the job runs.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::bodo::{Job, JobStatus, LogStream, NewJob, Workspace};
use longhaul_simulator::{Fault, Handle};

use super::{JOBS, STORAGE, mine, ran, ready};
use crate::support::{PACE, failure, fast, says, sent, start_with};

/// The whole of what the job prints in the end.
const PROGRAM: &str = "print(\"one\")\nprint(\"two\")\nprint(\"three\")\n";

/// A job that runs until it is ended, and has printed nothing so far.
async fn running_job() -> (Handle, Workspace, Job) {
    let (handle, workspace) =
        start_with(fast().cluster("mine").outcome("*.py", "RUNNING", "")).await;
    workspace.upload(PROGRAM, "test.py").await.unwrap();
    let job = NewJob::python("test.py").on_cluster(mine(&handle));
    let mut job = workspace.jobs().run(job).await.unwrap();
    job.wait_for_status(JobStatus::Running).every(PACE).await.unwrap();
    (handle, workspace, job)
}

fn print(handle: &Handle, job: &Job, text: &str) {
    handle.bodo().unwrap().print(job.id().as_str(), "stdout", text);
}

fn end(handle: &Handle, job: &Job) {
    handle.bodo().unwrap().end_job(job.id().as_str(), "SUCCEEDED", "");
}

#[tokio::test]
async fn lines_come_as_they_appear_until_the_job_has_ended() {
    let (handle, _workspace, job) = running_job().await;
    let mut lines = job.stdout().follow().every(PACE).lines();
    print(&handle, &job, "one\ntw");
    assert_eq!(lines.try_next().await.unwrap().as_deref(), Some("one"));
    let half = tokio::time::timeout(PACE * 10, lines.try_next()).await;
    assert!(half.is_err(), "half a line is none: {half:?}");
    print(&handle, &job, "one\ntwo\n");
    assert_eq!(lines.try_next().await.unwrap().as_deref(), Some("two"));
    end(&handle, &job);
    assert_eq!(lines.try_next().await.unwrap().as_deref(), Some("three"));
    assert_eq!(lines.try_next().await.unwrap(), None);
    assert_eq!(lines.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn no_byte_comes_twice_and_none_is_left_out_however_the_log_grows() {
    let (handle, _workspace, job) = running_job().await;
    let whole: String = (0..400).map(|number| format!("line {number}\n")).collect();
    let mut follow = job.follow(LogStream::Stdout).every(Duration::from_millis(1));
    let mut got = Vec::new();
    for step in 1..=20 {
        let grown = &whole[..whole.len() * step / 20];
        print(&handle, &job, grown);
        while got.len() < grown.len() {
            got.extend_from_slice(&follow.try_next().await.unwrap().expect("more"));
        }
    }
    assert_eq!(String::from_utf8(got).unwrap(), whole);
    assert_eq!(follow.position(), whole.len() as u64);
}

#[tokio::test]
async fn a_job_that_has_ended_is_read_to_its_end_without_a_pause() {
    let (handle, workspace) = ready().await;
    let job = ran(&handle, &workspace, PROGRAM).await;
    let began = std::time::Instant::now();
    let mut lines = job.stdout().follow().lines();
    let mut all = Vec::new();
    while let Some(line) = lines.try_next().await.unwrap() {
        all.push(line);
    }
    assert_eq!(all, ["one", "two", "three"]);
    assert!(began.elapsed() < Duration::from_millis(400), "{:?}", began.elapsed());
}

#[tokio::test]
async fn links_that_expire_are_asked_for_anew() {
    let (handle, _workspace, job) = running_job().await;
    let mut lines = job.stdout().follow().every(PACE).lines();
    print(&handle, &job, "one\n");
    assert_eq!(lines.try_next().await.unwrap().as_deref(), Some("one"));
    handle.bodo().unwrap().expire_links();
    handle.fault(Fault::status(403).on("GET", STORAGE).once());
    print(&handle, &job, "one\ntwo\n");
    assert_eq!(lines.try_next().await.unwrap().as_deref(), Some("two"));
    assert!(sent(&handle, "GET", "/logs").len() >= 2);
}

#[tokio::test]
async fn only_what_is_new_is_asked_for() {
    let (handle, _workspace, job) = running_job().await;
    let mut follow = job.stdout().follow().every(PACE);
    print(&handle, &job, &"x".repeat(5000));
    assert_eq!(follow.try_next().await.unwrap().unwrap().len(), 5000);
    print(&handle, &job, &"x".repeat(5001));
    assert_eq!(follow.try_next().await.unwrap().unwrap(), "x");
    let asked = sent(&handle, "GET", "stdout.txt");
    assert_eq!(asked.last().unwrap().header("range"), Some("bytes=4936-"));
}

#[tokio::test]
async fn a_log_that_was_begun_anew_is_an_error_and_not_mixed_up() {
    for other in ["something else that is longer\n", "on\n", ""] {
        let (handle, _workspace, job) = running_job().await;
        let mut follow = job.stdout().follow().every(PACE);
        print(&handle, &job, "one\ntwo\n");
        assert_eq!(follow.try_next().await.unwrap().unwrap(), "one\ntwo\n");
        print(&handle, &job, other);
        let error = failure(follow.try_next()).await;
        says(&error, ErrorKind::Integrity, &["of which 8 bytes were read", "begun anew"]);
    }
}

#[tokio::test]
async fn trouble_that_passes_is_borne_and_trouble_that_stays_is_not() {
    let (handle, _workspace, job) = running_job().await;
    let mut follow = job.stdout().follow().every(PACE);
    print(&handle, &job, "one\n");
    handle.fault(Fault::status(503).on("GET", format!("{JOBS}/{}", job.id())).first(3));
    handle.fault(Fault::reset_in_body(2).on("GET", STORAGE).first(2));
    let mut got = Vec::new();
    while got.len() < 4 {
        got.extend_from_slice(&follow.try_next().await.unwrap().unwrap());
    }
    assert_eq!(got, b"one\n");
    handle.fault(Fault::status(403).on("GET", STORAGE));
    let error = failure(follow.try_next()).await;
    assert_eq!(error.status(), Some(403));
}

#[tokio::test]
async fn following_ends_in_time_and_leaves_the_job_alone() {
    let (handle, _workspace, job) = running_job().await;
    let limit = Duration::from_millis(100);
    let mut follow = job.stdout().follow().every(PACE).timeout(limit);
    let error = failure(follow.try_next()).await;
    assert!(error.is_timeout(), "{error}");
    assert!(handle.requests().iter().all(|request| request.method != "DELETE"));
}
