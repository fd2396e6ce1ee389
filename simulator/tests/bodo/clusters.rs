//! Clusters: life cycles, what each status allows, changes, idleness.

use std::time::Duration;

use longhaul_simulator::Simulator;
use reqwest::Method;
use serde_json::json;

use super::support::{Client, answer, bodo, cluster, frozen, id_of, path_of, query, start};

async fn command(client: &Client, method: Method, path: &str, verb: &str) -> u16 {
    answer(client.request(method, &format!("{path}/{verb}"))).await.0
}

#[tokio::test]
async fn a_cluster_goes_through_every_status() {
    let (_running, client) = start(bodo()).await;
    let mut wish = cluster("c");
    (wish["autoPause"], wish["customTags"]) = (json!(0), json!({"team": "a"}));
    let made = client.made("v1/clusters", wish).await;
    assert_eq!([&made["status"], &made["nodesIp"]], [&json!("NEW"), &json!([])]);
    assert_eq!([&made["autoStop"], &made["autoAZ"]], [&json!(0), &json!(true)]);
    assert_eq!(made["bodoVersion"], "2025.6.2");
    let path = path_of("clusters", &made);
    client.goes(&path, &["NEW", "INPROGRESS", "INITIALIZING", "RUNNING"]).await;
    let running = client.read(&path).await;
    assert_eq!(running["nodeMetadata"].as_array().map(Vec::len), Some(1));
    assert_eq!(command(&client, Method::PUT, &path, "pause").await, 200);
    client.goes(&path, &["PAUSING", "PAUSED"]).await;
    assert_eq!(command(&client, Method::PUT, &path, "pause").await, 409);
    assert_eq!(command(&client, Method::PUT, &path, "resume").await, 200);
    client.goes(&path, &["INPROGRESS", "INITIALIZING", "RUNNING"]).await;
    assert_eq!(command(&client, Method::POST, &path, "stop").await, 200);
    client.goes(&path, &["STOPPING", "STOPPED"]).await;
    assert_eq!(command(&client, Method::PUT, &path, "resume").await, 409);
    assert_eq!(command(&client, Method::POST, &path, "restart").await, 200);
    client.reaches(&path, "RUNNING").await;
    assert_eq!(command(&client, Method::POST, &path, "restart").await, 409);
    let (status, going) = client.delete(&format!("{path}?force=false")).await;
    assert_eq!((status, &going["status"]), (200, &json!("STOPPING")));
    client.goes(&path, &["STOPPING", "TERMINATED"]).await;
    assert_eq!(client.read("v2/clusters").await["data"], json!([]));
}

#[tokio::test]
async fn commands_want_their_status() {
    let (_running, client) = start(frozen().cluster("c")).await;
    let new = path_of("clusters", &client.made("v1/clusters", cluster("new")).await);
    for (method, verb) in [
        (Method::PUT, "pause"),
        (Method::PUT, "resume"),
        (Method::POST, "stop"),
        (Method::POST, "restart"),
    ] {
        assert_eq!(command(&client, method, &new, verb).await, 409, "{verb}");
    }
    assert_eq!(client.patch(&new, json!({"workersQuantity": 2})).await.0, 409);
    assert_eq!(client.patch(&new, json!({"description": "d"})).await.0, 200);
    let (_, gone) = client.delete(&format!("{new}?mark_as_terminated=true")).await;
    assert_eq!(gone["status"], "TERMINATED");
    assert_eq!(client.patch(&new, json!({"name": "x"})).await.0, 409);
    let unknown = "v1/clusters/0b0d0000-0000-4000-8000-0000000000ff";
    assert_eq!((client.get(unknown).await.0, client.delete(unknown).await.0), (404, 404));
}

#[tokio::test]
async fn spot_clusters_cannot_be_paused() {
    let (_running, client) = start(bodo()).await;
    let mut wish = cluster("spot");
    wish["useSpotInstance"] = json!(true);
    let made = client.made("v1/clusters", wish).await;
    assert_eq!([&made["autoPause"], &made["autoStop"]], [0, 60]);
    let path = path_of("clusters", &made);
    client.reaches(&path, "RUNNING").await;
    assert_eq!(command(&client, Method::PUT, &path, "pause").await, 409);
}

#[tokio::test]
async fn some_fields_are_locked_while_it_runs() {
    let (_running, client) = start(bodo()).await;
    let path = client.running("c").await;
    let present = client.read(&path).await;
    let mut same = present.clone();
    same["description"] = "only this differs".into();
    let (status, changed) = client.patch(&path, same).await;
    assert_eq!((status, &changed["description"]), (200, &json!("only this differs")));
    for locked in [
        json!({"instanceType": "c5.xlarge"}),
        json!({"bodoVersion": "2025.4.0"}),
        json!({"availabilityZone": "us-east-2c"}),
        json!({"autoAZ": false}),
    ] {
        assert_eq!(client.patch(&path, locked.clone()).await.0, 409, "{locked}");
    }
    let (_, scaled) = client.patch(&path, json!({"workersQuantity": 3})).await;
    assert_eq!([&scaled["status"], &scaled["workersQuantity"]], [&json!("INPROGRESS"), &json!(3)]);
    client.reaches(&path, "RUNNING").await;
    assert_eq!(client.read(&path).await["nodesIp"].as_array().map(Vec::len), Some(3));
    assert_eq!(command(&client, Method::POST, &path, "stop").await, 200);
    client.reaches(&path, "STOPPED").await;
    let wish = json!({"instanceType": "c5.xlarge", "bodoVersion": "2025.4.0", "autoUpgrade": true});
    assert_eq!(client.patch(&path, wish).await.1["instanceType"], "c5.xlarge");
    command(&client, Method::POST, &path, "restart").await;
    client.reaches(&path, "RUNNING").await;
    assert_eq!(client.read(&path).await["bodoVersion"], "2025.6.2");
}

#[tokio::test]
async fn idle_clusters_are_paused_then_stopped() {
    let (running, client) = start(bodo().minute(Duration::from_millis(30))).await;
    let mut wish = cluster("idle");
    (wish["autoPause"], wish["autoStop"]) = (json!(1), json!(4));
    let path = path_of("clusters", &client.made("v1/clusters", wish).await);
    client
        .goes(
            &path,
            &[
                "NEW",
                "INPROGRESS",
                "INITIALIZING",
                "RUNNING",
                "PAUSING",
                "PAUSED",
                "STOPPING",
                "STOPPED",
            ],
        )
        .await;
    let watch = running.bodo().expect("bodo");
    assert_eq!(watch.cluster_status(id_of(&path)).as_deref(), Some("STOPPED"));
}

#[tokio::test]
async fn a_cluster_fails_where_it_shall() {
    let (_running, client) =
        start(bodo().outcome("bad*", "FAILED", "").outcome("odd", "HIBERNATING", "")).await;
    let path = path_of("clusters", &client.made("v1/clusters", cluster("bad one")).await);
    client.goes(&path, &["NEW", "INPROGRESS", "INITIALIZING", "FAILED"]).await;
    assert_eq!(client.post("v1/jobs", query(&path, "SELECT 1")).await.0, 409);
    let odd = path_of("clusters", &client.made("v1/clusters", cluster("odd")).await);
    client.reaches(&odd, "HIBERNATING").await;
}

#[tokio::test]
async fn bad_definitions_are_refused_with_every_problem() {
    let (_running, client) = start(Simulator::bodo()).await;
    let (status, body) = client.post("v1/clusters", json!({"instanceType": "no.such"})).await;
    assert_eq!(status, 400);
    let messages = body["message"].as_array().expect("messages");
    assert_eq!((messages.len(), &body["error"]), (3, &json!("Bad Request")), "{body}");
    let mut wish = cluster("c");
    wish["instanceRoleUUID"] = "nobody".into();
    assert_eq!(client.post("v1/clusters", wish).await.0, 400);
}

#[tokio::test]
async fn other_clients_see_clusters_too() {
    let (running, client) = start(Simulator::bodo().cluster("c")).await;
    let id = running.id_of("c").expect("an id");
    let all = client.read("v1/clusters?withTasks=false&clusterSource=user").await;
    assert_eq!(all[0]["uuid"], json!(id));
    let info = client.read(&format!("v1/clusters/{id}/connection-info")).await;
    assert_eq!(info["host"], all[0]["nodesIp"][0]);
    let seen =
        client.patch(&format!("clusters/v1/{id}"), json!({"lastKnownActivity": "now"})).await;
    assert_eq!((seen.0, seen.1["uuid"] == id), (200, true));
}
