//! Schedules.

use std::time::Duration;

use longhaul_simulator::Simulator;
use serde_json::{Value, json};

use super::support::{Client, bodo, cluster, path_of, start};

async fn template(client: &Client, name: &str) -> Value {
    let wish = json!({
        "name": name, "config": {"type": "SQL", "sqlQueryText": "SELECT 1", "catalog": "C"},
        "clusterConfig": cluster("temporary"),
    });
    client.made("v1/job-templates", wish).await["uuid"].clone()
}

fn wish(name: &str, schedule: &str, template: &Value) -> Value {
    json!({"name": name, "schedule": schedule, "timezone": "Etc/GMT", "jobTemplateUUID": template})
}

async fn runs(client: &Client, cron: &Value) -> u64 {
    let id = cron["uuid"].as_str().expect("an id");
    let list = client.read(&format!("v1/jobs?cronJobUUID={id}")).await;
    list["metadata"]["total_items"].as_u64().expect("a count")
}

#[tokio::test]
async fn due_runs_are_made_by_the_clock() {
    let (_running, client) = start(bodo().minute(Duration::from_millis(40)).catalog("C")).await;
    let template = template(&client, "t").await;
    let mut every = wish("every minute", "* * * * *", &template);
    every["maxConcurrentRuns"] = 10.into();
    let cron = client.made("v1/cron-jobs", every).await;
    assert_eq!(cron["nextRunDate"].as_str().map(str::len), Some(10));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let made = runs(&client, &cron).await;
    assert!(made >= 2, "{made} runs");
    let path = path_of("cron-jobs", &cron);
    assert_eq!(client.read(&path).await["lastRunDate"].as_str().map(str::len), Some(10));
    assert_eq!(client.put(&path, json!({"deactivate": true})).await.0, 200);
    let made = runs(&client, &cron).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(runs(&client, &cron).await, made);
    assert_eq!(client.read(&path).await["nextRunDate"], Value::Null);
}

#[tokio::test]
async fn runs_are_limited() {
    let (_running, client) =
        start(bodo().catalog("C").outcome("temporary", "INITIALIZING", "")).await;
    let template = template(&client, "t").await;
    let cron = client.made("v1/cron-jobs", wish("yearly", "0 0 1 1 *", &template)).await;
    let run = format!("{}/run", path_of("cron-jobs", &cron));
    let first = client.made(&run, json!({})).await;
    assert_eq!([&first["status"], &first["cronJobUUID"]], [&json!("PENDING"), &cron["uuid"]]);
    assert_eq!(client.post(&run, json!({})).await.0, 409);
    client.delete(&path_of("jobs", &first)).await;
    client.reaches(&path_of("jobs", &first), "CANCELLED").await;
    client.made(&run, json!({})).await;
    assert_eq!(runs(&client, &cron).await, 2);
}

#[tokio::test]
async fn bad_schedules_are_refused() {
    let (_running, client) = start(Simulator::bodo()).await;
    let template = template(&client, "t").await;
    let mut zone = wish("x", "* * * * *", &template);
    zone["timezone"] = "nowhere".into();
    let mut many = wish("x", "* * * * *", &template);
    many["maxConcurrentRuns"] = 11.into();
    for bad in [wish("x", "nonsense", &template), zone, many] {
        assert_eq!(client.post("v1/cron-jobs", bad.clone()).await.0, 400, "{bad}");
    }
    let foreign = json!("0b0d0000-0000-4000-8000-0000000000ff");
    assert_eq!(client.post("v1/cron-jobs", wish("x", "* * * * *", &foreign)).await.0, 404);
    let path =
        path_of("cron-jobs", &client.made("v1/cron-jobs", wish("x", "1 1 * * *", &template)).await);
    assert_eq!(client.put(&path, json!({})).await.0, 400);
    assert_eq!((client.delete(&path).await.0, client.get(&path).await.0), (204, 404));
}
