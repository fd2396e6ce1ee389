//! Pages, filters and order.

use longhaul_simulator::Simulator;
use serde_json::{Value, json};

use super::support::{Client, cluster, frozen, id_of, path_of, query, start};

async fn names(client: &Client, path: &str) -> Vec<String> {
    let list = client.read(path).await;
    let items = list["data"].as_array().expect("items");
    items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn pages_say_where_they_are() {
    let (_running, client) = start(frozen()).await;
    for n in 0..12 {
        client.made("v1/clusters", cluster(&format!("c{n:02}"))).await;
    }
    let first = client.read("v2/clusters?order=ASC").await;
    let metadata =
        json!({"page": 1, "size": 10, "order": "ASC", "total_pages": 2, "total_items": 12});
    assert_eq!((first["data"].as_array().map(Vec::len), &first["metadata"]), (Some(10), &metadata));
    assert_eq!(names(&client, "v2/clusters?page=2").await, ["c10", "c11"]);
    assert_eq!(names(&client, "v2/clusters?page=3").await, [""; 0]);
    assert_eq!(names(&client, "v2/clusters?size=2&order=DESC").await, ["c11", "c10"]);
    assert_eq!(
        names(&client, "v2/clusters?size=2&page=2&ordering=name_desc").await,
        ["c09", "c08"]
    );
    assert_eq!(names(&client, "v2/clusters?size=1&ordering=instance_type_asc").await, ["c00"]);
    for bad in ["page=0", "size=x", "order=up", "ordering=name", "ordering=nothing_asc"] {
        assert_eq!(client.get(&format!("v2/clusters?{bad}")).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn sizes_can_be_capped() {
    let (_running, client) = start(frozen().max_page_size(3).page_size(2)).await;
    for n in 0..5 {
        client.made("v1/clusters", cluster(&format!("c{n}"))).await;
    }
    assert_eq!(names(&client, "v2/clusters").await.len(), 2);
    let capped = client.read("v2/clusters?size=100").await;
    assert_eq!([&capped["metadata"]["size"], &capped["metadata"]["total_pages"]], [3, 2]);
}

#[tokio::test]
async fn clusters_are_filtered() {
    let (_running, client) = start(frozen().cluster("running")).await;
    let mut wish = cluster("tagged");
    wish["customTags"] = json!({"team": "a", "run": "1"});
    let tagged = path_of("clusters", &client.made("v1/clusters", wish).await);
    for (filter, expected) in [
        ("clusterName=tagged&clusterName=other", vec!["tagged"]),
        ("status=RUNNING", vec!["running"]),
        ("tag=team:a&tag=run:1", vec!["tagged"]),
        ("tag=team:a&tag=run:2", vec![]),
        ("status=TERMINATED", vec![]),
        ("uuid=", vec!["running", "tagged"]),
    ] {
        assert_eq!(names(&client, &format!("v2/clusters?{filter}")).await, expected, "{filter}");
    }
    client.delete(&format!("{tagged}?mark_as_terminated=true")).await;
    assert_eq!(names(&client, &format!("v2/clusters?uuid={}", id_of(&tagged))).await, [""; 0]);
    assert_eq!(names(&client, "v2/clusters?status=TERMINATED").await, ["tagged"]);
}

#[tokio::test]
async fn jobs_are_filtered() {
    let (_running, client) = start(frozen().cluster("c")).await;
    let path = path_of("clusters", &client.read("v2/clusters").await["data"][0]);
    for n in 0..7 {
        let mut job = query(&path, "SELECT 1");
        job["name"] = format!("j{n}").into();
        client.submit(job).await;
    }
    let total = async |filter: &str| {
        client.read(&format!("v1/jobs?{filter}")).await["metadata"]["total_items"].clone()
    };
    assert_eq!(names(&client, "v1/jobs").await, ["j0", "j1", "j2", "j3", "j4"]);
    assert_eq!(total(&format!("clusterUUID={}", id_of(&path))).await, 7);
    assert_eq!(total("status=RUNNING&status=PENDING").await, 7);
    assert_eq!(total("status=RUNNING&type=BATCH").await, 1);
    assert_eq!(total("type=INTERACTIVE").await, 0);
    assert_eq!(total("startedAt=2001-01-01+00%3A00%3A00%2B00%3A00").await, 1);
    assert_eq!(total("startedAt=2999-01-01").await, 0);
    assert_eq!(total("finishedAt=2999-01-01").await, 0);
    assert_eq!(total("cronJobUUID=0b0d0000-0000-4000-8000-0000000000ff").await, 0);
    assert_eq!(total("bogus=1").await, 7);
}

#[tokio::test]
async fn roles_come_in_two_shapes() {
    let (_running, client) = start(Simulator::bodo()).await;
    let role = |data: Value| json!({"uuid": null, "name": "r", "data": data, "status": null});
    let made = client.made("v1/instance-roles", role(json!({"role_arn": "arn:1"}))).await;
    assert_eq!(made["data"], json!({"roleArn": "arn:1"}));
    client.made("v1/instance-roles", role(json!({"identity": "/sub"}))).await;
    assert_eq!(client.post("v1/instance-roles", role(json!({"roleArn": "arn:1"}))).await.0, 409);
    assert_eq!(client.post("v1/instance-roles", role(json!({}))).await.0, 400);
    assert_eq!(client.read("v1/instance-roles").await.as_array().map(Vec::len), Some(2));
    let page = client.read("v1/instance-roles?page=1&size=10&roleArn=arn:1").await;
    assert_eq!(
        [&page["metadata"]["total_items"], &page["data"][0]["uuid"]],
        [&json!(1), &made["uuid"]]
    );
    let mut wish = cluster("c");
    wish["instanceRoleUUID"] = made["uuid"].clone();
    let cluster = client.made("v1/clusters", wish).await;
    assert_eq!(cluster["instanceRole"]["data"]["roleArn"], "arn:1");
    assert_eq!(client.delete(&path_of("instance-roles", &made)).await.0, 204);
    assert_eq!(client.get(&path_of("instance-roles", &made)).await.0, 404);
}
