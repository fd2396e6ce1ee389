//! Virtual servers: lists, data, logs, and the client's cluster and VPC.

use longhaul::ErrorKind;
use longhaul_simulator::Fault;

use super::support::{CONFIGURATION, builder, fast, online, says, sent, start, start_with};

#[tokio::test]
async fn lists_are_of_one_cluster_or_of_all() {
    let simulator = fast().server("Hou1", "here").server("Msc1", "there");
    let (handle, client) = start_with(simulator).await;
    let names = |servers: &[longhaul::denvr::VirtualServer]| {
        servers.iter().map(|server| server.id().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&client.virtual_servers().list().await.unwrap()), ["here"]);
    let elsewhere = client.with_cluster("Msc1");
    assert_eq!(names(&elsewhere.virtual_servers().list().await.unwrap()), ["there"]);
    let report = client.virtual_servers().list_all().await.unwrap();
    let all = report.into_result().unwrap().concat();
    assert_eq!(names(&all), ["here", "there"]);
    assert_eq!(all[1].cluster(), "Msc1");

    let rule = Fault::status(403).path("/api/v1/servers/virtual/GetServers");
    handle.fault(rule.query("Cluster", "Msc1"));
    let report = client.virtual_servers().list_all().await.unwrap();
    assert_eq!((report.done.len(), report.failed.len()), (1, 1));
    assert_eq!(report.failed[0].input, "Msc1");
    assert_eq!(report.failed[0].error.status(), Some(403));
}

#[tokio::test]
async fn an_unknown_cluster_is_named_with_those_that_there_are() {
    let (handle, client) = start().await;
    let client = client.with_cluster("Huo1");
    let words = ["no cluster `Huo1`", "Hou1, Msc1"];
    says(&client.virtual_servers().list().await.unwrap_err(), ErrorKind::InvalidInput, &words);
    says(&client.bare_metal().list().await.unwrap_err(), ErrorKind::InvalidInput, &words);
    says(&client.snapshots().list().await.unwrap_err(), ErrorKind::InvalidInput, &words);
    says(&client.vpcs().list().await.unwrap_err(), ErrorKind::InvalidInput, &words);
    says(&client.applications().list().await.unwrap_err(), ErrorKind::InvalidInput, &words);
    handle.clear_requests();
    let create = client.virtual_servers().create("x", CONFIGURATION).await.unwrap_err();
    says(&create, ErrorKind::Status, &["Huo1", "not found"]);
    assert_eq!(handle.request_count(), 1);
}

#[tokio::test]
async fn a_server_acts_in_its_own_cluster_and_vpc() {
    let (handle, client) = start_with(fast().server("Msc1", "far")).await;
    let report = client.virtual_servers().list_all().await.unwrap();
    let mut far = report.into_result().unwrap().concat().pop().unwrap();
    assert_eq!((far.cluster(), far.namespace().unwrap()), ("Msc1", "denvr"));
    far.refresh().await.unwrap();
    let asked = &sent(&handle, "GET", "GetServer")[0];
    assert_eq!(asked.query_value("Cluster").as_deref(), Some("Msc1"));
    assert_eq!(asked.query_value("Namespace").as_deref(), Some("denvr"));
    assert!(client.virtual_servers().get("far").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_call_without_a_vpc_says_where_to_set_one() {
    let (handle, _) = start().await;
    let client = longhaul::denvr::Client::builder().server(handle.url()).api_key("k");
    let client = client.build().unwrap();
    let words = ["`vpcid` or `tenant` in [defaults]", "`with_vpc`"];
    let get = client.virtual_servers().get("x").await.unwrap_err();
    says(&get, ErrorKind::Config, &words);
    let create = client.virtual_servers().create("x", CONFIGURATION).await.unwrap_err();
    says(&create, ErrorKind::Config, &words);
    assert_eq!(handle.request_count(), 0);
    assert_eq!(client.with_vpc("lab").vpc().unwrap(), "lab");
}

#[tokio::test]
async fn nested_names_are_those_of_the_single_answer() {
    let (_handle, client) = start().await;
    let mut server = online(&client, "named").await;
    let listed = client.virtual_servers().list().await.unwrap().remove(0);
    let single = server.refresh().await.unwrap();
    assert_eq!(listed.data().unwrap().private_ip, single.private_ip);
    assert!(single.private_ip.is_some());
}

#[tokio::test]
async fn boot_logs_are_as_long_as_asked() {
    let (_handle, client) = start().await;
    let server = online(&client, "chatty").await;
    let all = server.boot_logs(2000).await.unwrap();
    let last = server.boot_logs(1).await.unwrap();
    assert!(all.lines().count() > 1 && last.lines().count() == 1);
    assert!(all.trim_end().ends_with(last.trim_end()));
}

#[tokio::test]
async fn configurations_and_availability_have_prices() {
    let (_handle, client) = start().await;
    let servers = client.virtual_servers();
    let configurations = servers.configurations().await.unwrap();
    let wanted = configurations.iter().find(|one| one.name.as_deref() == Some(CONFIGURATION));
    let price = wanted.and_then(|one| one.price.as_ref()).and_then(|price| price.to_f64());
    assert_eq!(price, Some(2.05));
    let available = servers.availability().await.unwrap();
    assert!(available.iter().any(|one| one.available == Some(true)));
    assert!(!client.images().list().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_allowed_is_said_to_be() {
    use longhaul_simulator::denvr::Account;
    let handle = fast().user("mo@example.test", "pw", Account::Member).start().await.unwrap();
    let client = builder(&handle).login("mo@example.test", "pw").build().unwrap();
    let denied = client.vpcs().list().await.unwrap_err();
    says(&denied, ErrorKind::Status, &["403", "permissions"]);
    assert!(denied.is_unauthorized());
}

#[tokio::test]
async fn commands_in_the_wrong_state_are_the_platforms_to_refuse() {
    let (_handle, client) = start_with(fast().strict_states(true)).await;
    let mut server = online(&client, "on").await;
    let refused = server.start().await.unwrap_err();
    says(&refused, ErrorKind::Status, &["500", "\"on\" is ONLINE"]);
}

#[tokio::test]
async fn each_cluster_can_be_asked_anything() {
    let (_handle, client) = start().await;
    let clusters = client.clusters();
    let report = clusters.each(|denvr| async move {
        Ok((denvr.cluster().to_owned(), denvr.virtual_servers().availability().await?.len()))
    });
    let counted = report.await.unwrap().into_result().unwrap();
    assert_eq!(counted.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Hou1", "Msc1"]);
    assert!(counted.iter().all(|(_, count)| *count > 0));
}
