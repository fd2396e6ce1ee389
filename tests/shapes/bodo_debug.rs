//! What debug output of Bodo's clients shows, for review.

use longhaul::Token;
use longhaul::bodo::{
    CatalogDetails, ClusterConfig, ClusterStatus, Group, LogStream, NewJob, Organization, Source,
    Workspace, WorkspaceStatus,
};

use crate::debug;

const KEY: &str = "hunter2hunter2";

#[test]
fn debug_output_is_as_reviewed_and_has_no_credential() {
    let mut album = debug::Album::default();
    let workspace = Workspace::builder().server("http://127.0.0.1:9").client_id("an-id");
    let workspace = workspace.secret_key(KEY);
    album.show("Builder of a workspace", &workspace);
    let workspace = workspace.build().unwrap();
    album.show("Workspace", &workspace);
    let source = || async { Ok(Token::new(KEY)) };
    let organization = Organization::builder().token_provider(source);
    album.show("Builder with a source of tokens", &organization);
    let organization = organization.build().unwrap();
    album.show("Organization", &organization);
    clusters(&mut album, &workspace);
    jobs(&mut album, &workspace);
    stores(&mut album, &workspace);
    managed(&mut album, &organization);
    assert!(!album.0.contains("hunter2"), "{}", album.0);
    insta::assert_snapshot!("bodo_debug", album.0);
}

fn clusters(album: &mut debug::Album, workspace: &Workspace) {
    let mut cluster = workspace.cluster("an-id");
    album.show("Clusters", &workspace.clusters());
    album.show("ClusterConfig", &ClusterConfig::new("c5.large", 2).tag("team", "a"));
    album.show("CreateCluster", &workspace.clusters().create("a-name", "c5.large", 1));
    album.show("ListInstanceTypes", &workspace.clusters().instance_types());
    album.show("Cluster", &cluster);
    album.show("Wait", &cluster.wait_for_status(ClusterStatus::Running));
    album.show("UpdateCluster", &cluster.update().description("text").workers(2));
    album.show("CommandCluster", &cluster.pause().wait());
    album.show("DeleteCluster", &cluster.clone().delete().force(true));
    let group = Group::from(vec![cluster]);
    album.show("Group", &group);
    album.show("GroupAction", &group.delete().wait());
}

fn jobs(album: &mut debug::Album, workspace: &Workspace) {
    let source = Source::git("https://git.test/r.git", "main", "ann", KEY);
    album.show("Source", &source);
    let job = NewJob::python("a.py").source(source).env("TOKEN", KEY).args(KEY);
    let job = job.on_temporary_cluster(ClusterConfig::new("c5.large", 1));
    album.show("NewJob", &job);
    album.show("RunJob", &workspace.jobs().run(job.clone()));
    album.show("CreateJobTemplate", &workspace.job_templates().create("a-name", job.clone()));
    let mut template = workspace.job_template("an-id");
    album.show("JobTemplate", &template);
    album.show("UpdateJobTemplate", &template.update().env("TOKEN", KEY));
    let cron = workspace.cron_jobs().create("a-name", "0 0 * * *", "an-id");
    album.show("CreateCronJob", &cron);
    album.show("CronJob", &workspace.cron_job("an-id"));
    let job = workspace.job("an-id");
    album.show("Job", &job);
    album.show("Log", &job.stdout());
    album.show("Follow", &job.follow(LogStream::Stderr));
    let connection = workspace.connect("a-catalog", "an-id");
    album.show("Connection", &connection);
    album.show("RunQuery", &connection.query("SELECT :a").bind_named("a", KEY));
    album.show("Query", &connection.resume("an-id"));
    album.show("UploadFile", &workspace.upload(KEY, "a-place"));
}

fn stores(album: &mut debug::Album, workspace: &Workspace) {
    let details = CatalogDetails::snowflake("an-account", "ann", KEY);
    album.show("CatalogDetails", &details);
    album.show("CreateCatalog", &workspace.catalogs().create("a-name", details.clone()));
    album.show("Catalog", &workspace.catalog("an-id"));
    album.show("UpdateCatalog", &workspace.catalog("an-id").update().details(details));
    let secrets = workspace.secrets();
    album.show("CreateSecret", &secrets.create("a-name", "GENERIC", [("password", KEY)]));
    album.show("UpdateSecret", &secrets.update("an-id").values([("password", KEY)]));
    album.show("CreateSecretGroup", &workspace.secret_groups().create("a-name"));
    let roles = workspace.instance_roles();
    album.show("CreateInstanceRole", &roles.create_azure("an-identity").or_existing());
    album.show("InstanceRole", &workspace.instance_role("an-id"));
    album.show("DeleteInstanceRole", &workspace.instance_role("an-id").delete());
    let (from, to) = ("2025-01-01".parse().unwrap(), "2025-01-31".parse().unwrap());
    album.show("Billing", &workspace.billing());
    album.show("ExportPrices", &workspace.billing().job_price_export(from, to));
}

fn managed(album: &mut debug::Album, organization: &Organization) {
    let workspaces = organization.workspaces();
    album.show("CreateWorkspace", &workspaces.create("a-name", "us-east-2", "an-id"));
    let mut workspace = organization.workspace("an-id");
    album.show("ManagedWorkspace", &workspace);
    album.show("Wait for a workspace", &workspace.wait_for_status(WorkspaceStatus::Ready));
    album.show("DeleteWorkspace", &workspace.delete());
    let configs = organization.cloud_configs();
    let aws = configs.create_aws("a-name", "us-east-2").access_key("AKIA", KEY);
    album.show("CreateAwsCloudConfig", &aws);
    let azure = configs.create_azure("a-name", "eastus", "tenant", "subscription", "group");
    album.show("CreateAzureCloudConfig", &azure);
    let config = organization.cloud_config("an-id");
    album.show("CloudConfig", &config);
    album.show("UpdateCloudConfig", &config.update().access_key("AKIA", KEY));
}
