//! What a cursor promises: every row once and in order, and failures that say why.

use std::time::Duration;

use futures_util::{Stream, StreamExt, TryStreamExt};
use longhaul::ErrorKind;
use longhaul::bodo::{ClusterConfig, JobStatus, Rows};
use serde_json::{Value, json};

use super::{
    CATALOG, NINE, XS, failure, sent, simulator, start, start_with, stored, workspace, xs,
};

#[tokio::test]
async fn rows_of_nothing_are_rows() {
    let (_simulator, connection) = start().await;
    let mut rows = connection.query(NINE).await.unwrap();
    assert_eq!(rows.row_count(), 9);
    let mut came = Vec::new();
    while let Some(row) = rows.try_next().await.unwrap() {
        came.push(row);
    }
    assert_eq!(xs(&came), XS);
    assert!(rows.try_next().await.unwrap().is_none());
    assert!(came[2].values().iter().all(|value| value.is_null()));
    assert_eq!(came[1].to_json(), json!({"x": 0, "t": ""}));
}

#[tokio::test]
async fn mixed_ways_of_fetching_neither_lose_nor_repeat_a_row() {
    let (_simulator, connection) = start().await;
    let mut rows = connection.query(NINE).await.unwrap();
    let mut came = vec![rows.fetch_one().await.unwrap().unwrap()];
    came.extend(rows.fetch_many(2).await.unwrap());
    came.extend(rows.fetch_many(0).await.unwrap());
    came.extend(rows.next().await.unwrap());
    came.extend(rows.fetch_many(3).await.unwrap());
    came.extend(rows.fetch_one().await.unwrap());
    came.extend(rows.fetch_all().await.unwrap());
    assert_eq!(xs(&came), XS);
    assert_eq!(rows.fetch_many(5).await.unwrap(), []);
    assert_eq!(rows.fetch_all().await.unwrap(), []);
    assert_eq!(rows.fetch_one().await.unwrap(), None);
}

#[tokio::test]
async fn a_dropped_fetch_loses_no_row() {
    let (_simulator, connection) = start().await;
    let mut rows = connection.query(NINE).await.unwrap();
    let mut given_up = 0;
    let came = loop {
        // So short that it is given up in all kinds of places.
        let limit = Duration::from_micros(50 * given_up);
        match tokio::time::timeout(limit, rows.fetch_all()).await {
            Ok(came) => break came.unwrap(),
            Err(_) => given_up += 1,
        }
    };
    assert!(given_up > 0);
    assert_eq!(xs(&came), XS);
}

#[tokio::test]
async fn rows_are_a_stream() {
    fn streamed(rows: Rows) -> impl Stream<Item = longhaul::Result<longhaul::bodo::Row>> {
        rows
    }
    let (_simulator, connection) = start().await;
    let rows = connection.query(NINE).await.unwrap();
    let came: Vec<_> = streamed(rows).try_collect().await.unwrap();
    assert_eq!(xs(&came), XS);
}

#[tokio::test]
async fn an_empty_result_is_empty_in_every_way() {
    let (simulator, connection) = start().await;
    let mut rows = connection.query("SELECT 1 AS x WHERE 1 = 0").await.unwrap();
    assert_eq!((rows.row_count(), rows.fetch_one().await.unwrap()), (0, None));
    assert_eq!(rows.columns()[0].name.as_deref(), Some("x"));
    assert_eq!(rows.fetch_many(3).await.unwrap(), []);
    assert_eq!(rows.collect_all().await.unwrap(), []);
    assert_eq!(stored(&simulator, ".parquet").len(), 0);
}

#[tokio::test]
async fn ddl_has_rows_of_its_own() {
    let (simulator, connection) = start().await;
    let mut tables = connection.query("SHOW TABLES").await.unwrap();
    assert_eq!(tables.row_count(), 3);
    let first = tables.fetch_one().await.unwrap().unwrap();
    assert_eq!(first.get::<&str>("name").unwrap(), "customers");
    assert_eq!(tables.fetch_many(1).await.unwrap().len(), 1);
    assert_eq!(tables.fetch_all().await.unwrap().len(), 1);
    let created = connection.query("CREATE TABLE T_NEW (A INT)").await.unwrap();
    let rows = created.collect_all().await.unwrap();
    assert!(rows[0].get::<String>(0).unwrap().contains("T_NEW"));
    assert_eq!(sent(&simulator, "GET", "/result").len(), 0);
}

#[tokio::test]
async fn the_message_of_the_engine_reaches_the_user() {
    let (_simulator, connection) = start().await;
    let error = failure(connection.query("SELEC nonsense FROM")).await;
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.is_wait_failed() && error.to_string().contains("SELEC"), "{error}");
}

#[tokio::test]
async fn an_unknown_catalog_is_named() {
    let (_simulator, connection) = start().await;
    let cluster = connection.cluster_id().clone();
    let elsewhere = workspace(&_simulator.url()).connect("nowhere", cluster);
    let error = failure(elsewhere.query("SELECT 1")).await;
    assert!(error.is_wait_failed() && error.to_string().contains("nowhere"), "{error}");
}

#[tokio::test]
async fn a_query_is_found_again_by_its_id() {
    let (simulator, connection) = start().await;
    let query = connection.query(NINE).submit().await.unwrap();
    let id = query.id().clone();
    drop(query);
    let mut again = super::connection(&simulator).resume(&id);
    let mut rows = again.rows().await.unwrap();
    assert_eq!(rows.query_id(), &id);
    assert_eq!(rows.fetch_many(4).await.unwrap().len(), 4);
    let from_the_start = again.rows().await.unwrap().collect_all().await.unwrap();
    assert_eq!(xs(&from_the_start), XS);
    assert_eq!(sent(&simulator, "POST", "/v1/jobs").len(), 1, "submitted once");
}

#[tokio::test]
async fn a_cancelled_query_and_one_out_of_time_are_errors() {
    let never = simulator().outcome("slow", "RUNNING", "").minute(Duration::from_millis(60));
    let (_simulator, connection) = start_with(never).await;
    let mut query = connection.query("SELECT 1").name("slow").submit().await.unwrap();
    query.cancel().await.unwrap();
    let error = failure(query.rows()).await;
    assert!(error.is_wait_failed() && error.to_string().contains("CANCELL"), "{error}");
    let late = connection.query("SELECT 1").name("slow").timeout(Duration::from_secs(1));
    let error = failure(late).await;
    assert!(error.is_wait_failed(), "{error}");
    assert!(error.to_string().to_lowercase().contains("timeout"), "{error}");
}

#[tokio::test]
async fn what_is_sent_is_what_the_platform_counts_in() {
    let (simulator, connection) = start().await;
    let last = |simulator: &longhaul_simulator::Handle| -> Value {
        let jobs = sent(simulator, "POST", "/v1/jobs");
        jobs.last().expect("a job was sent").json()
    };
    connection.query("SELECT 1").await.unwrap();
    let plain = last(&simulator);
    assert_eq!(
        plain,
        json!({
            "type": "BATCH",
            "clusterUUID": connection.cluster_id().as_str(),
            "jobConfig": {
                "type": "SQL",
                "source": {"type": "SQL", "sourceDef": {"type": "SQL"}},
                "sqlQueryText": "SELECT 1",
                "sqlQueryParameters": {},
                "catalog": CATALOG,
                "storeResult": true,
            },
        })
    );
    connection.query("SELECT 1").timeout(Duration::from_secs(61)).await.unwrap();
    assert_eq!(last(&simulator)["jobConfig"]["timeout"], 2, "minutes, rounded up");
    let error = failure(connection.query("SELECT 1").timeout(Duration::ZERO)).await;
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_query_runs_on_a_cluster_of_its_own() {
    let (simulator, _connection) = start().await;
    let workspace = workspace(&simulator.url());
    let config = ClusterConfig::new("c5.large", 1);
    let query = workspace.query_on(config, CATALOG, "SELECT count(*) AS n FROM orders");
    let counts = query.await.unwrap().typed::<i64>().collect_all().await.unwrap();
    assert_eq!(counts, [100]);
    let job = sent(&simulator, "POST", "/v1/jobs").remove(0).json();
    assert_eq!(job["clusterConfig"]["instanceType"], "c5.large");
    assert!(job.get("clusterUUID").is_none());
}

#[tokio::test]
async fn a_job_gives_the_rows_of_its_query() {
    let (_simulator, connection) = start().await;
    let mut query = connection.query("SELECT 1 AS x").submit().await.unwrap();
    let job = query.wait().every(Duration::from_millis(5)).await.unwrap();
    assert_eq!(job.data().unwrap().status, Some(JobStatus::Succeeded));
    let rows = job.rows().await.unwrap().collect_all().await.unwrap();
    assert_eq!(rows[0].get::<i64>("x").unwrap(), 1);
}
