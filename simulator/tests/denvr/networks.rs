//! VPCs.

use longhaul_simulator::denvr::Account;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{answer, denvr, server, server_path, start};

fn vpc(name: &str, is_default: bool) -> Value {
    json!({"name": name, "cluster": "Hou1", "isDefault": is_default, "blockIntraVpcComms": true})
}

#[tokio::test]
async fn vpcs_come_and_go() {
    let (_running, client) = start(denvr().tenant("acme")).await;
    assert_eq!(client.ids("vpcs/GetVpcs").await, ["acme", "acme"]);
    let (status, body) = client.post("vpcs/CreateVpc", vpc("acme-lab", false)).await;
    let made = &body["result"];
    assert_eq!((status, &made["blockIntraVpcComms"]), (200, &json!(true)));
    assert_eq!(
        [&made["id"], &made["name"], &made["tenancyName"]],
        ["acme-lab", "acme-lab", "acme"]
    );
    assert_eq!(client.read("vpcs/GetVpc?Id=acme-lab&Cluster=Hou1").await, *made);
    assert_eq!(client.ids("vpcs/GetVpcs?cluster=Hou1").await, ["acme", "acme-lab"]);
    let path = "vpcs/DestroyVpc?Id=acme-lab&Cluster=Hou1";
    assert_eq!([client.delete(path).await.0, client.delete(path).await.0], [200, 404]);
}

#[tokio::test]
async fn the_rules_for_vpcs_hold() {
    let (_running, client) = start(denvr()).await;
    for (name, is_default, expected) in [
        ("lab", false, 500),
        ("denvr-", false, 500),
        ("denvr", false, 500),
        ("denvr-lab", true, 500),
        ("denvr", true, 400),
        ("denvr-lab", false, 200),
        ("denvr-lab", false, 400),
    ] {
        let (status, body) = client.post("vpcs/CreateVpc", vpc(name, is_default)).await;
        assert_eq!(status, expected, "{name} {is_default}: {body}");
    }
    let mut inside = server("vm");
    inside["vpc"] = "denvr-lab".into();
    let made = client.accepted("servers/virtual/CreateServer", inside).await;
    assert_eq!(made["namespace"], "denvr-lab");
    let destroy = "vpcs/DestroyVpc?Id=denvr-lab&Cluster=Hou1";
    assert_eq!(client.delete(destroy).await.0, 500);
    let query = "Id=vm&Namespace=denvr-lab&Cluster=Hou1";
    assert_eq!(client.delete(&format!("servers/virtual/DestroyServer?{query}")).await.0, 202);
    client.vanishes(&server_path("vm").replace("=denvr", "=denvr-lab")).await;
    assert_eq!(client.delete(destroy).await.0, 200);
}

#[tokio::test]
async fn a_member_of_the_tenant_may_not_see_vpcs() {
    let (_running, client) = start(denvr().user("bo@example.test", "pw", Account::Member)).await;
    let credentials = json!({"userNameOrEmailAddress": "bo@example.test", "password": "pw"});
    let login = client.bare(Method::POST, "TokenAuth/Authenticate").json(&credentials);
    let (_, body) = answer(login).await;
    let token = body["result"]["accessToken"].as_str().expect("a token");
    let ask = |path: &str| client.bare(Method::GET, &format!("v1/{path}")).bearer_auth(token);
    let (status, body) = answer(ask("vpcs/GetVpcs")).await;
    assert_eq!((status, &body["unAuthorizedRequest"]), (403, &json!(true)));
    assert_eq!(answer(ask("servers/virtual/GetServers")).await.0, 200);
}
