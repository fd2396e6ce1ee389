//! Job templates and cron jobs.

mod cron;
mod examples;
mod life;
mod overrides;

use longhaul::bodo::{ClusterConfig, JobTemplate, NewJob, Workspace};
use longhaul_simulator::Handle;

use crate::support::{fast, start_with};

/// Where templates are made.
const TEMPLATES: &str = "/api/v1/job-templates";

/// A simulator with a running cluster `mine` and a catalog, and a client for it.
async fn ready() -> (Handle, Workspace) {
    start_with(fast().cluster("mine").catalog("MyCatalog")).await
}

/// The id of the cluster `mine`.
fn mine(handle: &Handle) -> String {
    handle.id_of("mine").expect("a cluster of this name")
}

/// A template of a query with a cluster of its own.
async fn of_query(workspace: &Workspace) -> JobTemplate {
    let job = NewJob::sql("SELECT 1").catalog("MyCatalog").store_result(true);
    let job = job.on_temporary_cluster(ClusterConfig::new("c5.xlarge", 1));
    workspace.job_templates().create("My template", job).await.expect("a template")
}

/// A template of a program without a cluster.
async fn of_program(workspace: &Workspace) -> JobTemplate {
    workspace.upload("print(os.environ[\"A\"])", "test.py").await.expect("uploaded");
    let job = NewJob::python("test.py").env("A", "b").args("--x 1");
    workspace.job_templates().create("A program", job).await.expect("a template")
}
