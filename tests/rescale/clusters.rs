//! The cluster of a job.

use longhaul::ErrorKind;
use longhaul::rescale::ClusterStatus;

use super::support::{PACE, completed, running, says, start, work};

#[tokio::test]
async fn a_cluster_tells_its_machines_while_there_are_any() {
    let (_simulator, client) = start().await;
    let mut work = work("sleep inf").slots(2);
    work = work.walltime_hours(1);
    let mut job = client.jobs().create("two slots", work).await.unwrap();
    job.submit().await.unwrap();
    let mut cluster = job.cluster();
    cluster.wait_for_status(ClusterStatus::Started).every(PACE).await.unwrap();
    let instances = job.instances().collect_all().await.unwrap();
    let roles: Vec<_> = instances.iter().map(|i| i.role.as_ref().unwrap().as_str()).collect();
    assert_eq!(roles, ["MPI_MASTER", "MPI_SLAVE"]);
    let details = job.connection_details().await.unwrap();
    assert_eq!(details["clusterId"], instances[0].cluster_id.as_deref().unwrap());
    let id = instances[0].cluster_id.as_deref().unwrap();
    let password = cluster.remote_desktop_password(id).await.unwrap();
    assert!(password.data.is_some());
    assert!(!format!("{password:?}").contains("not-a-real-password"), "{password:?}");
    job.stop().await.unwrap();
    cluster.wait_for_status(ClusterStatus::Stopped).every(PACE).await.unwrap();
    assert!(job.instances().collect_all().await.unwrap().is_empty());
}

#[tokio::test]
async fn histories_come_oldest_first_whatever_the_offset_of_their_dates() {
    let (_simulator, client) = start().await;
    let mut job = completed(&client, "echo").await;
    let mut cluster = job.cluster();
    cluster.wait_for_status(ClusterStatus::Stopped).every(PACE).await.unwrap();
    let names: Vec<_> =
        cluster.statuses().await.unwrap().iter().map(|entry| entry.status.to_string()).collect();
    let expected = ["Not Started", "Starting", "Started", "Stop Requested", "Stopping", "Stopped"];
    assert_eq!(names, expected);
    let names: Vec<_> =
        job.statuses().await.unwrap().iter().map(|entry| entry.status.to_string()).collect();
    let expected = ["Pending", "Queued", "Started", "Validated", "Executing", "Completed"];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_cluster_that_has_gone_does_not_start() {
    let (_simulator, client) = start().await;
    let job = completed(&client, "echo").await;
    let mut cluster = job.cluster();
    cluster.wait_for_status(ClusterStatus::Stopped).every(PACE).await.unwrap();
    cluster.wait_for_status(ClusterStatus::Started).await.expect("it has been started");
    let never = cluster.wait_for_status(ClusterStatus::Error).await.unwrap_err();
    says(&never, ErrorKind::Failed, &["ended as `Stopped`", "will not be `Error`"]);
}

#[tokio::test]
async fn the_load_of_a_cluster_is_not_served() {
    let (_simulator, client) = start().await;
    let job = running(&client).await;
    assert!(job.cluster_load(1).await.unwrap_err().is_not_found());
}
