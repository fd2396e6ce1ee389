//! The tutorial's examples on jobs.

use longhaul::bodo::{ClusterConfig, ClusterStatus, Group, Job, JobStatus, NewJob, Workspace};

use super::{ready, small};
use crate::support::{PACE, running, start};

const PROGRAM: &str = "print(\"Execution time:\", 1.5)\nprint(42)\n";

#[tokio::test]
async fn a_python_job_prints_its_output() {
    let (_handle, workspace) = start().await;
    workspace.upload(PROGRAM, "/test.py").await.unwrap();
    let cluster = running(&workspace, "My first cluster").await;
    let mut job = cluster.run_job(NewJob::python("test.py")).await.unwrap();
    let job = job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert_eq!(job.stdout().await.unwrap(), "Execution time: 1.5\n42\n");
    assert_eq!(job.stderr().await.unwrap(), "");
}

#[tokio::test]
async fn arguments_and_variables_reach_the_program() {
    let (handle, workspace) = ready().await;
    let program = "print(sys.argv)\nprint(os.environ[\"MODE\"])\n";
    workspace.upload(program, "test.py").await.unwrap();
    let job = NewJob::python("test.py").args("--year 2024").env("MODE", "fast");
    let mut job = workspace.jobs().run(job).on_cluster(super::mine(&handle)).await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert_eq!(job.stdout().await.unwrap(), "['test.py', '--year', '2024']\nfast\n");
}

#[tokio::test]
async fn a_file_of_sql_runs_over_a_catalog() {
    let (handle, workspace) = ready().await;
    workspace.upload("SELECT 40 + 2 AS answer", "test.sql").await.unwrap();
    let cluster = workspace.cluster(super::mine(&handle));
    let job = NewJob::sql_file("test.sql").catalog("MyCatalog");
    let mut job = cluster.run_job(job).await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert!(job.stdout().await.unwrap().contains("42"));
}

#[tokio::test]
async fn a_query_on_a_temporary_cluster_ends_with_it() {
    let (_handle, workspace) = ready().await;
    let query = workspace.jobs().run_sql_query("MyCatalog", "SELECT 1");
    let mut job = query.on_temporary_cluster(small().name("Temporary cluster")).await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert!(job.stdout().await.unwrap().contains('1'));
    assert_eq!(job.cluster_name(), Some("Temporary cluster"));
    let mut cluster = job.cluster().expect("the temporary cluster is known");
    cluster.wait_for_status(ClusterStatus::Terminated).every(PACE).await.unwrap();
}

#[tokio::test]
async fn a_query_runs_on_a_cluster() {
    let (handle, workspace) = ready().await;
    let cluster = workspace.cluster(super::mine(&handle));
    let mut job = cluster.run_sql_query("MyCatalog", "SELECT 1 + 1").await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert!(job.stdout().await.unwrap().contains('2'));
    assert_eq!(job.cluster_id(), Some(cluster.id().clone()));
    assert_eq!(job.result_links().await.unwrap().len(), 2, "metadata and one part");
}

/// The same job on clusters with a tag, each of another size.
async fn fleet(workspace: &Workspace) -> Group<Job> {
    for (index, (instance_type, workers)) in
        [("c5.large", 8), ("c5.xlarge", 4), ("c5.2xlarge", 2)].into_iter().enumerate()
    {
        let name = format!("Test {index}");
        let create = workspace.clusters().create(name, instance_type, workers);
        create.tag("test_tag", "perf_test").await.unwrap();
    }
    let clusters = workspace.clusters().list().tag("test_tag", "perf_test").group().await.unwrap();
    clusters.run_job(NewJob::python("test.py")).await.into_result().unwrap().into()
}

#[tokio::test]
async fn the_same_job_runs_on_many_clusters() {
    let (_handle, workspace) = start().await;
    workspace.upload(PROGRAM, "test.py").await.unwrap();
    running(&workspace, "not of the fleet").await;
    let jobs = fleet(&workspace).await;
    let ended = jobs.wait_for_status(JobStatus::Succeeded).every(PACE).await.into_result().unwrap();
    assert_eq!(ended.len(), 3);
    for job in &ended {
        assert!(job.cluster_name().is_some_and(|name| name.starts_with("Test ")));
        assert!(job.stdout().await.unwrap().ends_with("42\n"));
    }
    let removed = jobs.clusters().delete().wait().every(PACE).await.into_result().unwrap();
    assert_eq!(removed.len(), 3);
    let left = workspace.clusters().list().collect_all().await.unwrap();
    assert_eq!(
        left.iter().filter_map(|cluster| cluster.name()).collect::<Vec<_>>(),
        ["not of the fleet"]
    );
}

#[tokio::test]
async fn a_cluster_serves_as_a_template_for_another_one() {
    let (_handle, workspace) = ready().await;
    let create = workspace.clusters().create("mould", "c5.2xlarge", 2).tag("team", "a");
    let mut cluster = create.await.unwrap();
    let config: ClusterConfig = cluster.config().await.unwrap();
    let query = workspace.jobs().run_sql_query("MyCatalog", "SELECT 1");
    let job = query.on_temporary_cluster(config).await.unwrap();
    let made = job.data().unwrap().cluster.clone().unwrap();
    assert_ne!(made.uuid, cluster.id().as_str());
    assert_eq!(made.instance_type.as_deref(), Some("c5.2xlarge"));
    let asked = job.data().unwrap().cluster_config.clone().unwrap();
    assert_eq!(asked.custom_tags.unwrap()["team"], "a");
}
