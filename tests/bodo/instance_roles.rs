//! Instance roles of AWS and of Azure.

use longhaul::bodo::{InstanceRole, InstanceRoleStatus, Order, Workspace};
use longhaul::{ErrorKind, batch};
use longhaul_simulator::Fault;
use serde_json::json;

use super::failure::{failure, says};
use super::support::{PACE, fast, sent, start, start_with};

const ROLES: &str = "/api/v1/instance-roles";
const EACH: &str = "/api/v1/instance-roles/*";
const ARN: &str = "arn:aws:iam::000000000000:role/readers";
const IDENTITY: &str = "/subscriptions/fake/readers";

fn arn(n: usize) -> String {
    format!("{ARN}{n}")
}

async fn create(workspace: &Workspace, n: usize) -> InstanceRole {
    let create = workspace.instance_roles().create_aws(arn(n));
    create.name(format!("role {n}")).await.expect("an instance role")
}

#[tokio::test]
async fn a_role_of_aws_is_spelt_as_the_platform_takes_it() {
    let (handle, workspace) = start().await;
    let roles = workspace.instance_roles();
    let role = roles.create_aws(ARN).name("readers").description("d").await.unwrap();
    let expected = json!({
        "uuid": null, "name": "readers", "data": {"role_arn": ARN}, "status": null,
        "description": "d",
    });
    assert_eq!(sent(&handle, "POST", ROLES)[0].json(), expected);
    let got = roles.get(role.id()).await.unwrap();
    assert_eq!((got.role_arn(), got.identity()), (Some(ARN), None));
    assert_eq!(got.name(), Some("readers"));
}

#[tokio::test]
async fn an_identity_of_azure_gets_a_name_if_it_has_none() {
    let (handle, workspace) = start().await;
    let role = workspace.instance_roles().create_azure(IDENTITY).await.unwrap();
    assert_eq!((role.role_arn(), role.identity()), (None, Some(IDENTITY)));
    let body = sent(&handle, "POST", ROLES)[0].json();
    assert_eq!(body["data"], json!({"identity": IDENTITY}));
    assert!(body["description"].is_null());
    assert!(body["name"].as_str().unwrap().starts_with("Instance Role "));
}

#[tokio::test]
async fn a_role_is_made_once_where_an_existing_one_will_do() {
    let (handle, workspace) = start().await;
    let roles = workspace.instance_roles();
    let first = roles.create_aws(ARN).or_existing().await.unwrap();
    let second = roles.create_aws(ARN).name("other").or_existing().await.unwrap();
    assert_eq!(first.id(), second.id());
    assert_eq!(sent(&handle, "POST", ROLES).len(), 1);
    let azure = roles.create_azure(IDENTITY).or_existing().await.unwrap();
    assert_ne!(azure.id(), first.id());
    let error = failure(roles.create_aws(ARN)).await;
    assert!(error.is_conflict(), "without the setting the platform decides: {error}");
}

#[tokio::test]
async fn another_role_is_never_taken_for_the_existing_one() {
    let (handle, workspace) = start().await;
    create(&workspace, 1).await;
    let all = workspace.instance_roles().list().collect_all().await.unwrap();
    let all: Vec<_> = all.iter().filter_map(InstanceRole::data).collect();
    let body = serde_json::to_string(&all).unwrap();
    handle.fault(Fault::body("application/json", body).on("GET", ROLES));
    let role = workspace.instance_roles().create_aws(arn(2)).or_existing().await.unwrap();
    assert_eq!(role.role_arn(), Some(arn(2).as_str()));
}

#[tokio::test]
async fn roles_are_listed_over_pages_and_filtered() {
    let (handle, workspace) = start_with(fast().max_page_size(2)).await;
    for n in 0..5 {
        create(&workspace, n).await;
    }
    workspace.instance_roles().create_azure(IDENTITY).name("azure").await.unwrap();
    let list = || workspace.instance_roles().list();
    let all = list().collect_all().await.unwrap();
    assert_eq!(all.len(), 6);
    let by_arn = list().role_arns([arn(1), arn(3)]).collect_all().await.unwrap();
    assert_eq!(by_arn.len(), 2);
    let by_identity = list().identities([IDENTITY]).collect_all().await.unwrap();
    assert_eq!(by_identity[0].name(), Some("azure"));
    let sorted = list().ids(all.iter().map(InstanceRole::id)).order_by("name", Order::Descending);
    assert_eq!(sorted.collect_all().await.unwrap()[0].name(), Some("role 4"));
    assert_eq!(list().names(["role 2"]).group().await.unwrap().len(), 1);
    handle.clear_requests();
    assert!(list().role_arns(Vec::<String>::new()).collect_all().await.unwrap().is_empty());
    assert!(handle.requests().is_empty());
}

#[tokio::test]
async fn roles_that_come_all_at_once_are_listed_too() {
    let (handle, workspace) = start().await;
    create(&workspace, 1).await;
    create(&workspace, 2).await;
    let all = workspace.instance_roles().list().collect_all().await.unwrap();
    let all: Vec<_> = all.iter().filter_map(InstanceRole::data).collect();
    let body = serde_json::to_string(&all).unwrap();
    handle.fault(Fault::body("application/json", body).on("GET", ROLES));
    handle.clear_requests();
    let listed = workspace.instance_roles().list().page_size(1).collect_all().await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(sent(&handle, "GET", ROLES).len(), 1);
}

#[tokio::test]
async fn a_status_is_known_in_either_spelling() {
    let (handle, workspace) = start().await;
    let mut role = create(&workspace, 1).await;
    role.wait_for_status(InstanceRoleStatus::Active).every(PACE).await.unwrap();
    handle.fault(Fault::set("/status", "Active").on("GET", EACH));
    assert_eq!(role.status().await.unwrap(), InstanceRoleStatus::Active);
    role.wait_for_status(InstanceRoleStatus::Active).every(PACE).await.unwrap();
    handle.clear_faults();
    handle.fault(Fault::set("/status", "Failed").on("GET", EACH));
    let error = failure(role.wait_for_status(InstanceRoleStatus::Active).every(PACE)).await;
    says(&error, ErrorKind::Failed, &["ended as `FAILED`"]);
    handle.clear_faults();
    handle.fault(Fault::set("/status", "Pending").on("GET", EACH));
    assert_eq!(role.status().await.unwrap(), InstanceRoleStatus::from("Pending"));
}

#[tokio::test]
async fn a_role_is_deleted() {
    let (handle, workspace) = start().await;
    let one = create(&workspace, 1).await.id().clone();
    workspace.instance_role(&one).delete().await.unwrap();
    assert_eq!(sent(&handle, "DELETE", one.as_str())[0].query, "mark_as_terminated=false");
    assert!(failure(workspace.instance_roles().get(&one)).await.is_not_found());
    let two = create(&workspace, 2).await;
    two.clone().delete().mark_as_terminated(true).await.unwrap();
    let asked = sent(&handle, "DELETE", two.id().as_str());
    assert_eq!(asked[0].query, "mark_as_terminated=true");
    for n in 3..6 {
        create(&workspace, n).await;
    }
    let all = workspace.instance_roles().list().collect_all().await.unwrap();
    assert_eq!(batch(all, InstanceRole::delete).await.into_result().unwrap().len(), 3);
    assert!(workspace.instance_roles().list().collect_all().await.unwrap().is_empty());
}

#[tokio::test]
async fn roles_that_cannot_be_are_refused_before_a_request() {
    let (handle, workspace) = start().await;
    let roles = workspace.instance_roles();
    let refusals = [
        (roles.create_aws("readers"), "`readers`"),
        (roles.create_aws(""), "an ARN looks like"),
        (roles.create_aws("arn:none"), "`arn:none`"),
        (roles.create_azure(" "), "the managed identity is empty"),
        (roles.create_aws(ARN).name(""), "the name of the instance role"),
    ];
    for (refused, words) in refusals {
        says(&failure(refused.or_existing()).await, ErrorKind::InvalidInput, &[words]);
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_says_where_to_look() {
    let (handle, workspace) = start().await;
    handle.fault(Fault::reset_after().on("POST", ROLES));
    let error = failure(workspace.instance_roles().create_aws(ARN).name("lost")).await;
    says(&error, ErrorKind::Interrupted, &["`instance_roles().list()` with `names`", "`lost`"]);
    assert_eq!(sent(&handle, "POST", ROLES).len(), 1);
}
