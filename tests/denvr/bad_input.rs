//! What is refused before anything is sent.

use longhaul::denvr::{Builder, Client, ServerStatus};
use longhaul::{ErrorKind, Options};

use super::support::{CONFIGURATION, IMAGE, PACKAGE, says, start};

#[track_caller]
fn refused(builder: Builder, words: &[&str]) {
    says(&builder.build().unwrap_err(), ErrorKind::Config, words);
}

#[test]
fn a_client_needs_one_credential_that_can_be_sent() {
    refused(Client::builder(), &["no Denvr credential", "`api_key` and `login` on the builder"]);
    refused(Client::builder().api_key(" "), &["API key is empty"]);
    refused(Client::builder().api_key("two\nlines"), &["`api_key`", "line break"]);
    refused(Client::builder().login("", "x"), &["user name"]);
    refused(Client::builder().api_key("k").login("a", "b"), &["both an API key and a login"]);
}

#[test]
fn a_server_has_a_scheme_a_host_and_nothing_else() {
    let with = |url: &str| Client::builder().api_key("k").server(url);
    refused(with("api.cloud.denvrdata.com"), &["server", "`api.cloud.denvrdata.com`", "https://"]);
    refused(with("https://api.test/api/v1"), &["drop `/api/v1`"]);
    refused(with("http://api.test"), &["unencrypted"]);
    refused(with("ftp://api.test"), &["https://"]);
    with("http://api.test").allow_plain_http().build().unwrap();
    let slashed = with("https://api.test/").build().unwrap();
    assert_eq!(slashed.server().as_str(), "https://api.test/");
    refused(with("https://api.test").options(Options::new().attempts(0)), &["`attempts`"]);
}

#[tokio::test]
async fn empty_names_are_refused() {
    let (handle, client) = start().await;
    let nameless = |error, what: &str| says(&error, ErrorKind::InvalidInput, &[what, "is empty"]);
    for id in ["", " "] {
        let mut server = client.virtual_server(id);
        nameless(server.refresh().await.unwrap_err(), "the id of the server");
        nameless(server.start().await.unwrap_err(), "the id of the server");
        nameless(server.boot_logs(1).await.unwrap_err(), "the id of the server");
        let waited = server.wait_for_status(ServerStatus::Online).await;
        nameless(waited.unwrap_err(), "the id of the server");
        nameless(server.destroy().await.unwrap_err(), "the id of the server");
        let mut application = client.application(id);
        nameless(application.stop().await.unwrap_err(), "the id of the application");
        nameless(application.destroy().await.unwrap_err(), "the id of the application");
        nameless(client.host(id).reboot().await.unwrap_err(), "the id of the host");
        nameless(client.vpcs().get(id).await.unwrap_err(), "the id of the VPC");
        nameless(client.vpcs().destroy(id).await.unwrap_err(), "the id of the VPC");
        nameless(client.snapshots().get(id).await.unwrap_err(), "the id of the snapshot");
        nameless(client.snapshots().delete(id).await.unwrap_err(), "the id of the snapshot");
        nameless(client.snapshots().create(id).await.unwrap_err(), "the id of the virtual server");
        let servers = client.virtual_servers();
        nameless(servers.create(id, CONFIGURATION).await.unwrap_err(), "the name of the server");
        nameless(servers.create("x", id).await.unwrap_err(), "the configuration of the server");
        let nowhere = client.with_cluster(id);
        let list = nowhere.virtual_servers().list().await.unwrap_err();
        nameless(list, "the name of the cluster");
        nameless(nowhere.bare_metal().get("x").await.unwrap_err(), "the name of the cluster");
        let availability = nowhere.applications().availability().await.unwrap_err();
        nameless(availability, "the name of the cluster");
        let placed = servers.create("x", CONFIGURATION).cluster(id);
        nameless(placed.await.unwrap_err(), "the cluster of the server");
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn the_rules_for_applications_are_checked_before_anything_is_sent() {
    let (handle, client) = start().await;
    let applications = client.applications();
    let catalog = || applications.create_catalog("a", PACKAGE, "jupyter-notebook", "3");
    let custom = || applications.create_custom("a", PACKAGE, IMAGE);
    let cases = [
        (catalog().env("1A", "x").await, "`1A` must begin with a letter"),
        (catalog().env("A", "x\ny").await, "`A` must be one line"),
        (catalog().proxy_port(443).await, "443 is the reverse proxy's own"),
        (catalog().proxy_api_key("k").await, "need a proxy port"),
        (catalog().edit(|one| one.proxy_port = Some("http".into())).await, "`http` is no number"),
        (custom().env("A-B", "x").await, "`A-B` must begin with a letter"),
        (custom().proxy_port(443).await, "443 is the reverse proxy's own"),
        (custom().proxy_port(0).await, "the proxy port 0 is no port"),
        (custom().readiness_watcher_port(0).await, "the readiness port 0 is no port"),
        (custom().proxy_port(80).proxy_api_key("a b").await, "number 1 must be"),
        (custom().user_script("a/b", "x").await, "script name `a/b`"),
        (custom().user_script("a", "").await, "has 0 characters"),
        (custom().edit(|one| one.security_context = Some(Default::default())).await, "a uid"),
        (applications.create_custom("a", PACKAGE, " ").await, "the URL of the image is empty"),
        (applications.create_custom("a", "", IMAGE).await, "the hardware package is empty"),
        (applications.create_catalog("a", PACKAGE, "", "1").await, "the catalogue item is empty"),
        (applications.create_catalog("a", PACKAGE, "b", "").await, "the version of the"),
        (applications.create_catalog("", PACKAGE, "b", "1").await, "the name of the application"),
    ];
    for (outcome, words) in cases {
        says(&outcome.unwrap_err(), ErrorKind::InvalidInput, &[words]);
    }
    let mut keys = custom().proxy_port(80);
    for index in 0..11 {
        keys = keys.proxy_api_key(format!("key-{index}"));
    }
    says(&keys.await.unwrap_err(), ErrorKind::InvalidInput, &["11 API keys", "at most 10"]);
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn other_rules_of_the_platform_are_checked_as_well() {
    let (handle, client) = start().await;
    let disk = client.virtual_servers().create("x", CONFIGURATION).root_disk_size(0);
    says(&disk.await.unwrap_err(), ErrorKind::InvalidInput, &["at least 1 GiB"]);
    let vpc = client.vpcs().create("lab").await.unwrap_err();
    says(&vpc, ErrorKind::InvalidInput, &["`lab`", "begins with `denvr-`"]);
    let host = client.host("h").reprovision().cloud_init_base64("#cloud-config");
    says(&host.await.unwrap_err(), ErrorKind::InvalidInput, &["not Base64"]);
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn an_id_with_odd_letters_stays_one_value() {
    let (handle, client) = start().await;
    for id in ["a/b", "a?b", "a&Cluster=Msc1", "a#b", "%2e", "a b", "\u{e4}"] {
        assert!(client.virtual_servers().get(id).await.unwrap_err().is_not_found(), "{id}");
        let asked = handle.requests().pop().unwrap();
        assert_eq!(asked.query_value("Id").as_deref(), Some(id));
        assert_eq!(asked.query_value("Cluster").as_deref(), Some("Hou1"));
    }
}
