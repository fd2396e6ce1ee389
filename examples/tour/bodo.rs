//! Bodo: a cluster that runs a program, answers a query and runs a template, and is deleted at the
//! end.

use std::error::Error;
use std::time::Duration;

use longhaul::bodo::{Cluster, ClusterConfig, ClusterStatus, Job, JobStatus, NewJob, Workspace};
use longhaul_simulator::Simulator;

use super::{Tour, support};

const NAME: &str = "longhaul-tour";
const FILE: &str = "longhaul-test.py";

pub(crate) async fn run(tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let (bodo, _simulator) = support::bodo(Simulator::bodo().catalog(NAME)).await?;
    let catalog = support::option("--catalog").unwrap_or_else(|| NAME.to_owned());
    let name = bodo.data().await.map(|data| data.name.unwrap_or_default());
    if tour.step("the workspace", name).is_none() {
        return Ok(());
    }
    let uploaded = bodo.upload_file(support::data("test.py"), FILE).await;
    tour.step("upload a program", uploaded.map(|()| FILE));
    let cluster = bodo.clusters().create(NAME, "c5.large", 1).tag("purpose", "tour");
    let cluster = cluster.auto_pause(None).auto_stop(Duration::from_secs(15 * 60)).await;
    match cluster.map(|cluster| (cluster.id().to_string(), cluster)) {
        Ok((id, cluster)) => {
            tour.step("a new cluster", Ok::<_, longhaul::Error>(id));
            life(tour, &bodo, cluster, &catalog).await?;
        }
        Err(error) => drop(tour.step("a new cluster", Err::<String, _>(error))),
    }
    Ok(())
}

async fn life(
    tour: &mut Tour,
    bodo: &Workspace,
    mut cluster: Cluster,
    catalog: &str,
) -> Result<(), Box<dyn Error>> {
    let running = cluster.wait_for_status(ClusterStatus::Running).await.map(machines);
    let outcome = match tour.step("wait until it is running", running) {
        Some(_) => work(tour, bodo, &mut cluster, catalog).await,
        None => Ok(()),
    };
    let gone = cluster.delete().wait().await;
    tour.step("delete the cluster", gone.map(|()| "gone"));
    outcome
}

async fn work(
    tour: &mut Tour,
    bodo: &Workspace,
    cluster: &mut Cluster,
    catalog: &str,
) -> Result<(), Box<dyn Error>> {
    jobs(tour, cluster).await;
    queries(tour, cluster, catalog).await;
    template(tour, bodo, catalog).await?;
    let paused = cluster.pause().wait().await.map(|_| "PAUSED");
    tour.step("pause the cluster", paused);
    Ok(())
}

fn machines(cluster: &mut Cluster) -> String {
    let data = cluster.data();
    let version = data.and_then(|data| data.bodo_version.as_deref()).unwrap_or_default();
    let count = data.and_then(|data| data.workers_quantity).unwrap_or_default();
    format!("{count} machine with Bodo {version}")
}

async fn jobs(tour: &mut Tour, cluster: &Cluster) {
    let program = NewJob::python(FILE).env("ASKED_BY", "the tour");
    let job = cluster.run_job(program.clone().args("2024")).await;
    tour.step("run the program", output(job).await);
    // Without its argument it fails.
    let refused = match output(cluster.run_job(program).await).await {
        Ok(output) => Err(format!("it wrote {output}")),
        Err(error) if error.is_wait_failed() => Ok(format!("as expected, {error}")),
        Err(error) => Err(error.to_string()),
    };
    tour.step("run it without the year", refused);
}

/// What a job writes until it has succeeded, in one line.
async fn output(job: longhaul::Result<Job>) -> longhaul::Result<String> {
    let mut job = job?;
    let output = job.wait_for_status(JobStatus::Succeeded).await?.stdout().await?;
    Ok(output.split_whitespace().collect::<Vec<_>>().join(" "))
}

async fn queries(tour: &mut Tour, cluster: &Cluster, catalog: &str) {
    let connection = cluster.connect(catalog);
    let sum = async {
        let query = connection.query("SELECT 40 + :more AS answer").bind_named("more", 2);
        let row = query.await?.try_next().await?;
        row.map_or(Ok(0), |row| row.get::<i64>(0))
    };
    let sum = match sum.await {
        Ok(42) => Ok(42.to_string()),
        Ok(other) => Err(format!("{other}, which is not 42")),
        Err(error) => Err(error.to_string()),
    };
    tour.step("a query with a value bound to it", sum);
    let refused = match connection.query("SELECT * FROM longhaul_no_such_table").await {
        Ok(rows) => Err(format!("it has {} rows", rows.row_count())),
        Err(error) if error.is_wait_failed() => Ok(format!("as expected, {error}")),
        Err(error) => Err(error.to_string()),
    };
    tour.step("a table that is not there", refused);
}

async fn template(tour: &mut Tour, bodo: &Workspace, catalog: &str) -> Result<(), Box<dyn Error>> {
    let job = NewJob::sql("SELECT 1 AS answer").catalog(catalog);
    let job = job.on_temporary_cluster(ClusterConfig::new("c5.large", 1));
    let template = bodo.job_templates().create(NAME, job).await?;
    template.run().await?;
    template.run().exec_text("SELECT 2 AS answer").await?;
    let jobs = template.jobs().group().await?;
    let done = jobs.wait_for_status(JobStatus::Succeeded).await.into_result();
    tour.step("jobs of a template, each with its cluster", done.map(|done| done.len()));
    tour.step("delete the template", template.delete().await.map(|()| NAME));
    Ok(())
}
