//! What errors of Denvr Cloud say and what debug output of its clients shows, for review.

use std::time::Duration;

use longhaul::denvr::{Builder, Client, ServerStatus};
use longhaul::{Error, Options};
use longhaul_simulator::denvr::{API_KEY, TENANT, USER};
use longhaul_simulator::{Fault, Handle, Simulator};

use crate::failure::failure;
use crate::{debug, errors};

const KEY: &str = "hunter2hunter2";
const PACE: Duration = Duration::from_millis(5);
const CONFIGURATION: &str = "A100_40GB_PCIe_1x";
const PACKAGE: &str = "g-nvidia-1xa100-40gb-pcie-14vcpu-112gb";
const IMAGE: &str = "docker.io/example/repo:1.0";

fn builder() -> Builder {
    Client::builder().server("http://127.0.0.1:9").cluster("Hou1").tenant("a-tenant")
}

#[test]
fn debug_output_is_as_reviewed_and_has_no_credential() {
    let mut album = debug::Album::default();
    clients(&mut album);
    let client = builder().api_key(KEY).build().unwrap();
    resources(&mut album, &client);
    creations(&mut album, &client);
    assert!(!album.0.contains("hunter2"), "{}", album.0);
    insta::assert_snapshot!("denvr_debug", album.0);
}

fn clients(album: &mut debug::Album) {
    album.show("Builder", &builder().api_key(KEY));
    album.show("Builder with a login", &builder().login("ann", KEY).two_factor_code(KEY));
    album.show("Client", &builder().api_key(KEY).build().unwrap());
    album.show("Client with a login", &builder().login("ann", KEY).build().unwrap());
}

fn resources(album: &mut debug::Album, client: &Client) {
    let mut server = client.virtual_server("an-id");
    album.show("Clusters", &client.clusters());
    album.show("VirtualServer", &server);
    album.show("Wait", &server.wait_for_status(ServerStatus::Online));
    album.show("DestroyServer", &server.destroy().delete_snapshots(true));
    album.show("Application", &client.application("an-id"));
    album.show("DestroyApplication", &client.application("an-id").destroy());
    album.show("Host", &client.host("an-id"));
    album.show("ReprovisionHost", &client.host("an-id").reprovision());
    album.show("GetServerAvailability", &client.virtual_servers().availability().any_rpool());
}

fn creations(album: &mut debug::Album, client: &Client) {
    let server = client.virtual_servers().create("a-name", CONFIGURATION);
    album.show("CreateServer", &server.ssh_key("a-key").root_disk_size(100));
    let applications = client.applications();
    let book = applications.create_catalog("a-name", PACKAGE, "jupyter-notebook", "1");
    album.show("CreateCatalogApplication", &book.jupyter_token(KEY).env("SECRET", KEY));
    let custom = applications.create_custom("a-name", PACKAGE, IMAGE);
    let custom = custom.image_credentials("ann", KEY).proxy_port(80).proxy_api_key(KEY);
    album.show("CreateCustomApplication", &custom);
    album.show("CreateVpc", &client.vpcs().create("denvr-lab"));
    album.show("CreateSnapshot", &client.snapshots().create("an-id").name("a-name"));
}

async fn start(fault: Option<Fault>) -> (Handle, Client) {
    let simulator = Simulator::denvr().pace(PACE).capacity("A100_40GB_PCIe_2x", 0);
    let simulator = simulator.outcome("bad", "FAILED", "ImagePullBackOff");
    let simulator = fault.into_iter().fold(simulator, Simulator::fault);
    let simulator = simulator.start().await.expect("a free port");
    let client = at(&simulator).api_key(API_KEY).build().expect("good settings");
    (simulator, client)
}

fn at(simulator: &Handle) -> Builder {
    let options = Options::new().attempts(1).timeout(Duration::from_millis(500));
    let builder = Client::builder().server(simulator.url()).options(options);
    builder.cluster("Hou1").tenant(TENANT)
}

#[tokio::test]
async fn errors_say_what_was_reviewed() {
    let mut album = errors::Album::default();
    Box::pin(refusals_by_the_server(&mut album)).await;
    Box::pin(refusals_by_the_client(&mut album)).await;
    Box::pin(logins(&mut album)).await;
    Box::pin(waits(&mut album)).await;
    Box::pin(lost_answers(&mut album)).await;
    settings(&mut album);
    insta::assert_snapshot!("denvr_errors", album.text);
}

async fn refusals_by_the_server(album: &mut errors::Album) {
    let (simulator, client) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    let servers = client.virtual_servers();
    add("a missing server", failure(servers.get("nobody")).await);
    add("a missing application", failure(client.applications().get("nobody")).await);
    add("a missing cluster", failure(client.with_cluster("X1").virtual_servers().list()).await);
    add("an unknown configuration", failure(servers.create("a", "No_Such")).await);
    add("no capacity", failure(servers.create("a", "A100_40GB_PCIe_2x")).await);
    let wrong = at(&simulator).api_key("wrong").build().unwrap();
    add("a wrong key", failure(wrong.clusters().list()).await);
}

async fn refusals_by_the_client(album: &mut errors::Album) {
    let (_simulator, client) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, None);
    let (servers, applications) = (client.virtual_servers(), client.applications());
    add("a server without a name", failure(servers.create(" ", CONFIGURATION)).await);
    add("a disk of nothing", failure(servers.create("a", CONFIGURATION).root_disk_size(0)).await);
    let custom = || applications.create_custom("a", PACKAGE, IMAGE);
    add("a name that is none", failure(custom().env("1A", "x")).await);
    add("the port of the proxy", failure(custom().proxy_port(443)).await);
    add("keys without a port", failure(custom().proxy_api_key("k")).await);
    add("a script in a folder", failure(custom().user_script("a/b", "x")).await);
    add("a VPC with a free name", failure(client.vpcs().create("lab")).await);
    let text = client.host("h").reprovision().cloud_init_base64("#cloud-config");
    add("a document that is not encoded", failure(text).await);
}

async fn logins(album: &mut errors::Album) {
    let (simulator, _) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    let wrong = at(&simulator).login(USER.0, KEY).build().unwrap();
    add("a wrong password", failure(wrong.clusters().list()).await);
    let user = at(&simulator).login(USER.0, USER.1).build().unwrap();
    user.clusters().list().await.unwrap();
    simulator.fault(Fault::status(503).path("/api/TokenAuth/*"));
    simulator.denvr().expect("a simulated Denvr").expire_access_tokens();
    add("a session that cannot go on", failure(user.clusters().list()).await);
}

async fn waits(album: &mut errors::Album) {
    let (simulator, client) = start(None).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    let made = client.applications().create_custom("bad", PACKAGE, IMAGE).await;
    let mut application = made.unwrap();
    let wait = application.wait_for_status(longhaul::denvr::ApplicationStatus::Online);
    add("an application that fails", failure(wait.every(PACE)).await);
    let mut server = client.virtual_servers().create("good", CONFIGURATION).await.unwrap();
    let wait = server.wait_for_status(ServerStatus::Online).every(PACE);
    wait.await.unwrap();
    let never = server.wait_for_status(ServerStatus::Offline);
    add("a server that stays online", failure(never).await);
}

async fn lost_answers(album: &mut errors::Album) {
    let (simulator, client) = start(Some(Fault::reset_after())).await;
    let mut add = |cause: &str, error: Error| album.add(cause, &error, Some(&simulator));
    add("a new server", failure(client.virtual_servers().create("a", CONFIGURATION)).await);
    let custom = client.applications().create_custom("a", PACKAGE, IMAGE);
    add("a new application", failure(custom).await);
    let refused = r#"{"result": null, "success": false, "error": {"code": 42,
        "message": "Your request is not valid!", "details": "Two things.",
        "validationErrors": [{"message": "Too long.", "members": ["name", "vpc"]}]}}"#;
    let (simulator, client) = start(Some(Fault::body("application/json", refused))).await;
    let error = failure(client.clusters().list()).await;
    album.add("a success that says it failed", &error, Some(&simulator));
    let (simulator, client) = start(Some(Fault::html())).await;
    album.add("a page", &failure(client.clusters().list()).await, Some(&simulator));
}

fn settings(album: &mut errors::Album) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("denvr.toml");
    std::fs::write(&path, "[defaults]\nretries = -2\n").unwrap();
    let plain = Client::builder().server("http://api.example.test").api_key(KEY);
    let cases = [
        ("no credential", Client::builder()),
        ("two credentials", builder().api_key(KEY).login("ann", KEY)),
        ("an empty key", builder().api_key(" ")),
        ("a key of two lines", builder().api_key("hunter2\nhunter2")),
        ("no encryption", plain),
        ("a server that is none", Client::builder().server("api.example.test").api_key(KEY)),
        ("a number that is none", Client::builder().config_file(&path)),
        ("a missing file", Client::builder().config_file(folder.path().join("none.toml"))),
    ];
    let mut here = errors::Album::default();
    for (cause, builder) in cases {
        here.add(cause, &builder.build().expect_err(cause), None);
    }
    assert!(!here.text.contains("hunter2"), "{}", here.text);
    album.text += &here.text.replace(&folder.path().display().to_string(), "FOLDER");
}
