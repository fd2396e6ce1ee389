//! Catalogs and secrets.

use longhaul_simulator::Simulator;
use serde_json::{Value, json};

use super::support::{bodo, path_of, query, start};

#[tokio::test]
async fn catalogs_come_and_go_with_their_tables() {
    let (running, client) = start(bodo()).await;
    assert_eq!(running.id_of("C"), None);
    let data = json!({"username": "u", "password": "fake", "schema": "PUBLIC"});
    let wish = json!({"name": "C", "catalogType": "SNOWFLAKE", "data": data});
    let made = client.made("v1/catalogs", wish.clone()).await;
    assert_eq!(made["data"], json!({"username": "u", "schema": "PUBLIC"}));
    assert_eq!(client.post("v1/catalogs", wish).await.0, 409);
    let cluster = client.running("c").await;
    client.run(query(&cluster, "SELECT 1"), "SUCCEEDED").await;
    let path = path_of("catalogs", &made);
    let (_, renamed) = client.put(&path, json!({"name": "D"})).await;
    assert_eq!([&renamed["name"], &renamed["catalogType"]], ["D", "SNOWFLAKE"]);
    client.run(query(&cluster, "SELECT 1"), "FAILED").await;
    assert_eq!(client.read("v1/catalogs?name=C").await, json!([]));
    assert_eq!(client.read("v1/catalogs?name=D&name=C").await[0]["uuid"], made["uuid"]);
    assert_eq!(client.read("catalog").await[0].get("data"), None);
    assert_eq!(client.delete("v1/catalogs").await.0, 204);
    assert_eq!(client.get(&path).await.0, 404);
}

#[tokio::test]
async fn secrets_live_in_groups() {
    let (_running, client) = start(Simulator::bodo()).await;
    let group = json!({"name": "g/1", "description": "first"});
    assert_eq!(client.made("secret-group", group.clone()).await["description"], "first");
    assert_eq!(client.post("secret-group", group).await.0, 409);
    let (_, changed) =
        client.put("secret-group/g%2F1", json!({"name": "g/1", "description": "second"})).await;
    assert_eq!(changed["description"], "second");
    let secret =
        json!({"name": "s", "secretGroup": "g/1", "secretType": "GENERIC", "data": {"k": "fake"}});
    let made = client.made("secrets", secret.clone()).await;
    assert_eq!(made.get("data"), None);
    let path = format!("secrets/{}", made["uuid"].as_str().expect("an id"));
    assert_eq!(client.read(&path).await["data"], json!({"k": "fake"}));
    assert_eq!(client.read("secrets/secret-group/g%2F1").await, json!([made]));
    assert_eq!(client.read("secrets/secret-group/none").await, json!([]));
    let mut foreign = secret;
    foreign["secretGroup"] = "nowhere".into();
    assert_eq!(client.post("secrets", foreign).await.0, 404);
    assert_eq!(client.put(&path, json!({"data": {"k": "new"}})).await.0, 200);
    assert_eq!(client.read(&path).await["data"]["k"], "new");
    assert_eq!(client.delete("secret-group/g%2F1").await.0, 409);
    assert_eq!(client.delete(&path).await.0, 204);
    assert_eq!(client.delete("secret-group/g%2F1").await.0, 204);
    assert_eq!(client.delete("secret-group/g%2F1").await.0, 404);
    assert_eq!(client.read("secret-group").await, Value::Array(Vec::new()));
}
