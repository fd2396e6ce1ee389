//! What is refused before a job is sent.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::bodo::{ClusterConfig, Moment, NewJob, Retries};

use super::{JOBS, mine, ready, small};
use crate::support::{PACE, failure, fast, running, says, sent, start_with};

#[tokio::test]
async fn what_cannot_run_is_refused_before_anything_is_sent() {
    let (handle, workspace) = ready().await;
    let python = || NewJob::python("test.py").on_cluster("c");
    let sql = || NewJob::sql("SELECT 1").on_cluster("c");
    let cases: [(NewJob, &str); 21] = [
        (NewJob::python("test.py"), "a job without a cluster"),
        (python().on_temporary_cluster(small()), "both were given"),
        (NewJob::python("test.py").on_cluster(""), "the id of the cluster is empty"),
        (NewJob::python("a.py").on_temporary_cluster(ClusterConfig::partial()), "instance type"),
        (NewJob::python(" ").on_cluster("c"), "the file to run is empty"),
        (NewJob::sql_file("").on_cluster("c"), "the file to run is empty"),
        (NewJob::sql("\n").on_cluster("c"), "the text of the query is empty"),
        (python().edit(|config| config.source_location = None), "needs a file to run"),
        (sql().edit(|config| config.sql_query_text = None), "needs a text"),
        (python().exec_text("SELECT 1"), "a PYTHON job has no `exec_text`"),
        (python().bind(1), "takes `args` and no values"),
        (sql().args("--a 1"), "takes values (`bind`) and no `args`"),
        (sql().exec_file("a.sql"), "a text or a file, and both"),
        (sql().catalog(""), "the name of the catalog is empty"),
        (sql().bind(1), "`?` in the query is 0, and that of the values for them 1"),
        (sql().exec_text("SELECT :a"), "`:a` and no value of that name"),
        (NewJob::sql_file("a.sql").bind_named("a", 1).on_cluster("c"), "by position"),
        (python().timeout(Duration::ZERO), "a timeout of 0"),
        (python().env("A=B", "c"), "no name of an environment variable"),
        (python().name(""), "the name of the job is empty"),
        (NewJob::template("..").on_cluster("c"), "no id of a job template"),
    ];
    for (job, words) in cases {
        let error = failure(workspace.jobs().run(job)).await;
        says(&error, ErrorKind::InvalidInput, &[words]);
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_time_below_a_minute_is_a_minute() {
    let (handle, workspace) = ready().await;
    let second = Duration::from_secs(1);
    let job = NewJob::python("test.py").timeout(second).retries(Retries::new(1).delay(second));
    workspace.jobs().run(job.on_cluster(mine(&handle))).await.unwrap();
    let config = &sent(&handle, "POST", JOBS)[0].json()["jobConfig"];
    assert_eq!(
        (&config["timeout"], &config["retryStrategy"]["delayBetweenRetries"]),
        (&1.into(), &1.into())
    );
}

#[tokio::test]
async fn a_job_on_a_stopped_cluster_is_refused_with_what_to_do() {
    let (handle, workspace) = ready().await;
    let mut cluster = running(&workspace, "stopped").await;
    cluster.stop().wait().every(PACE).await.unwrap();
    let by_cluster = failure(cluster.run_job(NewJob::python("test.py"))).await;
    let job = NewJob::python("test.py").on_cluster(cluster.id());
    let by_id = failure(workspace.jobs().run(job)).await;
    for error in [by_cluster, by_id] {
        let words = ["`stopped` is `STOPPED`", "`restart` it first", "`resume_cluster`"];
        says(&error, ErrorKind::InvalidInput, &words);
    }
    assert!(sent(&handle, "POST", JOBS).is_empty());
}

#[tokio::test]
async fn a_job_on_a_failed_cluster_is_refused_even_if_it_is_to_be_resumed() {
    let simulator = fast().outcome("broken", "FAILED", "").catalog("MyCatalog");
    let (handle, workspace) = start_with(simulator).await;
    let mut cluster = workspace.clusters().create("broken", "c5.large", 1).await.unwrap();
    failure(cluster.wait_for_status(longhaul::bodo::ClusterStatus::Running).every(PACE)).await;
    let query = cluster.run_sql_query("MyCatalog", "SELECT 1").resume_cluster();
    let error = failure(query).await;
    says(&error, ErrorKind::InvalidInput, &["`broken` is `FAILED`", "another cluster"]);
    assert!(sent(&handle, "POST", JOBS).is_empty());
}

#[tokio::test]
async fn an_unknown_cluster_is_the_platforms_to_refuse() {
    let (handle, workspace) = ready().await;
    let job = NewJob::python("test.py").on_cluster("00000000-0000-4000-8000-000000000000");
    assert!(failure(workspace.jobs().run(job)).await.is_not_found());
    assert!(sent(&handle, "POST", JOBS).is_empty());
}

#[tokio::test]
async fn a_misspelt_status_cancels_nothing() {
    let (handle, workspace) = ready().await;
    let jobs = workspace.jobs();
    let cluster = workspace.cluster(mine(&handle));
    cluster.run_sql_query("MyCatalog", "SELECT 1").await.unwrap();
    let misspelt = jobs.cancel_all(jobs.list().statuses(["RUNING"]));
    says(&failure(misspelt).await, ErrorKind::InvalidInput, &["`RUNING`", "RUNNING"]);
    assert!(sent(&handle, "GET", JOBS).is_empty());
    let report = jobs.cancel_all(jobs.list().cluster_ids([""; 0])).await.unwrap();
    assert!(report.done.is_empty() && report.failed.is_empty());
    assert!(handle.requests().iter().all(|request| request.method != "DELETE"));
}

#[tokio::test]
async fn moments_are_spelt_as_the_platform_expects() {
    let (handle, workspace) = ready().await;
    let new_year: Moment =
        chrono::DateTime::parse_from_rfc3339("2024-01-01T01:00:00+01:00").unwrap().into();
    let list = workspace.jobs().list().started_after(new_year.clone()).finished_before(new_year);
    list.collect_all().await.unwrap();
    let request = &sent(&handle, "GET", JOBS)[0];
    for name in ["startedAt", "finishedAt"] {
        assert_eq!(request.query_value(name).unwrap(), "2024-01-01 00:00:00+00:00");
    }
    assert!(request.query.contains("%2B00"), "{}", request.query);
}
