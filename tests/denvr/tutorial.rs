//! What the platform's own introduction does, and the life of a server as its users write it.

use longhaul::denvr::ServerStatus;

use super::support::{CONFIGURATION, PACE, fast, start_with};

#[tokio::test]
async fn configurations_a_server_and_its_life() -> longhaul::Result<()> {
    let (_handle, denvr) = start_with(fast().server("Hou1", "rofinn-intel-dev")).await;
    let servers = denvr.virtual_servers();
    let configurations = servers.configurations().await?;
    assert!(configurations.iter().any(|one| one.name.as_deref() == Some(CONFIGURATION)));
    let known = servers.get("rofinn-intel-dev").await?;
    let data = known.data().expect("just asked for");
    assert_eq!(data.status, Some(ServerStatus::Online));
    assert_eq!(data.namespace.as_deref(), Some("denvr"));

    let mut vm = servers.create("demo", CONFIGURATION).ssh_key("ssh-ed25519 AAAA").await?;
    vm.wait_for_status(ServerStatus::Online).every(PACE).await?;
    assert!(vm.data().and_then(|data| data.ip.as_deref()).is_some_and(|ip| !ip.is_empty()));
    vm.stop().await?;
    vm.wait_for_status(ServerStatus::Offline).every(PACE).await?;
    vm.start().await?;
    vm.wait_for_status(ServerStatus::Online).every(PACE).await?;
    vm.destroy().wait_until_gone().every(PACE).await
}
