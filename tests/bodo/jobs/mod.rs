//! Jobs: what runs, what is refused, how it ends and what it wrote.

mod bad_input;
mod cancel;
mod examples;
mod follow;
mod list;
mod logs;
mod requests;
mod secrets;
mod waits;

use longhaul::bodo::{ClusterConfig, Job, JobStatus, NewJob, Workspace};
use longhaul_simulator::Handle;

use crate::support::{PACE, fast, start_with};

/// Where jobs are submitted and listed.
pub(crate) const JOBS: &str = "/api/v1/jobs";
/// Where logs and results lie.
const STORAGE: &str = "/storage/jobs/*/*";

/// A simulator with a running cluster `mine` and a catalog, and a client for it.
async fn ready() -> (Handle, Workspace) {
    start_with(fast().cluster("mine").catalog("MyCatalog")).await
}

/// A small temporary cluster.
fn small() -> ClusterConfig {
    ClusterConfig::new("c5.large", 1)
}

/// The id of the cluster `mine`.
fn mine(handle: &Handle) -> String {
    handle.id_of("mine").expect("a cluster of this name")
}

/// Uploads a program and runs it on the cluster `mine`.
async fn run(handle: &Handle, workspace: &Workspace, program: &'static str) -> Job {
    workspace.upload(program, "test.py").await.expect("uploaded");
    let job = NewJob::python("test.py").on_cluster(mine(handle));
    workspace.jobs().run(job).await.expect("a job")
}

/// Runs a program to its good end.
async fn ran(handle: &Handle, workspace: &Workspace, program: &'static str) -> Job {
    let mut job = run(handle, workspace, program).await;
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.expect("a good end");
    job
}
