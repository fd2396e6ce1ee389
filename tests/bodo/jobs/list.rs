//! Listing jobs.

use longhaul::bodo::{JobStatus, JobType, NewJob};

use super::{JOBS, mine, ready};
use crate::support::{PACE, fast, sent, start_with};

#[tokio::test]
async fn every_filter_reaches_the_platform() {
    let (handle, workspace) = ready().await;
    let list = workspace.jobs().list().ids(["i1", "i2"]).template_ids(["t"]).cluster_ids(["c"]);
    let list = list.cron_job_ids(["k"]).types([JobType::Batch]).statuses([JobStatus::Running]);
    list.collect_all().await.unwrap();
    let query = &sent(&handle, "GET", JOBS)[0].query;
    for part in [
        "uuid=i1&uuid=i2",
        "jobTemplateUUID=t",
        "clusterUUID=c",
        "cronJobUUID=k",
        "type=BATCH",
        "status=RUNNING",
    ] {
        assert!(query.contains(part), "{part} is not in {query}");
    }
}

#[tokio::test]
async fn every_job_is_listed_once_whatever_the_page_size() {
    let (handle, workspace) = start_with(fast().cluster("mine").max_page_size(4)).await;
    for index in 0..11 {
        let job = NewJob::python("test.py").name(format!("j{index}")).on_cluster(mine(&handle));
        workspace.jobs().run(job).await.unwrap();
    }
    let all = workspace.jobs().list().collect_all().await.unwrap();
    let mut names: Vec<_> = all.iter().filter_map(|job| job.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!((all.len(), names.len()), (11, 11));
}

#[tokio::test]
async fn a_job_is_found_by_its_id() {
    let (handle, workspace) = ready().await;
    let job = NewJob::sql("SELECT 1").catalog("MyCatalog").name("one").on_cluster(mine(&handle));
    let made = workspace.jobs().run(job).await.unwrap();
    let mut found = workspace.jobs().get(made.id()).await.unwrap();
    assert_eq!(found.name(), Some("one"));
    assert_eq!(found.cluster_name(), Some("mine"));
    found.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert_eq!(workspace.job(made.id()).status().await.unwrap(), JobStatus::Succeeded);
    let unknown = workspace.jobs().get("00000000-0000-4000-8000-000000000000").await;
    assert!(unknown.unwrap_err().is_not_found());
}
