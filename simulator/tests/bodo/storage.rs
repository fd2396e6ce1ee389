//! Pre-signed links: uploads, ranges, and what is refused.

use longhaul_simulator::Simulator;
use longhaul_simulator::bodo::{KEYS, WORKSPACE};
use reqwest::header::{AUTHORIZATION, CONTENT_RANGE, ETAG, IF_RANGE, RANGE};

use super::support::{Client, answer, bodo, path_of, query, start};

async fn upload_link(client: &Client, key: &str) -> String {
    let path = format!("v1/workspaces/{WORKSPACE}/upload-pre-signed-url?objectKey={key}");
    client.read(&path).await.as_str().expect("a link").to_owned()
}

#[tokio::test]
async fn uploads_are_kept() {
    let (running, client) = start(Simulator::bodo()).await;
    let link = upload_link(&client, "some+dir%2F%C3%BCn%C3%AF.py").await;
    let put = client.http.put(&link).body("bytes").send().await.expect("an answer");
    assert_eq!((put.status().as_u16(), put.headers().contains_key(ETAG)), (200, true));
    let watch = running.bodo().expect("bodo");
    assert_eq!(watch.uploaded("/some dir/ünï.py").as_deref(), Some(&b"bytes"[..]));
    assert_eq!(client.http.put(&link).send().await.expect("an answer").status(), 200);
    assert_eq!(watch.uploaded("some dir/ünï.py").as_deref(), Some(&b""[..]));
    let nameless = format!("v1/workspaces/{WORKSPACE}/upload-pre-signed-url");
    assert_eq!(client.get(&nameless).await.0, 400);
}

#[tokio::test]
async fn links_are_good_for_one_thing() {
    let (_running, client) = start(Simulator::bodo()).await;
    let link = upload_link(&client, "a.py").await;
    let code = |body: &str| {
        body.split("<Code>").nth(1).and_then(|c| c.split('<').next()).map(str::to_owned)
    };
    let refused = async |request: reqwest::RequestBuilder| {
        let (status, body) = answer(request).await;
        (status, code(body.as_str().expect("XML")).expect("a code"))
    };
    let wrong = |status, code: &str| (status, code.to_owned());
    let signed = client.http.put(&link).header(AUTHORIZATION, format!("Bearer {}", client.token));
    assert_eq!(refused(signed).await, wrong(400, "InvalidArgument"));
    assert_eq!(refused(client.http.get(&link)).await, wrong(403, "SignatureDoesNotMatch"));
    let other = link.replace("a.py", "b.py");
    assert_eq!(refused(client.http.put(other)).await, wrong(403, "SignatureDoesNotMatch"));
    let bare = link.split('?').next().expect("a path");
    assert_eq!(refused(client.http.put(bare)).await, wrong(403, "AccessDenied"));
}

#[tokio::test]
async fn ranges_are_served() {
    let (_running, client) = start(bodo().catalog("C")).await;
    let path = client.running("c").await;
    let job = client.run(query(&path, "SELECT 1 AS x"), "SUCCEEDED").await;
    let links = client.read(&format!("{}/result", path_of("jobs", &job))).await;
    let link = links[1].as_str().expect("a link");
    let whole = client.http.get(link).send().await.expect("an answer");
    let etag = whole.headers()[ETAG].clone();
    let size = whole.bytes().await.expect("bytes").len();
    let part = client.http.get(link).header(RANGE, "bytes=0-3").header(IF_RANGE, etag);
    let part = part.send().await.expect("an answer");
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()[CONTENT_RANGE], format!("bytes 0-3/{size}"));
    assert_eq!(part.bytes().await.expect("bytes"), "PAR1");
    let beyond = client.http.get(link).header(RANGE, format!("bytes={size}-"));
    assert_eq!(beyond.send().await.expect("an answer").status(), 416);
}

#[tokio::test]
async fn azure_wants_its_header() {
    let (running, client) = start(Simulator::bodo().azure(true)).await;
    let workspace = client.read(&format!("v1/workspaces/{WORKSPACE}")).await;
    assert_eq!(workspace["cloudConfig"]["provider"], "AZURE");
    let client = Client::login(&running, KEYS).await;
    let link = upload_link(&client, "a.py").await;
    assert_eq!(answer(client.http.put(&link).body("x")).await.0, 400);
    let put = client.http.put(&link).header("x-ms-blob-type", "BlockBlob").body("x");
    assert_eq!(answer(put).await.0, 201);
}
