//! What is refused before anything is sent.

use std::time::Duration;

use longhaul::bodo::{ClusterConfig, CreateCluster};
use longhaul::{Error, ErrorKind};

use crate::support::{calls, failure, fast, says, start, start_with};

#[tokio::test]
async fn a_cluster_that_cannot_be_is_refused_before_anything_is_sent() {
    let (handle, workspace) = start().await;
    let create = |name: &str| workspace.clusters().create(name, "c5.large", 1);
    let hour = Duration::from_secs(3600);
    let cases: [(CreateCluster, &str); 13] = [
        (create(" "), "the name of the cluster is empty"),
        (workspace.clusters().create("x", "", 1), "the instance type of the cluster is empty"),
        (workspace.clusters().create("x", "c5.large", 0), "at least 1 worker"),
        (create("x").bodo_version(""), "the version of Bodo is empty"),
        (create("x").availability_zone(""), "the availability zone is empty"),
        (create("x").instance_role(""), "the id of the instance role is empty"),
        (create("x").aws_deployment_subnet(""), "the subnet is empty"),
        (create("x").tag("", "a"), "the key of a tag is empty"),
        (create("x").auto_stop(Duration::MAX), "`auto_stop` cannot be"),
        (create("x").auto_pause(Duration::MAX), "`auto_pause` cannot be"),
        (create("x").edit(|cluster| cluster.auto_stop = Some(-1)), "`auto_stop` cannot be -1"),
        (create("x").spot(true).auto_pause(hour), "cannot be paused: leave `auto_pause` out"),
        (
            workspace.clusters().create_like("x", ClusterConfig::partial()),
            "a cluster needs an instance type",
        ),
    ];
    for (case, words) in cases {
        says(&failure(case).await, ErrorKind::InvalidInput, &[words]);
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_change_that_cannot_be_is_refused_before_anything_is_sent() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let mut cluster = workspace.cluster(super::id(&handle, "mine"));
    let refused = |error: Error, words: &str| says(&error, ErrorKind::InvalidInput, &[words]);
    refused(failure(cluster.update()).await, "changes nothing");
    refused(failure(cluster.update().name("")).await, "the name of the cluster is empty");
    refused(failure(cluster.scale(0)).await, "at least 1 worker");
    refused(failure(cluster.update().instance_type(" ")).await, "the instance type");
    refused(failure(cluster.update().bodo_version("")).await, "the version of Bodo");
    refused(failure(cluster.update().tags([("", "x")])).await, "the key of a tag");
    refused(failure(cluster.update().auto_stop(Duration::MAX)).await, "`auto_stop` cannot be");
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn an_id_that_would_lead_elsewhere_is_refused() {
    let (handle, workspace) = start().await;
    for id in ["", " ", ".", ".."] {
        let mut cluster = workspace.cluster(id);
        for error in [
            failure(cluster.status()).await,
            failure(cluster.stop()).await,
            failure(cluster.scale(2)).await,
            failure(cluster.cancel_jobs()).await,
            failure(cluster.clone().delete()).await,
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        }
    }
    assert_eq!(calls(&handle), 0);
    let odd = failure(workspace.cluster("a/../b?c#d").status()).await;
    assert!(odd.is_not_found(), "{odd}");
    let path = handle.requests().last().unwrap().path.clone();
    assert_eq!(path, "/api/v1/clusters/a%2F..%2Fb%3Fc%23d");
}

#[test]
fn a_cluster_shows_its_id_and_status_and_no_more() {
    let workspace = longhaul::bodo::Workspace::builder().client_id("canary-id");
    let workspace = workspace.secret_key("canary-secret").build().unwrap();
    let shown = format!("{:?}", workspace.cluster("c-1"));
    assert_eq!(shown, r#"Cluster { id: ClusterId("c-1"), name: None, status: None, .. }"#);
}
