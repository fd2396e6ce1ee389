//! The user, the projects and the organisation.

use longhaul::ErrorKind;
use longhaul::rescale::Client;

use super::support::{says, start, work};

#[tokio::test]
async fn the_user_is_the_one_of_the_key() {
    let (simulator, client) = start().await;
    let user = client.current_user().await.unwrap();
    assert_eq!(user.email.as_deref(), Some("user@example.com"));
    assert!(client.check_credentials().await.unwrap());
    let stranger = Client::builder().base_url(simulator.url()).api_key("wrong").build().unwrap();
    assert!(!stranger.check_credentials().await.unwrap());
    let refused = stranger.current_user().await.unwrap_err();
    says(&refused, ErrorKind::Status, &["401"]);
    assert!(refused.is_unauthorized() && !refused.to_string().contains("wrong"));
}

#[tokio::test]
async fn a_job_is_charged_to_a_project() {
    let (_simulator, client) = start().await;
    let projects = client.projects().collect_all().await.unwrap();
    let organization = client.organization().await.unwrap();
    let mut job = client.jobs().create("charged", work("echo")).await.unwrap();
    organization.assign_project(job.id(), &projects[1].id).await.unwrap();
    assert_eq!(job.refresh().await.unwrap().project_id.as_deref(), Some("pRjab"));
    let unknown = organization.assign_project(job.id(), "nobody").await.unwrap_err();
    says(&unknown, ErrorKind::Status, &["400", "projectId: Invalid project id."]);
}

#[tokio::test]
async fn the_workspace_tells_its_fields_and_its_bill() {
    let (_simulator, client) = start().await;
    let organization = client.organization().await.unwrap();
    assert_eq!(organization.code(), "simulated-company");
    assert_eq!(organization.workspace(), "00-000000000");
    assert_eq!(organization.custom_fields().await.unwrap().is_enabled, Some(true));
    let bill = organization.billing("2026-01", "2026-03").await.unwrap();
    assert_eq!(bill.label.as_deref(), Some("Simulated workspace"));
    let elsewhere = organization.in_workspace("00-000000009");
    assert!(elsewhere.custom_fields().await.unwrap_err().is_not_found());
}
