//! Jobs: described, changed, submitted, cloned, shared, deleted.

use std::sync::{Arc, Mutex};

use longhaul::ErrorKind;
use longhaul::progress::Event;
use longhaul::rescale::{JobState, JobStatus, JobStatusFilter, NewJob, Outcome};
use serde_json::json;

use super::support::{
    PACE, SHORT, completed, model, released, running, says, sent, start, stored, submitted, work,
};

#[tokio::test]
async fn jobs_are_listed_by_state_and_by_status() {
    let (_simulator, client) = start().await;
    let done = completed(&client, "echo").await;
    let open = running(&client).await;
    let list = || client.jobs().list();
    let ended = list().state(JobState::Completed).collect_all().await.unwrap();
    let going_on = list().state(JobState::NotCompleted).collect_all().await.unwrap();
    let executing = list().job_status(JobStatusFilter::Executing).collect_all().await.unwrap();
    assert_eq!(ended.iter().map(|job| job.id.as_str()).collect::<Vec<_>>(), [done.id().as_str()]);
    assert_eq!(going_on[0].id, open.id().as_str());
    assert_eq!(executing.len(), 1);
    assert_eq!(list().collect_all().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_rejected_job_says_which_field_is_wrong() {
    let (_simulator, client) = start().await;
    let work = work("echo").hardware("granite", 1);
    let rejected = client.jobs().create("rejected", work).await.unwrap_err();
    says(
        &rejected,
        ErrorKind::Status,
        &["400", "jobanalyses.hardware.coresPerSlot", "1 is not a valid core count for Granite"],
    );
    assert!(rejected.body().is_some_and(|body| body.contains("coresPerSlot")));
}

#[tokio::test]
async fn a_second_submission_is_no_silent_success() {
    let (simulator, client) = start().await;
    let mut job = submitted(&client, "echo").await;
    let again = job.submit().await.unwrap_err();
    says(&again, ErrorKind::NoEffect, &["was submitted before", "to_new"]);
    assert_eq!(sent(&simulator, "POST", "/submit/").len(), 1);
}

#[tokio::test]
async fn a_job_is_changed_before_it_is_submitted() {
    let (_simulator, client) = start().await;
    let mut job = client.jobs().create("before", work("echo")).await.unwrap();
    let changed = job.update().name("after").description("text").low_priority(true).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.is_low_priority), ("after", Some(true)));
    assert_eq!(job.data().unwrap().name, "after");
    assert_eq!(job.refresh().await.unwrap().description.as_deref(), Some("text"));
}

#[tokio::test]
async fn a_change_without_effect_is_no_silent_success() {
    let (simulator, client) = start().await;
    let mut ended = completed(&client, "echo").await;
    let refused = ended.update().name("late").await.unwrap_err();
    says(&refused, ErrorKind::NoEffect, &["was not changed", "`Completed`", "to_new"]);
    assert!(sent(&simulator, "PATCH", "/").is_empty());
    let mut open = running(&client).await;
    let ignored = open.update().name("late").await.unwrap_err();
    says(&ignored, ErrorKind::NoEffect, &["was not changed", "`name` is still \"a job\""]);
    let nothing = open.update().await.unwrap_err();
    says(&nothing, ErrorKind::InvalidInput, &["changes nothing"]);
}

#[tokio::test]
async fn a_change_of_the_steps_without_effect_is_no_silent_success() {
    let (_simulator, client) = start().await;
    let mut open = running(&client).await;
    let ignored = open.update().analyses([work("echo other")]).await.unwrap_err();
    says(
        &ignored,
        ErrorKind::NoEffect,
        &["was not changed", "`jobanalyses.0.command` is still \"sleep inf\""],
    );
}

#[tokio::test]
async fn a_deletion_waits_for_the_cluster_and_says_so() {
    let (_simulator, client) = start().await;
    let job = completed(&client, "echo").await;
    let id = job.id().clone();
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = told.clone();
    let delete = job.delete().on_event(move |event| {
        if let Event::Status { name, status, .. } = event {
            listener.lock().unwrap().push(format!("{name} {status}"));
        }
    });
    delete.await.unwrap();
    let last = told.lock().unwrap().last().cloned();
    assert_eq!(last, Some(format!("cluster of job {id} Stopped")));
    assert!(client.jobs().get(&id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_running_job_is_deleted_only_when_it_may_be_stopped() {
    let (simulator, client) = start().await;
    let job = running(&client).await;
    let refused = job.clone().delete().await.unwrap_err();
    says(&refused, ErrorKind::InvalidInput, &["`Executing`", "not deleted", "stop_first"]);
    assert!(sent(&simulator, "DELETE", "/").is_empty());
    job.clone().delete().stop_first().await.unwrap();
    assert!(client.jobs().get(job.id()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_deletion_that_cannot_wait_longer_leaves_the_job() {
    let (simulator, client) = start().await;
    let stuck = longhaul_simulator::Fault::set("/results/0/status", "Stopping");
    let job = completed(&client, "echo").await;
    released(&job).await;
    simulator.fault(stuck.on("GET", "**/cluster_statuses/"));
    let delete = job.clone().delete().timeout(SHORT);
    let late = delete.await.unwrap_err();
    says(&late, ErrorKind::Timeout, &["`Stopping`", "was not deleted, because its cluster"]);
    assert!(client.jobs().get(job.id()).await.is_ok());
}

#[tokio::test]
async fn input_files_stay_unless_they_are_to_be_deleted_too() {
    let (_simulator, client) = start().await;
    let file = stored(&client, "range.inp", "1000\n").await;
    let job = || client.jobs().create("a job", work("echo").inputs([&file]));
    job().await.unwrap().delete().await.unwrap();
    assert!(client.files().get(file.id()).await.is_ok());
    job().await.unwrap().delete().with_input_files().await.unwrap();
    assert!(client.files().get(file.id()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_job_is_made_anew_from_what_it_was() {
    let (_simulator, client) = start().await;
    let file = stored(&client, "range.inp", "1000\n").await;
    let first =
        work("echo one").env("A", "1").slots(2).walltime_hours(3).input(file.id(), Some(false));
    let job = client.jobs().create("original", first).analysis(work("echo two"));
    let job = job.low_priority(true).automation("YYnVk", []).project("pRjab");
    let mut original = job.description("text").await.unwrap();
    original.submit().await.unwrap();
    original.wait_for_status(JobStatus::Completed).every(PACE).await.unwrap();

    let copy = original.to_new().await.unwrap().edit(|job| job.name = "copy".to_owned());
    let mut copy = client.jobs().create_from(copy).await.unwrap();
    assert_ne!(copy.id(), original.id());
    let definition = |job: NewJob| serde_json::to_value(job.request()).unwrap();
    let mut expected = definition(original.to_new().await.unwrap());
    expected["name"] = json!("copy");
    assert_eq!(definition(copy.to_new().await.unwrap()), expected);
    assert_eq!(expected["jobanalyses"][0]["inputFiles"][0]["id"], file.id().as_str());
    copy.submit().await.unwrap();
    copy.wait_for_status(JobStatus::Completed).every(PACE).await.unwrap();
}

#[tokio::test]
async fn tags_survive_creation_and_come_and_go() {
    let (_simulator, client) = start().await;
    let job = client.jobs().create("tagged", work("echo")).tags(["One", "Two"]).await.unwrap();
    job.add_tag("Three").await.unwrap();
    job.remove_tag("One").await.unwrap();
    let names: Vec<_> = job.tags().await.unwrap().into_iter().map(|tag| tag.name).collect();
    assert_eq!(names, ["Two", "Three"]);
}

#[tokio::test]
async fn a_tag_that_fails_says_that_the_job_is_there() {
    let (simulator, client) = start().await;
    simulator.fault(longhaul_simulator::Fault::status(400).on("POST", "**/tags/"));
    let failed = client.jobs().create("tagged", work("echo")).tags(["One"]).await.unwrap_err();
    says(&failed, ErrorKind::Status, &["was created, but not all its tags"]);
    assert_eq!(client.jobs().list().collect_all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn custom_fields_are_set_and_read() {
    let (_simulator, client) = start().await;
    let job = client.jobs().create("a job", work("echo")).await.unwrap();
    job.set_custom_fields(model(json!({"Context Field 1": "123"}))).await.unwrap();
    let fields = job.custom_fields().await.unwrap();
    assert_eq!(fields["Context Field 1"].value, Some(json!("123")));
    assert!(fields.contains_key("Auto Download"));
}

#[tokio::test]
async fn a_job_is_shared() {
    let (_simulator, client) = start().await;
    let mut job = client.jobs().create("shared", work("echo")).await.unwrap();
    let result = job.share("other@example.com", "look").await.unwrap();
    assert_eq!(result.recipient.as_deref(), Some("other@example.com"));
    let shared = serde_json::to_value(job.refresh().await.unwrap()).unwrap();
    assert!(shared["sharedWith"].to_string().contains("other@example.com"));
}

#[tokio::test]
async fn an_automation_is_sent_with_the_variables_without_which_the_platform_fails() {
    let (_simulator, client) = start().await;
    let level = [("LEVEL".to_owned(), "3".to_owned())];
    let job = client.jobs().create("a job", work("echo")).automation("YYnVk", level);
    let job = job.automation("YYnVm", []).await.unwrap();
    let data = serde_json::to_value(job.data().unwrap()).unwrap();
    assert_eq!(data["jobAutomations"][0]["environmentVariables"], json!({"LEVEL": "3"}));
    assert_eq!(data["jobAutomations"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_stopped_job_has_not_succeeded() {
    let (_simulator, client) = start().await;
    let mut job = running(&client).await;
    assert_eq!(job.outcome(), Outcome::Open);
    job.stop().await.unwrap();
    let stopped = job.wait_for_status(JobStatus::Completed).every(PACE).await.unwrap_err();
    says(&stopped, ErrorKind::Failed, &["User Terminated"]);
    assert_eq!(job.outcome(), Outcome::Failed("User Terminated".to_owned()));
}
