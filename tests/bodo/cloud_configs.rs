//! Cloud configs: the accounts of an organisation in the clouds.

use longhaul::ErrorKind;
use longhaul::bodo::{CloudConfig, CloudConfigStatus, CloudProvider, Organization};
use longhaul_simulator::{Fault, Handle};
use serde_json::json;

use super::failure::{failure, says};
use super::shown::Shown;
use super::support::{PACE, fast, organization, sent};

const CONFIGS: &str = "/api/v1/cloud-configs";
const EACH: &str = "/api/v1/cloud-configs/*";
const ROLE: &str = "arn:aws:iam::000000000000:role/fake";
const CANARY: &str = "canary-access-key-0123";

async fn start() -> (Handle, Organization) {
    let handle = fast().start().await.expect("a free port");
    let organization = organization(&handle);
    (handle, organization)
}

async fn azure(organization: &Organization, name: &str) -> CloudConfig {
    let configs = organization.cloud_configs();
    let create = configs.create_azure(name, "eastus", "tenant", "subscription", "group");
    create.await.expect("a cloud config")
}

#[tokio::test]
async fn a_cloud_config_of_aws_has_all_its_fields() {
    let (handle, organization) = start().await;
    let create = organization.cloud_configs().create_aws("aws", "us-east-2");
    let create = create.role_arn(ROLE).tf_bucket_name("bucket").account_id("000000000000");
    let create = create.external_id("external").access_key("AKIAFAKE", "fake-secret");
    let mut config = create.await.unwrap();
    let expected = json!({"name": "aws", "providerData": {
        "provider": "AWS", "tfBackendRegion": "us-east-2", "tfBucketName": "bucket",
        "roleArn": ROLE, "externalId": "external", "accountId": "000000000000",
        "accessKeyId": "AKIAFAKE", "secretAccessKey": "fake-secret",
    }});
    assert_eq!(sent(&handle, "POST", CONFIGS)[0].json(), expected);
    config.wait_for_status(CloudConfigStatus::Ready).every(PACE).await.unwrap();
    assert_eq!(config.name(), Some("aws"));
}

#[tokio::test]
async fn a_cloud_config_of_azure_is_made_changed_and_deleted() {
    let (handle, organization) = start().await;
    let config = azure(&organization, "azure").await;
    let expected = json!({"name": "azure", "providerData": {
        "provider": "AZURE", "tfBackendRegion": "eastus", "tenantId": "tenant",
        "subscriptionId": "subscription", "resourceGroup": "group",
    }});
    assert_eq!(sent(&handle, "POST", CONFIGS)[0].json(), expected);

    let changed = config.update().name("azure2").application_id("application").await.unwrap();
    assert_eq!(changed.name(), Some("azure2"));
    let put = sent(&handle, "PUT", config.id().as_str())[0].json();
    assert_eq!(put["uuid"], config.id().as_str());
    assert!(put["status"].is_string() && put["organizationUUID"].is_string(), "{put}");
    let expected = json!({
        "provider": "AZURE", "tfBackendRegion": "eastus", "tenantId": "tenant",
        "subscriptionId": "subscription", "resourceGroup": "group",
        "applicationId": "application",
    });
    assert_eq!(put["providerData"], expected, "what was not set is sent back as it came");

    let id = changed.id().clone();
    changed.delete().await.unwrap();
    assert!(failure(organization.cloud_configs().get(&id)).await.is_not_found());
}

#[tokio::test]
async fn every_page_of_cloud_configs_is_asked_for() {
    let handle = fast().max_page_size(10).start().await.unwrap();
    let organization = organization(&handle);
    for n in 0..12 {
        azure(&organization, &format!("azure {n:02}")).await;
    }
    let list = || organization.cloud_configs().list();
    let all = list().collect_all().await.unwrap();
    let mut ids: Vec<_> = all.iter().map(CloudConfig::id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 13, "12 and the one that was there");
    let pages: Vec<_> =
        sent(&handle, "GET", CONFIGS).iter().map(|r| r.query_value("page").unwrap()).collect();
    assert_eq!(pages, ["1", "2"]);
    let azure = list().providers([CloudProvider::Azure]).ids([all[1].id(), all[2].id()]);
    assert_eq!(azure.collect_all().await.unwrap().len(), 2);
    let ready = list().statuses([CloudConfigStatus::Ready]).collect_all().await.unwrap();
    assert!(!ready.is_empty());
}

#[tokio::test]
async fn a_server_that_knows_no_pages_of_cloud_configs_is_found_out() {
    let (handle, organization) = start().await;
    azure(&organization, "second").await;
    handle.fault(Fault::set("/metadata/total_items", 3).path(CONFIGS));
    handle.fault(Fault::set("/metadata/size", 2).path(CONFIGS));
    handle.fault(Fault::set("/metadata/page", 1).path(CONFIGS));
    let error = failure(organization.cloud_configs().list().page_size(2).collect_all()).await;
    says(&error, ErrorKind::Protocol, &["page 2 was asked for, and the server sent page 1"]);
}

#[tokio::test]
async fn cloud_configs_that_cannot_be_are_refused_before_a_request() {
    let (handle, organization) = start().await;
    let configs = organization.cloud_configs();
    let aws = |name: &str| configs.create_aws(name, "us-east-2");
    let refusals = [
        (failure(aws("")).await, "the name of the cloud config is empty"),
        (failure(configs.create_aws("x", " ")).await, "the region"),
        (failure(aws("x").role_arn("role/x")).await, "`role/x`"),
        (failure(aws("x").access_key("", CANARY)).await, "the id of the access key"),
        (failure(aws("x").access_key("AKIA", "")).await, "the access key"),
        (failure(aws("x").account_id("")).await, "the account number"),
        (failure(configs.create_azure("x", "eastus", "", "s", "g")).await, "the tenant"),
        (failure(configs.create_azure("x", "eastus", "t", "", "g")).await, "the subscription"),
        (failure(configs.create_azure("x", "eastus", "t", "s", "")).await, "the resource group"),
        (failure(organization.cloud_config("x").update().name("")).await, "the name"),
    ];
    for (error, words) in &refusals {
        says(error, ErrorKind::InvalidInput, &[words]);
    }
    let list = configs.list().providers(["AZURA"]);
    says(&failure(list.collect_all()).await, ErrorKind::InvalidInput, &["`AZURA`", "AWS, AZURE"]);
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_change_never_loses_the_access_key() {
    let (handle, organization) = start().await;
    let create = organization.cloud_configs().create_aws("aws", "us-east-2");
    let config = create.access_key("AKIAFAKE", "first").await.unwrap();
    handle.fault(Fault::remove("/providerData/secretAccessKey").on("GET", EACH));
    let error = failure(config.update().name("other")).await;
    says(&error, ErrorKind::InvalidInput, &["`access_key`"]);
    assert!(sent(&handle, "PUT", config.id().as_str()).is_empty());
    config.update().name("other").access_key("AKIAFAKE", "second").await.unwrap();
    let put = sent(&handle, "PUT", config.id().as_str())[0].json();
    assert_eq!(put["providerData"]["secretAccessKey"], "second");
}

#[tokio::test]
async fn access_keys_show_nowhere() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let (handle, organization) = start().await;
    let create =
        || organization.cloud_configs().create_aws("aws", "us-east-2").access_key("AKIA", CANARY);
    shown.add(&create());
    let config = create().await.unwrap();
    shown.add(&config);
    shown.add(&organization.cloud_configs().list().collect_all().await.unwrap());
    shown.add(&config.update().access_key("AKIA", CANARY));
    let echo = json!({"statusCode": 400, "message": format!("the key {CANARY} is too short")});
    handle.fault(Fault::status(400).with_body(echo.to_string()).on("POST", CONFIGS));
    handle.fault(Fault::status(400).with_body(echo.to_string()).on("PUT", EACH));
    shown.error(&failure(create()).await);
    shown.error(&failure(config.update().name("other")).await);
    let text = shown.text();
    assert!(text.contains("the key *** is too short"), "nothing was shown");
    assert!(!text.contains(CANARY), "the key is in the log, an error or debug output");
}
