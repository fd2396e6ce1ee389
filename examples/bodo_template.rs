//! Job templates on Bodo: one template run as it is, with another query, and on another machine; on
//! a cluster that exists; and by a schedule.
//!
//! `cargo run --example bodo_template`; with `-- --live --catalog NAME` on the platform, where it
//! costs a few minutes of five small clusters, of which four end with their jobs. The fifth, the
//! template and the cron job are removed at the end. The queries need no table.

mod support;

use std::error::Error;
use std::time::Duration;

use longhaul::bodo::{
    Cluster, ClusterConfig, ClusterStatus, CronJob, Job, JobStatus, JobTemplate, NewJob, Workspace,
};
use longhaul_simulator::Simulator;

type Outcome = Result<(), Box<dyn Error>>;

const CATALOG: &str = "longhaul";
const NAME: &str = "longhaul-template";

#[tokio::main]
async fn main() -> Outcome {
    let (bodo, _simulator) = support::bodo(Simulator::bodo().catalog(CATALOG)).await?;
    let catalog = support::option("--catalog").unwrap_or_else(|| CATALOG.to_owned());

    let job = NewJob::sql("SELECT 'one' AS answer").catalog(catalog);
    let job = job.on_temporary_cluster(ClusterConfig::new("c5.xlarge", 1));
    let template = bodo.job_templates().create(NAME, job).tag("purpose", "example").await?;
    println!("created template {}", template.id());
    let outcome = with_template(&bodo, &template).await;
    template.delete().await?;
    println!("the template is gone");
    outcome
}

async fn with_template(bodo: &Workspace, template: &JobTemplate) -> Outcome {
    overridden(template).await?;
    existing_cluster(bodo).await?;
    scheduled(bodo, template).await
}

/// What is set for a run takes the place of what the template has, all else stays.
async fn overridden(template: &JobTemplate) -> Outcome {
    template.run().name("as it is").await?;
    template.run().name("another query").exec_text("SELECT 'two' AS answer").await?;
    let smaller = ClusterConfig::partial().instance_type("c5.large");
    template.run().name("another machine").on_temporary_cluster(smaller).await?;

    let jobs = template.jobs().group().await?;
    let done = jobs.wait_for_status(JobStatus::Succeeded).await.into_result()?;
    println!("{} jobs of the template:", done.len());
    let mut seen = Vec::new();
    for job in &done {
        let (machine, answer) = (machine(job), job.stdout().await?);
        let (name, answer) = (job.name().unwrap_or_default(), answer.trim_end());
        println!("  {name}, on a {machine}: {}", answer.lines().last().unwrap_or_default());
        seen.push((machine, answer.contains("two")));
    }
    seen.sort();
    let expected = [("c5.large", false), ("c5.xlarge", false), ("c5.xlarge", true)];
    assert_eq!(seen, expected.map(|(machine, two)| (machine.to_owned(), two)));

    match template.run().args("--year 2024").await {
        Ok(job) => Err(format!("job {} is SQL and has arguments", job.id()).into()),
        Err(error) => {
            println!("as expected, {error}");
            Ok(())
        }
    }
}

fn machine(job: &Job) -> String {
    let cluster = job.data().and_then(|data| data.cluster.as_ref());
    cluster.and_then(|cluster| cluster.instance_type.clone()).unwrap_or_default()
}

/// The template is found by its name.
async fn existing_cluster(bodo: &Workspace) -> Outcome {
    let templates = bodo.job_templates().list().names([NAME]).collect_all().await?;
    let template = templates.first().ok_or("the template is not in the list")?;
    let cluster = bodo.clusters().create("longhaul-shared", "c5.large", 1);
    let cluster = cluster.auto_pause(None).auto_stop(Duration::from_secs(15 * 60));
    let mut cluster = cluster.await?;
    let outcome = on_cluster(&mut cluster, template).await;
    cluster.delete().wait().await?;
    outcome
}

async fn on_cluster(cluster: &mut Cluster, template: &JobTemplate) -> Outcome {
    cluster.wait_for_status(ClusterStatus::Running).await?;
    let mut job = cluster.run_job(NewJob::template(template.id())).await?;
    job.wait_for_status(JobStatus::Succeeded).await?;
    println!("it ran on {} too", job.cluster_name().unwrap_or_default());
    assert_eq!(job.cluster_id().as_ref(), Some(cluster.id()));
    Ok(())
}

/// Every night at half past one; once by hand, so that there is something to see.
async fn scheduled(bodo: &Workspace, template: &JobTemplate) -> Outcome {
    let nightly = bodo.cron_jobs().create("longhaul-nightly", "30 1 * * *", template.id());
    let nightly = nightly.timezone("Europe/Berlin").max_concurrent_runs(1).await?;
    let next = nightly.data().and_then(|data| data.next_run_date.clone());
    println!("cron job {} runs next on {}", nightly.id(), next.unwrap_or_default());
    let outcome = once(&nightly).await;
    nightly.delete().await?;
    println!("the cron job is gone");
    outcome
}

async fn once(nightly: &CronJob) -> Outcome {
    let mut job = nightly.run().await?;
    job.wait_for_status(JobStatus::Succeeded).await?;
    nightly.deactivate().await?;
    let history = nightly.history().collect_all().await?;
    println!("it ran {} time", history.len());
    assert_eq!(history.len(), 1);
    Ok(())
}
