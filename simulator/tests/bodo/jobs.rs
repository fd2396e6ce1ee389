//! Job runs: the queue, attempts, sources, cancellation.

use std::time::Duration;

use serde_json::{Value, json};

use super::support::{answer, bodo, cluster, frozen, id_of, path_of, query, script, start};

const CODE: &str = "import sys\nprint('hello')\nprint(sys.argv[1], os.environ['K'])\n";

#[tokio::test]
async fn a_script_prints_its_arguments_and_variables() {
    let (_running, client) = start(bodo()).await;
    client.upload("dir/a.py", CODE).await;
    let path = client.running("c").await;
    let mut job = script(&path, "dir/a.py");
    (job["jobConfig"]["args"], job["jobConfig"]["envVars"]) = (json!("--a 1"), json!({"K": "v"}));
    let made = client.made("v1/jobs", job).await;
    assert_eq!([&made["status"], &made["type"]], ["RUNNING", "BATCH"]);
    assert_eq!(made["config"]["source"]["sourceDef"]["path"], "/");
    assert_eq!(made["config"]["timeout"], 60);
    let path = path_of("jobs", &made);
    client.goes(&path, &["RUNNING", "SUCCEEDED"]).await;
    let job = client.read(&path).await;
    assert_eq!((&job["reason"], job["finishedAt"].is_string()), (&Value::Null, true));
    assert_eq!(client.printed(&job).await, ("hello\n--a v\n".to_owned(), String::new()));
}

#[tokio::test]
async fn what_a_script_printed_before_it_sleeps_can_be_read_meanwhile() {
    let (_running, client) = start(bodo()).await;
    client.upload("a.py", "print('one')\ntime.sleep(0.3)\nprint('two')\n").await;
    let path = client.running("c").await;
    let job = client.submit(script(&path, "a.py")).await;
    let began = std::time::Instant::now();
    while client.printed(&client.read(&job).await).await.0 != "one\n" {
        assert!(began.elapsed() < Duration::from_secs(5), "nothing was printed");
    }
    client.reaches(&job, "SUCCEEDED").await;
    assert_eq!(client.printed(&client.read(&job).await).await.0, "one\ntwo\n");
}

#[tokio::test]
async fn a_file_that_was_never_uploaded_fails() {
    let (_running, client) = start(bodo()).await;
    let path = client.running("c").await;
    let job = client.run(script(&path, "no.py"), "FAILED").await;
    assert_eq!(job["reason"], "FileNotFound");
    assert!(client.printed(&job).await.1.contains("no.py"));
}

#[tokio::test]
async fn other_sources_are_out_of_reach_and_notebooks_are_not() {
    let (_running, client) = start(bodo()).await;
    let path = client.running("c").await;
    let mut job = script(&path, "main.py");
    job["jobConfig"]["source"] = json!({"type": "GIT", "sourceDef": {
        "type": "GIT", "repoUrl": "https://git.invalid/r.git", "username": "u", "token": "t",
    }});
    let job = client.run(job, "SUCCEEDED").await;
    assert!(client.printed(&job).await.0.contains("https://git.invalid/r.git"));
    client
        .upload("n.ipynb", r#"{"cells": [{"cell_type": "code", "source": "print('cell')"}]}"#)
        .await;
    let mut job = script(&path, "n.ipynb");
    job["jobConfig"]["type"] = "IPYNB".into();
    let job = client.run(job, "SUCCEEDED").await;
    assert_eq!(client.printed(&job).await.0, "cell\n");
}

#[tokio::test]
async fn one_job_runs_at_a_time() {
    let (_running, client) = start(frozen().cluster("c")).await;
    let cluster = client.read("v2/clusters").await["data"][0].clone();
    let path = path_of("clusters", &cluster);
    let first = client.submit(query(&path, "SELECT 1")).await;
    let second = client.submit(query(&path, "SELECT 2")).await;
    assert_eq!(client.read(&first).await["status"], "RUNNING");
    let waits = client.read(&second).await;
    assert_eq!([&waits["status"], &waits["reason"]], ["PENDING", "In queue"]);
    for verb in ["stop", "pause"] {
        let method = if verb == "stop" { reqwest::Method::POST } else { reqwest::Method::PUT };
        assert_eq!(answer(client.request(method, &format!("{path}/{verb}"))).await.0, 409);
    }
    assert_eq!(client.delete(&format!("{path}?force=false")).await.0, 409);
    for _ in 0..99 {
        client.submit(query(&path, "SELECT 1")).await;
    }
    assert_eq!(client.post("v1/jobs", query(&path, "SELECT 1")).await.0, 409);
    assert_eq!(client.delete(&format!("{path}?force=true")).await.0, 200);
}

#[tokio::test]
async fn a_sleeping_cluster_is_woken_by_a_job() {
    let (_running, client) = start(bodo()).await;
    let path = client.running("c").await;
    for (method, verb, end) in
        [(reqwest::Method::PUT, "pause", "PAUSED"), (reqwest::Method::POST, "stop", "STOPPED")]
    {
        answer(client.request(method, &format!("{path}/{verb}"))).await;
        client.reaches(&path, end).await;
        client.run(query(&path, "SHOW TABLES"), "FAILED").await;
        client.reaches(&path, "RUNNING").await;
    }
}

#[tokio::test]
async fn jobs_are_cancelled() {
    let (_running, client) = start(bodo().outcome("endless", "RUNNING", "")).await;
    let new = path_of("clusters", &client.made("v1/clusters", cluster("new")).await);
    let waits = client.submit(query(&new, "SELECT 1")).await;
    assert_eq!(client.read(&waits).await["reason"], "Recently submitted");
    assert_eq!(client.delete(&waits).await.1["status"], "CANCELLING");
    client.goes(&waits, &["CANCELLING", "CANCELLED"]).await;
    assert_eq!(client.read(&waits).await["reason"], "Cancelled by user");
    assert_eq!(client.delete(&waits).await.0, 409);
    let mut endless = query(&new, "SELECT 1");
    endless["name"] = "endless".into();
    let endless = client.submit(endless).await;
    client.reaches(&endless, "RUNNING").await;
    assert_eq!(client.delete(&endless).await.0, 200);
    client.reaches(&endless, "CANCELLED").await;
    assert_eq!(client.delete("v1/jobs/0b0d0000-0000-4000-8000-0000000000ff").await.0, 404);
}

#[tokio::test]
async fn failed_attempts_are_repeated() {
    let simulator = bodo().minute(Duration::from_millis(20)).failures("flaky", 2);
    let (_running, client) = start(simulator).await;
    client.upload("a.py", "print('x')").await;
    let path = client.running("c").await;
    let mut job = script(&path, "a.py");
    job["name"] = "flaky".into();
    job["jobConfig"]["retryStrategy"] =
        json!({"numRetries": 2, "delayBetweenRetries": 1, "retryOnTimeout": false});
    let ended = client.run(job.clone(), "SUCCEEDED").await;
    assert_eq!(ended["numRetriesUsed"], 2);
    job["jobConfig"]["retryStrategy"]["numRetries"] = 1.into();
    let ended = client.run(job, "FAILED").await;
    assert_eq!(
        [&ended["numRetriesUsed"], &ended["reason"]],
        [&json!(1), &json!("NonZeroExitCode")]
    );
}

#[tokio::test]
async fn time_runs_out() {
    let simulator = bodo().minute(Duration::from_millis(30)).outcome("never", "PENDING", "");
    let (_running, client) = start(simulator).await;
    client.upload("long.py", "time.sleep(600)").await;
    let path = client.running("c").await;
    let mut job = script(&path, "long.py");
    job["jobConfig"]["timeout"] = 2.into();
    let ended = client.run(job.clone(), "TIMEOUT").await;
    assert_eq!([&ended["reason"], &ended["numRetriesUsed"]], [&json!("Timeout"), &json!(0)]);
    job["jobConfig"]["retryStrategy"] = json!({"numRetries": 1, "retryOnTimeout": true});
    assert_eq!(client.run(job.clone(), "TIMEOUT").await["numRetriesUsed"], 1);
    job["name"] = "never".into();
    let never = client.submit(job).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(client.read(&never).await["status"], "PENDING");
}

#[tokio::test]
async fn ends_can_be_prescribed() {
    let simulator = bodo().outcome("a.py", "FAILED", "OutOfMemory").outcome("odd", "DREAMING", "");
    let (running, client) = start(simulator).await;
    client.upload("a.py", "print('x')").await;
    let path = client.running("c").await;
    let ended = client.run(script(&path, "a.py"), "FAILED").await;
    assert_eq!(ended["reason"], "OutOfMemory");
    assert_eq!(client.printed(&ended).await, ("x\n".to_owned(), "OutOfMemory\n".to_owned()));
    let mut odd = script(&path, "a.py");
    odd["name"] = "odd".into();
    let odd = client.submit(odd).await;
    client.goes(&odd, &["RUNNING", "DREAMING"]).await;
    let watch = running.bodo().expect("bodo");
    watch.end_job(id_of(&odd), "TIMEOUT", "Timeout");
    assert_eq!(watch.job_status(id_of(&odd)).as_deref(), Some("TIMEOUT"));
    assert_eq!(watch.job_ids().len(), 2);
}

#[tokio::test]
async fn temporary_clusters_go_with_their_job() {
    let (_running, client) = start(bodo().catalog("C").outcome("bad", "FAILED", "")).await;
    let mut job = query("x", "SELECT 1");
    job.as_object_mut().expect("members").remove("clusterUUID");
    job["clusterConfig"] = cluster("temporary");
    let ended = client.run(job.clone(), "SUCCEEDED").await;
    assert_eq!(ended["cluster"]["isJobDedicated"], true);
    assert_eq!(ended["cluster"]["name"], "temporary");
    client.reaches(&path_of("clusters", &ended["cluster"]), "TERMINATED").await;
    job["clusterConfig"]["name"] = "bad".into();
    let ended = client.run(job, "FAILED").await;
    assert_eq!(ended["reason"], "ClusterFailed");
}

#[tokio::test]
async fn bad_submissions_are_refused() {
    let (_running, client) = start(frozen().cluster("c")).await;
    let path = path_of("clusters", &client.read("v2/clusters").await["data"][0]);
    let mut both = query(&path, "SELECT 1");
    both["clusterConfig"] = cluster("x");
    let mut none = query(&path, "SELECT 1");
    none.as_object_mut().expect("members").remove("clusterUUID");
    let mut sourceless = script(&path, "a.py");
    sourceless["jobConfig"].as_object_mut().expect("members").remove("source");
    let mut incomplete = none.clone();
    incomplete["clusterConfig"] = json!({"instanceType": "c5.large"});
    let mut typeless = query(&path, "SELECT 1");
    typeless["jobConfig"]["type"] = "COBOL".into();
    for bad in [both, none, sourceless, incomplete, typeless] {
        assert_eq!(client.post("v1/jobs", bad.clone()).await.0, 400, "{bad}");
    }
    let unknown = query("0b0d0000-0000-4000-8000-0000000000ff", "SELECT 1");
    assert_eq!(client.post("v1/jobs", unknown).await.0, 404);
    assert_eq!(client.get("v1/jobs/pricing/x").await.0, 404);
}
