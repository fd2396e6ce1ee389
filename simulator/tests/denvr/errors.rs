//! What requests may look like, and the forms of errors.

use longhaul_simulator::{Fault, Simulator};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{answer, denvr, server, server_path, start};

#[tokio::test]
async fn names_have_no_case_and_null_is_nothing() {
    let (_running, client) = start(denvr().server("Hou1", "vm")).await;
    let lower = client.read("SERVERS/virtual/getserver?id=vm&NAMESPACE=denvr&cluster=Hou1").await;
    assert_eq!(lower["id"], "vm");
    let body = json!({
        "NAME": "other", "Vpc": "denvr", "configuration": "A100_40GB_PCIe_2x", "CLUSTER": "Hou1",
        "ssh_keys": [], "rootDiskSize": null, "selectedNode": null, "somethingNew": {"a": 1},
    });
    let made = client.accepted("servers/virtual/CreateServer", body).await;
    assert_eq!((&made["id"], &made["gpus"]), (&json!("other"), &json!(2)));
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named() {
    for (as_500, expected) in [(false, 400), (true, 500)] {
        let (_running, client) = start(denvr().validation_as_500(as_500)).await;
        let wrong = json!({"vpc": " ", "cluster": "Hou1", "ssh_keys": "text", "rootDiskSize": 0});
        let (status, body) = client.post("servers/virtual/CreateServer", wrong).await;
        assert_eq!(
            (status, &body["error"]["message"]),
            (expected, &json!("Your request is not valid!"))
        );
        let problems = body["error"]["validationErrors"].as_array().expect("problems");
        let members: Vec<_> = problems.iter().map(|problem| &problem["members"][0]).collect();
        assert_eq!(members, ["rootDiskSize", "vpc", "configuration", "ssh_keys"]);
        let (status, body) = client.get("servers/virtual/GetServer?Namespace=denvr").await;
        assert_eq!(
            (status, &body["error"]["validationErrors"][1]["members"]),
            (expected, &json!(["cluster"]))
        );
    }
}

#[tokio::test]
async fn other_bodies_paths_and_methods_are_refused() {
    let (_running, client) = start(denvr()).await;
    let create = || client.request(Method::POST, "servers/virtual/CreateServer");
    assert_eq!(answer(create().json(&json!([]))).await.0, 400);
    assert_eq!(answer(create()).await.0, 400);
    let typed = |kind: &str, body: &'static str| create().header("Content-Type", kind).body(body);
    assert_eq!(answer(typed("application/json; charset=utf-8", "{")).await.0, 400);
    assert_eq!(answer(typed("text/plain", "{}")).await, (415, json!("")));
    assert_eq!(client.get("servers/virtual/CreateServer").await, (405, json!("")));
    assert_eq!(client.get("servers/virtual/NoSuchThing").await, (404, json!("")));
    assert_eq!(client.get("/clusters/GetAll").await.0, 404);
}

#[tokio::test]
async fn what_a_request_names_has_to_exist() {
    let (_running, client) = start(denvr()).await;
    let cases: [(&str, Value, u16, &str); 8] = [
        ("configuration", json!("None_1x"), 500, "The configuration 'None_1x' could not be found."),
        ("cluster", json!("Nowhere1"), 404, "Cluster \"Nowhere1\" not found"),
        ("vpc", json!("other"), 404, "VPC \"other\" not found"),
        ("rpool", json!("mine"), 500, "The resource pool 'mine' could not be found."),
        ("operatingSystemImage", json!("BeOS"), 500, "image 'BeOS' could not be found."),
        ("snapshotName", json!("s"), 404, "Snapshot \"s\" not found"),
        ("selectedNode", json!("node-01"), 500, "pool on-demand"),
        ("name", json!(7), 400, "Your request is not valid!"),
    ];
    for (field, value, expected, message) in cases {
        let mut body = server("vm");
        body[field] = value;
        let (status, body) = client.post("servers/virtual/CreateServer", body).await;
        let said = body["error"]["message"].as_str().unwrap_or_default();
        assert!(status == expected && said.contains(message), "{field}: {status} {said}");
    }
    let (status, body) = client.get(&server_path("none")).await;
    assert_eq!((status, &body["error"]["code"]), (404, &json!(404)));
    assert_eq!(body["error"]["message"], "Virtual server \"none\" not found");
    assert_eq!(client.get("servers/virtual/GetServer?Id=a&Namespace=b&Cluster=c").await.0, 404);
    assert!(client.ids("servers/virtual/GetServers?Cluster=c").await.is_empty());
}

#[tokio::test]
async fn faults_have_the_forms_of_the_platform() {
    let (running, client) = start(denvr()).await;
    let ask = async |rule: &str| {
        running.clear_faults();
        running.fault(rule.parse::<Fault>().expect("a rule"));
        client.get("clusters/GetAll").await
    };
    for (rule, expected) in [("500", 500), ("503", 503), ("429 retry-after=1", 429), ("200", 200)] {
        let (status, body) = ask(rule).await;
        assert_eq!((status, &body["success"]), (expected, &json!(false)), "{rule}");
        assert!(body["error"]["message"].is_string() && body["result"].is_null(), "{rule}: {body}");
    }
    assert_eq!(ask("401").await, (401, json!("")));
    assert_eq!(ask("403").await.1["unAuthorizedRequest"], true);
    for rule in ["502", "504", "500 html"] {
        assert!(
            ask(rule).await.1.as_str().is_some_and(|text| text.starts_with("<html>")),
            "{rule}"
        );
    }
    assert_eq!(ask("set /result/0 \"Changed\"").await.1["result"], json!(["Changed", "Msc1"]));
}

#[tokio::test]
async fn withdrawn_paths_answer_only_if_they_are_told_to() {
    let paths = ["servers/applications/CreateApplication", "servers/metal/AddHostVpc"];
    let (_running, client) = start(denvr()).await;
    for path in paths {
        assert_eq!(client.post(path, json!({})).await, (404, json!("")));
    }
    let (_running, client) = start(denvr().withdrawn_paths(true)).await;
    assert_eq!(client.post(paths[0], json!({})).await.0, 400);
    let body = json!({"id": "denvrbm-128", "cluster": "Hou1", "vpcId": "denvr"});
    assert_eq!(client.accepted(paths[1], body.clone()).await["vpcId"], "denvr");
    let removed = client.accepted("servers/metal/RemoveHostVpc", body).await;
    assert_eq!((removed.get("vpcId"), &removed["id"]), (None, &json!("denvrbm-128")));
}

#[test]
fn settings_are_read_as_text() {
    let good = [
        ("tenant", "acme"),
        ("user", "a@example.test:pw"),
        ("user", "b@example.test:pw:member"),
        ("user", "c@example.test:pw:two-factor=123"),
        ("user", "d@example.test:pw:password-reset"),
        ("api-key", "k"),
        ("token-lifetime", "2s"),
        ("refresh-token-lifetime", "1m"),
        ("cluster", "Cal1"),
        ("server", "Cal1/vm"),
        ("host", "Cal1/bm"),
        ("capacity", "A100*:3"),
        ("outcome", "bad-*:FAILED:no luck"),
        ("refresh-by-get", "true"),
        ("empty-logout", "true"),
        ("namespace-in-commands", "false"),
        ("strict-states", "true"),
        ("validation-as-500", "true"),
        ("withdrawn-paths", "true"),
    ];
    let simulator = Simulator::named("denvr", &good).expect("settings");
    assert_eq!((simulator.platform(), simulator.default_port()), ("denvr", 18140));
    for (key, value) in [("none", ""), ("user", "a"), ("user", "a:b:c"), ("capacity", "x:many")] {
        let error = Simulator::named("denvr", &[(key, value)]).expect_err("refused");
        assert!(error.contains(key), "{error}");
    }
}
