//! Storage devices and credentials for the object storage.

use longhaul::rescale::StorageDeviceStatus;
use serde_json::json;

use super::support::{PACE, model, start, work};

#[tokio::test]
async fn a_storage_device_is_created_started_and_attached() {
    let (_simulator, client) = start().await;
    let devices = client.storage_devices();
    let description = model(json!({
        "name": "shared disk", "storageSize": 10, "region": {"id": "pCTMk"},
        "hardware": {"walltime": 750, "coresPerSlot": 1, "coreType": "emerald"},
    }));
    let mut device = devices.create(description).await.unwrap();
    device.submit().await.unwrap();
    device.wait_for_status(StorageDeviceStatus::Started).every(PACE).await.unwrap();
    let names: Vec<_> = device.history().iter().map(|entry| entry.status.to_string()).collect();
    assert_eq!(names, ["Not Started", "Starting", "Started"]);
    let job = client.jobs().create("a job", work("echo")).await.unwrap();
    job.attach_storage_device(device.id()).await.unwrap();
    assert!(
        job.attach_storage_device("Hzzzz").await.unwrap_err().message().contains("storageDevice")
    );
    let same = devices.get(device.id()).await.unwrap();
    assert_eq!(same.data().name.as_deref(), Some("shared disk"));
    assert_eq!(devices.list().collect_all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn regions_are_listed() {
    let (_simulator, client) = start().await;
    let regions = client.storage_devices().regions().await.unwrap();
    assert_eq!(regions[0]["id"], "pCTMk");
}

#[tokio::test]
async fn credentials_for_storage_do_not_print() {
    let (_simulator, client) = start().await;
    let credentials = client.storage_devices().credentials(None).await.unwrap();
    let secret = credentials.secret_key.as_ref().unwrap();
    assert_eq!(secret.expose(), "not-a-real-secret-key");
    let printed = format!("{credentials:?}");
    assert!(!printed.contains("not-a-real"), "{printed}");
    let request = model(json!({
        "storage": {"id": "stGfk", "storageType": "AzureStorage"},
        "paths": [{"pathParts": {"container": "c", "path": "user/x"}}],
    }));
    let for_path = client.storage_devices().credentials(Some(request)).await.unwrap();
    assert_eq!(for_path.paths.as_ref().unwrap().len(), 1);
    assert!(!format!("{for_path:?}").contains("sig=simulated"), "{for_path:?}");
}
