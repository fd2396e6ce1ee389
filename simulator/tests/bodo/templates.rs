//! Job templates and how job runs fill them in.

use longhaul_simulator::Simulator;
use serde_json::{Value, json};

use super::support::{bodo, cluster, id_of, path_of, start};

fn template(name: &str) -> Value {
    json!({
        "name": name, "tags": {"team": "a"},
        "config": {"type": "SQL", "sqlQueryText": "SELECT 1", "catalog": "C", "timeout": 10, "storeResult": true},
        "clusterConfig": {"instanceType": "c5.xlarge", "workersQuantity": 2, "autoPause": 5},
    })
}

#[tokio::test]
async fn a_run_overrides_field_by_field() {
    let (_running, client) = start(bodo().catalog("C")).await;
    let made = client.made("v1/job-templates", template("t")).await;
    let id = made["uuid"].clone();
    let plain = client.run(json!({"jobTemplateUUID": id}), "SUCCEEDED").await;
    assert_eq!(plain["config"]["sqlQueryText"], "SELECT 1");
    let wish = json!({
        "jobTemplateUUID": id, "jobConfig": {"sqlQueryText": "SELECT 2", "storeResult": null},
        "clusterConfig": {"instanceType": "c5.large"},
    });
    let run = client.run(wish, "SUCCEEDED").await;
    let config = &run["config"];
    assert_eq!([&config["sqlQueryText"], &config["timeout"]], [&json!("SELECT 2"), &json!(10)]);
    assert_eq!(config["storeResult"], true);
    let cluster = &run["cluster"];
    assert_eq!(
        [&cluster["instanceType"], &cluster["workersQuantity"]],
        [&json!("c5.large"), &json!(2)]
    );
    assert_eq!(cluster["autoPause"], 5);
    let path = client.running("own").await;
    let own = json!({"jobTemplateUUID": id, "clusterUUID": id_of(&path)});
    assert_eq!(client.run(own, "SUCCEEDED").await["cluster"]["name"], "own");
    let runs =
        client.read(&format!("v1/jobs?jobTemplateUUID={}", id_of(&path_of("x", &made)))).await;
    assert_eq!(runs["metadata"]["total_items"], 3);
    let unknown = json!({"jobTemplateUUID": "0b0d0000-0000-4000-8000-0000000000ff"});
    assert_eq!(client.post("v1/jobs", unknown).await.0, 404);
}

#[tokio::test]
async fn templates_are_kept_and_changed() {
    let (_running, client) = start(Simulator::bodo()).await;
    let path = path_of("job-templates", &client.made("v1/job-templates", template("t")).await);
    assert_eq!(client.post("v1/job-templates", template("t")).await.0, 409);
    let change = json!({"description": "d", "config": {"timeout": 3}, "clusterConfig": {"workersQuantity": 9}});
    let (_, changed) = client.patch(&path, change).await;
    assert_eq!([&changed["name"], &changed["description"]], ["t", "d"]);
    assert_eq!(
        [&changed["config"]["timeout"], &changed["config"]["catalog"]],
        [&json!(3), &json!("C")]
    );
    let config = json!({"instanceType": "c5.xlarge", "workersQuantity": 9, "autoPause": 5});
    assert_eq!(changed["clusterConfig"], config);
    for (query, count) in
        [("tag=team:a", 1), ("tag=team:b", 0), ("name=t&name=u", 1), ("name=u", 0)]
    {
        let list = client.read(&format!("v1/job-templates?{query}")).await;
        assert_eq!(list["metadata"]["total_items"], count, "{query}");
    }
    assert_eq!(client.delete(&path).await.0, 204);
    assert_eq!((client.get(&path).await.0, client.delete(&path).await.0), (404, 404));
    client.made("v1/job-templates", template("t")).await;
    assert_eq!(client.post("v1/job-templates", json!({"name": "no config"})).await.0, 400);
    let empty = json!({"name": "x", "config": {"type": "PYTHON"}, "clusterConfig": cluster("c")});
    assert_eq!(client.post("v1/job-templates", empty).await.0, 400);
}
