//! Every method of the client sends what the official client sends for the same action.
//!
//! Where it differs on purpose, the reason stands beside the case.

use longhaul::denvr::{ApplicationStatus, Client, ServerStatus};
use longhaul_simulator::Handle;

use super::manners::Denvr;
use super::support::{
    CONFIGURATION, IMAGE, PACE, PACKAGE, builder, fast, keyed, running, start_with, user,
};
use super::wire::{Bench, Differs, What};

const KEY: &str = "ssh-ed25519 AAAAFAKEKEY alice@example.test";

/// The operations that no method needs, with the reason.
const UNUSED: [(&str, &[&str]); 2] = [
    (
        "withdrawn by the platform; `raw` has them",
        &["add_host_vpc", "create_application", "remove_host_vpc"],
    ),
    ("sent only where the server refuses the documented method", &["refresh_token_get"]),
];

#[tokio::test]
async fn every_method_sends_what_the_official_client_sends() {
    let simulator = fast().server("Hou1", "rofinn-intel-dev").host("Hou1", "denvrbm-201");
    let (handle, client) = start_with(simulator).await;
    let mut bench = Bench::new(&handle, &Denvr);
    Box::pin(access(&mut bench, &handle)).await;
    Box::pin(catalogues(&mut bench, &client)).await;
    Box::pin(creations(&mut bench, &client)).await;
    Box::pin(life_of_a_server(&mut bench, &client)).await;
    Box::pin(snapshots(&mut bench, &client)).await;
    let client = client.with_cluster("Msc1");
    Box::pin(new_applications(&mut bench, &client)).await;
    Box::pin(life_of_an_application(&mut bench, &client)).await;
    let client = client.with_cluster("Hou1");
    Box::pin(hosts(&mut bench, &client)).await;
    Box::pin(vpcs(&mut bench, &client)).await;
    bench.finish(58, &UNUSED);
}

async fn access(bench: &mut Bench<'_>, handle: &Handle) {
    let alice = user(handle).build().unwrap();
    let wanted: [(&str, &[Differs]); 2] = [("log in", &[]), ("clusters with a token", &[])];
    bench.goldens(&wanted, alice.clusters().list()).await.unwrap();
    handle.denvr().unwrap().expire_access_tokens();
    let post = What::Method("POST").because("the platform documents POST");
    let rejected = What::Also("GET", "/api/v1/clusters/GetAll")
        .because("a token is refreshed when the server rejects it, too");
    bench.golden("refresh", &[post, rejected], alice.clusters().list()).await.unwrap();
    bench.golden("log out", &[], alice.log_out()).await.unwrap();

    let wrong = builder(handle).login("alice@example.test", "wrong-password").build().unwrap();
    assert!(bench.golden("wrong password", &[], wrong.clusters().list()).await.is_err());
    let clusters = keyed(handle).build().unwrap().clusters();
    assert_eq!(bench.golden("clusters", &[], clusters.list()).await.unwrap(), ["Hou1", "Msc1"]);
    let wrong = builder(handle).api_key("fake-wrong-key").build().unwrap();
    let refused = bench.golden("wrong key", &[], wrong.clusters().list()).await.unwrap_err();
    assert!(refused.is_unauthorized());
}

async fn catalogues(bench: &mut Bench<'_>, client: &Client) {
    bench.golden("images", &[], client.images().list()).await.unwrap();
    let servers = client.virtual_servers();
    bench.golden("configurations", &[], servers.configurations()).await.unwrap();
    let reserved = servers.availability().rpool("reserved-denvr").report_nodes(true);
    bench.golden("availability", &[], reserved).await.unwrap();
    let quick = servers.availability().report_nodes(false);
    bench.golden("availability without counts", &[], quick).await.unwrap();
    let any = servers.availability().any_rpool();
    bench.golden("availability in any pool", &[], any).await.unwrap();
    bench.golden("servers", &[], servers.list()).await.unwrap();
    bench.golden("server", &[], servers.get("rofinn-intel-dev")).await.unwrap();

    let elsewhere = client.with_cluster("Msc1").applications();
    bench.golden("catalogue", &[], elsewhere.catalog()).await.unwrap();
    bench.golden("hardware packages", &[], elsewhere.configurations()).await.unwrap();
    let availability = elsewhere.availability();
    bench.golden("availability for applications", &[], availability).await.unwrap();
    bench.golden("applications", &[], elsewhere.list_all()).await.unwrap();
}

async fn creations(bench: &mut Bench<'_>, client: &Client) {
    let servers = client.virtual_servers();
    let all = servers.create("all-w1", CONFIGURATION).rpool("reserved-denvr").ssh_key(KEY);
    let all = all.operating_system_image("Ubuntu 22.04.4 LTS").root_disk_size(500);
    let all = all.personal_storage_mount_path("/home/ubuntu/personal").persist_storage(false);
    let all = all.tenant_shared_additional_storage("/home/ubuntu/tenant-shared");
    let all = all.direct_storage_mount_path("/home/ubuntu/direct-attached");
    bench.golden("create with everything", &[], all).await.unwrap();
    let unnamed = servers.create_unnamed(CONFIGURATION);
    let unnamed = bench.golden("create", &[], unnamed).await.unwrap();
    assert!(unnamed.id().as_str().starts_with("vm-"));
    let twice = servers.create("all-w1", CONFIGURATION).ssh_key(KEY);
    let twice = bench.golden("create a duplicate", &[], twice).await.unwrap_err();
    assert_eq!(twice.status(), Some(400));
    let unknown = servers.create("bad-w1", "No_Such_Config").ssh_key(KEY);
    let unknown = bench.golden("create of an unknown configuration", &[], unknown).await;
    assert_eq!(unknown.unwrap_err().status(), Some(500));
    let destroyed = client.virtual_server("all-w1").destroy().delete_snapshots(true);
    bench.golden("destroy with snapshots", &[], destroyed).await.unwrap();
}

async fn life_of_a_server(bench: &mut Bench<'_>, client: &Client) {
    let small = client.virtual_servers().create("small-w1", CONFIGURATION).ssh_key(KEY);
    let mut server = bench.golden("create with a name", &[], small).await.unwrap();
    let first_look = [ServerStatus::from("PLANNED"), ServerStatus::Pending, ServerStatus::Online];
    bench.golden("look", &[], server.wait_for_status(first_look)).await.unwrap();
    server.wait_for_status(ServerStatus::Online).every(PACE).await.unwrap();
    bench.golden("stop", &[], server.stop()).await.unwrap();
    server.wait_for_status(ServerStatus::Offline).every(PACE).await.unwrap();
    bench.golden("start", &[], server.start()).await.unwrap();
    server.wait_for_status(ServerStatus::Online).every(PACE).await.unwrap();
    bench.golden("boot logs", &[], server.boot_logs(2)).await.unwrap();

    let mut nobody = client.virtual_server("no-such-vm");
    let missing = [
        bench.golden("get what is not there", &[], nobody.clone().status()).await.map(drop),
        bench.golden("start what is not there", &[], nobody.start()).await,
        bench.golden("stop what is not there", &[], nobody.stop()).await,
        bench.golden("destroy what is not there", &[], nobody.destroy()).await,
    ];
    assert!(missing.iter().all(|outcome| outcome.as_ref().unwrap_err().is_not_found()));
}

async fn snapshots(bench: &mut Bench<'_>, client: &Client) {
    let snapshots = client.snapshots();
    let create = snapshots.create("small-w1").name("snap-w1");
    bench.golden("create a snapshot", &[], create).await.unwrap();
    tokio::time::sleep(PACE * 4).await;
    let ready = bench.golden("snapshot", &[], snapshots.get("snap-w1")).await.unwrap();
    assert_eq!(ready.ready_to_use, Some(true));
    assert_eq!(bench.golden("snapshots", &[], snapshots.list()).await.unwrap().len(), 1);
    let from = client.virtual_servers().create("fromsnap-w1", CONFIGURATION).ssh_key(KEY);
    let from = bench.golden("create from a snapshot", &[], from.snapshot_name("snap-w1")).await;
    bench.golden("destroy", &[], from.unwrap().destroy()).await.unwrap();
    bench.golden("delete a snapshot", &[], snapshots.delete("snap-w1")).await.unwrap();
}

async fn new_applications(bench: &mut Bench<'_>, client: &Client) {
    let applications = client.applications();
    let notebook =
        |name| applications.create_catalog(name, PACKAGE, "jupyter-notebook", "python-3.11.9");
    let all = notebook("app-w1").ssh_key(KEY).jupyter_token("fake-jupyter-token");
    let all = all.persist_direct_attached_storage(false);
    let all = all.personal_shared_storage(true).tenant_shared_storage(true);
    bench.golden("create of the catalogue with everything", &[], all).await.unwrap();
    let plain = notebook("api-test-w1").jupyter_token("fake-jupyter-token");
    bench.golden("create of the catalogue", &[], plain).await.unwrap();
    let newer = notebook("newer-w1").default_resource_pool().selected_node("node-01");
    let newer = newer.startup_command("pip install x").startup_command("python setup.py");
    let newer = newer.env("CACHE_DIR", "/mnt/cache").proxy_port(8000);
    let newer = newer.proxy_api_key("key-one").proxy_api_key("key-two");
    bench.golden("create of the catalogue with newer fields", &[], newer).await.unwrap();

    let all = applications.create_custom("custom-w1", PACKAGE, IMAGE).env("MODE", "test");
    let all = all.image_cmd_override(["python", "train.py"]).user_script("setup.sh", "echo hi");
    let all = all.image_repository("https://index.docker.io/v1/");
    let all = all.image_credentials("fake-user", "fake-docker-pat").run_as(1000, 1000);
    let all = all.readiness_watcher_port(443).proxy_port(8888);
    let all = all.persist_direct_attached_storage(false);
    let all = all.personal_shared_storage(true).tenant_shared_storage(true);
    let user = r#"{"runAsRoot": false, "containerUid": 1000, "containerGid": 1000}"#;
    let user = What::Body("/securityContext", user).because("the platform wants them without root");
    bench.golden("create from an image with everything", &[user], all).await.unwrap();
    let newer = applications.create_custom("newer2-w1", PACKAGE, "ghcr.io/example/repo:1");
    let newer = newer.default_resource_pool().selected_node("node-01").run_as(1000, 1000);
    let newer = newer.proxy_port(8000).proxy_api_key("key-one");
    bench.golden("create from an image with newer fields", &[], newer).await.unwrap();
}

async fn life_of_an_application(bench: &mut Bench<'_>, client: &Client) {
    let mut application = running(client, "wait-w1").await;
    bench.golden("stop an application", &[], application.stop()).await.unwrap();
    application.wait_for_status(ApplicationStatus::Offline).every(PACE).await.unwrap();
    bench.golden("start an application", &[], application.start()).await.unwrap();
    bench.golden("runtime logs", &[], application.logs(2)).await.unwrap();
    let applications = client.applications();
    bench.golden("details", &[], applications.get("custom-w1")).await.unwrap();
    let mut gone = client.application("app-w1");
    bench.golden("destroy an application", &[], gone.clone().destroy()).await.unwrap();
    tokio::time::sleep(PACE * 4).await;
    let missing = bench.golden("details of what is not there", &[], gone.refresh()).await;
    assert!(missing.unwrap_err().is_not_found());
}

async fn hosts(bench: &mut Bench<'_>, client: &Client) {
    let metal = client.bare_metal();
    assert_eq!(bench.golden("hosts", &[], metal.list()).await.unwrap().len(), 2);
    let mut host = bench.golden("host", &[], metal.get("denvrbm-201")).await.unwrap();
    bench.golden("reboot", &[], host.reboot()).await.unwrap();
    let images = "https://images.example.test";
    let all = host
        .clone()
        .reprovision()
        .cloud_init_base64("SGVsbG8sIFdvcmxkIQ==")
        .image(format!("{images}/noble-server-cloudimg-amd64.img"), format!("{images}/MD5SUMS"));
    bench.golden("reprovision with everything", &[], all).await.unwrap();
    bench.golden("reprovision", &[], host.reprovision()).await.unwrap();
}

async fn vpcs(bench: &mut Bench<'_>, client: &Client) {
    let vpcs = client.vpcs();
    bench.golden("vpcs", &[], vpcs.list()).await.unwrap();
    let create = vpcs.create("denvr-w1").block_intra_vpc_comms(false).is_default(false);
    bench.golden("create a vpc", &[], create).await.unwrap();
    bench.golden("vpc", &[], vpcs.get("denvr-w1")).await.unwrap();
    bench.golden("destroy a vpc", &[], vpcs.destroy("denvr-w1")).await.unwrap();
}
