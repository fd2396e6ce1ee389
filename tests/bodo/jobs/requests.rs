//! What a job looks like when it is sent.

use std::time::Duration;

use longhaul::bodo::{NewJob, Retries, Source};
use serde_json::{Value, json};

use super::{JOBS, mine, ready, small};
use crate::support::{PACE, running, sent};

/// What was submitted last.
fn submitted(handle: &longhaul_simulator::Handle) -> Value {
    sent(handle, "POST", JOBS).last().expect("a job was submitted").json()
}

#[tokio::test]
async fn a_job_is_sent_with_what_was_set_and_nothing_else() {
    let (handle, workspace) = ready().await;
    let job = NewJob::python("test.py")
        .name("nightly")
        .args("--a 1")
        .env("K", "v")
        .timeout(Duration::from_secs(600))
        .retries(Retries::new(2).delay(Duration::from_secs(180)).on_timeout());
    workspace.jobs().run(job.on_cluster(mine(&handle))).await.unwrap();
    let expected = json!({
        "name": "nightly", "type": "BATCH", "clusterUUID": mine(&handle),
        "jobConfig": {
            "type": "PYTHON",
            "source": {"type": "WORKSPACE", "sourceDef": {"type": "WORKSPACE", "path": "/"}},
            "sourceLocation": "test.py", "args": "--a 1", "timeout": 10, "envVars": {"K": "v"},
            "retryStrategy": {"numRetries": 2, "delayBetweenRetries": 3, "retryOnTimeout": true},
            "storeResult": false,
        },
    });
    assert_eq!(submitted(&handle), expected);
}

#[tokio::test]
async fn a_query_keeps_its_retries_its_timeout_and_its_values() {
    let (handle, workspace) = ready().await;
    let query = workspace.jobs().run_sql_query("MyCatalog", "SELECT :a::int, '10:30', :a, :b");
    let query = query.bind_named("a", 7).bind_named("b", "x").retries(Retries::new(1));
    query.timeout(Duration::from_secs(61)).on_cluster(mine(&handle)).await.unwrap();
    let config = &submitted(&handle)["jobConfig"];
    assert_eq!(config["sqlQueryText"], "SELECT ?::int, '10:30', ?, ?");
    let seven = json!({"type": "INT64", "value": "7"});
    let values = json!({"0": seven, "1": seven, "2": {"type": "STRING", "value": "x"}});
    assert_eq!(config["sqlQueryParameters"], values);
    assert_eq!(config["retryStrategy"]["numRetries"], 1);
    assert_eq!(config["timeout"], 2, "minutes, rounded up");
    assert_eq!(config["storeResult"], true);
    assert_eq!(config["source"], json!({"type": "SQL", "sourceDef": {"type": "SQL"}}));
}

#[tokio::test]
async fn values_for_a_file_go_by_position() {
    let (handle, workspace) = ready().await;
    let job = NewJob::sql_file("test.sql").params([1, 2]).on_cluster(mine(&handle));
    workspace.jobs().run(job).await.unwrap();
    let config = &submitted(&handle)["jobConfig"];
    assert_eq!(config["sqlQueryParameters"]["1"]["value"], "2");
    assert_eq!(config["sqlQueryText"], Value::Null);
}

#[tokio::test]
async fn code_comes_from_every_source() {
    let (handle, workspace) = ready().await;
    let jobs = workspace.jobs();
    let git = Source::git("https://git.invalid/r.git", "main", "u", "fake-git-token");
    let job = NewJob::notebook("a.ipynb").source(git);
    jobs.run(job.on_cluster(mine(&handle))).await.unwrap();
    let definition = json!({
        "type": "GIT", "repoUrl": "https://git.invalid/r.git", "reference": "main",
        "username": "u", "token": "fake-git-token",
    });
    let config = submitted(&handle)["jobConfig"].clone();
    assert_eq!(config["source"], json!({"type": "GIT", "sourceDef": definition}));
    assert_eq!(config["type"], "IPYNB");
    let job = NewJob::python("a.py").source(Source::s3("bucket/folder", "us-east-2"));
    jobs.run(job.on_cluster(mine(&handle))).await.unwrap();
    let definition =
        json!({"type": "S3", "bucketPath": "bucket/folder", "bucketRegion": "us-east-2"});
    assert_eq!(submitted(&handle)["jobConfig"]["source"]["sourceDef"], definition);
}

#[tokio::test]
async fn a_temporary_cluster_gets_the_latest_version() {
    let (handle, workspace) = ready().await;
    let query = || workspace.jobs().run_sql_query("MyCatalog", "SELECT 1");
    query().on_temporary_cluster(small()).await.unwrap();
    let expected = json!({
        "instanceType": "c5.large", "workersQuantity": 1, "autoStop": 0, "autoPause": 60,
        "bodoVersion": "2025.6.2", "memoryReportEnabled": false,
    });
    assert_eq!(submitted(&handle)["clusterConfig"], expected);
    query().on_temporary_cluster(small()).await.unwrap();
    assert_eq!(sent(&handle, "GET", "/available-images").len(), 1, "asked for once");
}

#[tokio::test]
async fn a_cluster_is_looked_at_before_a_job_is_sent_unless_it_just_was() {
    let (handle, workspace) = ready().await;
    let looks = || sent(&handle, "GET", &format!("/clusters/{}", mine(&handle))).len();
    let job = NewJob::python("test.py").on_cluster(mine(&handle));
    workspace.jobs().run(job).await.unwrap();
    assert_eq!(looks(), 1);
    let cluster = workspace.clusters().get(mine(&handle)).await.unwrap();
    assert_eq!(looks(), 2);
    cluster.run_job(NewJob::python("test.py")).await.unwrap();
    cluster.run_job(NewJob::python("test.py")).await.unwrap();
    assert_eq!(looks(), 2);
}

#[tokio::test]
async fn a_paused_cluster_is_resumed_by_the_platform_and_a_stopped_one_when_told_so() {
    let (_handle, workspace) = ready().await;
    let mut paused = running(&workspace, "paused").await;
    paused.pause().wait().every(PACE).await.unwrap();
    paused.run_sql_query("MyCatalog", "SELECT 1").await.unwrap();
    let mut stopped = running(&workspace, "stopped").await;
    stopped.stop().wait().every(PACE).await.unwrap();
    stopped.run_sql_query("MyCatalog", "SELECT 1").resume_cluster().await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_says_how_to_find_the_job_and_nothing_runs_twice() {
    let (handle, workspace) = ready().await;
    handle.fault(longhaul_simulator::Fault::reset_after().on("POST", JOBS).once());
    let job = NewJob::sql("SELECT 1").catalog("MyCatalog").on_cluster(mine(&handle));
    let error = crate::support::failure(workspace.jobs().run(job)).await;
    assert!(error.may_have_happened());
    assert!(error.to_string().contains("`jobs().list()` tells whether the job runs"), "{error}");
    assert_eq!(workspace.jobs().list().collect_all().await.unwrap().len(), 1);
}
