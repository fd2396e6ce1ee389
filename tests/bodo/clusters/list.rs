//! Listing clusters.

use std::collections::HashSet;

use longhaul::ErrorKind;
use longhaul::bodo::{ClusterStatus, Order};
use longhaul_simulator::Fault;

use super::{LIST, id};
use crate::support::{calls, failure, fast, says, sent, start, start_with};

#[tokio::test]
async fn filters_and_orders_are_spelt_as_the_platform_wants_them() {
    let (handle, workspace) = start().await;
    let list = workspace.clusters().list().names(["full", "r"]).tag("team", "a");
    let list = list.statuses([ClusterStatus::Running]).order_by("name", Order::Descending);
    list.created_on("2025-07-01").collect_all().await.unwrap();
    let sent = sent(&handle, "GET", LIST);
    let query = url::form_urlencoded::parse(sent[0].query.as_bytes()).into_owned();
    let query: HashSet<_> = query.collect();
    let expected = [
        ("page", "1"),
        ("size", "100"),
        ("order", "ASC"),
        ("clusterName", "full"),
        ("clusterName", "r"),
        ("status", "RUNNING"),
        ("ordering", "name_desc"),
        ("tag", "team:a"),
        ("createdOn", "2025-07-01"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(query, HashSet::from(expected));
}

#[tokio::test]
async fn clusters_are_found_by_id_name_status_and_all_of_their_tags() {
    let (handle, workspace) = start_with(fast().cluster("one").cluster("two")).await;
    let clusters = workspace.clusters();
    let tagged = clusters.create("three", "c5.large", 1).tag("team", "a").tag("run", "1");
    let tagged = tagged.await.unwrap();
    clusters.create("four", "c5.large", 1).tag("team", "a").await.unwrap();
    let one = clusters.list().ids([id(&handle, "one")]).collect_all().await.unwrap();
    assert_eq!(one[0].name(), Some("one"));
    let running = clusters.list().statuses([ClusterStatus::Running]).names(["one", "two"]);
    let running = running.order_by("name", Order::Ascending).collect_all().await.unwrap();
    assert_eq!(running.iter().map(|one| one.name().unwrap()).collect::<Vec<_>>(), ["one", "two"]);
    let both = clusters.list().tag("team", "a").tag("run", "1").collect_all().await.unwrap();
    assert_eq!(both.iter().map(|one| one.id()).collect::<Vec<_>>(), [tagged.id()]);
}

#[tokio::test]
async fn more_ids_than_fit_in_one_request_are_refused_before_it() {
    let (handle, workspace) = start().await;
    let ids = |count: u32| (0..count).map(|n| format!("00000000-0000-4000-8000-{n:012}"));
    workspace.clusters().list().ids(ids(150)).collect_all().await.unwrap();
    let before = handle.request_count();
    let error = failure(workspace.clusters().list().ids(ids(500)).group()).await;
    says(&error, ErrorKind::InvalidInput, &["`ids`", "500 values", "150"]);
    assert_eq!(handle.request_count(), before);
}

#[tokio::test]
async fn all_pages_come_whatever_the_server_sends_at_most() {
    let simulator = (0..23).fold(fast(), |all, index| all.cluster(format!("c{index}")));
    let (handle, workspace) = start_with(simulator.max_page_size(10)).await;
    let all = workspace.clusters().list().collect_all().await.unwrap();
    let names: HashSet<_> = all.iter().map(|cluster| cluster.name().unwrap()).collect();
    assert_eq!((all.len(), names.len()), (23, 23));
    assert_eq!(sent(&handle, "GET", LIST).len(), 3);
}

#[tokio::test]
async fn an_empty_selection_selects_nothing() {
    let (handle, workspace) = start_with(fast().cluster("foreign")).await;
    let nobody: [&str; 0] = [];
    let list = workspace.clusters().list();
    assert!(list.ids(nobody).collect_all().await.unwrap().is_empty());
    let list = workspace.clusters().list().statuses([ClusterStatus::Running]);
    assert!(list.names(nobody).collect_all().await.unwrap().is_empty());
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_misspelt_status_is_refused_and_not_sent() {
    let (handle, workspace) = start().await;
    let list = workspace.clusters().list().statuses(["RUNING"]);
    let refused = failure(list.collect_all()).await;
    says(&refused, ErrorKind::InvalidInput, &["`statuses`", "`RUNING`", "RUNNING", "STOPPED"]);
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn what_a_newer_platform_adds_does_not_break_a_list() {
    let (handle, workspace) = start_with(fast().cluster("new")).await;
    handle.fault(Fault::set("/data/0/status", "HIBERNATING").path(LIST));
    handle.fault(Fault::set("/data/0/somethingNew", true).path(LIST));
    let all = workspace.clusters().list().collect_all().await.unwrap();
    assert_eq!(all[0].last_status(), Some(&ClusterStatus::from("HIBERNATING")));
    handle.clear_faults();
    handle.fault(Fault::remove("/status").path(format!("{}/*", super::CLUSTERS)));
    let mut bare = workspace.cluster(id(&handle, "new"));
    assert_eq!(bare.status().await.unwrap().as_str(), "unknown");
}

#[tokio::test]
async fn a_cluster_is_had_by_its_id() {
    let (handle, workspace) = start_with(fast().cluster("mine")).await;
    let got = workspace.clusters().get(id(&handle, "mine")).await.unwrap();
    assert_eq!((got.name(), got.last_status()), (Some("mine"), Some(&ClusterStatus::Running)));
    let before = calls(&handle);
    let unasked = workspace.cluster(got.id());
    assert!(unasked.data().is_none());
    assert_eq!(calls(&handle), before);
    let missing = failure(workspace.clusters().get("none")).await;
    assert!(missing.is_not_found(), "{missing}");
}
