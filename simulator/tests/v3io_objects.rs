//! Objects, directories and listings; credentials.

mod support;

use longhaul_simulator::v3io::{INVALID_KEY, LOGIN, V3io};
use longhaul_simulator::{Fault, Handle, Simulator};
use reqwest::Method;
use serde_json::{Value, json};
use support::v3io::{Client, answer, status};

async fn with(simulator: Simulator<V3io>) -> (Handle, Client) {
    let simulator = simulator.start().await.expect("started");
    let client = Client::new(&simulator);
    (simulator, client)
}

/// The texts of all elements of this name.
fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<{name}>");
    let parts = xml.split(&start).skip(1);
    parts.map(|part| part.split("</").next().unwrap_or_default()).collect()
}

#[tokio::test]
async fn ranges_of_every_form_are_read() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    client.put("/users/o", "1234567890").await;
    let cases = [
        ("bytes=4", 206, "567890"),
        ("bytes=4-6", 206, "567"),
        ("bytes=4-3", 206, "567890"),
        ("bytes=8-99", 206, "90"),
        ("bytes=-3", 206, "890"),
        ("bytes=10-12", 200, ""),
        ("nonsense", 200, "1234567890"),
    ];
    for (range, expected, body) in cases {
        let got = client
            .request(Method::GET, "/users/o")
            .header("Range", range)
            .send()
            .await
            .expect("an answer");
        assert_eq!(
            (got.status().as_u16(), got.text().await.expect("a body").as_str()),
            (expected, body),
            "{range}"
        );
    }
    let part = client
        .request(Method::GET, "/users/o")
        .header("Range", "bytes=4-6")
        .send()
        .await
        .expect("an answer");
    assert_eq!(part.headers()["content-range"], "bytes 4-6/10");
    assert!(
        part.headers().contains_key("last-modified")
            && part.headers().contains_key("x-v3io-transaction-verifier")
    );
}

#[tokio::test]
async fn large_objects_are_appended_to_and_come_back() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    let part: Vec<u8> =
        (0..9u32 << 19).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let append = async |body: Vec<u8>| {
        status(client.request(Method::POST, "/users/big").header("Range", "-1").body(body)).await
    };
    assert_eq!(append(b"head".to_vec()).await, 200);
    let reader = client.get("/users/big").await;
    assert_eq!(append(part.clone()).await, 200);
    assert_eq!(append(part.clone()).await, 200);
    assert_eq!(reader.text().await.expect("a body"), "head");
    let whole = client.get("/users/big").await.bytes().await.expect("a body");
    assert!(whole == [b"head".as_slice(), &part, &part].concat());
    assert_eq!(
        status(client.request(Method::PUT, "/users/big").header("Range", "bytes=0-1").body("x"))
            .await,
        400
    );
    assert_eq!(client.put("/users/big", "new").await, 200);
    assert_eq!(client.text("/users/big").await, "new");
}

#[tokio::test]
async fn synthetic_objects_cost_nothing_and_are_always_the_same() {
    let (_simulator, client) =
        with(Simulator::v3io().object("data", "/dir/huge.bin", 5 << 30)).await;
    let head = client.request(Method::HEAD, "/data/dir/huge.bin").send().await.expect("an answer");
    assert_eq!(head.headers()["content-length"], (5u64 << 30).to_string().as_str());
    let range = async |range: &str| {
        let request = client.request(Method::GET, "/data/dir/huge.bin").header("Range", range);
        request.send().await.expect("an answer").bytes().await.expect("a body")
    };
    let whole = range("bytes=4000000000-4000000099").await;
    assert_eq!(
        (whole.len(), range("bytes=4000000010-4000000019").await),
        (100, whole.slice(10..20))
    );
}

#[tokio::test]
async fn directories_are_made_and_deleted_when_empty() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    assert_eq!(client.put("/users/a/b/", "ignored").await, 200);
    assert_eq!(client.put("/users/a/b/f%20%23%3F", "x").await, 200);
    assert_eq!(client.delete("/users/a/b/").await, 409);
    let head = client.request(Method::HEAD, "/users/a/b").send().await.expect("an answer");
    assert_eq!(
        (head.status().as_u16(), &head.headers()["content-length"]),
        (200, &"0".parse().expect("text"))
    );
    assert_eq!(client.get("/users/a/b").await.status(), 404);
    assert_eq!(client.call("GetItem", "/users/a/b", json!({})).await.0, 404);
    assert_eq!(client.delete("/users/a/b/f%20%23%3F").await, 204);
    assert_eq!(
        (client.delete("/users/a/b/").await, client.delete("/users/a/b/").await),
        (204, 404)
    );
    let missing = answer(client.request(Method::DELETE, "/users/none")).await;
    assert_eq!(
        missing,
        (404, json!({"ErrorCode": -2, "ErrorMessage": "No such file or directory"}))
    );
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let (status, body) = answer(client.request(method, "/nowhere/x")).await;
        assert!(status == 404 && body["ErrorMessage"] == "Container not found", "{body}");
    }
}

#[tokio::test]
async fn listings_are_paged_and_lose_nothing() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    for path in ["d/a", "d/b&<c>", "d/c", "d/s/", "d/c/", "d/z/deep/file"] {
        client.put(&format!("/users/{path}"), "12345").await;
    }
    for limit in 1..8 {
        let (mut seen, mut marker) = (Vec::new(), String::new());
        loop {
            let xml =
                client.text(&format!("/users?prefix=/d/&max-keys={limit}&marker={marker}")).await;
            let keys = elements(&xml, "Key").into_iter().map(str::to_owned);
            let prefixes = elements(&xml, "CommonPrefixes><Prefix").into_iter().map(str::to_owned);
            seen.extend(keys.chain(prefixes));
            if elements(&xml, "IsTruncated") == ["false"] {
                break;
            }
            marker = elements(&xml, "NextMarker")[0]
                .replace("&amp;", "%26")
                .replace("&lt;", "%3C")
                .replace("&gt;", "%3E");
        }
        seen.sort();
        assert_eq!(seen, ["d/a", "d/b&amp;&lt;c&gt;", "d/c", "d/c/", "d/s/", "d/z/"], "{limit}");
    }
    let details = client.text("/users?prefix=d&prefix-info=1&prefix-only=1").await;
    assert!(elements(&details, "Key").is_empty());
    assert_eq!(elements(&details, "Mode"), ["040775"; 3]);
    assert_eq!(elements(&client.text("/users?prefix=d&prefix-info=1").await, "Mode")[0], "0100664");
    assert_eq!(elements(&client.text("/users?max-keys=0").await, "IsTruncated"), ["false"]);
    assert_eq!(client.get("/users?prefix=none").await.status(), 404);
}

#[tokio::test]
async fn containers_have_ids_that_name_them_too() {
    let (simulator, client) = with(Simulator::v3io().container("mine")).await;
    let xml = client.text("//").await;
    assert_eq!(elements(&xml, "Name"), ["bigdata", "mine", "projects", "users"]);
    assert_eq!(simulator.id_of("mine").as_deref(), Some("1029"));
    client.put("/mine/o", "x").await;
    assert_eq!(client.text("//1029/o").await, "x");
    assert_eq!(status(client.request(Method::HEAD, "/none")).await, 404);
}

#[tokio::test]
async fn credentials_come_in_several_forms() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    let ask = async |name: &str, value: &str| {
        status(client.bare(Method::GET, "/users").header(name, value)).await
    };
    // iguazio:fake-password and nobody:wrong.
    assert_eq!(LOGIN, ("iguazio", "fake-password"));
    let cases = [
        ("X-v3io-session-key", "any", 200),
        ("X-v3io-session-key", "", 401),
        ("X-v3io-session-key", INVALID_KEY, 401),
        ("Authorization", "Basic aWd1YXppbzpmYWtlLXBhc3N3b3Jk", 200),
        ("Authorization", "Basic bm9ib2R5Ondyb25n", 401),
        ("Authorization", "AWS any:c2lnbmF0dXJl", 200),
        (
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=any/x/y, SignedHeaders=host, Signature=0",
            200,
        ),
        ("Authorization", "Bearer any", 401),
        ("X-other", "any", 401),
    ];
    for (name, value, expected) in cases {
        assert_eq!(ask(name, value).await, expected, "{name}: {value}");
    }
    let refused = answer(client.bare(Method::GET, "/users")).await;
    assert_eq!(refused, (401, json!({"ErrorCode": -13, "ErrorMessage": "Permission denied"})));
}

#[tokio::test]
async fn named_keys_are_the_only_ones_and_may_expire() {
    let (simulator, client) =
        with(Simulator::v3io().access_key("one").expiring_key("short", 2)).await;
    let ask = async |key: &str| {
        status(client.bare(Method::GET, "/users").header("X-v3io-session-key", key)).await
    };
    assert_eq!([ask("one").await, ask("other").await], [200, 401]);
    assert_eq!([ask("short").await, ask("short").await, ask("short").await], [200, 200, 401]);
    simulator.fault(Fault::expired_token().once());
    assert_eq!([ask("one").await, ask("one").await], [401, 200]);
}

#[tokio::test]
async fn the_rarer_functions_work() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    let nodes = client.call("GetClusterMD", "/users/", json!({})).await;
    assert!(nodes.0 == 200 && nodes.1["NumberOfVNs"].is_u64());
    let vector = |sizes: &str| {
        let request =
            client.request(Method::PUT, "/users/vector").header("X-v3io-function", "OosRun");
        request.header("io-vec-num", "2").header("io-vec-sizes", sizes.to_owned()).body("abcde")
    };
    assert_eq!([status(vector("2,3")).await, status(vector("2,4")).await], [200, 400]);
    assert_eq!(client.text("/users/vector").await, "abcde");
    assert_eq!(
        client.call("CreateSymlink", "/users/link", json!({"Target": "/vector"})).await.0,
        200
    );
    let link = client.get("/users/link").await;
    assert_eq!(link.headers()["x-v3io-object-type"], "symlink");
    assert_eq!(link.text().await.expect("a body"), "abcde");
    client.put("/users/d/", "").await;
    let changes = json!({"mode": 0o40_700, "mtime.sec": 5, "mtime.nsec": 6});
    assert_eq!(client.call("DirSetAttr", "/users/d/", changes).await.0, 200);
    assert_eq!(
        elements(&client.text("/users?prefix-info=1&prefix-only=1").await, "Mode"),
        ["040700"]
    );
    client.call("CreateStream", "/users/s/", json!({"ShardCount": 1})).await;
    let chunk = json!({"Data": "AA==", "CurrentMetadata": {"SequenceNumberAfterJob": 41}});
    assert_eq!(client.call("PutChunk", "/users/s/0", chunk).await.0, 200);
    let (_, put) =
        client.call("PutRecords", "/users/s/", json!({"Records": [{"Data": "AA=="}]})).await;
    assert_eq!(put["Records"][0]["SequenceNumber"], 42);
    assert_eq!(client.call("Flub", "/users/s/", Value::Null).await.0, 400);
}

#[tokio::test]
async fn an_object_can_be_read_by_its_inode() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    client.put("/users/o", "x").await;
    let (_, item) = client.call("GetItem", "/users/o", json!({"AttributesToGet": "**"})).await;
    let number = |name: &str| item["Item"][name]["N"].as_str().expect("a number").to_owned();
    let by_inode = |secs: String| {
        let request = client.request(Method::GET, &format!("/users/{}", number("__inode_number")));
        request.header("ctime-sec", secs).header("ctime-nsec", number("__ctime_nsecs"))
    };
    assert_eq!(status(by_inode(number("__ctime_secs"))).await, 200);
    assert_eq!(status(by_inode("1".to_owned())).await, 404);
}
