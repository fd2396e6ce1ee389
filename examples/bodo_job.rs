//! A job on Bodo: a file is uploaded, run on a new cluster, and its output followed; a program that
//! fails says why.
//!
//! `cargo run --example bodo_job`, or with `-- --live` on the platform, where it costs a few minutes
//! of a `c5.large`. The cluster is removed at the end; the two small files stay in the workspace.

mod support;

use std::error::Error;
use std::time::Duration;

use longhaul::bodo::{Cluster, ClusterStatus, JobStatus, NewJob, Workspace};
use longhaul_simulator::Simulator;

type Outcome = Result<(), Box<dyn Error>>;

const FILE: &str = "longhaul-test.py";
const BROKEN: &str = "longhaul-broken.py";

#[tokio::main]
async fn main() -> Outcome {
    let (bodo, _simulator) = support::bodo(Simulator::bodo()).await?;
    println!("the workspace is {}", bodo.data().await?.name.unwrap_or_default());
    upload(&bodo).await?;

    // Should this program be killed, the machines are given back all the same.
    let cluster = bodo.clusters().create("longhaul-job", "c5.large", 1);
    let cluster = cluster.auto_pause(None).auto_stop(Duration::from_secs(15 * 60));
    let mut cluster = cluster.tag("purpose", "example").await?;
    println!("created cluster {}", cluster.id());
    let outcome = on_cluster(&mut cluster).await;
    cluster.delete().wait().on_event(support::print_status).await?;
    outcome
}

async fn upload(bodo: &Workspace) -> longhaul::Result<()> {
    bodo.upload_file(support::data("test.py"), FILE).await?;
    let broken = "print('looking for a table')\nraise LookupError('there is no table burgers')\n";
    bodo.upload(broken, BROKEN).await?;
    println!("uploaded {FILE} and {BROKEN}");
    Ok(())
}

async fn on_cluster(cluster: &mut Cluster) -> Outcome {
    cluster.wait_for_status(ClusterStatus::Running).on_event(support::print_status).await?;
    good(cluster).await?;
    bad(cluster).await
}

async fn good(cluster: &Cluster) -> Outcome {
    // Unbuffered, so that lines appear when they are printed.
    let job = NewJob::python(FILE).args("2024").env("ASKED_BY", "me").env("PYTHONUNBUFFERED", "1");
    let mut job = cluster.run_job(job.name("good")).await?;
    println!("job {} writes", job.id());
    let (mut lines, mut last) = (job.stdout().follow().lines(), None);
    while let Some(line) = lines.try_next().await? {
        println!("  {line}");
        last = Some(line);
    }
    assert_eq!(last.as_deref(), Some("done"));
    job.wait_for_status(JobStatus::Succeeded).await?;
    println!("it succeeded on {}", job.cluster_name().unwrap_or_default());
    Ok(())
}

/// The error of the wait has the platform's reason and the end of what the program wrote.
async fn bad(cluster: &Cluster) -> Outcome {
    let mut job = cluster.run_job(NewJob::python(BROKEN).name("bad")).await?;
    match job.wait_for_status(JobStatus::Succeeded).await {
        Ok(_) => Err("a program that raises an error succeeded".into()),
        Err(error) if error.is_wait_failed() => {
            println!("as expected, {error}");
            assert!(error.to_string().contains("there is no table burgers"));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
