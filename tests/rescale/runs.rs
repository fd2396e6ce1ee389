//! Runs, and the files of a run while it goes on.

use longhaul::ErrorKind;

use longhaul::rescale::{Client, FileType, Job, JobStatus};
use serde_json::json;

use super::support::{
    PACE, completed, kind, model, running, says, start, stored, stored_as, three_values, work,
};

/// A job that goes on, with a text file of three lines as its input.
async fn with_input(client: &Client) -> Job {
    let file = stored(client, "live.inp", "one\ntwo\nthree\n").await;
    let work = work("sleep inf").inputs([&file]);
    let mut job = client.jobs().create("live", work).await.unwrap();
    job.submit().await.unwrap();
    job.wait_for_status(JobStatus::Executing).every(PACE).await.unwrap();
    job
}

#[tokio::test]
async fn the_files_of_a_run_can_be_looked_at_while_it_goes_on() {
    let (_simulator, client) = start().await;
    let run = with_input(&client).await.run("1");
    let names: Vec<_> =
        run.directory().await.unwrap().into_iter().filter_map(|entry| entry.path).collect();
    assert_eq!(names, ["process_output.log", "live.inp"]);
    let tail = run.tail("live.inp", 2).await.unwrap();
    assert_eq!(tail.lines.unwrap(), ["two", "three"]);
    assert_eq!(run.read("live.inp", 100).await.unwrap(), b"one\ntwo\nthree\n");
}

#[tokio::test]
async fn reading_stops_at_the_limit_and_refuses_paths_that_lead_elsewhere() {
    let (simulator, client) = start().await;
    let run = with_input(&client).await.run("1");
    let larger = run.read("live.inp", 5).await.unwrap_err();
    says(&larger, ErrorKind::InvalidInput, &["live.inp is larger than 5 bytes"]);
    assert_eq!(run.read("live.inp", 14).await.unwrap().len(), 14);
    simulator.clear_requests();
    says(
        &run.tail("live.inp", 0).await.unwrap_err(),
        ErrorKind::InvalidInput,
        &["at least 1 line"],
    );
    for path in ["", "..", ".", "../2/tail/x", "case/../../x", "case//U", "/etc/passwd", "case/"] {
        let refused = run.tail(path, 1).await.unwrap_err();
        says(&refused, ErrorKind::InvalidInput, &["empty, `.` or `..`"]);
        says(&run.read(path, 9).await.unwrap_err(), ErrorKind::InvalidInput, &["`..`"]);
    }
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_snapshot_becomes_a_file_of_the_run() {
    let (_simulator, client) = start().await;
    let run = running(&client).await.run("1");
    let first = run.snapshot().await.unwrap();
    assert_eq!((first.exitcode, first.last_snapshot_id), (Some(0), None));
    assert!(run.snapshot().await.unwrap().last_snapshot_id.is_some());
    let files = run.files().collect_all().await.unwrap();
    assert!(files.iter().all(|file| kind(file) == Some(FileType::SNAPSHOT.0)));
    assert_eq!(files.len(), 2);
}

#[tokio::test]
async fn a_run_is_stopped_by_itself() {
    let (_simulator, client) = start().await;
    let mut job = running(&client).await;
    let run = job.run("1");
    assert!(run.get().await.unwrap().date_completed.is_none());
    run.stop().await.unwrap();
    assert!(run.get().await.unwrap().date_completed.is_some());
    assert_eq!(job.status().await.unwrap(), Some(JobStatus::Executing));
    assert!(job.run("99").get().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_basic_job_has_one_run() {
    let (_simulator, client) = start().await;
    let job = completed(&client, "simulate output case/0/U").await;
    let runs = job.runs().collect_all().await.unwrap();
    assert_eq!(runs.len(), 1);
    let files = job.run(&runs[0].id).files().collect_all().await.unwrap();
    let paths: Vec<_> = files.iter().filter_map(|file| file.data().relative_path.clone()).collect();
    assert!(paths.contains(&"case/0/U".to_owned()), "{paths:?}");
}

#[tokio::test]
async fn each_value_of_a_variable_is_a_run_of_its_own() {
    let (_simulator, client) = start().await;
    let job = client.jobs().create("doe", work("echo hello")).variables([three_values()]);
    let mut job = job.await.unwrap();
    job.submit().await.unwrap();
    job.wait_for_status(JobStatus::Completed).every(PACE).await.unwrap();
    let runs = job.runs().collect_all().await.unwrap();
    let values = runs.iter().map(|run| run.variables.as_ref().unwrap()[0].value);
    assert_eq!(values.collect::<Vec<_>>(), [Some(1.0), Some(2.0), Some(3.0)]);
    assert_eq!(job.run("3").files().collect_all().await.unwrap().len(), 1);
    assert_eq!(job.files().collect_all().await.unwrap().len(), 3);
}

#[tokio::test]
async fn each_row_of_a_file_is_a_run_of_its_own() {
    let (_simulator, client) = start().await;
    let table =
        stored_as(&client, "params.csv", "x,y\n1,2\n3,4\n", Some(FileType::PARAMETER)).await;
    assert_eq!(kind(&table), Some(FileType::PARAMETER.0));
    let job = client.jobs().create("doe", work("echo hello")).edit(|job| {
        job.param_file = Some(model(json!({"id": table.id().as_str()})));
    });
    let mut job = job.await.unwrap();
    job.submit().await.unwrap();
    job.wait_for_status(JobStatus::Completed).every(PACE).await.unwrap();
    assert_eq!(job.runs().collect_all().await.unwrap().len(), 2);
}
