//! Files of the simulated Rescale: uploads, outputs, ranges, the library.

mod support;

use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use support::{Client, fast};

async fn upload(client: &Client, name: &str, data: Vec<u8>) -> Value {
    let form =
        Form::new().part("file", Part::bytes(data).file_name(name.to_owned())).text("typeId", "4");
    let answer = client
        .request(Method::POST, "/api/v2/files/contents/")
        .multipart(form)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 201);
    answer.json().await.expect("JSON")
}

#[tokio::test]
async fn uploads_come_back_whole_whatever_their_size() {
    let simulator = fast().start().await.expect("started");
    let client = Client::new(&simulator);
    for size in [0, 1, 70_000, 3_000_000] {
        let data: Vec<u8> = (0..size).map(|i: usize| (i * 31 % 251) as u8).collect();
        let file = upload(&client, "in.dat", data.clone()).await;
        assert_eq!((&file["decryptedSize"], &file["typeId"]), (&json!(size), &json!(4)));
        let url = file["downloadUrl"].as_str().expect("a URL");
        assert!(client.get(url).await.bytes().await.expect("bytes") == data, "{size} bytes differ");
    }
    let record = simulator.requests().into_iter().rfind(|r| r.method == "POST").expect("recorded");
    assert_eq!(record.body.len(), 65_536);
    assert!(record.body_length > 3_000_000);
}

#[tokio::test]
async fn outputs_appear_when_the_run_is_over() {
    let simulator = fast().late_files(Duration::from_millis(80)).start().await.expect("started");
    let client = Client::new(&simulator);
    let id =
        client.start("openssl rand -out a.bin -base64 3000; simulate output ../../escaped").await;
    client.reaches(&id, "Completed").await;
    let path = format!("/api/v2/jobs/{id}/files/");
    assert_eq!(client.get_json(&path).await["count"], 0);
    let end = Instant::now() + Duration::from_secs(5);
    while client.get_json(&path).await["count"] != 3 {
        assert!(Instant::now() < end, "outputs never appear");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let found = client.get_json(&format!("{path}?search=a.bin")).await;
    assert_eq!((&found["count"], &found["results"][0]["decryptedSize"]), (&json!(1), &json!(4063)));
    assert_eq!(
        client.get_json(&format!("{path}?search=escaped")).await["results"][0]["relativePath"],
        "../../escaped"
    );
}

#[tokio::test]
async fn large_synthetic_files_are_served_in_any_part() {
    let size: u64 = 20 << 30;
    let simulator = fast().file("huge.bin", size).checksums(false).start().await.expect("started");
    let client = Client::new(&simulator);
    let path =
        format!("/api/v2/files/{}/contents/", simulator.id_of("huge.bin").expect("the file"));
    let part = |range: String| client.request(Method::GET, &path).header("Range", range).send();
    let far = part(format!("bytes={}-{}", size - 100_000, size + 5)).await.expect("an answer");
    assert_eq!(
        far.headers()["content-range"],
        format!("bytes {}-{}/{size}", size - 100_000, size - 1)
    );
    let far = far.bytes().await.expect("bytes");
    let inner =
        part(format!("bytes={}-{}", size - 50_000, size - 40_001)).await.expect("an answer");
    assert!(inner.bytes().await.expect("bytes") == far[50_000..60_000]);
    let beyond = part(format!("bytes={size}-")).await.expect("an answer");
    assert_eq!(
        (beyond.status().as_u16(), &beyond.headers()["content-range"]),
        (416, &format!("bytes */{size}").parse().expect("a value"))
    );
}

#[tokio::test]
async fn switches_change_what_is_told() {
    let simulator =
        fast().file("a", 5).etags(false).sizes_as_text(true).start().await.expect("started");
    let client = Client::new(&simulator);
    let file = format!("/api/v2/files/{}/", simulator.id_of("a").expect("the file"));
    let metadata = client.get_json(&file).await;
    assert_eq!(metadata["decryptedSize"], "5");
    assert_eq!(metadata["fileChecksums"][0]["fileHash"].as_str().map(str::len), Some(128));
    assert!(!client.get(&format!("{file}contents/")).await.headers().contains_key("etag"));
}

#[tokio::test]
async fn contents_can_be_redirected_to_storage() {
    let simulator = fast().file("a", 1000).redirect_contents().start().await.expect("started");
    let client = Client::new(&simulator);
    let answer = client
        .get(&format!("/api/v2/files/{}/contents/", simulator.id_of("a").expect("the file")))
        .await;
    let location = answer.headers()["location"].to_str().expect("text").to_owned();
    assert_eq!(answer.status(), 302);
    assert!(location.starts_with(&simulator.storage_url().expect("a second port")));
    assert_eq!(client.get(&location).await.status(), 400, "a credential is one too many");
    let plain = reqwest::get(&location).await.expect("an answer");
    assert_eq!((plain.status().as_u16(), plain.content_length()), (200, Some(1000)));
    let unsigned = location.split('?').next().expect("a path");
    assert_eq!(reqwest::get(unsigned).await.expect("an answer").status(), 403);
}

#[tokio::test]
async fn bandwidth_and_latency_hold() {
    let simulator = fast()
        .file("a", 200_000)
        .bandwidth(1_000_000)
        .latency(Duration::from_millis(20))
        .start()
        .await;
    let simulator = simulator.expect("started");
    let client = Client::new(&simulator);
    let path = format!("/api/v2/files/{}/contents/", simulator.id_of("a").expect("the file"));
    let start = Instant::now();
    client.get("/api/v2/").await;
    let first = start.elapsed();
    assert!(first >= Duration::from_millis(20), "{first:?}");
    assert_eq!(client.get(&path).await.bytes().await.expect("bytes").len(), 200_000);
    let rest = start.elapsed() - first;
    assert!(rest >= Duration::from_millis(160) && rest < Duration::from_secs(3), "{rest:?}");
}

#[tokio::test]
async fn the_trash_bin_gives_back_what_it_took() {
    let simulator = fast().start().await.expect("started");
    let client = Client::new(&simulator);
    let roots = client.get_json("/api/v3/users/me/folders/").await;
    let library = roots["myLibrary"].as_str().expect("an id");
    let file = upload(&client, "a.txt", b"a".to_vec()).await;
    let archive = format!("/api/v3/folders/{library}/contents/archive/");
    assert_eq!(
        client.post(&archive, &json!({"fileIds": [file["id"]], "folderIds": []})).await.status(),
        201
    );
    let trash = client.get_json("/api/v3/users/me/folders/trash-bin/").await;
    let entry = &trash["results"][0];
    assert_eq!((&trash["count"], &entry["type"]), (&json!(1), &json!("filesymlink")));
    assert_ne!(entry["item"]["id"], file["id"]);
    let recover = "/api/v3/users/me/folders/trash-bin/recover/";
    assert_eq!(
        client
            .post(recover, &json!({"filesymlink_ids": ["NoSuch"], "folderIds": []}))
            .await
            .status(),
        400
    );
    assert_eq!(
        client
            .post(recover, &json!({"filesymlink_ids": [entry["item"]["id"]], "folderIds": []}))
            .await
            .status(),
        201
    );
    let listed = client.get_json(&format!("/api/v3/folders/{library}/contents/")).await;
    assert_eq!(listed["results"][0]["item"]["id"], file["id"]);
}
