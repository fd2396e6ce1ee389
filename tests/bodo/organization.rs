//! An organisation: its keys, and its workspaces listed and made.

use std::time::Duration;

use longhaul::ErrorKind;
use longhaul::bodo::{CreateWorkspace, ManagedWorkspace, Organization, WorkspaceStatus};
use longhaul_simulator::bodo::{KEYS, ORGANIZATION, ORGANIZATION_KEYS, WORKSPACE};
use longhaul_simulator::{Fault, Handle};
use serde_json::{Value, json};

use super::failure::{failure, says};
use super::shown::Shown;
use super::support::{
    PACE, fast, impatient, organization, organization_builder, sent, workspace_builder,
};

const WORKSPACES: &str = "/api/v1/workspaces";
const EACH: &str = "/api/v1/workspaces/*";

/// A fast simulator and a client for its organisation.
pub(crate) async fn start_organization() -> (Handle, Organization) {
    let handle = fast().start().await.expect("a free port");
    let organization = organization(&handle);
    (handle, organization)
}

/// The cloud config that there is from the beginning.
async fn config(organization: &Organization) -> String {
    let all = organization.cloud_configs().list().collect_all().await.expect("cloud configs");
    all[0].id().to_string()
}

/// The creation of a workspace.
pub(crate) async fn create(organization: &Organization, name: &str) -> CreateWorkspace {
    let config = config(organization).await;
    organization.workspaces().create(name, "us-east-2", config)
}

/// A workspace that is ready.
pub(crate) async fn ready(organization: &Organization, name: &str) -> ManagedWorkspace {
    let mut workspace = create(organization, name).await.await.expect("a workspace");
    workspace.wait_for_status(WorkspaceStatus::Ready).every(PACE).await.expect("ready");
    workspace
}

fn body(handle: &Handle) -> Value {
    sent(handle, "POST", WORKSPACES).pop().expect("a creation").json()
}

#[tokio::test]
async fn workspaces_are_listed_plainly_and_filtered() {
    let (handle, organization) = start_organization().await;
    ready(&organization, "made").await;
    let mut names = Vec::new();
    let mut all = organization.workspaces().list();
    while let Some(workspace) = all.try_next().await.unwrap() {
        names.push(workspace.name().unwrap_or_default().to_owned());
    }
    assert_eq!(names, ["Simulated workspace", "made"]);
    let list = || organization.workspaces().list().statuses([WorkspaceStatus::Ready]);
    assert_eq!(list().collect_all().await.unwrap().len(), 2);
    assert_eq!(list().names(["made"]).collect_all().await.unwrap().len(), 1);
    let by_id = list().ids([WORKSPACE]).collect_all().await.unwrap();
    assert_eq!(by_id[0].id().as_str(), WORKSPACE);
    let asked = sent(&handle, "GET", WORKSPACES).pop().unwrap().query;
    assert!(asked.contains("status=READY") && asked.contains(&format!("uuid={WORKSPACE}")));
    assert!(!asked.contains("organization"), "there is no such filter on the wire: {asked}");
}

#[tokio::test]
async fn no_ids_select_no_workspace_and_a_misspelt_status_is_refused() {
    let (handle, organization) = start_organization().await;
    let list = || organization.workspaces().list();
    assert!(list().ids(Vec::<String>::new()).collect_all().await.unwrap().is_empty());
    let error = failure(list().statuses(["REDY"]).collect_all()).await;
    says(&error, ErrorKind::InvalidInput, &["`statuses`", "`REDY`", "READY"]);
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_workspace_is_made_waited_for_found_and_deleted() {
    let (handle, organization) = start_organization().await;
    let mut workspace =
        create(&organization, "SDK test").await.storage_endpoint(true).await.unwrap();
    assert_eq!(workspace.data().unwrap().status, Some(WorkspaceStatus::New));
    workspace.wait_for_status(WorkspaceStatus::Ready).every(PACE).await.unwrap();
    let list = organization.workspaces().list().names(["SDK test"]);
    let found = list.statuses([WorkspaceStatus::Ready]).collect_all().await.unwrap();
    assert_eq!(found[0].id(), workspace.id());
    let id = workspace.id().clone();
    workspace.delete().wait().every(PACE).await.unwrap();
    let mut gone = organization.workspaces().get(&id).await.unwrap();
    assert_eq!(gone.status().await.unwrap(), WorkspaceStatus::Terminated);
    let asked = sent(&handle, "DELETE", id.as_str()).pop().unwrap();
    assert_eq!(asked.query, "mark_as_terminated=false", "as the official client sends it");
}

#[tokio::test]
async fn a_plain_workspace_says_nothing_of_its_network() {
    let (handle, organization) = start_organization().await;
    let create = create(&organization, "ws").await;
    let key = "arn:aws:kms:us-east-2:000000000000:key/fake";
    create.kms_key_arn(key).tag("k", "v").await.unwrap();
    let config = config(&organization).await;
    let expected = json!({
        "name": "ws", "region": "us-east-2", "jupyterIsActive": false,
        "cloudConfig": {"uuid": config}, "customTags": {"k": "v"},
        "workspaceData": {"kmsKeyArn": key},
    });
    assert_eq!(body(&handle), expected);
}

#[tokio::test]
async fn a_workspace_in_a_vpc_with_a_storage_endpoint_is_sent_as_it_was_asked_for() {
    let (handle, organization) = start_organization().await;
    let config = config(&organization).await;
    let create = organization.workspaces().create("VPC ws", "us-east-1", &config);
    let policy = "arn:aws:iam::000000000000:policy/p";
    let mut workspace = create
        .storage_endpoint(true)
        .vpc_id("existing-vpc-id")
        .private_subnets_ids(["subnet1", "subnet2"])
        .public_subnets_ids(["subnet3"])
        .policy_arns([policy])
        .await
        .unwrap();
    let network = json!({
        "region": "us-east-1", "storageEndpoint": true, "vpcId": "existing-vpc-id",
        "publicSubnetsIds": ["subnet3"], "privateSubnetsIds": ["subnet1", "subnet2"],
        "policyArns": [policy],
    });
    let expected = json!({
        "name": "VPC ws", "region": "us-east-1", "jupyterIsActive": false,
        "cloudConfig": {"uuid": config}, "networkData": network,
    });
    assert_eq!(body(&handle), expected, "the form of releases 2.0 and 2.1, and the region on top");
    workspace.wait_for_status(WorkspaceStatus::Ready).every(PACE).await.unwrap();
    let data = workspace.data().unwrap().network_data.clone().unwrap();
    assert_eq!(data.vpc_id.as_deref(), Some("existing-vpc-id"));
}

#[tokio::test]
async fn a_workspace_that_is_half_described_is_refused_before_a_request() {
    let handle = fast().start().await.unwrap();
    let organization = organization(&handle);
    let create = |name: &str| organization.workspaces().create(name, "us-east-1", "config");
    let refusals = [
        (create(" "), "the name of the workspace is empty"),
        (organization.workspaces().create("x", "", "config"), "the region"),
        (organization.workspaces().create("x", "us-east-1", ""), "the cloud config"),
        (create("x").vpc_id("vpc"), "`private_subnets_ids`"),
        (create("x").vpc_id("vpc").public_subnets_ids(["a"]), "`private_subnets_ids`"),
        (create("x").vpc_id("vpc").private_subnets_ids(Vec::<String>::new()), "none of its"),
        (create("x").vpc_id("").private_subnets_ids(["a"]), "the VPC of the workspace is empty"),
        (create("x").private_subnets_ids(["a"]), "`vpc_id`"),
        (create("x").public_subnets_ids(["a"]), "`vpc_id`"),
        (create("x").vpc_id("vpc").private_subnets_ids(["a", ""]), "the id of a subnet"),
        (create("x").kms_key_arn("key/1"), "`key/1`"),
        (create("x").policy_arns(["policy"]), "`policy`"),
        (create("x").tag("", "v"), "the key of a tag"),
    ];
    for (refused, words) in refusals {
        says(&failure(refused).await, ErrorKind::InvalidInput, &[words]);
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_not_repeated_and_says_where_to_look() {
    let (handle, organization) = start_organization().await;
    let create = create(&organization, "lost").await;
    handle.fault(Fault::reset_after().on("POST", WORKSPACES));
    let error = failure(create).await;
    assert!(error.may_have_happened());
    says(&error, ErrorKind::Interrupted, &["`workspaces().list()` with `names`", "`lost`"]);
    assert_eq!(sent(&handle, "POST", WORKSPACES).len(), 1);
}

#[tokio::test]
async fn odd_answers_break_no_list() {
    let (handle, organization) = start_organization().await;
    handle.fault(Fault::set("/data/0/assignedAt", "2025-07-01T10:00:00.000Z").path(WORKSPACES));
    let first = organization.workspaces().list().collect_all().await.unwrap().remove(0);
    assert_eq!(first.data().unwrap().assigned_at.as_deref(), Some("2025-07-01T10:00:00.000Z"));
    handle.clear_faults();
    handle.fault(Fault::set("/data/0/status", "HIBERNATING").path(WORKSPACES));
    let first = organization.workspaces().list().collect_all().await.unwrap().remove(0);
    assert_eq!(first.data().unwrap().status, Some(WorkspaceStatus::from("HIBERNATING")));
    handle.clear_faults();
    handle.fault(Fault::remove("/status").on("GET", EACH));
    let mut bare = organization.workspaces().get(WORKSPACE).await.unwrap();
    let wait = bare.wait_for_status(WorkspaceStatus::Ready).timeout(Duration::from_millis(20));
    assert!(failure(wait).await.is_timeout());
}

#[tokio::test]
async fn keys_of_the_wrong_kind_are_noticed_both_ways() {
    let handle = fast().start().await.unwrap();
    let (id, secret) = KEYS;
    let wrong = organization_builder(&handle).client_id(id).secret_key(secret);
    let wrong = wrong.options(impatient()).build().unwrap();
    let error = failure(wrong.workspaces().list().collect_all()).await;
    assert!(error.is_unauthorized());
    let words = ["keys of an organisation (BODO_ORG_CLIENT_ID", "not those of a workspace"];
    says(&error, ErrorKind::Status, &words);
    let (id, secret) = ORGANIZATION_KEYS;
    let wrong = workspace_builder(&handle).client_id(id).secret_key(secret);
    let wrong = wrong.options(impatient()).build().unwrap();
    assert_eq!(wrong.id().await.unwrap().as_str(), ORGANIZATION);
    let error = failure(wrong.catalogs().list()).await;
    assert!(error.is_unauthorized());
    says(&error, ErrorKind::Status, &["keys of a workspace (BODO_CLIENT_ID", "an organisation"]);
}

#[tokio::test]
async fn keys_and_tokens_of_the_organisation_show_nowhere() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let (id, secret) = ("canary-id", "canary-secret-0123");
    let handle = fast().organization_keys(id, secret).start().await.unwrap();
    let builder = || organization_builder(&handle).client_id(id).secret_key(secret);
    shown.add(&builder());
    let organization = builder().build().unwrap();
    shown.add(&organization);
    shown.add(organization.raw());
    let create = create(&organization, "seen").await;
    shown.add(&create);
    shown.add(&create.await.unwrap());
    let list = sent(&handle, "POST", WORKSPACES).remove(0);
    let token = list.header("authorization").unwrap().trim_start_matches("Bearer ").to_owned();
    let echo = json!({"message": format!("{token} and {secret} were sent")}).to_string();
    handle.fault(Fault::status(400).with_body(echo).on("GET", WORKSPACES));
    shown.error(&failure(organization.workspaces().list().collect_all()).await);
    let text = shown.text();
    assert!(text.contains("create_workspace") && text.contains("*** and"), "nothing was shown");
    assert!(!text.contains(&token), "the token is in the log, an error or debug output");
}
