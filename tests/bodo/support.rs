//! What the tests share: a fast simulator and clients for it.

use std::time::Duration;

use longhaul::Options;
use longhaul::bodo::{Builder, Cluster, ClusterStatus, Organization, Workspace};
use longhaul_simulator::bodo::{Bodo, KEYS, ORGANIZATION_KEYS};
use longhaul_simulator::{Fault, Handle, Recorded, Simulator};

pub(crate) use crate::failure::{failure, says};

/// The time of one step of a simulated life cycle.
pub(crate) const PACE: Duration = Duration::from_millis(5);

/// A simulated Bodo with a fast clock.
pub(crate) fn fast() -> Simulator<Bodo> {
    Simulator::bodo().pace(PACE)
}

/// A fast simulator and a client for its workspace.
pub(crate) async fn start() -> (Handle, Workspace) {
    start_with(fast()).await
}

pub(crate) async fn start_with(simulator: Simulator<Bodo>) -> (Handle, Workspace) {
    let handle = simulator.start().await.expect("a free port");
    let workspace = workspace(&handle);
    (handle, workspace)
}

/// A builder of clients for the simulator's workspace.
pub(crate) fn workspace_builder(handle: &Handle) -> Builder<Workspace> {
    let (id, secret) = KEYS;
    Workspace::builder().server(handle.url()).client_id(id).secret_key(secret)
}

/// A client for the simulator's workspace.
pub(crate) fn workspace(handle: &Handle) -> Workspace {
    workspace_builder(handle).build().expect("a client")
}

/// A builder of clients for the simulator's organisation.
pub(crate) fn organization_builder(handle: &Handle) -> Builder<Organization> {
    let (id, secret) = ORGANIZATION_KEYS;
    Organization::builder().server(handle.url()).client_id(id).secret_key(secret)
}

/// A client for the simulator's organisation.
pub(crate) fn organization(handle: &Handle) -> Organization {
    organization_builder(handle).build().expect("a client")
}

/// Options of clients whose calls are sent once.
pub(crate) fn impatient() -> Options {
    Options::new().attempts(1)
}

/// The requests with this method and a path that ends so.
pub(crate) fn sent(handle: &Handle, method: &str, ending: &str) -> Vec<Recorded> {
    let all = handle.requests().into_iter();
    all.filter(|request| request.method == method && request.path.ends_with(ending)).collect()
}

/// How many requests were sent, those for tokens left out.
pub(crate) fn calls(handle: &Handle) -> usize {
    let requests = handle.requests();
    requests.iter().filter(|request| !request.path.starts_with("/identity")).count()
}

/// A new cluster that is running.
pub(crate) async fn running(workspace: &Workspace, name: &str) -> Cluster {
    let mut cluster = workspace.clusters().create(name, "c5.large", 1).await.expect("a cluster");
    cluster.wait_for_status(ClusterStatus::Running).every(PACE).await.expect("running");
    cluster
}

/// A simulator that answers everything but the question for a token as the rule says, and a client
/// that asks once.
pub(crate) async fn broken(rule: Fault) -> (Handle, Workspace) {
    let handle = fast().fault(rule.path("/api/**")).start().await.expect("a free port");
    let workspace = workspace_builder(&handle).options(impatient()).build().expect("a client");
    (handle, workspace)
}
