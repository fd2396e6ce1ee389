//! Workspaces and cloud configs of an organisation.

use longhaul::bodo::models::UserAssignment;
use longhaul::bodo::{BodoRole, CloudConfigStatus, CloudProvider, Organization, WorkspaceStatus};
use longhaul_simulator::Handle;

use super::super::support::{PACE, organization};
use super::{Bench, Differs, NOBODY, PAGED, What};

/// The releases that knew how to say it.
const RELEASE: Differs =
    What::Header("sdk-version", "2.3.2").because("the ways of one release are followed");
const REGION: Differs = What::Body("/region", "\"us-east-1\"")
    .because("later releases say the region here, and those that send the network say it there");

pub(super) async fn all(bench: &mut Bench<'_>, handle: &Handle) {
    let organization = organization(handle);
    organization.sdk_version().await.unwrap();
    let config = cloud_configs(bench, &organization).await;
    let id = creations(bench, &organization, &config).await;
    workspaces(bench, &organization, &id).await;
}

async fn cloud_configs(bench: &mut Bench<'_>, organization: &Organization) -> String {
    let configs = organization.cloud_configs();
    let aws = configs.create_aws("aws", "us-east-2").tf_bucket_name("fake-bucket");
    let aws = aws.role_arn("arn:aws:iam::000000000000:role/fake").account_id("000000000000");
    let aws = aws.access_key("AKIAFAKEFAKEFAKEFAKE", "fake-secret");
    let aws = bench.golden("create a cloud config of AWS", &[], aws).await.unwrap();
    bench.golden("cloud config", &[], configs.get(aws.id())).await.unwrap();
    let azure =
        configs.create_azure("azure", "eastus", "fake-tenant", "fake-subscription", "fake-group");
    let mut azure = bench.golden("create a cloud config of Azure", &[], azure).await.unwrap();

    let both = [aws.id(), azure.id()];
    let by_provider = configs.list().providers([CloudProvider::Azure]).ids(both).collect_all();
    let found = bench.golden("cloud configs by provider", &PAGED, by_provider).await.unwrap();
    assert_eq!(found.len(), 1);
    let by_id = configs.list().ids([aws.id()]).collect_all();
    bench.golden("cloud configs by id", &PAGED, by_id).await.unwrap();
    bench.golden("cloud configs", &PAGED, configs.list().collect_all()).await.unwrap();

    azure.wait_for_status(CloudConfigStatus::Ready).every(PACE).await.unwrap();
    let differs = [
        What::Also("GET", "/api/v1/cloud-configs/{id}")
            .because("it is replaced whole, and others may have changed it"),
        What::Body("/status", "\"READY\"").because("the status is sent back as it is by then"),
        What::Header("content-type", "application/json").because("the body is JSON and says so"),
    ];
    let update = azure.update().name("azure2").application_id("fake-application-id");
    bench.golden("update a cloud config", &differs, update).await.unwrap();
    bench.golden("delete a cloud config", &[], azure.delete()).await.unwrap();
    let missing = bench.golden("missing cloud config", &[], configs.get(NOBODY)).await;
    assert!(missing.unwrap_err().is_not_found());
    aws.id().to_string()
}

async fn creations(bench: &mut Bench<'_>, organization: &Organization, config: &str) -> String {
    let workspaces = organization.workspaces();
    let full = workspaces.create("ws", "us-east-2", config).tag("k", "v");
    let full = full.kms_key_arn("arn:aws:kms:us-east-2:000000000000:key/fake");
    let mut full = bench.golden("create a workspace with everything", &[], full).await.unwrap();
    let plain = workspaces.create("p00", "us-east-2", config);
    bench.golden("create a workspace", &[], plain).await.unwrap();
    let in_vpc = workspaces.create("VPC ws", "us-east-1", config).storage_endpoint(true);
    let in_vpc = in_vpc.vpc_id("existing-vpc-id").public_subnets_ids(["subnet3"]);
    let in_vpc = in_vpc.private_subnets_ids(["subnet1", "subnet2"]);
    let differs = [RELEASE, REGION];
    bench.golden("create a workspace in a VPC", &differs, in_vpc).await.unwrap();
    let endpoint = workspaces.create("Plain ws", "us-east-1", config).storage_endpoint(true);
    bench.golden("create a workspace with an endpoint", &differs, endpoint).await.unwrap();
    full.wait_for_status(WorkspaceStatus::Ready).every(PACE).await.unwrap();
    full.id().to_string()
}

async fn workspaces(bench: &mut Bench<'_>, organization: &Organization, id: &str) {
    let workspaces = organization.workspaces();
    let (ready, failed) = ([WorkspaceStatus::Ready], [WorkspaceStatus::Failed]);
    let cases = [
        ("workspaces by status and id", workspaces.list().ids([id]).statuses(ready.clone()), 1),
        ("workspaces by name", workspaces.list().names(["ws"]), 1),
        ("failed workspaces", workspaces.list().names(["ws"]).statuses(failed), 0),
        ("workspaces by id", workspaces.list().ids([id]), 1),
    ];
    for (name, list, found) in cases {
        assert_eq!(bench.golden(name, &[], list.collect_all()).await.unwrap().len(), found);
    }
    bench.golden("workspaces", &[], workspaces.list().collect_all()).await.unwrap();
    let ready = workspaces.list().statuses(ready).collect_all();
    bench.golden("ready workspaces", &[], ready).await.unwrap();
    let missing = bench.golden("missing workspace", &[], workspaces.get(NOBODY)).await;
    assert!(missing.unwrap_err().is_not_found());

    let mut workspace = organization.workspace(id);
    let user = |email: &str, skip_email, bodo_role| UserAssignment {
        email: email.to_owned(),
        skip_email,
        bodo_role,
    };
    let users = [
        user("a@example.invalid", true, BodoRole::BodoAdmin),
        user("b@example.invalid", false, BodoRole::BodoViewer),
    ];
    bench.golden("assign users", &[], workspace.assign_users(users)).await.unwrap();
    let update = workspace.update_infrastructure();
    bench.golden("update the infrastructure", &[], update).await.unwrap();
    workspace.wait_for_status(WorkspaceStatus::Ready).every(PACE).await.unwrap();
    bench.golden("delete a workspace", &[], workspace.delete()).await.unwrap();
}
