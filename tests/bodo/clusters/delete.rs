//! Deleting clusters.

use longhaul::bodo::{ClusterStatus, NewJob};
use longhaul_simulator::Fault;

use super::{at, id};
use crate::support::{PACE, failure, fast, sent, start_with};

#[tokio::test]
async fn a_deleted_cluster_is_gone_when_it_was_waited_for() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let cluster = workspace.clusters().get(id(&handle, "mine")).await.unwrap();
    cluster.clone().delete().wait().every(PACE).await.unwrap();
    assert!(workspace.clusters().list().collect_all().await.unwrap().is_empty());
    let deletion = &sent(&handle, "DELETE", cluster.id().as_str())[0];
    assert_eq!(deletion.query_value("force").as_deref(), Some("false"));
    assert_eq!(deletion.query_value("mark_as_terminated").as_deref(), Some("false"));
}

#[tokio::test]
async fn a_cluster_that_the_platform_forgets_is_gone_as_well() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let path = at(&handle, "mine");
    handle.fault(Fault::status(404).on("GET", path));
    let cluster = workspace.cluster(id(&handle, "mine"));
    cluster.clone().delete().wait().every(PACE).await.unwrap();
    handle.fault(Fault::status(404).method("DELETE"));
    cluster.delete().wait().every(PACE).await.unwrap();
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_sent_again() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    handle.fault(Fault::reset_after().method("DELETE").once());
    let cluster = workspace.cluster(id(&handle, "mine"));
    cluster.delete().wait().every(PACE).await.unwrap();
}

#[tokio::test]
async fn an_answer_without_a_body_is_a_deletion() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    handle.fault(Fault::status(204).after_effect().method("DELETE"));
    workspace.cluster(id(&handle, "mine")).delete().wait().every(PACE).await.unwrap();
}

#[tokio::test]
async fn a_busy_cluster_is_deleted_by_force_only() {
    let (handle, workspace) =
        start_with(fast().cluster("busy").outcome("slow", "RUNNING", "")).await;
    let cluster = workspace.cluster(id(&handle, "busy"));
    cluster.run_job(NewJob::sql("SELECT 1").name("slow")).await.unwrap();
    let refused = failure(cluster.clone().delete()).await;
    assert!(refused.is_conflict(), "{refused}");
    cluster.clone().delete().force(true).wait().every(PACE).await.unwrap();
    assert_eq!(
        sent(&handle, "DELETE", cluster.id().as_str())[1].query_value("force").unwrap(),
        "true"
    );
}

#[tokio::test]
async fn a_cluster_can_be_marked_as_terminated() {
    let (handle, workspace) = start_with(fast().cluster("lost")).await;
    let mut cluster = workspace.cluster(id(&handle, "lost"));
    cluster.clone().delete().mark_as_terminated(true).await.unwrap();
    assert_eq!(cluster.status().await.unwrap(), ClusterStatus::Terminated);
}

#[tokio::test]
async fn a_failed_cluster_is_deleted_although_it_shows_the_old_failure_for_a_while() {
    let (handle, workspace) = start_with(fast().outcome("bad", "FAILED", "")).await;
    let mut cluster = workspace.clusters().create("bad", "c5.large", 1).await.unwrap();
    cluster.wait_for_status(ClusterStatus::Failed).every(PACE).await.unwrap();
    let path = format!("{}/{}", super::CLUSTERS, cluster.id());
    handle.fault(Fault::set("/status", "FAILED").on("GET", path).first(3));
    cluster.delete().wait().every(PACE).await.unwrap();
}
