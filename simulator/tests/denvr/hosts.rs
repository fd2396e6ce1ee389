//! Bare-metal hosts, and what can be chosen from.

use serde_json::{Value, json};

use super::support::{denvr, start};

const HOST: &str = "servers/metal/GetHost?Id=bm&Cluster=Cal1";

#[tokio::test]
async fn a_host_reboots() {
    let (running, client) = start(denvr().cluster("Cal1").host("Cal1", "bm")).await;
    assert_eq!(client.ids("servers/metal/GetHosts?Cluster=Cal1").await, ["bm"]);
    assert_eq!(client.ids("servers/metal/GetHosts").await, ["bm", "denvrbm-128"]);
    assert_eq!(running.id_of("bm").as_deref(), Some("bm"));
    let reference = json!({"id": "bm", "cluster": "Cal1"});
    let off = client.accepted("servers/metal/RebootHost", reference).await;
    assert_eq!(
        (&off["poweredOn"], &off["provisioningState"]),
        (&json!(false), &json!("provisioned"))
    );
    client.reaches(HOST, "/poweredOn", json!(true)).await;
    let (status, body) = client.get("servers/metal/GetHost?Id=none&Cluster=Cal1").await;
    assert_eq!((status, &body["error"]["message"]), (404, &json!("Host \"none\" not found")));
}

#[tokio::test]
async fn a_host_is_provisioned_again() {
    let (_running, client) =
        start(denvr().host("Cal1", "bm").outcome("denvrbm-*", "error", "")).await;
    let wish = json!({
        "id": "bm", "cluster": "Cal1", "imageUrl": "https://images.example.test/noble-amd64.img",
        "imageChecksum": "https://images.example.test/MD5SUMS", "cloudInitBase64": "SGVsbG8=",
    });
    let mut wrong = wish.clone();
    wrong["cloudInitBase64"] = "?".into();
    assert_eq!(client.post("servers/metal/ReprovisionHost", wrong).await.0, 400);
    let begun = client.accepted("servers/metal/ReprovisionHost", wish).await;
    assert_eq!([&begun["image"], &begun["provisioningState"]], ["noble-amd64", "deprovisioning"]);
    let way = ["deprovisioning", "provisioning", "provisioned"].map(Value::from);
    client.goes(HOST, "/provisioningState", &way).await;
    let same = json!({"id": "denvrbm-128", "cluster": "Hou1"});
    let begun = client.accepted("servers/metal/ReprovisionHost", same).await;
    assert_eq!(begun["image"], "jammy-server-cloudimg-amd64");
    let path = "servers/metal/GetHost?Id=denvrbm-128&Cluster=Hou1";
    client.reaches(path, "/provisioningState", json!("error")).await;
}

#[tokio::test]
async fn clusters_images_and_configurations_are_listed() {
    let (_running, client) = start(denvr().cluster("Cal1")).await;
    assert_eq!(client.read("clusters/GetAll").await, json!(["Hou1", "Msc1", "Cal1"]));
    let images = client.read("servers/images/GetOperatingSystemImages").await;
    assert_eq!(images["items"][0]["name"], "Ubuntu 22.04.4 LTS");
    let configurations = client.read("servers/virtual/GetConfigurations").await;
    let first = &configurations["items"][0];
    assert_eq!(
        (&first["id"], &first["price"], &first["vcpus"]),
        (&json!(5), &json!(2.05), &json!(14))
    );
    assert_eq!([&first["gpu_family"], &first["brand"]], ["NVIDIA A100", "Nvidia"]);
    let all = client.read("servers/virtual/GetAvailability?cluster=Cal1").await;
    let pools: std::collections::BTreeSet<_> =
        all["items"].as_array().expect("items").iter().map(|item| item["rpool"].as_str()).collect();
    assert_eq!(pools.into_iter().flatten().collect::<Vec<_>>(), ["on-demand", "reserved-denvr"]);
    assert_eq!(all["items"][0]["type"], "nvidia.com/A100PCIE40GB");
}
