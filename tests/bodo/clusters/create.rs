//! Creating clusters, and what there is to create them of.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::bodo::ClusterStatus;
use longhaul_simulator::Fault;
use serde_json::json;

use super::CLUSTERS;
use crate::support::{PACE, failure, fast, says, sent, start, start_with};

const IMAGES: &str = "/available-images";

#[tokio::test]
async fn a_new_cluster_is_waited_for() {
    let (_handle, workspace) = start().await;
    let create = workspace.clusters().create("My first cluster", "c5.large", 1);
    let mut cluster = create.await.unwrap();
    assert_eq!(cluster.last_status(), Some(&ClusterStatus::New));
    let running = cluster.wait_for_status(ClusterStatus::Running).every(PACE).await.unwrap();
    assert_eq!(running.name(), Some("My first cluster"));
    assert_eq!(running.data().unwrap().workers_quantity, Some(1));
}

#[tokio::test]
async fn a_creation_sends_what_the_official_client_sends() {
    let (handle, workspace) = start().await;
    let clusters = workspace.clusters();
    clusters.create("minimal", "c5.large", 1).await.unwrap();
    let spot = clusters.create("Spot cluster", "c5.large", 1).spot(true).auto_az(true);
    spot.await.unwrap();
    let full = clusters.create("full", "c5.large", 2).description("all of it").tag("team", "a");
    let full = full.bodo_version("2025.5.1").auto_upgrade(true).auto_az(false).spot(false);
    let full = full.auto_stop(Duration::from_secs(90 * 60)).availability_zone("us-east-2b");
    let full = full.auto_pause(Duration::from_secs(30 * 60)).memory_report(true);
    full.aws_deployment_subnet("subnet-1").await.unwrap();
    let bodies: Vec<_> = sent(&handle, "POST", CLUSTERS).iter().map(|one| one.json()).collect();
    let expected = [
        json!({
            "name": "minimal", "instanceType": "c5.large", "workersQuantity": 1, "autoStop": 0,
            "autoPause": 60, "bodoVersion": "2025.6.2", "memoryReportEnabled": false,
        }),
        json!({
            "name": "Spot cluster", "instanceType": "c5.large", "workersQuantity": 1,
            "autoStop": 60, "autoPause": 0, "bodoVersion": "2025.6.2", "autoAZ": true,
            "useSpotInstance": true, "memoryReportEnabled": false,
        }),
        json!({
            "name": "full", "description": "all of it", "instanceType": "c5.large",
            "workersQuantity": 2, "autoStop": 90, "autoPause": 30, "autoUpgrade": true,
            "autoAZ": false, "useSpotInstance": false, "bodoVersion": "2025.5.1",
            "availabilityZone": "us-east-2b", "awsDeploymentSubnetId": "subnet-1",
            "customTags": {"team": "a"}, "memoryReportEnabled": true,
        }),
    ];
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn idle_times_are_whole_minutes_rounded_up_and_none_means_never() {
    let (handle, workspace) = start().await;
    for idle in [
        None,
        Some(Duration::ZERO),
        Some(Duration::from_secs(60)),
        Some(Duration::from_millis(60_001)),
    ] {
        workspace.clusters().create("idle", "c5.large", 1).auto_pause(idle).await.unwrap();
    }
    let sent = sent(&handle, "POST", CLUSTERS);
    let minutes: Vec<_> = sent.iter().map(|one| one.json()["autoPause"].clone()).collect();
    assert_eq!(minutes, [0, 1, 1, 2]);
}

#[tokio::test]
async fn the_latest_version_is_asked_for_once_however_many_clusters_are_created() {
    let (handle, workspace) = start().await;
    let create = |name: String| workspace.clusters().create(name, "c5.large", 1);
    let names = (0..20).map(|index| format!("many {index}"));
    longhaul::batch(names, create).await.into_result().unwrap();
    assert_eq!(sent(&handle, "GET", IMAGES).len(), 1);
    // A version that is given needs no question.
    let (handle, workspace) = start().await;
    let create = workspace.clusters().create("given", "c5.large", 1).bodo_version("2025.4.0");
    assert_eq!(create.await.unwrap().data().unwrap().bodo_version.as_deref(), Some("2025.4.0"));
    assert!(sent(&handle, "GET", IMAGES).is_empty());
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_not_repeated_and_says_how_to_find_out() {
    for fault in [Fault::reset_after(), Fault::status(504).after_effect().as_html()] {
        let (handle, workspace) = start().await;
        handle.fault(fault.on("POST", CLUSTERS));
        let lost = failure(workspace.clusters().create("lost", "c5.large", 1)).await;
        let words = ["may have taken effect", "`clusters().list().names([..])`", "`lost`"];
        says(&lost, lost.kind(), &words);
        assert!(lost.may_have_happened());
        assert_eq!(sent(&handle, "POST", CLUSTERS).len(), 1);
        let there = workspace.clusters().list().names(["lost"]).collect_all().await.unwrap();
        assert_eq!(there.len(), 1);
    }
}

#[tokio::test]
async fn what_the_platform_refuses_is_said_in_its_words() {
    let (_handle, workspace) = start().await;
    let refused = failure(workspace.clusters().create("odd", "c5.huge", 1)).await;
    says(&refused, ErrorKind::Status, &["instanceType c5.huge is not available"]);
    assert!(!refused.may_have_happened());
}

#[tokio::test]
async fn instance_types_are_one_list_that_can_be_narrowed_to_accelerated_networking() {
    let (_handle, workspace) = start().await;
    let types = workspace.clusters().instance_types().await.unwrap();
    let large = types.iter().find(|kind| kind.name.as_deref() == Some("c5.large")).unwrap();
    assert_eq!((large.vcpus, large.cores), (Some(2), Some(1)));
    let fast = workspace.clusters().instance_types().accelerated_networking().await.unwrap();
    assert!(!fast.is_empty() && fast.len() < types.len());
    assert!(fast.iter().all(|kind| kind.accelerated_networking == Some(true)));
    let name = fast[0].name.clone().unwrap();
    let cluster = workspace.clusters().create("Spot cluster", name, 1).await.unwrap();
    assert_eq!(cluster.data().unwrap().accelerated_networking, Some(true));
}

#[tokio::test]
async fn images_and_versions_come_as_lists_with_the_latest_first() {
    let (_handle, workspace) = start().await;
    let clusters = workspace.clusters();
    let versions = clusters.bodo_versions().await.unwrap();
    assert_eq!(versions, ["2025.6.2", "2025.5.1", "2025.4.0"]);
    assert_eq!(clusters.latest_bodo_version().await.unwrap(), versions[0]);
    let images = clusters.images().await.unwrap();
    assert_eq!(images[0].bodo_version.as_ref(), Some(&versions[0]));
    assert!(images.iter().all(|image| image.image_id.is_some()));
}

#[tokio::test]
async fn a_platform_without_versions_is_an_error_that_says_what_to_do() {
    let (handle, workspace) = start().await;
    handle.fault(Fault::body("application/json", "[]").path(format!("**{IMAGES}")));
    let none = failure(workspace.clusters().create("none", "c5.large", 1)).await;
    says(&none, ErrorKind::Protocol, &["no version of Bodo", "`bodo_version`"]);
    assert!(sent(&handle, "POST", CLUSTERS).is_empty());
}

#[tokio::test]
async fn a_cluster_is_a_template_for_another_with_its_tags_and_without_its_id() {
    let (handle, workspace) = start_with(fast()).await;
    let create = workspace.clusters().create("model", "c5.xlarge", 3).tag("team", "a").spot(true);
    let mut model = create.bodo_version("2025.5.1").await.unwrap();
    let config = model.config().await.unwrap();
    let twin = workspace.clusters().create_like("twin", config).await.unwrap();
    assert_ne!(twin.id(), model.id());
    let body = sent(&handle, "POST", CLUSTERS)[1].json();
    assert_eq!(body["uuid"], json!(null));
    for (field, value) in [
        ("name", json!("twin")),
        ("instanceType", json!("c5.xlarge")),
        ("workersQuantity", json!(3)),
        ("bodoVersion", json!("2025.5.1")),
        ("useSpotInstance", json!(true)),
        ("autoPause", json!(0)),
        ("customTags", json!({"team": "a"})),
    ] {
        assert_eq!(body[field], value, "{field}");
    }
}

#[tokio::test]
async fn a_cluster_is_a_template_for_the_cluster_of_a_job() {
    let (handle, workspace) = start_with(fast().cluster("model").catalog("MyCatalog")).await;
    let mut model = workspace.cluster(super::id(&handle, "model"));
    let query = workspace.jobs().run_sql_query("MyCatalog", "SELECT 1");
    query.on_temporary_cluster(model.config().await.unwrap()).await.unwrap();
    let config = &sent(&handle, "POST", "/v1/jobs")[0].json()["clusterConfig"];
    assert_eq!(config["name"], json!("model"));
    assert_eq!(config["instanceType"], json!("c5.large"));
    assert_eq!(config["uuid"], json!(null));
}
