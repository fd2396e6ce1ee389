//! What the tests share: a fast simulator, a client for it, servers and applications.

use std::time::Duration;

use longhaul::Options;
use longhaul::denvr::{
    Application, ApplicationStatus, Builder, Client, ServerStatus, VirtualServer,
};
use longhaul_simulator::denvr::{API_KEY, Denvr, TENANT, USER};
use longhaul_simulator::{Fault, Handle, Recorded, Simulator};

pub(crate) use crate::failure::says;

/// The time of one step of a simulated life cycle.
pub(crate) const PACE: Duration = Duration::from_millis(5);

/// What is there to be asked for.
pub(crate) const CONFIGURATION: &str = "A100_40GB_PCIe_1x";
pub(crate) const PACKAGE: &str = "g-nvidia-1xa100-40gb-pcie-14vcpu-112gb";
pub(crate) const IMAGE: &str = "docker.io/example/repo:1.0";

/// Paths, for rules.
pub(crate) const CLUSTERS: &str = "/api/v1/clusters/GetAll";
pub(crate) const LOGIN: &str = "/api/TokenAuth/Authenticate";
pub(crate) const REFRESH: &str = "/api/TokenAuth/RefreshToken";

/// A simulated Denvr Cloud with a fast clock.
pub(crate) fn fast() -> Simulator<Denvr> {
    Simulator::denvr().pace(PACE)
}

/// A fast simulator and a client for it with an API key.
pub(crate) async fn start() -> (Handle, Client) {
    start_with(fast()).await
}

pub(crate) async fn start_with(simulator: Simulator<Denvr>) -> (Handle, Client) {
    let handle = simulator.start().await.expect("a free port");
    let client = keyed(&handle).build().expect("a client");
    (handle, client)
}

/// A fast simulator and a client for it with a user name and a password.
pub(crate) async fn start_as_user(simulator: Simulator<Denvr>) -> (Handle, Client) {
    let handle = simulator.start().await.expect("a free port");
    let client = user(&handle).build().expect("a client");
    (handle, client)
}

/// A builder of clients for a simulator, without a credential.
pub(crate) fn builder(handle: &Handle) -> Builder {
    Client::builder().server(handle.url()).cluster("Hou1").tenant(TENANT)
}

pub(crate) fn keyed(handle: &Handle) -> Builder {
    builder(handle).api_key(API_KEY)
}

pub(crate) fn user(handle: &Handle) -> Builder {
    builder(handle).login(USER.0, USER.1)
}

/// A client whose calls are sent once.
pub(crate) fn impatient(handle: &Handle) -> Client {
    keyed(handle).options(Options::new().attempts(1)).build().expect("a client")
}

/// A simulator that answers everything as the rule says, and a client that asks once.
pub(crate) async fn broken(rule: Fault) -> (Handle, Client) {
    let handle = fast().fault(rule).start().await.expect("a free port");
    let client = impatient(&handle);
    (handle, client)
}

/// A server that is online.
pub(crate) async fn online(client: &Client, name: &str) -> VirtualServer {
    let mut server = client.virtual_servers().create(name, CONFIGURATION).await.expect("a server");
    server.wait_for_status(ServerStatus::Online).every(PACE).await.expect("online");
    server
}

/// An application that is online.
pub(crate) async fn running(client: &Client, name: &str) -> Application {
    let made = client.applications().create_custom(name, PACKAGE, IMAGE).await;
    let mut application = made.expect("an application");
    application.wait_for_status(ApplicationStatus::Online).every(PACE).await.expect("online");
    application
}

/// The requests with this path, or with one that ends so.
pub(crate) fn sent(handle: &Handle, method: &str, ending: &str) -> Vec<Recorded> {
    let all = handle.requests().into_iter();
    all.filter(|request| request.method == method && request.path.ends_with(ending)).collect()
}
