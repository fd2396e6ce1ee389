//! Virtual servers: life cycles, capacity, snapshots.

use longhaul_simulator::Simulator;
use longhaul_simulator::denvr::Denvr;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{
    CONFIGURATION, Client, answer, denvr, frozen, server, server_path, server_ref, start,
};

const CREATE: &str = "servers/virtual/CreateServer";
const START: &str = "servers/virtual/StartServer";
const STOP: &str = "servers/virtual/StopServer";
const DESTROY: &str = "servers/virtual/DestroyServer?Namespace=denvr&Cluster=Hou1";

async fn with_server(simulator: Simulator<Denvr>) -> (longhaul_simulator::Handle, Client) {
    start(simulator.server("Hou1", "vm")).await
}

fn boot_logs_path(name: &str, limit: i32) -> String {
    let path = "servers/virtual/GetVirtualMachineBootLogs?Namespace=denvr&Cluster=Hou1";
    format!("{path}&Limit={limit}&Id={name}")
}

async fn boot_logs(client: &Client, name: &str, limit: i32) -> String {
    let logs = client.read(&boot_logs_path(name, limit)).await;
    logs["bootLogs"].as_str().expect("text").to_owned()
}

#[tokio::test]
async fn a_server_goes_through_every_status() {
    let (_running, client) = start(denvr()).await;
    let mut wish = server("vm");
    (wish["rootDiskSize"], wish["persistStorage"]) = (json!(500), json!(true));
    wish["operatingSystemImage"] = "Ubuntu 22.04.4 LTS".into();
    let made = client.accepted(CREATE, wish).await;
    assert_eq!([&made["status"], &made["ip"], &made["storageType"]], ["na", "", "na"]);
    assert_eq!([&made["configuration"], &made["image"]], [CONFIGURATION, "Ubuntu_22.04.4_LTS"]);
    assert_eq!([&made["namespace"], &made["tenancy_name"]], ["denvr", "denvr"]);
    assert_eq!(
        (&made["rootDiskSize"], &made["directAttachedStoragePersisted"]),
        (&json!("500"), &json!(true))
    );
    assert_eq!(made["lastUpdated"], "0001-01-01T00:00:00");
    let way = ["PLANNED", "PENDING", "PENDING_RESOURCES", "PENDING_READINESS", "ONLINE"];
    client.goes(&server_path("vm"), "/status", &way.map(Value::from)).await;
    let logs = boot_logs(&client, "vm", 100).await;
    let told: Vec<_> =
        logs.lines().filter_map(|line| Some(line.split_once(" status ")?.1)).collect();
    assert_eq!(told, way);
    let online = client.read(&server_path("vm")).await;
    assert_eq!((&online["configuration"], &online["privateIp"]), (&json!("5"), &made["privateIp"]));
    assert!(online["ip"].as_str().is_some_and(|ip| ip.starts_with("198.51.100.")));
    assert_eq!(online["lastUpdated"].as_str().map(str::len), Some(19));
    assert_eq!(client.ids("servers/virtual/GetServers").await, ["vm"]);
}

#[tokio::test]
async fn servers_stop_and_start() {
    let (_running, client) = with_server(denvr()).await;
    let stopped = client.accepted(STOP, server_ref("vm")).await;
    let expected =
        json!({"id": "vm", "cluster": "Hou1", "namespace": "denvr", "status": "PENDING"});
    assert_eq!(stopped, expected);
    let way = ["ONLINE", "PENDING", "OFFLINE"].map(Value::from);
    client.goes(&server_path("vm"), "/status", &way).await;
    assert_eq!(client.read(&server_path("vm")).await["ip"], "");
    client.accepted(START, server_ref("vm")).await;
    let way = ["OFFLINE", "PENDING", "PENDING_RESOURCES", "PENDING_READINESS", "ONLINE"];
    client.goes(&server_path("vm"), "/status", &way.map(Value::from)).await;
}

#[tokio::test]
async fn right_after_a_command_the_old_status_still_shows() {
    let (_running, client) = with_server(frozen()).await;
    for command in [STOP, START, STOP] {
        assert_eq!(client.accepted(command, server_ref("vm")).await["status"], "PENDING");
        assert_eq!(client.read(&server_path("vm")).await["status"], "ONLINE");
    }
    assert_eq!(client.accepted(CREATE, server("new")).await["status"], "na");
    assert_eq!(client.read(&server_path("new")).await["status"], "PLANNED");
    assert_eq!(client.delete(&format!("{DESTROY}&Id=vm")).await.0, 202);
    assert_eq!(client.read(&server_path("vm")).await["status"], "PENDING");
}

#[tokio::test]
async fn commands_in_the_wrong_state_do_nothing_or_are_refused() {
    let (_running, client) = with_server(denvr()).await;
    assert_eq!(client.accepted(START, server_ref("vm")).await["status"], "ONLINE");
    let strict = denvr().strict_states(true).namespace_in_commands(false);
    let (_running, client) = with_server(strict).await;
    let (status, body) = client.post(START, server_ref("vm")).await;
    assert_eq!((status, &body["success"]), (500, &json!(false)), "{body}");
    let stopped = client.accepted(STOP, server_ref("vm")).await;
    assert_eq!(stopped, json!({"id": "vm", "cluster": "Hou1", "status": "PENDING"}));
    assert_eq!(client.post(STOP, server_ref("vm")).await.0, 500);
}

#[tokio::test]
async fn a_server_ends_as_it_was_told_to() {
    let told = denvr()
        .outcome("*", "FAILED", "")
        .outcome("created-*", "CREATE_FAILED", "disk is broken")
        .outcome("stuck", "PENDING_READINESS", "")
        .outcome("odd", "RECOVERING", "");
    let (_running, client) = start(told).await;
    let ends = [
        ("any", "FAILED"),
        ("created-1", "CREATE_FAILED"),
        ("stuck", "PENDING_READINESS"),
        ("odd", "RECOVERING"),
    ];
    for (name, end) in ends {
        client.accepted(CREATE, server(name)).await;
        client.reaches(&server_path(name), "/status", json!(end)).await;
    }
    let logs = boot_logs(&client, "created-1", 2).await;
    let lines: Vec<_> = logs.lines().collect();
    assert!(lines.len() == 2 && lines[0].ends_with("CREATE_FAILED"), "{logs}");
    assert_eq!((lines[1], boot_logs(&client, "any", 0).await.as_str()), ("disk is broken", ""));
    assert_eq!(client.get(&boot_logs_path("any", -1)).await.0, 400);
    client.accepted(START, server_ref("any")).await;
    client.reaches(&server_path("any"), "/status", json!("PENDING_READINESS")).await;
}

#[tokio::test]
async fn without_capacity_nothing_is_created_or_started() {
    let (_running, client) = start(denvr().capacity("*", 5).capacity(CONFIGURATION, 1)).await;
    let available = async |pool: &str, more: &str| {
        let path =
            format!("servers/virtual/GetAvailability?cluster=Hou1&resourcePool={pool}{more}");
        client.read(&path).await["items"][0].clone()
    };
    let free = available("on-demand", "").await;
    assert_eq!(
        (&free["count"], &free["maxCount"], free.get("availableNodeNames")),
        (&json!(1), &json!(0), None)
    );
    client.accepted(CREATE, server("a")).await;
    let (status, body) = client.post(CREATE, server("b")).await;
    assert_eq!((status, &body["success"]), (503, &json!(false)));
    assert!(body["error"]["message"].as_str().is_some_and(|text| text.contains("No capacity")));
    assert_eq!(client.get(&server_path("b")).await.0, 404);
    let taken = available("on-demand", "").await;
    assert_eq!((&taken["available"], &taken["count"]), (&json!(false), &json!(0)));
    let reserved = available("reserved-denvr", "").await;
    assert_eq!((&reserved["available"], &reserved["maxCount"]), (&json!(true), &json!(1)));
    assert_eq!(available("reserved-denvr", "&reportNodes=false").await["count"], 0);
    client.accepted(STOP, server_ref("a")).await;
    client.accepted(CREATE, server("b")).await;
    assert_eq!(client.post(START, server_ref("a")).await.0, 503);
}

#[tokio::test]
async fn a_destroyed_server_is_gone_with_its_snapshots_if_wanted() {
    let (_running, client) = with_server(denvr().server("Hou1", "other")).await;
    for (snapshot, source) in [("s1", "vm"), ("s2", "other")] {
        let wish = json!({"name": snapshot, "namespace": "denvr", "cluster": "Hou1", "sourceVMName": source});
        client.accepted("servers/snapshots/CreateSnapshot", wish).await;
    }
    for (name, with_snapshots) in [("vm", "true"), ("other", "False")] {
        let path = format!("{DESTROY}&Id={name}&DeleteSnapshots={with_snapshots}");
        let (status, body) = client.delete(&path).await;
        assert_eq!((status, &body["result"]["status"]), (202, &json!("PENDING")));
        client.vanishes(&server_path(name)).await;
        assert_eq!(client.delete(&path).await.0, 404);
    }
    assert!(client.ids("servers/virtual/GetServers?Cluster=Hou1").await.is_empty());
    assert_eq!(client.ids("servers/snapshots/GetSnapshots").await, ["s2"]);
    client.accepted(CREATE, server("vm")).await;
}

#[tokio::test]
async fn snapshots_get_ready_and_become_servers() {
    let (_running, client) = with_server(denvr()).await;
    let wish = json!({"name": "s", "namespace": "denvr", "cluster": "Hou1", "sourceVMName": "vm"});
    let made = client.accepted("servers/snapshots/CreateSnapshot", wish.clone()).await;
    assert_eq!((&made["sourceName"], &made["readyToUse"]), (&json!("vm"), &json!(false)));
    let mut copy = server("copy");
    copy["snapshotName"] = "s".into();
    let path = "servers/snapshots/GetSnapshot?Id=s&Namespace=denvr&Cluster=Hou1";
    client.reaches(path, "/readyToUse", json!(true)).await;
    assert_eq!(client.accepted(CREATE, copy).await["image"], made["osImage"]);
    assert_eq!(client.post("servers/snapshots/CreateSnapshot", wish).await.0, 400);
    let nameless = json!({"namespace": "denvr", "cluster": "Hou1", "sourceVMName": "vm"});
    assert!(client.accepted("servers/snapshots/CreateSnapshot", nameless).await["id"].is_string());
    let (status, body) = client.delete(&path.replace("Get", "Delete")).await;
    assert_eq!((status, &body["result"]), (202, &json!({"id": "s"})));
    assert_eq!(client.get(path).await.0, 404);
}

#[tokio::test]
async fn a_snapshot_that_is_not_ready_makes_no_server() {
    let (_running, client) = with_server(frozen()).await;
    let wish = json!({"name": "s", "namespace": "denvr", "cluster": "Hou1", "sourceVMName": "vm"});
    client.accepted("servers/snapshots/CreateSnapshot", wish).await;
    let mut copy = server("copy");
    copy["snapshotName"] = "s".into();
    let (status, body) = client.post(CREATE, copy).await;
    assert_eq!(status, 500, "{body}");
}

#[tokio::test]
async fn names_are_given_and_taken() {
    let (_running, client) = start(denvr()).await;
    let mut nameless = server("x");
    nameless["name"] = Value::Null;
    nameless["rpool"] = Value::Null;
    let made = client.accepted(CREATE, nameless).await;
    let name = made["id"].as_str().and_then(|id| id.strip_prefix("vm-")).expect("a name");
    assert!(name.len() == 16 && name.bytes().all(|c| c.is_ascii_digit()), "{name}");
    assert_eq!(made["rpool"], "reserved-denvr");
    client.accepted(CREATE, server("x")).await;
    let (status, body) = client.post(CREATE, server("x")).await;
    assert_eq!(
        (status, &body["error"]["message"]),
        (400, &json!("Virtual server \"x\" already exists."))
    );
    let get = client.request(Method::GET, &server_path("x").replace("denvr", "other"));
    assert_eq!(answer(get).await.0, 404);
}
