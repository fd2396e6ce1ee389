//! Waiting for clusters: good ends, every bad end, and what does not end a wait.

use std::time::{Duration, Instant};

use longhaul::bodo::ClusterStatus;
use longhaul::progress::Event;
use longhaul::{ErrorKind, wait_all};
use longhaul_simulator::Fault;

use super::{at, id};
use crate::support::{PACE, failure, fast, says, sent, start_with};

const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_failure_ends_a_wait_at_once_with_what_the_platform_tells() {
    let (handle, workspace) = start_with(fast().outcome("bad", "FAILED", "")).await;
    let mut cluster = workspace.clusters().create("bad", "c5.large", 1).await.unwrap();
    let path = format!("{}/{}", super::CLUSTERS, cluster.id());
    handle.fault(Fault::set("/clusterInitStatus", "NO_CAPACITY").on("GET", path));
    let failed = failure(cluster.wait_for_status(ClusterStatus::Running).every(PACE)).await;
    let words = ["ended as `FAILED` and will not be `RUNNING`", "initialisation `NO_CAPACITY`"];
    says(&failed, ErrorKind::Failed, &words);
    assert!(failed.is_wait_failed());
    assert_eq!(cluster.last_status(), Some(&ClusterStatus::Failed));
    cluster.wait_for_status(ClusterStatus::Failed).await.unwrap();
}

#[tokio::test]
async fn a_cluster_that_was_terminated_will_not_run_and_says_so_at_once() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let mut cluster = workspace.cluster(id(&handle, "mine"));
    cluster.clone().delete().wait().every(PACE).await.unwrap();
    let began = Instant::now();
    let ended = failure(cluster.wait_for_status(ClusterStatus::Running)).await;
    says(&ended, ErrorKind::Failed, &["ended as `TERMINATED` and will not be `RUNNING`"]);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn an_unknown_cluster_counts_as_terminated_when_that_is_awaited_and_is_an_error_otherwise() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    handle.fault(Fault::status(404).path(at(&handle, "mine")));
    let mut cluster = workspace.cluster(id(&handle, "mine"));
    cluster.wait_for_status(ClusterStatus::Terminated).await.unwrap();
    let unknown = failure(cluster.wait_for_status(ClusterStatus::Running)).await;
    assert!(unknown.is_not_found(), "{unknown}");
}

#[tokio::test]
async fn an_old_status_is_not_believed() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let mut cluster = workspace.clusters().get(id(&handle, "mine")).await.unwrap();
    workspace.cluster(cluster.id()).stop().wait().every(PACE).await.unwrap();
    handle.clear_requests();
    let wait = cluster.wait_for_status(ClusterStatus::Running).every(PACE).timeout(SHORT);
    let late = failure(wait).await;
    says(&late, ErrorKind::Timeout, &["last seen as `STOPPED`", "can be taken up again"]);
    assert!(sent(&handle, "GET", cluster.id().as_str()).len() > 1);
}

#[tokio::test]
async fn a_paused_cluster_is_waited_for_because_a_job_may_wake_it() {
    let (handle, workspace) = start_with(fast().cluster("mine").catalog("c")).await;
    let mut cluster = workspace.cluster(id(&handle, "mine"));
    cluster.pause().wait().every(PACE).await.unwrap();
    let woken = cluster.clone();
    let wake = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        woken.run_sql_query("c", "SELECT 1").await
    };
    let wait = cluster.wait_for_status(ClusterStatus::Running).every(PACE);
    let (waited, job) = tokio::join!(wait, wake);
    waited.unwrap();
    job.unwrap();
}

#[tokio::test]
async fn a_status_that_nobody_knows_is_waited_through() {
    let (_handle, workspace) = start_with(fast().outcome("odd", "HIBERNATING", "")).await;
    let mut cluster = workspace.clusters().create("odd", "c5.large", 1).await.unwrap();
    let wait = cluster.wait_for_status(ClusterStatus::Running).every(PACE).timeout(SHORT);
    says(&failure(wait).await, ErrorKind::Timeout, &["last seen as `HIBERNATING`"]);
    cluster.wait_for_status(ClusterStatus::from("HIBERNATING")).await.unwrap();
}

#[tokio::test]
async fn a_failure_from_before_a_restart_is_no_end() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let mut cluster = workspace.cluster(id(&handle, "mine"));
    cluster.stop().wait().every(PACE).await.unwrap();
    // Failed before, and for three more looks.
    handle.fault(Fault::set("/status", "FAILED").on("GET", at(&handle, "mine")).first(4));
    let running = cluster.restart().wait().every(PACE).await.unwrap();
    assert_eq!(running.last_status(), Some(&ClusterStatus::Running));
}

#[tokio::test]
async fn the_wait_after_a_command_tells_what_it_sees() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let mut cluster = workspace.cluster(id(&handle, "mine"));
    let (tell, told) = std::sync::mpsc::channel();
    let listen = move |event: &Event| {
        if let Event::Status { name, status, .. } = event {
            tell.send(format!("{name} is {status}")).unwrap();
        }
    };
    cluster.pause().wait().every(PACE).on_event(listen).await.unwrap();
    let told: Vec<_> = told.iter().collect();
    assert_eq!(told.first(), Some(&format!("cluster {} is PAUSING", cluster.id())));
    assert_eq!(told.last(), Some(&format!("cluster {} is PAUSED", cluster.id())));
}

#[tokio::test]
async fn troubles_of_the_server_pass() {
    let (handle, workspace) = start_with(fast()).await;
    let mut cluster = workspace.clusters().create("mine", "c5.large", 1).await.unwrap();
    let path = format!("{}/{}", super::CLUSTERS, cluster.id());
    handle.fault(Fault::status(503).on("GET", path).first(3));
    cluster.wait_for_status(ClusterStatus::Running).every(PACE).await.unwrap();
}

#[tokio::test]
async fn several_statuses_and_several_clusters_are_waited_for_at_once() {
    let (_handle, workspace) = start_with(fast()).await;
    let create = |name: String| workspace.clusters().create(name, "c5.large", 1);
    let names = (0..3).map(|index| format!("c{index}"));
    let made = longhaul::batch(names, create).await.into_result().unwrap();
    let targets = [ClusterStatus::Initializing, ClusterStatus::Running];
    let ready = wait_all(made, targets).every(PACE).await.into_result().unwrap();
    assert_eq!(ready.len(), 3);
}
