//! Bare-metal hosts.

use longhaul::denvr::{HostOperationalStatus, ProvisioningState};
use longhaul_simulator::Fault;

use super::support::{PACE, fast, sent, start_with};

#[tokio::test]
async fn hosts_are_listed_rebooted_and_set_up_anew() {
    let (handle, client) = start_with(fast().host("Msc1", "denvrbm-300")).await;
    let hosts = client.bare_metal().list_all().await.unwrap().into_result().unwrap().concat();
    assert_eq!(hosts.len(), 2);
    let mut host = client.with_cluster("Msc1").bare_metal().get("denvrbm-300").await.unwrap();
    assert_eq!(host.data().unwrap().operational_status, Some(HostOperationalStatus::Ok));
    host.reboot().await.unwrap();
    tokio::time::sleep(PACE * 2).await;
    assert_eq!(host.refresh().await.unwrap().powered_on, Some(true));
    let mut host = host.reprovision().await.unwrap();
    tokio::time::sleep(PACE * 4).await;
    let state = host.refresh().await.unwrap().provisioning_state.clone();
    assert_eq!(state, Some(ProvisioningState::Provisioned));
    let body = sent(&handle, "POST", "ReprovisionHost")[0].json();
    assert_eq!(body, serde_json::json!({"id": "denvrbm-300", "cluster": "Msc1"}));
}

#[tokio::test]
async fn a_reboot_whose_answer_was_lost_is_not_repeated() {
    let (handle, client) = start_with(fast()).await;
    handle.fault(Fault::reset_after().method("POST"));
    let lost = client.host("denvrbm-128").reboot().await.unwrap_err();
    assert!(lost.may_have_happened());
    assert!(lost.to_string().contains("was not repeated"), "{lost}");
    assert_eq!(sent(&handle, "POST", "RebootHost").len(), 1);
}
