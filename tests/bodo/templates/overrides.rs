//! What a run of a template changes, and what it cannot.

use longhaul::ErrorKind;
use longhaul::bodo::{JobStatus, NewJob, RunJob};
use serde_json::json;

use super::{mine, of_program, of_query, ready};
use crate::support::{PACE, failure, says, sent};

const JOBS: &str = "/api/v1/jobs";

#[tokio::test]
async fn a_run_sends_what_it_changes_and_nothing_else() {
    let (handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    template.run().await.unwrap();
    let expected =
        json!({"type": "BATCH", "jobTemplateUUID": template.id().as_str(), "jobConfig": {}});
    assert_eq!(sent(&handle, "POST", JOBS)[0].json(), expected);
}

#[tokio::test]
async fn a_run_keeps_the_result_as_its_template_says() {
    let (_handle, workspace) = ready().await;
    let template = of_query(&workspace).await;
    let mut job = template.run().await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert_eq!(job.data().unwrap().config.clone().unwrap().store_result, Some(true));
    assert!(!job.result_links().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_variable_and_arguments_are_overridden() {
    let (handle, workspace) = ready().await;
    let template = of_program(&workspace).await;
    let run = template.run().env("A", "other").name("run").on_cluster(mine(&handle));
    let mut job = run.await.unwrap();
    job.wait_for_status(JobStatus::Succeeded).every(PACE).await.unwrap();
    assert_eq!((job.stdout().await.unwrap().as_str(), job.name()), ("other\n", Some("run")));
}

#[tokio::test]
async fn what_the_template_does_not_have_cannot_be_overridden() {
    let (handle, workspace) = ready().await;
    let (program, query) = (of_program(&workspace).await, of_query(&workspace).await);
    handle.clear_requests();
    let on = |run: RunJob| run.on_cluster(mine(&handle));
    let cases: [(RunJob, [&str; 2]); 5] = [
        (on(program.run().exec_text("SELECT 1")), ["`A program`", "no `exec_text`"]),
        (on(program.run().bind(1)), ["`A program`", "no values to bind"]),
        (on(query.run().args("--a")), ["`My template`", "no `args`"]),
        (query.run().exec_text(""), ["`My template`", "the text of the query is empty"]),
        (program.run(), ["a job without a cluster", "on_cluster"]),
    ];
    for (run, words) in cases {
        says(&failure(run).await, ErrorKind::InvalidInput, &words);
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn what_is_wrong_with_a_template_that_is_not_at_hand_is_the_platforms_to_say() {
    let (handle, workspace) = ready().await;
    let id = of_program(&workspace).await.id().clone();
    let lonely = failure(workspace.job_template(&id).run()).await;
    assert_eq!(lonely.status(), Some(400), "{lonely}");
    let unknown = NewJob::template("00000000-0000-4000-8000-000000000000");
    let unknown = failure(workspace.jobs().run(unknown.on_cluster(mine(&handle)))).await;
    assert!(unknown.is_not_found());
}
