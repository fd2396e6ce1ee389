//! Workspaces, cloud configurations and prices.

use longhaul_simulator::Simulator;
use longhaul_simulator::bodo::{ORGANIZATION, WORKSPACE};
use serde_json::{Value, json};

use super::support::{Client, bodo, path_of, query, start};

async fn cloud(client: &Client) -> Value {
    let wish = json!({"name": "aws", "providerData": {"provider": "AWS", "roleArn": "arn:1"}});
    client.made("v1/cloud-configs", wish).await
}

fn workspace(name: &str, config: &Value) -> Value {
    json!({"name": name, "region": "us-east-2", "cloudConfig": {"uuid": config["uuid"]}, "jupyterIsActive": false})
}

#[tokio::test]
async fn workspaces_live_and_go() {
    let (running, _) = start(bodo().outcome("bad", "FAILED", "")).await;
    let client = Client::organization(&running).await;
    let config = cloud(&client).await;
    let mut wish = workspace("w", &config);
    wish["networkData"] = json!({"vpcId": "vpc-1", "privateSubnetsIds": ["a", "b"]});
    let made = client.made("v1/workspaces", wish).await;
    assert_eq!([&made["status"], &made["organizationUUID"]], ["NEW", ORGANIZATION]);
    let network = json!({"region": "us-east-2", "vpcId": "vpc-1", "privateSubnetsIds": ["a", "b"]});
    assert_eq!((&made["networkData"], &made["cloudConfig"]["provider"]), (&network, &json!("AWS")));
    let path = path_of("workspaces", &made);
    assert_eq!(client.post(&format!("{path}/update-infrastructure"), json!({})).await.0, 409);
    client.goes(&path, &["NEW", "INPROGRESS", "READY"]).await;
    assert_eq!(client.post(&format!("{path}/update-infrastructure"), json!({})).await.0, 201);
    client.goes(&path, &["INPROGRESS", "READY"]).await;
    let users = json!({"users": [{"email": "a@example.invalid", "skipEmail": true, "bodoRole": "BodoAdmin"}]});
    assert_eq!(client.post(&format!("{path}/users"), users).await.0, 201);
    let users = json!({"users": [{"email": "a@example.invalid", "bodoRole": "King"}]});
    assert_eq!(client.post(&format!("{path}/users"), users).await.0, 400);
    let listed = client.read("v1/workspaces?name=w&status=READY").await;
    assert_eq!(
        [&listed["metadata"]["total_items"], &listed["data"][0]["uuid"]],
        [&json!(1), &made["uuid"]]
    );
    client.delete(&path).await;
    client.goes(&path, &["TERMINATING", "TERMINATED"]).await;
    assert_eq!(client.read("v1/workspaces").await["data"][0]["uuid"], WORKSPACE);
    let bad = client.made("v1/workspaces", workspace("bad", &config)).await;
    client.reaches(&path_of("workspaces", &bad), "FAILED").await;
    let foreign = workspace("x", &json!({"uuid": "0b0d0000-0000-4000-8000-0000000000ff"}));
    assert_eq!(client.post("v1/workspaces", foreign).await.0, 404);
}

#[tokio::test]
async fn cloud_configurations_are_kept() {
    let (running, _) = start(bodo()).await;
    let client = Client::organization(&running).await;
    let made = cloud(&client).await;
    let path = path_of("cloud-configs", &made);
    client.goes(&path, &["NEW", "READY"]).await;
    let change = json!({"name": "azure", "providerData": {"provider": "AZURE", "tenantId": "t"}});
    let body = change.to_string();
    let put = client.request(reqwest::Method::PUT, &path).body(body);
    assert_eq!(super::support::answer(put).await.1["providerData"], change["providerData"]);
    let page = client.read("v1/cloud-configs?provider=AZURE").await;
    assert_eq!(
        [&page["metadata"]["total_items"], &page["data"][0]["name"]],
        [&json!(1), &json!("azure")]
    );
    let nobody = json!({"name": "x", "providerData": {"provider": "ORACLE"}});
    assert_eq!(client.post("v1/cloud-configs", nobody).await.0, 400);
    assert_eq!((client.delete(&path).await.0, client.get(&path).await.0), (204, 404));
}

#[tokio::test]
async fn prices_come_as_one_or_as_a_page() {
    for pages in [false, true] {
        let (_running, client) = start(bodo().catalog("C").billing_pages(pages)).await;
        let cluster = client.running("c").await;
        let job = client.run(query(&cluster, "SELECT 1"), "SUCCEEDED").await;
        let answer =
            client.read("v1/jobs/pricing?startedAt=2025-01-01&finishedAt=2025-01-31").await;
        let price = if pages { &answer["data"][0] } else { &answer };
        assert_eq!([&price["jobRunUUID"], &price["sqlQuery"]], [&job["uuid"], &json!("SELECT 1")]);
        let answer = client.read("metering/pricing?startedAt=2025-01-01").await;
        let price = if pages { &answer["data"][0] } else { &answer };
        assert_eq!(
            (&price["clusterName"], price["totalBodoPrice"].is_number()),
            (&json!("c"), true)
        );
        let export = client.read("v1/jobs/price-export?startedAt=2025-01-01").await;
        assert!(client.fetched(&export["url"]).await.contains("SELECT 1"));
    }
}

#[tokio::test]
async fn a_workspace_shows_what_it_offers() {
    let (_running, client) = start(Simulator::bodo()).await;
    let images = client.read(&format!("v1/workspaces/{WORKSPACE}/available-images")).await;
    assert_eq!(images[0]["options"][0]["label"]["bodo_version"], "2025.6.2");
    let groups = client.read(&format!("v1/workspaces/{WORKSPACE}/available-instances")).await;
    let groups = groups.as_array().expect("groups");
    let options: Vec<&Value> =
        groups.iter().flat_map(|group| group["options"].as_array().expect("options")).collect();
    assert!(options.iter().any(|option| option["label"]["name"] == "c5.large"));
    assert!(options.iter().any(|option| option["label"]["acceleratedNetworking"] == true));
    let activity = format!("workspaces/v1/{WORKSPACE}/jupyter-activity");
    assert_eq!(client.patch(&activity, json!({})).await.0, 200);
    let workspace = client.read(&format!("v1/workspaces/{WORKSPACE}")).await;
    assert_eq!(workspace["jupyterIsActive"], true);
}
