//! Cancelling jobs, one and many.

use longhaul::ErrorKind;
use longhaul::bodo::{Group, Job, JobStatus, NewJob, Workspace};
use longhaul_simulator::{Fault, Handle};

use super::{JOBS, mine, ran, ready};
use crate::support::{PACE, failure, fast, says, sent, start_with};

/// A simulator whose jobs go on until they are cancelled, apart from those called `short`.
async fn endless() -> (Handle, Workspace) {
    let simulator = fast().cluster("mine").outcome("*", "RUNNING", "");
    start_with(simulator.outcome("short", "SUCCEEDED", "").max_page_size(3)).await
}

async fn named(handle: &Handle, workspace: &Workspace, name: &str) -> Job {
    let job = NewJob::python("test.py").name(name).on_cluster(mine(handle));
    workspace.jobs().run(job).await.unwrap()
}

#[tokio::test]
async fn a_job_is_cancelled() {
    let (handle, workspace) = endless().await;
    let mut job = named(&handle, &workspace, "long").await;
    job.cancel().await.unwrap();
    job.wait_for_status(JobStatus::Cancelled).every(PACE).await.unwrap();
    assert_eq!(job.data().unwrap().reason.as_deref(), Some("Cancelled by user"));
}

#[tokio::test]
async fn a_finished_job_cannot_be_cancelled_and_the_error_says_how_it_ended() {
    let (handle, workspace) = ready().await;
    let mut job = ran(&handle, &workspace, "print(1)").await;
    let error = failure(job.cancel()).await;
    assert!(error.is_conflict());
    says(&error, ErrorKind::Status, &["the job is `SUCCEEDED`"]);
}

#[tokio::test]
async fn a_cancellation_whose_answer_was_lost_is_one() {
    let (handle, workspace) = endless().await;
    let mut job = named(&handle, &workspace, "long").await;
    job.cancel().await.unwrap();
    job.wait_for_status(JobStatus::Cancelled).every(PACE).await.unwrap();
    job.cancel().await.expect("it is cancelled already");
}

#[tokio::test]
async fn a_group_of_jobs_is_cancelled_and_the_report_names_who_was_not() {
    let (handle, workspace) = endless().await;
    let mut jobs = Vec::new();
    for name in ["a", "b", "c"] {
        jobs.push(named(&handle, &workspace, name).await);
    }
    let refused = format!("{JOBS}/{}", jobs[1].id());
    handle.fault(Fault::status(403).on("DELETE", refused));
    let group: Group<Job> = jobs.iter().cloned().collect();
    let report = group.cancel().wait().every(PACE).await;
    assert_eq!(report.done.len(), 2);
    assert!(
        report
            .done
            .iter()
            .all(|(_, job)| *job.data().unwrap().status.as_ref().unwrap() == JobStatus::Cancelled)
    );
    assert_eq!(report.failed.len(), 1);
    assert_eq!((report.failed[0].index, report.failed[0].input.id()), (1, jobs[1].id()));
}

#[tokio::test]
async fn all_jobs_of_a_list_are_cancelled_over_all_pages_and_ended_ones_left_alone() {
    let (handle, workspace) = endless().await;
    let mut short = named(&handle, &workspace, "short").await;
    short.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    for index in 0..8 {
        named(&handle, &workspace, &format!("long {index}")).await;
    }
    let jobs = workspace.jobs();
    let report = jobs.cancel_all(jobs.list().cluster_ids([mine(&handle)])).await.unwrap();
    assert!(report.failed.is_empty());
    assert_eq!(report.done.len(), 8);
    assert_eq!(handle.requests().iter().filter(|request| request.method == "DELETE").count(), 8);
    assert!(sent(&handle, "DELETE", short.id().as_str()).is_empty());
}
