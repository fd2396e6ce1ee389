//! Tokens of repositories, variables and signed links show nowhere.

use longhaul::Error;
use longhaul::bodo::{NewJob, Source};
use longhaul_simulator::Fault;

use super::{JOBS, STORAGE, mine, ran, ready};
use crate::shown::Shown;
use crate::support::failure;

const CANARY: &str = "canary-7f3a9c";

fn secretive() -> NewJob {
    let source = Source::git("https://git.invalid/r.git", "", "user", CANARY);
    NewJob::python("test.py").source(source).env("PASSWORD", CANARY).args(CANARY)
}

#[tokio::test]
async fn what_a_job_holds_is_not_shown() {
    let shown = Shown::default();
    let _guard = shown.listen();
    let (handle, workspace) = ready().await;
    let job = secretive().on_cluster(mine(&handle));
    shown.add(&job);
    let run = workspace.jobs().run(job.clone());
    shown.add(&run);
    let made = run.await.unwrap();
    shown.add(&made);
    shown.add(&made.data().unwrap().config.as_ref().unwrap().source);
    let template = workspace.job_templates().create("t", secretive());
    shown.add(&template);
    let template = template.await.unwrap();
    shown.add(&template);
    shown.add(&workspace.jobs().run(NewJob::template(template.id()).env("A", CANARY)));
    let mut template = template;
    shown.add(&template.update().env("A", CANARY));
    assert!(!shown.text().contains(CANARY));
}

#[tokio::test]
async fn an_error_that_repeats_the_request_does_not_tell() {
    let (handle, workspace) = ready().await;
    let echo = format!("{{\"message\": \"cannot clone with {CANARY}\"}}");
    handle.fault(Fault::status(400).with_body(echo).on("POST", JOBS));
    let error: Error = failure(workspace.jobs().run(secretive().on_cluster(mine(&handle)))).await;
    let shown = Shown::default();
    shown.error(&error);
    assert!(shown.text().contains("cannot clone with ***"), "{error}");
    assert!(!shown.text().contains(CANARY));
}

#[tokio::test]
async fn signed_links_are_not_shown() {
    let shown = Shown::default();
    let _guard = shown.listen();
    let (handle, workspace) = ready().await;
    let job = ran(&handle, &workspace, "print(1)").await;
    shown.add(&job.log_links().await.unwrap());
    shown.add(&job.stdout());
    job.stdout().await.unwrap();
    handle.fault(Fault::status(403).on("GET", STORAGE));
    shown.error(&failure(job.stdout()).await);
    handle.clear_faults();
    handle.fault(Fault::reset().on("GET", STORAGE));
    shown.error(&failure(job.stdout()).await);
    assert!(!shown.text().contains("X-Amz-Signature"));
}
