//! Applications of the catalogue and custom ones.

use serde_json::{Value, json};

use super::support::{Client, PACKAGE, denvr, frozen, start};

const CATALOG: &str = "servers/applications/CreateCatalogApplication";
const CUSTOM: &str = "servers/applications/CreateCustomApplication";
/// Where details tell the status.
const STATUS: &str = "/instanceDetails/status";

fn notebook(name: &str) -> Value {
    json!({
        "name": name, "cluster": "Msc1", "hardwarePackageName": PACKAGE,
        "applicationCatalogItemName": "jupyter-notebook",
        "applicationCatalogItemVersion": "python-3.11.9", "resourcePool": "on-demand",
        "personalSharedStorage": true, "jupyterToken": "fake-jupyter-token", "proxyPort": "8000",
    })
}

fn container(name: &str) -> Value {
    json!({
        "name": name, "cluster": "Msc1", "hardwarePackageName": PACKAGE,
        "imageUrl": "ghcr.io/example/repo:1", "imageCmdOverride": ["python", "train.py"],
        "environmentVariables": {"MODE": "test", "_EMPTY": null}, "proxyPort": 8888,
        "imageRepository": {"hostname": "https://ghcr.io/", "username": "u", "password": "fake"},
        "userScripts": {"set up (1).sh": "echo hi"}, "proxyApiKeys": ["key-one"],
        "securityContext": {"runAsRoot": false, "containerUid": 1000, "containerGid": 1001},
    })
}

fn details(name: &str) -> String {
    format!("servers/applications/GetApplicationDetails?Id={name}&Cluster=Msc1")
}

async fn reaches(client: &Client, name: &str, end: &str) {
    client.reaches(&details(name), STATUS, json!(end)).await;
}

#[tokio::test]
async fn a_notebook_gets_online() {
    let (_running, client) = start(denvr()).await;
    let made = client.accepted(CATALOG, notebook("nb")).await;
    assert!(made["status"].is_null() && made["personalSharedStorage"] == true);
    assert_eq!([&made["publicIp"], &made["dns"], &made["sshUsername"]], ["", "", ""]);
    assert_eq!(made["applicationCatalogItemVersionName"], "python-3.11.9");
    let way = [
        None,
        Some("PENDING"),
        Some("PENDING_RESOURCES"),
        Some("PENDING_READINESS"),
        Some("ONLINE"),
    ];
    client.goes(&details("nb"), STATUS, &way.map(Value::from)).await;
    let online = client.read(&details("nb")).await;
    let instance = &online["instanceDetails"];
    assert_eq!(instance["environmentVariables"]["JUPYTER_TOKEN"], "fake-jupyter-token");
    assert_eq!((&instance["proxyPort"], &instance["statusReason"]), (&json!(8000), &json!(null)));
    assert!(instance["dns"].as_str().is_some_and(|dns| dns.starts_with("https://nb.")));
    let time = |name: &str| instance[name].as_str().expect("a time").to_owned();
    assert!(time("creationTime").ends_with('Z') && time("lastUpdated").ends_with("+00:00"));
    assert_eq!(online["applicationCatalogItem"]["name"], "jupyter-notebook");
    assert_eq!(
        (&online["hardwarePackage"]["gpuCount"], online["hardwarePackage"].get("clusters")),
        (&json!(1), None)
    );
}

#[tokio::test]
async fn a_new_application_has_no_status() {
    let (_running, client) = start(frozen()).await;
    client.accepted(CATALOG, notebook("nb")).await;
    assert!(client.read(&details("nb")).await["instanceDetails"]["status"].is_null());
    let list = client.read("servers/applications/GetApplications").await;
    assert!(list["items"][0]["status"].is_null() && list["items"][0]["id"] == "nb");
}

#[tokio::test]
async fn a_custom_application_shows_what_it_was_given() {
    let (_running, client) = start(denvr()).await;
    let made = client.accepted(CUSTOM, container("c")).await;
    assert_eq!(
        (&made["resourcePool"], &made["applicationCatalogItemName"]),
        (&json!("reserved-denvr"), &json!(null))
    );
    let shown = client.read(&details("c")).await;
    let instance = &shown["instanceDetails"];
    assert_eq!(instance["imageCmdOverride"], "python train.py");
    assert_eq!(instance["environmentVariables"], json!({"MODE": "test", "_EMPTY": null}));
    assert_eq!([&instance["containerUid"], &instance["containerGid"]], [1000, 1001]);
    assert!(shown["applicationCatalogItem"].is_null());
}

#[tokio::test]
async fn applications_stop_start_and_go() {
    let (_running, client) = start(denvr()).await;
    client.accepted(CATALOG, notebook("nb")).await;
    reaches(&client, "nb", "ONLINE").await;
    let reference = json!({"id": "nb", "cluster": "Msc1"});
    let stopped = client.accepted("servers/applications/StopApplication", reference.clone()).await;
    assert_eq!(stopped, reference);
    client.goes(&details("nb"), STATUS, &["ONLINE", "PENDING", "OFFLINE"].map(Value::from)).await;
    client.accepted("servers/applications/StartApplication", reference.clone()).await;
    reaches(&client, "nb", "ONLINE").await;
    let path = "servers/applications/GetApplicationRuntimeLogs?Id=nb&Cluster=Msc1";
    let logs = async |limit: &str| client.read(&format!("{path}{limit}")).await["logs"].clone();
    assert_eq!(logs("&Limit=1").await, "Ready");
    assert!(logs("").await.as_str().is_some_and(|text| text.lines().count() > 5));
    let (status, body) =
        client.delete("servers/applications/DestroyApplication?Id=nb&Cluster=Msc1").await;
    assert_eq!((status, &body["result"]), (202, &reference));
    client.vanishes(&details("nb")).await;
    let (_, body) = client.get(&details("nb")).await;
    assert_eq!(body["error"]["message"], "Application \"nb\" not found");
    assert!(client.ids("servers/applications/GetApplications").await.is_empty());
}

#[tokio::test]
async fn a_failure_has_a_reason() {
    let told = denvr().outcome("bad", "FAILED", "image cannot be pulled").capacity("g-*", 1);
    let (_running, client) = start(told).await;
    client.accepted(CATALOG, notebook("bad")).await;
    reaches(&client, "bad", "FAILED").await;
    let instance = client.read(&details("bad")).await["instanceDetails"].clone();
    assert_eq!(instance["statusMessage"], "image cannot be pulled");
    assert!(instance["statusReason"].is_string());
    for name in ["one", "two"] {
        client.accepted(CATALOG, notebook(name)).await;
    }
    reaches(&client, "two", "FAILED").await;
    let message = client.read(&details("two")).await["instanceDetails"]["statusMessage"].clone();
    assert!(message.as_str().is_some_and(|text| text.starts_with("No capacity")), "{message}");
}

#[tokio::test]
async fn the_published_rules_are_enforced() {
    let (_running, client) = start(denvr()).await;
    let long = "x".repeat(16_385);
    let custom = [
        ("environmentVariables", json!({"1X": "a"})),
        ("environmentVariables", json!({"X": "a\nb"})),
        ("environmentVariables", json!({"X": 1})),
        ("proxyPort", json!(443)),
        ("proxyPort", json!("8000")),
        ("proxyApiKeys", json!(["a b"])),
        ("proxyApiKeys", json!(vec!["k"; 11])),
        ("userScripts", json!({"a/b.sh": "x"})),
        ("userScripts", json!({"a.sh": ""})),
        ("userScripts", json!({"a.sh": long})),
        ("securityContext", json!({"runAsRoot": "no"})),
        ("imageUrl", json!(null)),
    ];
    for (field, value) in custom {
        let mut wish = container("c");
        wish[field] = value;
        let (status, body) = client.post(CUSTOM, wish).await;
        assert_eq!(
            (status, &body["error"]["message"]),
            (400, &json!("Your request is not valid!")),
            "{field}"
        );
    }
    let catalog = [
        ("proxyPort", json!(8000), 400),
        ("proxyPort", json!("443"), 400),
        ("applicationCatalogItemName", json!("none"), 500),
        ("applicationCatalogItemVersion", json!("0"), 500),
        ("hardwarePackageName", json!("none"), 500),
        ("cluster", json!("Nowhere1"), 404),
    ];
    for (field, value, expected) in catalog {
        let mut wish = notebook("nb");
        wish[field] = value;
        assert_eq!(client.post(CATALOG, wish).await.0, expected, "{field}");
    }
    let mut wish = container("c");
    wish["proxyPort"] = Value::Null;
    let (_, body) = client.post(CUSTOM, wish).await;
    assert_eq!(body["error"]["validationErrors"][0]["members"], json!(["proxyApiKeys"]));
    client.accepted(CUSTOM, container("c")).await;
    assert_eq!(client.post(CUSTOM, container("c")).await.0, 400);
}

#[tokio::test]
async fn the_catalogue_and_the_packages_are_listed() {
    let (_running, client) = start(denvr()).await;
    let items = client.read("servers/applications/GetApplicationCatalogItems").await;
    assert_eq!(items["items"][0]["versions"][0]["name"], "python-3.11.9");
    let packages = client.read("servers/applications/GetConfigurations").await;
    assert_eq!(packages["items"][0]["clusters"], json!(["Hou1", "Msc1"]));
    let path = "servers/applications/GetAvailability?cluster=Msc1";
    assert_eq!(client.get(path).await.0, 400);
    let available = client.read(&format!("{path}&resourcePool=reserved-denvr")).await;
    assert_eq!(
        (&available["items"][0]["configuration"], &available["items"][0]["count"]),
        (&json!(PACKAGE), &json!(100))
    );
}
