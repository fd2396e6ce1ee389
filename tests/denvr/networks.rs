//! VPCs and snapshots.

use super::support::{PACE, online, start};

#[tokio::test]
async fn vpcs_are_made_listed_and_destroyed() {
    let (_handle, client) = start().await;
    let lab = client.vpcs().create("denvr-lab").block_intra_vpc_comms(true).await.unwrap();
    assert_eq!(lab.block_intra_vpc_comms, Some(true));
    let all = client.vpcs().list_all().await.unwrap().into_result().unwrap().concat();
    assert_eq!(all.len(), 3);
    client.vpcs().destroy("denvr-lab").await.unwrap();
    assert!(client.vpcs().get("denvr-lab").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn snapshots_are_made_listed_used_and_deleted() {
    let (_handle, client) = start().await;
    let server = online(&client, "source").await;
    let snapshot = client.snapshots().create(server.id()).await.unwrap();
    let id = snapshot.id.unwrap();
    assert_eq!(snapshot.source_name.as_deref(), Some("source"));
    tokio::time::sleep(PACE * 4).await;
    assert_eq!(client.snapshots().get(&id).await.unwrap().ready_to_use, Some(true));
    let all = client.snapshots().list_all().await.unwrap().into_result().unwrap().concat();
    assert_eq!(all.len(), 1);
    client.snapshots().delete(&id).await.unwrap();
    assert!(client.snapshots().list().await.unwrap().is_empty());

    client.snapshots().create(server.id()).name("kept").await.unwrap();
    server.destroy().delete_snapshots(true).await.unwrap();
    assert!(client.snapshots().list().await.unwrap().is_empty());
}
