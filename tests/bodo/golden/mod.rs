//! Every method of the clients sends what the official client sends for the same action.
//!
//! Where it differs on purpose, the reason stands beside the case. Not compared are requests that
//! are refused here before they are sent: a change of a running cluster that needs a stop, a pause
//! of a spot cluster, a job without a cluster, a schedule without five fields.

mod clusters;
mod data;
mod jobs;
mod organization;
mod plans;

use longhaul::bodo::{Cluster, Workspace};
use longhaul_simulator::{Fault, Handle};

use super::manners::Bodo;
use super::support;
use super::support::{fast, organization, start_with, workspace_builder};
use super::wire::{Bench, Differs, What};

const CATALOG: &str = "MyCatalog";

/// An id that nothing has.
const NOBODY: &str = "ffffffff-ffff-4fff-8fff-ffffffffffff";

const PAGED: [Differs; 2] = [
    What::Query("page", "1").because("what comes in pages is asked for page by page"),
    What::Query("size", "100").because("what comes in pages is asked for page by page"),
];
const LOOK: Differs = What::Also("GET", "/api/v1/clusters/{id}")
    .because("what a cluster can do is judged by its status as it is");
const UNASKED: &str = "only what is set is sent: all else stays as it is";

/// The operations that no method needs, with the reason.
const UNUSED: [(&str, &[&str]); 1] = [(
    "used by other clients of the platform for what these methods do, or for a notebook's window",
    &[
        "get_cluster_connection_info",
        "list_catalogs_unversioned",
        "list_user_clusters",
        "report_cluster_activity",
        "report_jupyter_activity",
    ],
)];

#[tokio::test]
async fn every_method_sends_what_the_official_client_sends() {
    let simulator = fast().cluster("shared").cluster("idle").outcome("endless", "RUNNING", "");
    let (handle, workspace) = start_with(simulator).await;
    let mut bench = Bench::new(&handle, &Bodo);
    Box::pin(clients(&mut bench, &handle, &workspace)).await;
    Box::pin(uploads(&mut bench, &handle, &workspace)).await;
    Box::pin(data::catalogs(&mut bench, &workspace)).await;
    Box::pin(data::roles(&mut bench, &workspace)).await;
    Box::pin(data::secrets(&mut bench, &workspace)).await;
    Box::pin(data::prices(&mut bench, &workspace)).await;
    Box::pin(clusters::all(&mut bench, &workspace)).await;
    Box::pin(jobs::all(&mut bench, &handle, &workspace)).await;
    Box::pin(plans::all(&mut bench, &handle, &workspace)).await;
    Box::pin(organization::all(&mut bench, &handle)).await;
    bench.golden("delete all catalogs", &[], workspace.catalogs().delete_all()).await.unwrap();
    bench.finish(165, &UNUSED);
}

/// The cluster that runs from the beginning, of which the client has seen nothing.
fn shared(handle: &Handle, workspace: &Workspace) -> Cluster {
    workspace.cluster(handle.id_of("shared").expect("the cluster is there"))
}

async fn clients(bench: &mut Bench<'_>, handle: &Handle, workspace: &Workspace) {
    bench.goldens(&[("token", &[]), ("version", &[])], workspace.sdk_version()).await.unwrap();
    let version = What::Also("GET", "/api/v1/sdk-versions/2.3.2")
        .because("a token is fetched when a call needs it");
    let organization = organization(handle);
    let first = organization.sdk_version();
    bench.golden("token of an organisation", &[version], first).await.unwrap();
    let wrong = workspace_builder(handle).client_id("00000000-0000-4000-8000-00000000dead");
    let wrong = wrong.secret_key("wrong-secret").build().unwrap();
    let refused = bench.golden("token for wrong keys", &[], wrong.data()).await.unwrap_err();
    assert!(refused.is_unauthorized(), "{refused:?}");
    bench.golden("workspace", &[], workspace.data()).await.unwrap();
    bench.golden("instance types", &[], workspace.clusters().instance_types()).await.unwrap();
    bench.golden("images", &[], workspace.clusters().images()).await.unwrap();
}

async fn uploads(bench: &mut Bench<'_>, handle: &Handle, workspace: &Workspace) {
    let provider = What::Also("GET", "/api/v1/workspaces/{id}")
        .because("the cloud that the workspace is in is asked for once");
    let upload = |content: &'static str, place| workspace.upload(content.as_bytes(), place);
    let wanted: [(&str, &[Differs]); 2] = [("link for an upload", &[provider]), ("upload", &[])];
    bench.goldens(&wanted, upload("print('hello')\n", "test.py")).await.unwrap();
    let wanted: [(&str, &[Differs]); 2] =
        [("link for an empty upload", &[]), ("empty upload", &[])];
    bench.goldens(&wanted, upload("", "empty.py")).await.unwrap();
    let wanted: [(&str, &[Differs]); 2] =
        [("link for an upload into a folder", &[]), ("upload into a folder", &[])];
    let place = "some dir/sub/\u{fc}n\u{ef}.py";
    bench.goldens(&wanted, upload("print('hello')\n", place)).await.unwrap();
    workspace.upload("SELECT 1\n", "test.sql").await.unwrap();

    let azure = Fault::set("/cloudConfig/provider", "AZURE").path("/api/v1/workspaces/*");
    handle.fault(azure);
    let azure = support::workspace(handle);
    let link = What::Also("GET", "/api/v1/workspaces/{id}/upload-pre-signed-url")
        .because("every upload has a link of its own");
    let token =
        What::Also("POST", "/identity/resources/auth/v2/api-token").because("it is another client");
    let upload = azure.upload("print('hello')\n", "azure.py");
    bench.golden("upload to Azure", &[token, provider, link], upload).await.unwrap();
    handle.clear_faults();
}
