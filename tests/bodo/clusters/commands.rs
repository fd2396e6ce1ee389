//! Pausing, resuming, stopping, restarting: what is sent, what is not, what is refused.

use longhaul::ErrorKind;
use longhaul::bodo::{Cluster, ClusterStatus, Workspace};
use longhaul_simulator::{Fault, Handle};
use serde_json::json;

use super::{at, id};
use crate::support::{PACE, failure, fast, running, says, sent, start, start_with};

/// A workspace with one cluster, `mine`, that is running.
async fn with_cluster() -> (Handle, Workspace, Cluster) {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let cluster = workspace.cluster(id(&handle, "mine"));
    (handle, workspace, cluster)
}

/// The requests that change something.
fn changes(handle: &Handle) -> Vec<String> {
    let requests = handle.requests().into_iter().filter(|one| one.method != "GET");
    let api = requests.filter(|one| one.path.starts_with("/api"));
    api.map(|one| format!("{} {}", one.method, one.path.rsplit('/').next().unwrap())).collect()
}

#[tokio::test]
async fn a_cluster_is_paused_resumed_stopped_and_restarted() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    let paused = cluster.pause().wait().every(PACE).await.unwrap();
    assert_eq!(paused.last_status(), Some(&ClusterStatus::Paused));
    let running = cluster.resume().wait().every(PACE).await.unwrap();
    assert_eq!(running.last_status(), Some(&ClusterStatus::Running));
    let stopped = cluster.stop().wait().every(PACE).await.unwrap();
    assert_eq!(stopped.last_status(), Some(&ClusterStatus::Stopped));
    let running = cluster.restart().wait().every(PACE).await.unwrap();
    assert_eq!(running.last_status(), Some(&ClusterStatus::Running));
    assert_eq!(changes(&handle), ["PUT pause", "PUT resume", "POST stop", "POST restart"]);
}

#[tokio::test]
async fn resume_starts_a_stopped_cluster_as_well() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    cluster.stop().wait().every(PACE).await.unwrap();
    cluster.resume().wait().every(PACE).await.unwrap();
    assert_eq!(changes(&handle), ["POST stop", "POST restart"]);
}

#[tokio::test]
async fn a_command_without_a_wait_gives_the_cluster_back_at_once() {
    let (_handle, _workspace, mut cluster) = with_cluster().await;
    let pausing = cluster.pause().await.unwrap();
    assert_eq!(pausing.last_status(), Some(&ClusterStatus::Pausing));
    pausing.wait_for_status(ClusterStatus::Paused).every(PACE).await.unwrap();
}

#[tokio::test]
async fn what_would_do_nothing_is_not_sent() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    cluster.resume().wait().every(PACE).await.unwrap();
    assert_eq!(changes(&handle), [""; 0]);
    cluster.pause().await.unwrap();
    cluster.pause().wait().every(PACE).await.unwrap();
    cluster.pause().await.unwrap();
    assert_eq!(changes(&handle), ["PUT pause"]);
    cluster.stop().await.unwrap();
    cluster.stop().wait().every(PACE).await.unwrap();
    cluster.stop().await.unwrap();
    assert_eq!(changes(&handle), ["PUT pause", "POST stop"]);
}

#[tokio::test]
async fn a_command_is_judged_by_the_status_as_it_is_and_not_as_it_was() {
    let (handle, workspace, mut cluster) = with_cluster().await;
    cluster.refresh().await.unwrap();
    workspace.cluster(cluster.id()).pause().wait().every(PACE).await.unwrap();
    assert_eq!(cluster.last_status(), Some(&ClusterStatus::Running), "the test is of an old one");
    cluster.pause().await.unwrap();
    assert_eq!(changes(&handle), ["PUT pause"]);
}

#[tokio::test]
async fn a_spot_cluster_cannot_be_paused_and_is_not_asked_to() {
    let (handle, workspace) = start().await;
    let create = workspace.clusters().create("cheap", "c5.large", 1).spot(true).auto_az(true);
    let mut cluster = create.await.unwrap();
    cluster.wait_for_status(ClusterStatus::Running).every(PACE).await.unwrap();
    let refused = failure(cluster.pause()).await;
    says(&refused, ErrorKind::InvalidInput, &["spot instances", "cannot be paused", "`stop`"]);
    assert!(sent(&handle, "PUT", "/pause").is_empty());
}

#[tokio::test]
async fn a_command_that_the_status_forbids_says_what_to_do() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    cluster.stop().wait().every(PACE).await.unwrap();
    let refused = failure(cluster.pause()).await;
    let words = ["is `STOPPED` and cannot be paused", "has to be `RUNNING`"];
    says(&refused, ErrorKind::InvalidInput, &words);
    let path = at(&handle, "mine");
    for (status, advice) in [("STOPPING", "wait until"), ("FAILED", "`restart` it")] {
        handle.clear_faults();
        handle.fault(Fault::set("/status", status).on("GET", path.as_str()));
        let refused = failure(cluster.resume()).await;
        let words = [&format!("is `{status}` and cannot be resumed"), advice];
        says(&refused, ErrorKind::InvalidInput, &words);
    }
    assert_eq!(changes(&handle), ["POST stop"]);
}

#[tokio::test]
async fn a_terminated_cluster_takes_no_commands() {
    let (handle, workspace, cluster) = with_cluster().await;
    let id = cluster.id().clone();
    cluster.delete().wait().every(PACE).await.unwrap();
    let mut gone = workspace.cluster(id);
    for refused in [
        failure(gone.pause()).await,
        failure(gone.resume()).await,
        failure(gone.stop()).await,
        failure(gone.restart()).await,
    ] {
        says(&refused, ErrorKind::InvalidInput, &["is `TERMINATED` and takes no commands"]);
    }
    assert_eq!(handle.requests().iter().filter(|one| one.method != "GET").count(), 2);
}

#[tokio::test]
async fn a_status_that_nobody_knows_is_left_to_the_platform() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    handle.fault(Fault::set("/status", "SCALING").method("GET").once());
    cluster.pause().await.unwrap();
    assert_eq!(changes(&handle), ["PUT pause"]);
}

#[tokio::test]
async fn what_the_platform_refuses_is_an_error_with_its_message() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    let message = json!({"statusCode": 409, "message": "The cluster is being moved"}).to_string();
    handle.fault(Fault::status(409).with_body(message).path("**/pause"));
    let refused = failure(cluster.pause()).await;
    says(&refused, ErrorKind::Status, &["409", "The cluster is being moved"]);
    assert!(refused.is_conflict());
}

#[tokio::test]
async fn a_command_whose_answer_was_lost_is_not_repeated() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    handle.fault(Fault::reset_after().path("**/stop"));
    let lost = failure(cluster.stop()).await;
    assert!(lost.may_have_happened());
    says(&lost, lost.kind(), &["may have taken effect"]);
    assert_eq!(changes(&handle), ["POST stop"]);
    // Asked again, it finds the command given.
    cluster.stop().wait().every(PACE).await.unwrap();
    assert_eq!(changes(&handle), ["POST stop"]);
}

#[tokio::test]
async fn jobs_of_a_cluster_are_cancelled_and_those_of_others_are_not() {
    let (handle, workspace) =
        start_with(fast().cluster("other").outcome("slow", "RUNNING", "")).await;
    let (mine, other) =
        (running(&workspace, "mine").await, workspace.cluster(id(&handle, "other")));
    let job = || longhaul::bodo::NewJob::sql("SELECT 1").name("slow");
    let (first, second) = (mine.run_job(job()).await.unwrap(), mine.run_job(job()).await.unwrap());
    let foreign = other.run_job(job()).await.unwrap();
    let cancelled = mine.cancel_jobs().await.unwrap().into_result().unwrap();
    let ids: Vec<_> = cancelled.iter().map(|job| job.id().clone()).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.contains(first.id()) && ids.contains(second.id()));
    assert_eq!(sent(&handle, "DELETE", foreign.id().as_str()).len(), 0);
}
