//! The same job on several of Bodo's clusters, found by their tag; the results side by side.
//!
//! `cargo run --example bodo_fleet`, or with `-- --live` on the platform, where it costs a few
//! minutes of three clusters with 14 machines in all. The clusters are removed at the end, also
//! when something fails on the way; the small file stays in the workspace.

mod support;

use std::error::Error;
use std::time::Duration;

use longhaul::batch;
use longhaul::bodo::{Cluster, ClusterStatus, Group, Job, JobStatus, NewJob, Workspace};
use longhaul_simulator::Simulator;

type Outcome<T> = Result<T, Box<dyn Error>>;

const FILE: &str = "longhaul-test.py";
const TAG: &str = "longhaul-fleet";
const FLEET: [(&str, u32); 3] = [("c5.large", 8), ("c5.xlarge", 4), ("c5.2xlarge", 2)];

#[tokio::main]
async fn main() -> Outcome<()> {
    let (bodo, _simulator) = support::bodo(Simulator::bodo()).await?;
    bodo.upload_file(support::data("test.py"), FILE).await?;
    // Clusters of another run of this program have another tag.
    let tag = format!("run-{}", std::process::id());
    let outcome = compare(&bodo, &tag).await;
    let clusters = bodo.clusters().list().tag(TAG, &tag).group().await?;
    let removed = clusters.delete().wait().await.into_result()?;
    println!("{} clusters are gone", removed.len());
    outcome
}

async fn compare(bodo: &Workspace, tag: &str) -> Outcome<()> {
    batch(FLEET, |(instance_type, workers)| create(bodo, tag, instance_type, workers))
        .await
        .into_result()?;
    let clusters = bodo.clusters().list().tag(TAG, tag).group().await?;
    println!("{} clusters have the tag {TAG}:{tag}", clusters.len());
    let ready = clusters.wait_for_status(ClusterStatus::Running).on_event(support::print_status);
    let ready: Group<_> = ready.await.into_result()?.into();

    let job = NewJob::python(FILE).args("2024").env("ASKED_BY", "everybody");
    let jobs: Group<_> = ready.run_job(job).await.into_result()?.into();
    let report = jobs.wait_for_status(JobStatus::Succeeded).await;
    for failure in &report.failed {
        println!("job {} failed: {}", failure.input.id(), failure.error);
    }
    let outputs = show(&ready, report.into_result()?).await?;
    assert_eq!(outputs.len(), FLEET.len());
    assert!(outputs.windows(2).all(|pair| pair[0] == pair[1]), "the clusters disagree");
    Ok(())
}

async fn create(
    bodo: &Workspace,
    tag: &str,
    instance_type: &str,
    workers: u32,
) -> longhaul::Result<Cluster> {
    let name = format!("fleet {instance_type} {tag}");
    let cluster = bodo.clusters().create(name, instance_type, workers).tag(TAG, tag);
    cluster.auto_pause(None).auto_stop(Duration::from_secs(15 * 60)).await
}

/// One row for each job, and what the jobs wrote.
async fn show(clusters: &Group<Cluster>, jobs: Vec<Job>) -> Outcome<Vec<String>> {
    println!("{:<26} {:<12} {:>7} {:>8}  last line", "cluster", "type", "workers", "seconds");
    let mut outputs = Vec::new();
    for job in jobs {
        let on = |cluster: &&Cluster| Some(cluster.id()) == job.cluster_id().as_ref();
        let cluster = clusters.iter().find(on).and_then(Cluster::data).ok_or("no such cluster")?;
        let output = job.stdout().await?;
        println!(
            "{:<26} {:<12} {:>7} {:>8.1}  {}",
            cluster.name.as_deref().unwrap_or_default(),
            cluster.instance_type.as_deref().unwrap_or_default(),
            cluster.workers_quantity.unwrap_or_default(),
            seconds(&job).unwrap_or_default(),
            output.lines().last().unwrap_or_default(),
        );
        outputs.push(output);
    }
    Ok(outputs)
}

/// How long a job ran, by the platform's clock.
fn seconds(job: &Job) -> Option<f64> {
    let data = job.data()?;
    let (begin, end) =
        (data.started_at.as_ref()?.datetime()?, data.finished_at.as_ref()?.datetime()?);
    Some((end - begin).as_seconds_f64())
}
