//! Jobs: run from every source and on every kind of cluster, listed and read.

use std::time::Duration;

use chrono::{DateTime, Utc};
use longhaul::bodo::{
    Cluster, ClusterConfig, Group, Job, JobStatus, JobType, NewJob, Retries, Source, SqlValue,
    Workspace,
};
use longhaul_simulator::Handle;

use super::super::support::PACE;
use super::{Bench, CATALOG, Differs, LOOK, NOBODY, What, shared};

pub(super) async fn all(bench: &mut Bench<'_>, handle: &Handle, workspace: &Workspace) {
    let cluster = shared(handle, workspace);
    let job = programs(bench, workspace, &cluster).await;
    Box::pin(temporary_clusters(bench, workspace)).await;
    let query = Box::pin(queries(bench, &cluster)).await;
    results(bench, query).await;
    lists(bench, handle, workspace, &job).await;
    cursors(bench, &cluster).await;
    cancellations(bench, handle, workspace, &cluster).await;
    like_another(bench, workspace, cluster).await;
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

async fn programs(bench: &mut Bench<'_>, workspace: &Workspace, cluster: &Cluster) -> Job {
    let file = NewJob::python("test.py").args("--a 1").env("K", "v").timeout(minutes(10));
    let file = cluster.run_job(file.name("py"));
    let mut job = bench.golden("run a file", &[LOOK], file).await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    bench.golden("job", &[], workspace.jobs().get(job.id())).await.unwrap();
    let missing = bench.golden("missing job", &[], workspace.jobs().get(NOBODY)).await;
    assert!(missing.unwrap_err().is_not_found());
    let wanted: [(&str, &[Differs]); 2] = [("links to logs", &[]), ("log", &[])];
    assert_eq!(bench.goldens(&wanted, job.stdout()).await.unwrap(), "hello\n");
    let retries = Retries::new(2).delay(minutes(3)).on_timeout();
    let retried = cluster.run_job(NewJob::python("test.py").retries(retries));
    bench.golden("run with retries", &[LOOK], retried).await.unwrap();
    let missing = cluster.run_job(NewJob::python("no_such_file.py"));
    bench.golden("run a missing file", &[LOOK], missing).await.unwrap();
    let statements = NewJob::sql_file("test.sql").catalog(CATALOG).store_result(false);
    let statements = cluster.run_job(statements);
    bench.golden("run a file of statements on a cluster", &[LOOK], statements).await.unwrap();
    job
}

async fn temporary_clusters(bench: &mut Bench<'_>, workspace: &Workspace) {
    let git =
        |reference| Source::git("https://git.invalid/r.git", reference, "u", "fake-git-token");
    let s3 = Source::s3("s3://fake-bucket/jobs", "us-east-2");
    let args = serde_json::Map::from_iter([("k".to_owned(), 1.into())]);
    let config = ClusterConfig::new("c5.large", 1);
    let cases = [
        ("run on a temporary cluster", NewJob::python("test.py")),
        ("run a file of Git", NewJob::python("a.py").source(git("main"))),
        ("run a notebook of Git", NewJob::notebook("a.ipynb").source(git(""))),
        ("run a file of S3", NewJob::python("a.py").source(s3).args_json(args)),
        ("run statements of a file", NewJob::sql_file("test.sql").catalog(CATALOG)),
    ];
    for (name, job) in cases {
        let run = workspace.jobs().run(job.on_temporary_cluster(config.clone()));
        bench.golden(name, &[], run).await.unwrap();
    }
    let query = workspace.query_on(config.name("Temporary cluster"), CATALOG, "SELECT 1");
    bench.golden("run a query on a temporary cluster", &[], query.submit()).await.unwrap();
}

async fn queries(bench: &mut Bench<'_>, cluster: &Cluster) -> Job {
    let plain = |sql| NewJob::sql(sql).catalog(CATALOG).store_result(false);
    let query = cluster.run_job(plain("SELECT 1"));
    bench.golden("run a query", &[LOOK], query).await.unwrap();
    let values = plain("SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e");
    let values = values.bind(1).bind("a").bind(2.5).bind(true).bind(SqlValue::Null);
    bench.golden("run a query with values", &[LOOK], cluster.run_job(values)).await.unwrap();
    let named = plain("SELECT :a AS a, :b AS b").bind_named("a", 1).bind_named("b", "x");
    bench.golden("run a query with named values", &[LOOK], cluster.run_job(named)).await.unwrap();
    let stored = What::Body("/jobConfig/storeResult", "true")
        .because("a list of clusters is asked for a query as one cluster is");
    let many = Group::from(vec![cluster.clone()]);
    let many = many.run_sql_query(CATALOG, "SELECT 1");
    bench.golden("run a query on a list", &[LOOK, stored], many).await.into_result().unwrap();
    let named = cluster.run_sql_query(CATALOG, "SELECT 1").name("sql").timeout(minutes(5));
    bench.golden("run a query by name", &[LOOK], named).await.unwrap()
}

async fn results(bench: &mut Bench<'_>, mut query: Job) {
    query.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    let wanted: [(&str, &[Differs]); 2] =
        [("links to a result", &[]), ("metadata of a result", &[])];
    let mut rows = bench.goldens(&wanted, query.rows()).await.unwrap();
    let row = bench.golden("part of a result", &[], rows.try_next()).await.unwrap().unwrap();
    assert_eq!(row.get::<i64>(0).unwrap(), 1);
}

async fn lists(bench: &mut Bench<'_>, handle: &Handle, workspace: &Workspace, job: &Job) {
    let (cluster, idle) = (handle.id_of("shared").unwrap(), handle.id_of("idle").unwrap());
    let list = || workspace.jobs().list();
    let day = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let since = || list().cluster_ids([&cluster]).started_after(day("2001-01-01T00:00:00Z"));
    let cases = [
        ("jobs by id", list().ids([job.id()])),
        ("jobs by type", list().types([JobType::Batch]).cluster_ids([&cluster])),
        ("jobs of a day", since().finished_before(day("2001-01-02T00:00:00Z"))),
        ("jobs since a day", since()),
        ("jobs", list()),
        ("jobs of clusters", list().cluster_ids([&cluster, &idle])),
    ];
    for (name, list) in cases {
        bench.golden(name, &[], list.collect_all()).await.unwrap();
    }
}

async fn cursors(bench: &mut Bench<'_>, cluster: &Cluster) {
    let timeout = What::NoBody("/jobConfig/timeout")
        .because("the official client gives its own patience, in seconds where minutes count");
    let connection = cluster.connect(CATALOG);
    let query = connection.query("SELECT 1").submit();
    bench.golden("query", &[LOOK, timeout], query).await.unwrap();
    let query = connection.query("SELECT ? AS a, ? AS b").bind(7).bind("z").submit();
    bench.golden("query with values", &[LOOK, timeout], query).await.unwrap();
}

async fn cancellations(
    bench: &mut Bench<'_>,
    handle: &Handle,
    workspace: &Workspace,
    cluster: &Cluster,
) {
    let idle = workspace.cluster(handle.id_of("idle").unwrap());
    let none = bench.golden("unfinished jobs", &[], idle.cancel_jobs()).await.unwrap();
    assert!(none.done.is_empty());
    let mut job = cluster.run_job(NewJob::sql("SELECT 1").name("endless")).await.unwrap();
    bench.golden("cancel a job", &[], job.cancel()).await.unwrap();
    job.wait_for_status(JobStatus::Cancelled).every(PACE).await.unwrap();
}

async fn like_another(bench: &mut Bench<'_>, workspace: &Workspace, mut cluster: Cluster) {
    let config = cluster.config().await.unwrap();
    let differs = [
        What::NoBody("/clusterConfig/isJobDedicated")
            .because("what the other cluster is for says nothing of this one"),
        What::Body("/clusterConfig/customTags", "{}")
            .because("the tags belong to it: the official client loses them"),
    ];
    let query = workspace.jobs().run_sql_query(CATALOG, "SELECT 1").on_temporary_cluster(config);
    bench.golden("run on a cluster like another", &differs, query).await.unwrap();
}
