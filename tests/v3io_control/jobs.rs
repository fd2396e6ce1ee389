//! Jobs and the waits for their end.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::v3io::control::{ConfigurationKind, JobState};
use longhaul_simulator::Fault;
use serde_json::json;

use super::support::{PACE, canned, fast, says, sent, start, start_with};

#[tokio::test]
async fn a_job_is_looked_at_by_its_id() {
    let (_simulator, client) = start().await;
    let started = client.configurations().reload(ConfigurationKind::Cluster).await.unwrap();
    let mut job = client.job(started.id());
    assert_eq!(job.data().state, None, "nothing was asked yet");
    assert!(job.get().await.unwrap().state.is_some());
    job.wait_for_status(JobState::Completed).every(PACE).await.unwrap();
    assert_eq!(job.data().state, Some(JobState::Completed));
}

#[tokio::test]
async fn a_job_that_fails_ends_the_wait_with_its_result() {
    let (_simulator, client) = start_with(fast().failing_jobs(true)).await;
    let mut job = client.configurations().reload(ConfigurationKind::Events).await.unwrap();
    let name = format!("job {}", job.id());
    let error = job.wait_for_status(JobState::Completed).every(PACE).await.unwrap_err();
    let result = job.data().result.clone().unwrap();
    assert!(!result.is_empty());
    says(&error, ErrorKind::Failed, &[&name, "`failed`", &result]);
}

#[tokio::test]
async fn a_canceled_job_has_failed_and_an_unknown_state_goes_on() {
    let (simulator, client) = start().await;
    let state = |state: &str, result: &str| {
        let attributes = json!({"state": state, "result": result});
        canned("/api/jobs/7", json!({"data": {"id": 7, "type": "job", "attributes": attributes}}))
    };
    simulator.fault(state("hibernating", "").first(2));
    simulator.fault(state("canceled", "by ann").skip(2));
    let mut job = client.job("7");
    let error = job.wait_for_status(JobState::Completed).every(PACE).await.unwrap_err();
    says(&error, ErrorKind::Failed, &["job 7", "`canceled`", "by ann"]);
    assert_eq!(sent(&simulator, "GET", "/api/jobs/7").len(), 3);
    job.wait_for_status([JobState::Completed, JobState::Canceled]).await.unwrap();
}

#[tokio::test]
async fn a_wait_bears_short_troubles_and_the_end_of_the_session() {
    let (simulator, client) = start().await;
    let mut job = client.configurations().reload(ConfigurationKind::Events).await.unwrap();
    let path = format!("/api/jobs/{}", job.id());
    simulator.fault(Fault::status(503).path(&path).once());
    simulator.fault(Fault::expired_token().path(&path).skip(1).once());
    job.wait_for_status(JobState::Completed).every(PACE).await.unwrap();
}

#[tokio::test]
async fn a_wait_ends_in_time() {
    let simulator = fast().pace(Duration::from_secs(60));
    let (_simulator, client) = start_with(simulator).await;
    let mut job = client.configurations().reload(ConfigurationKind::Events).await.unwrap();
    let wait = job.wait_for_status(JobState::Completed).every(PACE);
    let error = wait.timeout(Duration::from_millis(300)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_job_that_is_not_there_is_not_waited_for() {
    let (_simulator, client) = start().await;
    let error = client.job("none").wait_for_status(JobState::Completed).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
