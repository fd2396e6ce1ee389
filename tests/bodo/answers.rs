//! Answers of every form: with more and with less than is known, and such as are none.

use longhaul::ErrorKind;
use longhaul::bodo::{ClusterConfig, ClusterStatus, JobStatus, NewJob};
use longhaul_simulator::Fault;
use serde_json::{Value, json};

use super::failure::{failure, says};
use super::support::{PACE, broken, fast, impatient, organization, start_with, workspace_builder};

/// The paths of single things.
const CLUSTER: &str = "/api/v1/clusters/*";
const JOB: &str = "/api/v1/jobs/*";

/// A good answer, whatever was asked for.
fn body(json: &Value) -> Fault {
    let (json, head) = (json.to_string(), "HTTP/1.1 200 OK\r\nContent-Type: application/json");
    let length = json.len();
    Fault::raw(format!("{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{json}"))
}

/// What the spec says of a schema.
fn schema(name: &str) -> Value {
    let spec: Value = serde_json::from_str(include_str!("../../openapi/bodo.json")).unwrap();
    spec["components"]["schemas"][name].clone()
}

/// Everything of a schema that may be left out as null, and a text for what has to be there.
fn nulls(name: &str) -> Value {
    let schema = schema(name);
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
    let members = schema["properties"].as_object().expect("an object").keys().map(|key| {
        let is_required = required.iter().any(|required| *required == key);
        (key.clone(), if is_required { json!("a-text") } else { Value::Null })
    });
    Value::Object(members.collect())
}

/// Nothing but what has to be there.
fn least(name: &str) -> Value {
    let Value::Object(mut members) = nulls(name) else { unreachable!() };
    members.retain(|_, value| !value.is_null());
    Value::Object(members)
}

/// Whether the client can read an answer with this thing as every operation brings it.
async fn is_read(name: &str, thing: &Value) -> longhaul::Result<()> {
    let handle = fast().fault(body(thing).path("/api/**")).start().await.expect("a free port");
    let workspace = workspace_builder(&handle).options(impatient()).build().expect("a client");
    let organization = organization(&handle);
    match name {
        "Cluster" => workspace.clusters().get("a-text").await.map(drop),
        "JobRun" => workspace.jobs().get("a-text").await.map(drop),
        "JobTemplate" => workspace.job_templates().get("a-text").await.map(drop),
        "CronJob" => workspace.cron_jobs().get("a-text").await.map(drop),
        "Catalog" => workspace.catalogs().get("a-text").await.map(drop),
        "SecretDetails" => workspace.secrets().get("a-text").await.map(drop),
        "InstanceRole" => workspace.instance_roles().get("a-text").await.map(drop),
        "Workspace" => organization.workspaces().get("a-text").await.map(drop),
        "CloudConfig" => organization.cloud_configs().get("a-text").await.map(drop),
        "JobLogs" => workspace.job("a-text").log_links().await.map(drop),
        "SdkVersion" => workspace.sdk_version().await.map(drop),
        other => panic!("nothing brings a {other}"),
    }
}

const THINGS: [&str; 11] = [
    "Cluster",
    "JobRun",
    "JobTemplate",
    "CronJob",
    "Catalog",
    "SecretDetails",
    "InstanceRole",
    "Workspace",
    "CloudConfig",
    "JobLogs",
    "SdkVersion",
];

#[tokio::test]
async fn null_and_nothing_are_read_wherever_something_may_be_left_out() {
    for name in THINGS {
        for thing in [nulls(name), least(name)] {
            let read = is_read(name, &thing).await;
            assert!(read.is_ok(), "{name} {thing}: {read:?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_known_is_read_beside_what_is() {
    let unknown = json!({"deep": [{"status": 1}], "text": "\u{e4}", "null": null});
    for name in THINGS {
        let Value::Object(mut thing) = least(name) else { unreachable!() };
        thing.insert("brandNew".to_owned(), unknown.clone());
        thing.insert("_deprecatedFields".to_owned(), json!({"name": {"version": "9"}}));
        for status in schema(name)["properties"].as_object().unwrap().keys() {
            if status == "status" {
                thing.insert("status".to_owned(), json!("HIBERNATING"));
            }
        }
        let read = is_read(name, &Value::Object(thing)).await;
        assert!(read.is_ok(), "{name}: {read:?}");
    }
}

#[tokio::test]
async fn what_has_to_be_there_and_is_not_is_named() {
    let (_handle, workspace) = broken(body(&json!({"name": "a"}))).await;
    let error = failure(workspace.clusters().get("a")).await;
    says(&error, ErrorKind::Decode, &["get_cluster", "uuid"]);
    let (_handle, workspace) = broken(body(&json!({"uuid": "a", "name": ["b"]}))).await;
    let error = failure(workspace.clusters().get("a")).await;
    says(&error, ErrorKind::Decode, &["get_cluster", "name"]);
}

#[tokio::test]
async fn a_status_that_nobody_knows_is_kept_and_waited_through() {
    let (handle, workspace) = start_with(fast().cluster("c").catalog("shop")).await;
    let mut cluster = workspace.cluster(handle.id_of("c").unwrap());
    handle.fault(Fault::set("/status", "HIBERNATING").path(CLUSTER).first(3));
    assert_eq!(cluster.status().await.unwrap().as_str(), "HIBERNATING");
    cluster.wait_for_status(ClusterStatus::Running).every(PACE).await.unwrap();
    let mut job = cluster.run_sql_query("shop", "SELECT 1").await.unwrap();
    handle.fault(Fault::set("/status", "DREAMING").on("GET", JOB).first(3));
    assert_eq!(job.status().await.unwrap().as_str(), "DREAMING");
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
}

#[tokio::test]
async fn times_are_read_where_days_are_expected_and_the_other_way_round() {
    for moment in ["2025-07-01", "2025-07-01T10:00:00.000Z", "2025-07-01T10:00:00+02:00", ""] {
        let cases = [
            ("CronJob", "lastRunDate"),
            ("CronJob", "nextRunDate"),
            ("SdkVersion", "endOfSupport"),
            ("Workspace", "assignedAt"),
            ("Cluster", "createdAt"),
            ("JobRun", "submittedAt"),
            ("JobRun", "finishedAt"),
            ("JobLogs", "expirationDate"),
        ];
        for (name, field) in cases {
            let Value::Object(mut thing) = least(name) else { unreachable!() };
            thing.insert(field.to_owned(), json!(moment));
            let read = is_read(name, &Value::Object(thing)).await;
            assert!(read.is_ok(), "{name}.{field} {moment:?}: {read:?}");
        }
    }
}

#[tokio::test]
async fn pages_of_every_form_are_read_or_named() {
    let page = |data: Value, metadata: Value| json!({"data": data, "metadata": metadata});
    let whole = json!({"page": 1, "size": 100, "total_pages": 1, "total_items": 1, "more": []});
    let (_handle, workspace) = broken(body(&page(json!([{"uuid": "a"}]), whole))).await;
    let found = workspace.clusters().list().collect_all().await.unwrap();
    assert_eq!(found[0].id().as_str(), "a");
    let cases = [
        (json!({"metadata": {"page": 1, "size": 1, "total_pages": 1, "total_items": 0}}), "data"),
        (json!({"data": []}), "metadata"),
        (page(json!([]), json!({"page": 1})), "metadata"),
        (json!([]), "list_clusters"),
        (json!("text"), "list_clusters"),
    ];
    for (answer, words) in cases {
        let (_handle, workspace) = broken(body(&answer)).await;
        let error = failure(workspace.clusters().list().collect_all()).await;
        says(&error, ErrorKind::Decode, &[words]);
    }
}

#[tokio::test]
async fn missing_parts_of_offers_are_no_offers() {
    let groups = json!([
        {"label": "one", "options": [{"label": {"imageId": "ami", "bodo_version": "1"}}, {}]},
        {"options": null},
        {},
    ]);
    let (_handle, workspace) = broken(body(&groups)).await;
    assert_eq!(workspace.clusters().images().await.unwrap().len(), 1);
    assert_eq!(workspace.clusters().bodo_versions().await.unwrap(), ["1"]);
    let (_handle, workspace) = broken(body(&json!([]))).await;
    assert!(workspace.clusters().images().await.unwrap().is_empty());
    assert!(workspace.clusters().instance_types().await.unwrap().is_empty());
    let error = failure(workspace.clusters().latest_bodo_version()).await;
    says(&error, ErrorKind::Protocol, &["version"]);
}

#[tokio::test]
async fn a_job_whose_answer_cannot_be_read_may_run() {
    let (handle, workspace) = start_with(fast().cluster("c")).await;
    let cluster = workspace.clusters().get(handle.id_of("c").unwrap()).await.unwrap();
    for fault in [Fault::garbage(), Fault::html(), body(&json!({}))] {
        handle.clear_faults();
        handle.fault(fault.on("POST", "/api/v1/jobs"));
        let error = failure(cluster.run_job(NewJob::sql("SELECT 1"))).await;
        assert!(error.may_have_happened(), "{error}");
        says(&error, ErrorKind::Decode, &["`jobs().list()` tells whether the job runs"]);
    }
}

#[tokio::test]
async fn commands_need_no_body_in_the_answer() {
    let (handle, workspace) = start_with(fast().cluster("c")).await;
    let job = NewJob::sql("SELECT 1").on_temporary_cluster(ClusterConfig::new("c5.large", 1));
    let template = workspace.job_templates().create("t", job).await.unwrap();
    let cron = workspace.cron_jobs().create("n", "0 0 * * *", template.id()).await.unwrap();
    let secret = workspace.secrets().create("s", "GENERIC", [("a", "b")]).await.unwrap();
    let role = workspace.instance_roles().create_azure("/an/identity").await.unwrap();
    for status in ["200 OK", "204 No Content", "202 Accepted"] {
        handle.clear_faults();
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let head = head.replace("204 No Content\r\nContent-Length: 0", "204 No Content");
        for method in ["DELETE", "PUT"] {
            handle.fault(Fault::raw(head.clone()).method(method));
        }
        cron.deactivate().await.unwrap();
        cron.clone().delete().await.unwrap();
        template.clone().delete().await.unwrap();
        workspace.secrets().delete(&secret.uuid).await.unwrap();
        workspace.secret_groups().delete("a group").await.unwrap();
        role.clone().delete().await.unwrap();
        workspace.catalogs().delete_all().await.unwrap();
    }
}

#[tokio::test]
async fn a_result_that_is_no_list_of_links_is_no_empty_result() {
    let (handle, workspace) = start_with(fast().cluster("c").catalog("shop")).await;
    let cluster = workspace.cluster(handle.id_of("c").unwrap());
    let mut job = cluster.run_sql_query("shop", "SELECT 1").await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    let cases = [
        (json!([]), ErrorKind::Protocol, "no result"),
        (json!(["ftp://nowhere/a"]), ErrorKind::Protocol, "no http or https address"),
        (json!([""]), ErrorKind::Protocol, "no http or https address"),
        (json!({"links": []}), ErrorKind::Decode, "get_job_result"),
        (Value::Null, ErrorKind::Decode, "get_job_result"),
    ];
    for (answer, kind, words) in cases {
        handle.clear_faults();
        handle.fault(body(&answer).path("/api/v1/jobs/*/result"));
        says(&failure(job.rows()).await, kind, &[words]);
    }
    let nothing = json!({"stdoutUrl": null, "stderrUrl": ""});
    handle.clear_faults();
    handle.fault(body(&nothing).path("/api/v1/jobs/*/logs"));
    assert_eq!(job.stdout().await.unwrap(), "");
    assert_eq!(job.stderr().await.unwrap(), "");
}
