//! Cron jobs.

use longhaul::ErrorKind;
use longhaul::bodo::{ClusterConfig, CreateCronJob, JobStatus, Order};
use longhaul_simulator::Fault;
use serde_json::json;

use super::{mine, of_program, of_query, ready};
use crate::support::{PACE, failure, fast, running, says, sent, start_with};

const CRON_JOBS: &str = "/api/v1/cron-jobs";

#[tokio::test]
async fn a_cron_job_is_made_with_all_that_was_set() {
    let (handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    let create = workspace.cron_jobs().create("hourly", "0 * * * *", template.id());
    let create = create.description("d").max_concurrent_runs(2).on_cluster(mine(&handle));
    let cron_job = create.await.unwrap();
    assert_eq!(cron_job.name(), Some("hourly"));
    let expected = json!({
        "name": "hourly", "description": "d", "schedule": "0 * * * *", "timezone": "Etc/GMT",
        "jobTemplateUUID": template.id().as_str(), "maxConcurrentRuns": 2,
        "clusterUUID": mine(&handle),
    });
    assert_eq!(sent(&handle, "POST", CRON_JOBS)[0].json(), expected);
}

#[tokio::test]
async fn a_cron_job_waits_for_its_time_on_a_cluster_that_is_stopped_now() {
    let (_handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    let mut cluster = running(&workspace, "stopped").await;
    cluster.stop().wait().every(PACE).await.unwrap();
    let create = workspace.cron_jobs().create("nightly", "0 1 * * *", template.id());
    create.on_cluster(cluster.id()).await.unwrap();
}

#[tokio::test]
async fn a_cron_job_brings_its_own_cluster() {
    let (handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    let create = workspace.cron_jobs().create("nightly", "30 1 * * 1", template.id());
    let create = create.on_temporary_cluster(ClusterConfig::new("c5.large", 2));
    create.timezone("Etc/GMT").await.unwrap();
    let request = sent(&handle, "POST", CRON_JOBS)[0].json();
    assert_eq!(request["clusterConfig"]["workersQuantity"], 2);
    assert_eq!(request["clusterConfig"]["bodoVersion"], "2025.6.2");
}

#[tokio::test]
async fn a_cron_job_runs_now_and_its_history_tells() {
    let (_handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    let create = workspace.cron_jobs().create("hourly", "0 * * * *", template.id());
    let cron_job = create.await.unwrap();
    assert!(cron_job.history().collect_all().await.unwrap().is_empty());
    let mut job = cron_job.run().await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    let history = cron_job.history().collect_all().await.unwrap();
    assert_eq!(history.iter().map(|job| job.id()).collect::<Vec<_>>(), [job.id()]);
}

#[tokio::test]
async fn a_cron_job_rests_and_goes_on() {
    let (handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    let create = workspace.cron_jobs().create("hourly", "0 * * * *", template.id());
    let mut cron_job = create.await.unwrap();
    cron_job.deactivate().await.unwrap();
    assert_eq!(cron_job.refresh().await.unwrap().next_run_date, None);
    cron_job.reactivate().await.unwrap();
    assert!(cron_job.refresh().await.unwrap().next_run_date.is_some());
    let put = sent(&handle, "PUT", cron_job.id().as_str());
    assert_eq!(put[0].json(), json!({"deactivate": true}));
    assert_eq!(put[1].json(), json!({"deactivate": false}));
}

#[tokio::test]
async fn cron_jobs_are_listed_sorted_and_deleted() {
    let (handle, workspace) = start_with(fast().max_page_size(2)).await;
    let template = of_program(&workspace).await;
    let cron_jobs = workspace.cron_jobs();
    for index in 0..5 {
        cron_jobs.create(format!("c{index}"), "0 0 * * *", template.id()).await.unwrap();
    }
    let all = cron_jobs.list().order_by("name", Order::Descending).group().await.unwrap();
    assert_eq!(all.len(), 5);
    assert_eq!(sent(&handle, "GET", CRON_JOBS)[0].query_value("ordering").unwrap(), "name_desc");
    let one = cron_jobs.get(all[0].id()).await.unwrap();
    one.delete().await.unwrap();
    let left = cron_jobs.list().group().await.unwrap();
    assert_eq!(left.len(), 4);
    left.delete().await.into_result().unwrap();
    assert!(cron_jobs.list().collect_all().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_no_cron_job_can_be_is_refused_before_anything_is_sent() {
    let (handle, workspace) = ready().await;
    let create = |schedule: &str| workspace.cron_jobs().create("c", schedule, "t");
    let cases: [(CreateCronJob, &str); 9] = [
        (create("nonsense"), "five fields, such as `30 1 * * *`, and `nonsense` has 1"),
        (create("0 0 * * * *"), "has 6"),
        (create(""), "has 0"),
        (workspace.cron_jobs().create("", "0 0 * * *", "t"), "the name of the cron job is empty"),
        (workspace.cron_jobs().create("c", "0 0 * * *", ""), "the id of the job template is empty"),
        (create("0 0 * * *").timezone(""), "the time zone of the cron job is empty"),
        (create("0 0 * * *").max_concurrent_runs(0), "1 to 10 jobs at a time, not 0"),
        (create("0 0 * * *").max_concurrent_runs(11), "not 11"),
        (
            create("0 0 * * *").on_cluster("c").on_temporary_cluster(ClusterConfig::partial()),
            "both were given",
        ),
    ];
    for (case, words) in cases {
        says(&failure(case).await, ErrorKind::InvalidInput, &[words]);
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_run_whose_answer_is_lost_is_not_repeated() {
    let (handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    let cron_job = workspace.cron_jobs().create("c", "0 * * * *", template.id()).await.unwrap();
    handle.fault(Fault::reset_after().on("POST", format!("{CRON_JOBS}/*/run")).once());
    let error = failure(cron_job.run()).await;
    assert!(error.to_string().contains("`history()` tells whether it runs"), "{error}");
    assert_eq!(cron_job.history().collect_all().await.unwrap().len(), 1);
}
