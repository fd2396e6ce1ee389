//! An organisation on Bodo: its workspaces, an account in the cloud, a new workspace in it with its
//! infrastructure and its users, and the end of both.
//!
//! `cargo run --example bodo_organization`; with `-- --live --role-arn ARN` on the platform, where
//! it makes the infrastructure of a workspace in the AWS account of that role, which costs money
//! until it is deleted at the end. Options are `--region NAME` and `--user ADDRESS`, who is made a
//! viewer without a mail.

mod support;

use std::error::Error;
use std::time::Duration;

use longhaul::bodo::models::UserAssignment;
use longhaul::bodo::{
    BodoRole, CloudConfig, CloudConfigStatus, ManagedWorkspace, Organization, WorkspaceStatus,
};
use longhaul_simulator::Simulator;

type Outcome = Result<(), Box<dyn Error>>;

const NAME: &str = "longhaul-example";
const ROLE: &str = "arn:aws:iam::123456789012:role/bodo-platform";

#[tokio::main]
async fn main() -> Outcome {
    let (organization, _simulator) = support::bodo_organization(Simulator::bodo()).await?;
    list(&organization).await?;
    let role = option("--role-arn", ROLE).ok_or("say `--role-arn ARN` to make a workspace")?;
    let region = support::option("--region").unwrap_or_else(|| "us-east-2".to_owned());

    let configs = organization.cloud_configs();
    let mut config = configs.create_aws(NAME, &region).role_arn(role).await?;
    println!("created cloud config {}", config.id());
    let outcome = in_account(&organization, &mut config, &region).await;
    config.delete().await?;
    println!("the cloud config is gone");
    outcome
}

/// An option that only the simulator has a default for.
fn option(name: &str, default: &str) -> Option<String> {
    support::option(name).or_else(|| (!support::live()).then(|| default.to_owned()))
}

async fn list(organization: &Organization) -> longhaul::Result<()> {
    let mut ready = organization.workspaces().list().statuses([WorkspaceStatus::Ready]);
    while let Some(workspace) = ready.try_next().await? {
        let data = workspace.data();
        let region = data.and_then(|data| data.region.as_deref()).unwrap_or_default();
        println!("workspace {} in {region} is READY", workspace.name().unwrap_or_default());
    }
    Ok(())
}

async fn in_account(
    organization: &Organization,
    config: &mut CloudConfig,
    region: &str,
) -> Outcome {
    // A new one cannot be used at once, and which statuses it goes through is not documented.
    let ready = config.wait_for_status(CloudConfigStatus::from("READY"));
    match ready.timeout(Duration::from_secs(20)).await {
        Err(error) if error.is_timeout() => println!("going on: {error}"),
        outcome => drop(outcome?),
    }
    let workspace = organization.workspaces().create(NAME, region, config.id());
    let mut workspace = workspace.storage_endpoint(true).tag("purpose", "example").await?;
    println!("created workspace {}", workspace.id());
    let outcome = life(organization, &mut workspace).await;
    workspace.delete().wait().on_event(support::print_status).await?;
    outcome
}

async fn life(organization: &Organization, workspace: &mut ManagedWorkspace) -> Outcome {
    workspace.wait_for_status(WorkspaceStatus::Ready).on_event(support::print_status).await?;
    let found = organization.workspaces().list().names([NAME]).statuses([WorkspaceStatus::Ready]);
    let found = found.collect_all().await?;
    assert!(found.iter().any(|one| one.id() == workspace.id()), "the list does not have it");

    if let Some(email) = option("--user", "viewer@example.com") {
        let role = BodoRole::BodoViewer;
        let user = UserAssignment { email: email.clone(), bodo_role: role, skip_email: true };
        workspace.assign_users([user]).await?;
        println!("{email} may look at it");
    }

    // Several workspaces are brought up to date at once, each with a report of its own.
    let several = organization.workspaces().list().ids([workspace.id()]).group().await?;
    let updated = several.update_infrastructure().wait().await.into_result()?;
    println!("the infrastructure of {} workspace is up to date", updated.len());
    assert_eq!(updated.len(), 1);
    Ok(())
}
