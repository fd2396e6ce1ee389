//! SQL and its results.

use std::time::Duration;

use serde_json::{Value, json};

use super::support::{bodo, path_of, query, start};

const NUMBERS: &str =
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 25) SELECT x FROM n";

#[tokio::test]
async fn rows_come_in_files() {
    let (_running, client) = start(bodo().catalog("C").rows_per_file(10)).await;
    let path = client.running("c").await;
    let job = client.run(query(&path, NUMBERS), "SUCCEEDED").await;
    assert_eq!([&job["isDDL"], &job["sqlQueryResult"]], [&json!(false), &Value::Null]);
    let links = client.read(&format!("{}/result", path_of("jobs", &job))).await;
    let links = links.as_array().expect("links").clone();
    assert_eq!(links.len(), 4);
    let metadata: Value = serde_json::from_str(&client.fetched(&links[0]).await).expect("metadata");
    assert_eq!([&metadata["num_rows"], &metadata["schema"][0]["name"]], [&json!(25), &json!("x")]);
    for link in &links[1..] {
        let bytes =
            client.http.get(link.as_str().expect("a link")).send().await.expect("an answer");
        let bytes = bytes.bytes().await.expect("bytes");
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    }
    assert!(client.printed(&job).await.0.contains("25"));
}

#[tokio::test]
async fn parameters_are_bound() {
    let (_running, client) = start(bodo().catalog("C")).await;
    let path = client.running("c").await;
    let mut job = query(&path, "SELECT ? AS a, ? AS b");
    job["jobConfig"]["sqlQueryParameters"] =
        json!({"1": {"type": "STRING", "value": "second"}, "0": {"type": "INT64", "value": "7"}});
    let job = client.run(job, "SUCCEEDED").await;
    let printed = client.printed(&job).await.0;
    assert!(printed.contains('7') && printed.contains("second"), "{printed}");
}

#[tokio::test]
async fn definitions_answer_inline() {
    let (_running, client) = start(bodo().catalog("C")).await;
    let path = client.running("c").await;
    let job = client.run(query(&path, "show tables"), "SUCCEEDED").await;
    assert_eq!(job["isDDL"], true);
    let rows = job["sqlQueryResult"]["result"].as_array().expect("rows").len();
    assert_eq!(job["sqlQueryResult"]["metadata"]["num_rows"], rows);
    assert_eq!(client.get(&format!("{}/result", path_of("jobs", &job))).await.0, 404);
}

#[tokio::test]
async fn wrong_sql_tells_why() {
    let (_running, client) = start(bodo().catalog("C")).await;
    let path = client.running("c").await;
    let job = client.run(query(&path, "SELEC nonsense"), "FAILED").await;
    assert_eq!(job["reason"], "SqlError");
    assert!(client.printed(&job).await.1.to_lowercase().contains("syntax"));
    let mut foreign = query(&path, "SELECT 1");
    foreign["jobConfig"]["catalog"] = "nowhere".into();
    let job = client.run(foreign, "FAILED").await;
    assert!(client.printed(&job).await.1.contains("nowhere"));
}

#[tokio::test]
async fn a_result_is_kept_where_it_is_wanted() {
    let (_running, client) = start(bodo().catalog("C")).await;
    let path = client.running("c").await;
    let mut job = query(&path, "SELECT 1");
    job["jobConfig"]["storeResult"] = false.into();
    let job = client.run(job, "SUCCEEDED").await;
    assert_eq!(client.get(&format!("{}/result", path_of("jobs", &job))).await.0, 404);
    let job = client.run(query(&path, "SELECT 1 AS x WHERE 1 = 0"), "SUCCEEDED").await;
    let links = client.read(&format!("{}/result", path_of("jobs", &job))).await;
    assert_eq!(links.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn links_expire() {
    let lifetime = Duration::from_millis(500);
    let (running, client) = start(bodo().catalog("C").url_lifetime(lifetime)).await;
    let path = client.running("c").await;
    let job = client.run(query(&path, "SELECT 1"), "SUCCEEDED").await;
    let result = format!("{}/result", path_of("jobs", &job));
    let link = client.read(&result).await[0].as_str().expect("a link").to_owned();
    let get = async || {
        let answer = client.http.get(&link).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    assert_eq!(get().await.0, 200);
    tokio::time::sleep(lifetime).await;
    let (status, body) = get().await;
    assert_eq!((status, body.contains("<Message>Request has expired</Message>")), (403, true));
    let fresh = client.read(&result).await[0].clone();
    client.fetched(&fresh).await;
    running.bodo().expect("bodo").expire_links();
    let refused = client.http.get(fresh.as_str().expect("a link")).send().await.expect("an answer");
    assert_eq!(refused.status(), 403);
}
