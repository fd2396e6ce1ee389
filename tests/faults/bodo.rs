//! What Bodo adds while one request in five is hit: jobs that must not be submitted twice, results
//! in many files behind signed links, groups, and logs that grow while they are read.

use std::collections::HashMap;
use std::time::Duration;

use longhaul::batch::{Report, batch};
use longhaul::bodo::{ClusterStatus, Group, Job, JobStatus, LogStream, NewJob, Workspace};
use longhaul::{Error, Options, Result};
use longhaul_simulator::bodo::{Bodo, KEYS};
use longhaul_simulator::{Fault, Handle, Simulator};

use crate::support::{failure, ms};

const JOBS: &str = "/api/v1/jobs";

/// How many clusters the jobs are spread over; a cluster queues 100.
const CLUSTERS: usize = 4;

/// One request in five, drawn evenly from what can happen to it.
fn one_in_five() -> Fault {
    let kinds = [
        Fault::status(503),
        Fault::status(429),
        Fault::status(500),
        Fault::reset(),
        Fault::reset_after(),
        Fault::truncate(0),
        Fault::reset_in_body(7),
        Fault::status(504).as_html().after_effect(),
    ];
    Fault::one_of(kinds).rate(0.2)
}

fn fast() -> Simulator<Bodo> {
    Simulator::bodo().pace(ms(2)).catalog("shop")
}

fn client(simulator: &Handle) -> Workspace {
    let builder = Workspace::builder().server(simulator.url()).options(Options::new().attempts(12));
    builder.client_id(KEYS.0).secret_key(KEYS.1).build().expect("good settings")
}

async fn start(simulator: Simulator<Bodo>) -> (Handle, Workspace) {
    let handle = simulator.start().await.expect("a free port");
    let workspace = client(&handle);
    (handle, workspace)
}

/// A simulator with these clusters, which are running.
fn with_clusters(simulator: Simulator<Bodo>, count: usize) -> Simulator<Bodo> {
    (0..count).fold(simulator, |all, index| all.cluster(format!("c{index}")))
}

/// How often each job was submitted, by its name.
async fn submitted(workspace: &Workspace) -> HashMap<String, usize> {
    let mut count = HashMap::new();
    for job in workspace.jobs().list().collect_all().await.unwrap() {
        *count.entry(job.name().unwrap().to_owned()).or_default() += 1;
    }
    count
}

#[tokio::test]
async fn no_job_is_submitted_twice_and_none_that_was_is_denied() {
    let (handle, workspace) = start(with_clusters(fast(), CLUSTERS)).await;
    let ids: Vec<_> =
        (0..CLUSTERS).map(|index| handle.id_of(&format!("c{index}")).unwrap()).collect();
    handle.fault(one_in_five());
    let report = batch(0..200, |index: usize| {
        let job = NewJob::sql("SELECT 1").name(format!("job {index}"));
        workspace.jobs().run(job.on_cluster(&ids[index % CLUSTERS]))
    });
    let report: Report<usize, Job> = report.concurrency(32).await;
    handle.clear_faults();
    let submitted = submitted(&workspace).await;
    let count = |index: usize| submitted.get(&format!("job {index}")).copied().unwrap_or(0);
    assert!(report.done.iter().all(|(index, _)| count(*index) == 1), "lost or submitted twice");
    let mut in_doubt_and_there = 0;
    for failure in &report.failed {
        let (index, error) = (failure.index, &failure.error);
        assert!(count(index) <= 1, "job {index} was submitted twice: {error}");
        assert!(error.may_have_happened(), "only doubt is not repeated: {error}");
        assert!(error.to_string().contains("`jobs().list()` tells whether"), "{error}");
        in_doubt_and_there += count(index);
    }
    assert!(in_doubt_and_there > 0, "no answer was lost after the effect");
    assert_eq!(handle.bodo().unwrap().job_ids().len(), submitted.values().sum::<usize>());
}

#[tokio::test]
async fn a_lost_submission_is_found_by_its_name_and_not_sent_again() {
    for fault in [Fault::reset_after(), Fault::truncate(3), Fault::hang_after()] {
        let (handle, _) = start(with_clusters(fast(), 1)).await;
        let options = Options::new().timeout(ms(300));
        let builder = Workspace::builder().server(handle.url()).options(options);
        let workspace = builder.client_id(KEYS.0).secret_key(KEYS.1).build().unwrap();
        handle.fault(fault.on("POST", JOBS));
        let job = NewJob::sql("SELECT 1").name("precious").on_cluster(handle.id_of("c0").unwrap());
        let error: Error = failure(workspace.jobs().run(job)).await;
        assert!(error.may_have_happened(), "{error}");
        let found = workspace.jobs().list().collect_all().await.unwrap();
        let names: Vec<_> = found.iter().filter_map(Job::name).collect();
        assert_eq!(names, ["precious"]);
    }
}

#[tokio::test]
async fn every_row_of_a_result_in_twenty_files_comes_once_and_in_order() {
    let simulator = with_clusters(fast().rows_per_file(50), 1);
    let (handle, workspace) = start(simulator).await;
    let connection = workspace.connect("shop", handle.id_of("c0").unwrap());
    let numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) \
        SELECT x FROM n";
    let mut query = connection.query(numbers).submit().await.unwrap();
    query.wait().every(ms(5)).await.unwrap();
    handle.fault(one_in_five().method("GET"));
    for _ in 0..3 {
        let rows = query.rows().await.unwrap().collect_all().await.unwrap();
        let xs: Vec<i64> = rows.iter().map(|row| row.get("x").unwrap()).collect();
        assert!(xs.iter().copied().eq(1..=1000), "{} rows: {xs:?}", xs.len());
    }
    let parts = handle.requests().into_iter().filter(|one| one.path.ends_with(".parquet"));
    assert!(parts.count() > 60, "no fault struck");
}

#[tokio::test]
async fn a_group_of_several_pages_is_deleted_whole() {
    let simulator = with_clusters(fast().max_page_size(5), 25);
    let (handle, workspace) = start(simulator).await;
    handle.fault(one_in_five());
    let all = workspace.clusters().list().group().await.unwrap();
    assert_eq!(all.len(), 25);
    let gone = all.delete().wait().every(ms(10)).await.into_result().unwrap();
    assert!(gone.iter().all(|one| one.last_status() == Some(&ClusterStatus::Terminated)));
    handle.clear_faults();
    assert!(workspace.clusters().list().collect_all().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_fleet_runs_its_jobs_and_every_member_is_accounted_for() {
    let (handle, workspace) = start(with_clusters(fast(), 12)).await;
    let clusters = workspace.clusters().list().group().await.unwrap();
    handle.fault(one_in_five());
    let report = clusters.run_sql_query("shop", "SELECT 1").await;
    assert_eq!(report.done.len() + report.failed.len(), 12);
    let jobs: Group<Job> = report.done.into_iter().map(|(_, job)| job).collect();
    let ended = jobs.wait_for_status(JobStatus::Succeeded).every(ms(10)).await;
    assert!(ended.is_success(), "{:?}", ended.failed);
    handle.clear_faults();
    let there = handle.bodo().unwrap().job_ids().len();
    assert!((jobs.len()..=12).contains(&there), "{there} jobs on 12 clusters");
}

#[tokio::test]
async fn every_byte_of_a_growing_log_comes_once() {
    // Of a platform whose seconds take 10 ms.
    let (handle, workspace) = start(with_clusters(fast().minute(ms(600)), 1)).await;
    let lines: Vec<_> = (0..500).map(|number| format!("line {number} of the log")).collect();
    let printing =
        |some: &[String]| some.iter().map(|line| format!("print(\"{line}\")\n")).collect();
    let steps: Vec<String> = lines.chunks(12).map(printing).collect();
    workspace.upload(steps.join("time.sleep(1)\n"), "test.py").await.unwrap();
    let job = NewJob::python("test.py").on_cluster(handle.id_of("c0").unwrap());
    let job = workspace.jobs().run(job).await.unwrap();
    handle.fault(one_in_five().method("GET"));
    let read = read(&job).await.unwrap();
    assert_eq!(read.lines().collect::<Vec<_>>(), lines);
    assert!(handle.requests().iter().filter(|one| one.path.ends_with("stdout.txt")).count() > 10);
}

/// Follows the standard output to its end.
async fn read(job: &Job) -> Result<String> {
    let limit = Duration::from_secs(60);
    let mut follow = job.follow(LogStream::Stdout).every(ms(5)).timeout(limit);
    let mut all = Vec::new();
    while let Some(chunk) = follow.try_next().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(all).expect("text"))
}
