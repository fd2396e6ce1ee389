//! The tutorial's examples on templates.

use longhaul::bodo::{ClusterConfig, Group, Job, JobStatus, NewJob};

use super::{mine, of_query, ready};
use crate::support::PACE;

#[tokio::test]
async fn a_template_runs_as_it_is_with_another_text_and_on_another_cluster() {
    let (_handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    template.run().await.unwrap();
    template.run().exec_text("SELECT 2").await.unwrap();
    let smaller = ClusterConfig::partial().instance_type("c5.large");
    template.run().on_temporary_cluster(smaller).await.unwrap();

    let jobs = workspace.jobs().list().template_ids([template.id()]).group().await.unwrap();
    let ended = jobs.wait_for_status(JobStatus::Succeeded).every(PACE).await.into_result().unwrap();
    let of = |job: &Job| job.data().unwrap().cluster.clone().unwrap().instance_type.unwrap();
    let mut types: Vec<_> = ended.iter().map(of).collect();
    types.sort_unstable();
    assert_eq!(types, ["c5.large", "c5.xlarge", "c5.xlarge"]);
    let mut outputs = Vec::new();
    for job in &ended {
        outputs.push(job.stdout().await.unwrap());
    }
    assert_eq!(outputs.iter().filter(|text| text.contains('2')).count(), 1, "{outputs:?}");
    assert_eq!(template.jobs().collect_all().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_template_found_by_its_name_runs_on_a_cluster() {
    let (handle, workspace) = ready().await;
    of_query(&workspace).await;
    let found = workspace.job_templates().list().names(["My template"]).group().await.unwrap();
    let cluster = workspace.cluster(mine(&handle));
    let mut job = cluster.run_job(NewJob::template(found[0].id())).await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert!(job.stdout().await.unwrap().contains('1'));
    assert_eq!(job.cluster_name(), Some("mine"));
}

#[tokio::test]
async fn several_templates_run_at_once() {
    let (_handle, workspace) = ready().await;
    of_query(&workspace).await;
    let lonely = NewJob::sql("SELECT 3").catalog("MyCatalog");
    workspace.job_templates().create("without a cluster", lonely).await.unwrap();
    let all = workspace.job_templates().list().group().await.unwrap();
    let report = all.run().await;
    assert_eq!((report.done.len(), report.failed.len()), (1, 1));
    assert_eq!(report.failed[0].input.name(), Some("without a cluster"));
    let jobs: Group<Job> = report.done.into_iter().map(|(_, job)| job).collect();
    jobs.wait_for_status(JobStatus::Succeeded).every(PACE).await.into_result().unwrap();
}
