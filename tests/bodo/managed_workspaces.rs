//! Workspaces as their organisation manages them: waited for, brought up to date, deleted, one by
//! one and in groups.

use longhaul::ErrorKind;
use longhaul::bodo::models::UserAssignment;
use longhaul::bodo::{BodoRole, Group, WorkspaceStatus};
use longhaul_simulator::Fault;
use longhaul_simulator::bodo::WORKSPACE;
use serde_json::json;

use super::failure::{failure, says};
use super::organization::{create, ready, start_organization};
use super::support::{PACE, fast, organization, sent};

const EACH: &str = "/api/v1/workspaces/*";
const UNKNOWN: &str = "0b0d0000-0000-4000-8000-0000000000ee";

#[tokio::test]
async fn the_infrastructure_of_two_workspaces_is_updated() {
    let (handle, organization) = start_organization().await;
    let (one, two) = (ready(&organization, "1").await, ready(&organization, "2").await);
    let list = organization.workspaces().list().ids([one.id(), two.id()]);
    let group = list.group().await.unwrap();
    let updated = group.update_infrastructure().wait().every(PACE).await.into_result().unwrap();
    assert_eq!(updated.len(), 2);
    for workspace in &updated {
        assert_eq!(workspace.data().unwrap().status, Some(WorkspaceStatus::Ready));
    }
    assert_eq!(sent(&handle, "POST", "/update-infrastructure").len(), 2);
}

#[tokio::test]
async fn a_group_reaches_the_workspaces_of_every_page() {
    let handle = fast().max_page_size(3).start().await.unwrap();
    let organization = organization(&handle);
    for n in 0..7 {
        create(&organization, &format!("p{n}")).await.await.unwrap();
    }
    let names = (0..7).map(|n| format!("p{n}"));
    let group = organization.workspaces().list().names(names).group().await.unwrap();
    assert_eq!(group.len(), 7);
    group.wait_for_status(WorkspaceStatus::Ready).every(PACE).await.into_result().unwrap();
    let updated = group.update_infrastructure().wait().every(PACE).await;
    assert_eq!(updated.into_result().unwrap().len(), 7);
    assert!(group.delete().wait().every(PACE).await.is_success());
    let left = organization.workspaces().list().collect_all().await.unwrap();
    assert_eq!(left.len(), 1, "only the workspace that was there before");
}

#[tokio::test]
async fn one_member_that_fails_does_not_stop_the_others() {
    let (_handle, organization) = start_organization().await;
    let known = ready(&organization, "known").await;
    let group: Group<_> = [organization.workspace(UNKNOWN), known].into_iter().collect();
    let report = group.update_infrastructure().wait().every(PACE).await;
    assert_eq!(report.failed[0].input.id().as_str(), UNKNOWN);
    assert!(report.failed[0].error.is_not_found());
    assert_eq!(report.done.len(), 1);
}

#[tokio::test]
async fn an_empty_group_asks_nothing() {
    let (handle, organization) = start_organization().await;
    let nobody = organization.workspaces().list().ids(Vec::<String>::new());
    let group = nobody.group().await.unwrap();
    assert!(group.delete().wait().await.is_success());
    assert!(group.update_infrastructure().await.is_success());
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_wait_ends_with_a_failure_that_was_not_asked_for() {
    let handle = fast().outcome("bad", "FAILED", "").start().await.unwrap();
    let organization = organization(&handle);
    let mut workspace = create(&organization, "bad").await.await.unwrap();
    let error = failure(workspace.wait_for_status(WorkspaceStatus::Ready).every(PACE)).await;
    says(&error, ErrorKind::Failed, &["ended as `FAILED`", "`READY`"]);
    workspace.wait_for_status(WorkspaceStatus::Failed).await.expect("asked for");
}

#[tokio::test]
async fn a_workspace_that_is_not_known_is_terminated_only_where_that_is_awaited() {
    let (_handle, organization) = start_organization().await;
    let mut workspace = organization.workspace(UNKNOWN);
    workspace.wait_for_status(WorkspaceStatus::Terminated).await.expect("gone");
    let error = failure(workspace.wait_for_status(WorkspaceStatus::Ready)).await;
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn a_failure_from_before_an_update_does_not_end_the_wait_for_it() {
    let (handle, organization) = start_organization().await;
    let mut workspace = ready(&organization, "mended").await;
    handle.fault(Fault::set("/status", "FAILED").on("GET", EACH).first(2));
    workspace.refresh().await.unwrap();
    workspace.update_infrastructure().await.unwrap();
    workspace.wait_for_status(WorkspaceStatus::Ready).every(PACE).await.unwrap();
}

#[tokio::test]
async fn a_deletion_that_was_repeated_and_found_its_work_done_has_succeeded() {
    let (handle, organization) = start_organization().await;
    let workspace = ready(&organization, "twice").await;
    handle.fault(Fault::reset_after().on("DELETE", EACH).once());
    handle.fault(Fault::status(404).on("DELETE", EACH).skip(1));
    workspace.clone().delete().await.unwrap();
    let error = failure(organization.workspace(UNKNOWN).delete()).await;
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn a_workspace_can_be_marked_as_terminated() {
    let (handle, organization) = start_organization().await;
    let mut workspace = create(&organization, "marked").await.await.unwrap();
    workspace.clone().delete().mark_as_terminated(true).await.unwrap();
    assert_eq!(workspace.status().await.unwrap(), WorkspaceStatus::Terminated);
    let asked = sent(&handle, "DELETE", workspace.id().as_str()).pop().unwrap();
    assert_eq!(asked.query, "mark_as_terminated=true");
}

#[tokio::test]
async fn users_get_their_roles() {
    let (handle, organization) = start_organization().await;
    let user = |email: &str, skip_email, bodo_role| UserAssignment {
        email: email.to_owned(),
        skip_email,
        bodo_role,
    };
    let workspace = organization.workspace(WORKSPACE);
    let users = [
        user("a@example.invalid", true, BodoRole::BodoAdmin),
        user("b@example.invalid", false, BodoRole::BodoViewer),
    ];
    workspace.assign_users(users).await.unwrap();
    let sent = sent(&handle, "POST", "/users").pop().unwrap().json();
    let expected = json!({"users": [
        {"email": "a@example.invalid", "skipEmail": true, "bodoRole": "BodoAdmin"},
        {"email": "b@example.invalid", "skipEmail": false, "bodoRole": "BodoViewer"},
    ]});
    assert_eq!(sent, expected);
    handle.clear_requests();
    workspace.assign_users([]).await.unwrap();
    let error = failure(workspace.assign_users([user("", true, BodoRole::BodoAdmin)])).await;
    says(&error, ErrorKind::InvalidInput, &["address"]);
    assert!(handle.requests().is_empty());
}

#[tokio::test]
async fn ids_that_lead_elsewhere_are_refused_before_a_request() {
    let (handle, organization) = start_organization().await;
    for id in ["", ".", ".."] {
        let error = failure(organization.workspace(id).delete()).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert_eq!(handle.request_count(), 0);
}
