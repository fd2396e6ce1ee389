//! Changing clusters: only what was set, and only what the status allows.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::bodo::{Cluster, ClusterStatus, Workspace};
use longhaul_simulator::{Fault, Handle};
use serde_json::{Value, json};

use super::id;
use crate::support::{PACE, failure, fast, says, start, start_with};

const MINUTE: Duration = Duration::from_secs(60);

/// A workspace with one cluster that is running, one version behind.
async fn with_cluster() -> (Handle, Workspace, Cluster) {
    let (handle, workspace) = start().await;
    let create = workspace.clusters().create("mine", "c5.large", 1).bodo_version("2025.5.1");
    let mut cluster = create.await.unwrap();
    cluster.wait_for_status(ClusterStatus::Running).every(PACE).await.unwrap();
    (handle, workspace, cluster)
}

/// The bodies of the changes that were sent.
fn bodies(handle: &Handle) -> Vec<Value> {
    let requests = handle.requests();
    requests.iter().filter(|one| one.method == "PATCH").map(|one| one.json()).collect()
}

#[tokio::test]
async fn a_running_cluster_changes_what_was_set_and_nothing_else() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    let update = cluster.update().description("My description").name("My updated cluster");
    let changed = update.auto_pause(15 * MINUTE).auto_stop(30 * MINUTE).await.unwrap();
    assert_eq!(changed.name(), Some("My updated cluster"));
    assert_eq!(changed.data().unwrap().auto_pause, Some(15));
    let expected = json!({
        "description": "My description", "name": "My updated cluster", "autoPause": 15,
        "autoStop": 30,
    });
    assert_eq!(bodies(&handle), [expected]);
}

#[tokio::test]
async fn scaling_changes_the_number_of_workers_and_not_the_version() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    let scaled = cluster.scale(2).wait().every(PACE).await.unwrap();
    assert_eq!(scaled.last_status(), Some(&ClusterStatus::Running));
    let data = scaled.data().unwrap();
    assert_eq!(data.workers_quantity, Some(2));
    assert_eq!(data.bodo_version.as_deref(), Some("2025.5.1"));
    assert_eq!(bodies(&handle), [json!({"workersQuantity": 2})]);
}

#[tokio::test]
async fn two_clients_do_not_undo_each_others_changes() {
    let (_handle, workspace, mut mine) = with_cluster().await;
    let mut theirs = workspace.clusters().get(mine.id()).await.unwrap();
    mine.update().description("mine").await.unwrap();
    theirs.update().name("theirs").await.unwrap();
    let data = mine.refresh().await.unwrap();
    assert_eq!((data.description.as_deref(), data.name.as_deref()), (Some("mine"), Some("theirs")));
}

#[tokio::test]
async fn a_stopped_cluster_changes_everything() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    let stopped = cluster.stop().wait().every(PACE).await.unwrap();
    let update = stopped.update().instance_type("c5.2xlarge").workers(2).bodo_version("2025.6.2");
    let update = update.auto_az(false).availability_zone("us-east-2b").auto_upgrade(true);
    update.tags([("team", "b")]).wait().every(PACE).await.unwrap();
    let expected = json!({
        "instanceType": "c5.2xlarge", "workersQuantity": 2, "bodoVersion": "2025.6.2",
        "autoAZ": false, "availabilityZone": "us-east-2b", "autoUpgrade": true,
        "customTags": {"team": "b"},
    });
    assert_eq!(bodies(&handle), [expected]);
}

#[tokio::test]
async fn what_a_running_cluster_cannot_change_is_refused_and_says_what_to_do() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    let refused = failure(cluster.update().instance_type("c5.2xlarge").workers(2)).await;
    let words = [
        "is `RUNNING`",
        "name, description, auto_pause, auto_stop and workers only",
        "stop the cluster first (`stop`), then change instance_type",
    ];
    says(&refused, ErrorKind::InvalidInput, &words);
    let version = failure(cluster.update().bodo_version("2025.6.2")).await;
    says(&version, ErrorKind::InvalidInput, &["then change bodo_version"]);
    let several = failure(cluster.update().instance_role("role-1").auto_az(true)).await;
    says(&several, ErrorKind::InvalidInput, &["then change instance_role, auto_az"]);
    let zone = failure(cluster.update().availability_zone("us-east-2b")).await;
    says(&zone, ErrorKind::InvalidInput, &["then change availability_zone"]);
    let tags = failure(cluster.update().tags([("a", "b")]).auto_upgrade(true)).await;
    says(&tags, ErrorKind::InvalidInput, &["then change auto_upgrade, tags"]);
    assert!(bodies(&handle).is_empty());
}

#[tokio::test]
async fn the_status_is_looked_at_just_before_a_change_that_needs_a_stop() {
    let (handle, workspace, mut cluster) = with_cluster().await;
    cluster.stop().wait().every(PACE).await.unwrap();
    workspace.cluster(cluster.id()).restart().wait().every(PACE).await.unwrap();
    assert_eq!(cluster.last_status(), Some(&ClusterStatus::Stopped), "the test is of an old one");
    let refused = failure(cluster.update().instance_type("c5.xlarge")).await;
    says(&refused, ErrorKind::InvalidInput, &["is `RUNNING`"]);
    assert!(bodies(&handle).is_empty());
}

#[tokio::test]
async fn a_change_says_what_to_do_in_every_status() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let mut cluster = workspace.cluster(id(&handle, "mine"));
    for (status, words) in [
        ("PAUSED", "stop the cluster first"),
        ("STOPPING", "wait until it is `STOPPED`"),
        ("TERMINATED", "cannot be changed"),
    ] {
        handle.clear_faults();
        handle.fault(Fault::set("/status", status).method("GET"));
        let refused = failure(cluster.update().instance_type("c5.xlarge")).await;
        says(&refused, ErrorKind::InvalidInput, &[status, words]);
    }
    assert!(bodies(&handle).is_empty());
    // What nobody knows is left to the platform, whose refusal is passed on.
    handle.clear_faults();
    handle.fault(Fault::set("/status", "SCALING").method("GET"));
    let refused = failure(cluster.update().instance_type("c5.xlarge")).await;
    says(&refused, ErrorKind::Status, &["409", "instanceType can only be changed"]);
}

#[tokio::test]
async fn a_change_that_was_lost_is_sent_again() {
    let (handle, _workspace, mut cluster) = with_cluster().await;
    handle.fault(Fault::reset_after().method("PATCH").once());
    cluster.update().description("twice").await.unwrap();
    assert_eq!(bodies(&handle).len(), 2);
}
