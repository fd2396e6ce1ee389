//! Jobs of the simulated Rescale, from their creation to their end.

mod support;

use std::time::Duration;

use longhaul_simulator::Simulator;
use reqwest::Method;
use serde_json::{Value, json};
use support::{Client, fast, job};

fn names(history: &[(String, Value)]) -> Vec<&str> {
    history.iter().map(|(name, _)| name.as_str()).collect()
}

#[tokio::test]
async fn a_job_runs_through_its_whole_history_unseen() {
    let simulator = fast().start().await.expect("started");
    let client = Client::new(&simulator);
    let id = client.start("echo hello").await;
    tokio::time::sleep(Duration::from_millis(120)).await;
    let history = client.history(&id).await;
    assert_eq!(
        names(&history),
        ["Pending", "Queued", "Started", "Validated", "Executing", "Completed"]
    );
    assert_eq!(history[5].1, "Completed successfully");
    let page = client.get_json(&format!("/api/v2/jobs/{id}/cluster_statuses/")).await;
    let cluster: Vec<_> =
        page["results"].as_array().expect("entries").iter().map(|s| s["status"].clone()).collect();
    assert_eq!(
        cluster,
        ["Stopped", "Stopping", "Stop Requested", "Started", "Starting", "Not Started"]
    );
    let dates: Vec<_> = page["results"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|s| s["statusDate"].to_string())
        .collect();
    assert!(dates.windows(2).all(|pair| pair[0] > pair[1]), "{dates:?}");
}

#[tokio::test]
async fn the_pace_decides_how_long_it_takes() {
    let simulator =
        Simulator::rescale().pace(Duration::from_secs(3600)).start().await.expect("started");
    let client = Client::new(&simulator);
    let id = client.start("echo hello").await;
    assert_eq!(names(&client.history(&id).await), ["Pending"]);
    let listed = client.get_json("/api/v2/jobs/?job_status=PENDING").await;
    assert_eq!(
        (&listed["count"], &listed["results"][0]["jobStatus"]["content"]),
        (&json!(1), &json!("Pending"))
    );
    assert_eq!(client.get_json("/api/v2/jobs/?state=completed").await["count"], 0);
}

#[tokio::test]
async fn commands_decide_the_end() {
    let simulator = fast().start().await.expect("started");
    let client = Client::new(&simulator);
    let cases = [
        ("exit 3", "Completed", "A run failed", true),
        (
            "simulate completed Exceeded max number of restarts",
            "Completed",
            "Exceeded max number of restarts",
            false,
        ),
        (
            "simulate unallocated",
            "Completed",
            "Could not allocate compute resources from the compute provider",
            false,
        ),
    ];
    for (command, end, reason, stopping) in cases {
        let history = client.reaches(&client.start(command).await, end).await;
        assert_eq!(history.last().map(|(_, reason)| reason), Some(&json!(reason)), "{command}");
        assert_eq!(names(&history).contains(&"Stopping"), stopping, "{command}");
    }
    let forced = client.start("simulate force-stop").await;
    client.reaches(&forced, "Force Stop").await;
    let stuck = client.start("simulate status Under Review; simulate stuck").await;
    client.reaches(&stuck, "Under Review").await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(names(&client.history(&stuck).await).last(), Some(&"Under Review"));
    assert_eq!(names(&client.history(&forced).await).last(), Some(&"Force Stop"));
}

#[tokio::test]
async fn a_forced_stop_may_be_the_end_or_not() {
    for (completes, end) in [(false, "Force Stop"), (true, "Completed")] {
        let simulator = fast().force_stop_completes(completes).start().await.expect("started");
        let client = Client::new(&simulator);
        let id = client.start("sleep inf").await;
        client.reaches(&id, "Executing").await;
        let stopped = client.post(&format!("/api/v2/jobs/{id}/force_stop/"), &json!({})).await;
        assert_eq!(stopped.status(), 202);
        let history = client.reaches(&id, end).await;
        assert!(names(&history).contains(&"Force Stop") && !names(&history).contains(&"Stopping"));
    }
}

#[tokio::test]
async fn a_running_job_can_be_watched_and_stopped() {
    let simulator = fast().start().await.expect("started");
    let client = Client::new(&simulator);
    let id = client.start("echo one; sleep inf").await;
    client.reaches(&id, "Executing").await;
    let run = format!("/api/v2/jobs/{id}/runs/1");
    let tail = client.get_json(&format!("{run}/tail/process_output.log?lines=2")).await;
    assert_eq!(tail["lines"].as_array().map(Vec::len), Some(2));
    let raw = client.get(&format!("{run}/tail/process_output.log")).await;
    assert_eq!(raw.headers()["content-type"], "application/octet-stream");
    assert_eq!(
        client.get_json(&format!("{run}/directory-contents/")).await[0]["path"],
        "process_output.log"
    );
    assert_eq!(client.get_json(&format!("/api/v2/jobs/{id}/instances/")).await["count"], 1);
    let deleted = client
        .request(Method::DELETE, &format!("/api/v2/jobs/{id}/"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(deleted.status(), 400);
    let stopped = client.post(&format!("/api/v2/jobs/{id}/stop/"), &json!({})).await;
    assert_eq!((stopped.status().as_u16(), stopped.content_length()), (202, Some(0)));
    let history = client.reaches(&id, "Completed").await;
    assert_eq!(history[history.len() - 2], ("Stopping".to_owned(), json!("User Terminated")));
    assert_eq!(client.get(&format!("{run}/tail/process_output.log")).await.status(), 400);
}

#[tokio::test]
async fn a_submitted_job_ignores_changes() {
    let simulator = fast().start().await.expect("started");
    let client = Client::new(&simulator);
    let id = client.start("echo").await;
    client.reaches(&id, "Completed").await;
    let path = format!("/api/v2/jobs/{id}/");
    let patched = client
        .request(Method::PATCH, &path)
        .json(&json!({"name": "new"}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(patched.status(), 200);
    assert_eq!(client.post(&format!("{path}submit/"), &json!({})).await.status(), 200);
    assert_eq!(client.get_json(&path).await["name"], "a job");
    assert_eq!(client.history(&id).await.iter().filter(|(name, _)| name == "Pending").count(), 1);
}

#[tokio::test]
async fn mistakes_are_reported_by_field() {
    let simulator = fast().start().await.expect("started");
    let client = Client::new(&simulator);
    let mut wrong = job("echo");
    wrong["jobanalyses"][0]["hardware"] = json!({"coreType": "granite", "coresPerSlot": 1});
    wrong["project_id"] = json!("NoSuch");
    let answer = client.post("/api/v2/jobs/", &wrong).await;
    assert_eq!(answer.status(), 400);
    let expected = json!({
        "jobanalyses": [{"hardware": {"coresPerSlot": ["1 is not a valid core count for Granite."]}}],
        "projectId": ["Invalid project id."],
    });
    assert_eq!(answer.json::<Value>().await.expect("JSON"), expected);
}

#[tokio::test]
async fn designs_of_experiments_run_in_waves() {
    let simulator = fast().start().await.expect("started");
    let client = Client::new(&simulator);
    let mut design = job("echo");
    design["jobanalyses"][0]["hardware"]["slots"] = json!(2);
    design["jobvariables"] = json!([{"name": "x", "variableType": "Param", "displayOrder": 0, "valueGeneratorType": "FixedRange",
        "valueGeneratorSettings": {"minvalue": 1, "maxvalue": 4, "increment": 1}}]);
    let created: Value = client.post("/api/v2/jobs/", &design).await.json().await.expect("a job");
    let id = created["id"].as_str().expect("an id");
    assert_eq!(created["expectedRuns"], 4);
    client.post(&format!("/api/v2/jobs/{id}/submit/"), &json!({})).await;
    client.reaches(id, "Completed").await;
    let runs = client.get_json(&format!("/api/v2/jobs/{id}/runs/")).await;
    assert_eq!(
        (&runs["count"], &runs["results"][2]["variables"][0]["value"]),
        (&json!(4), &json!(3.0))
    );
    let started = |n: usize| runs["results"][n]["dateStarted"].to_string();
    assert!(started(0) == started(1) && started(1) < started(2), "{runs}");
    assert_eq!(client.get_json(&format!("/api/v2/jobs/{id}/runs/4/files/")).await["count"], 1);
}

#[tokio::test]
async fn synthetic_jobs_fill_the_list() {
    let simulator = fast().jobs(100_000).start().await.expect("started");
    let client = Client::new(&simulator);
    client.start("echo").await;
    let page = client.get_json("/api/v2/jobs/?page_size=1000&page=101").await;
    let last = &page["results"].as_array().expect("items")[0];
    assert_eq!((&page["count"], &page["next"]), (&json!(100_001), &Value::Null));
    let id = last["id"].as_str().expect("an id");
    assert_eq!(client.get_json(&format!("/api/v2/jobs/{id}/")).await["name"], last["name"]);
    assert_eq!(
        client.history(id).await.last().map(|(name, _)| name.clone()),
        Some("Completed".to_owned())
    );
    let size =
        client.get("/api/v2/jobs/?page_size=100&page=2").await.bytes().await.expect("bytes").len()
            / 100;
    assert!((350..550).contains(&size), "{size} bytes an item");
}

#[tokio::test]
async fn pages_are_real() {
    let simulator = fast().jobs(7).page_size(3).start().await.expect("started");
    let client = Client::new(&simulator);
    let (mut next, mut ids) =
        (Some(format!("{}/api/v2/jobs/?state=completed", simulator.url())), Vec::new());
    while let Some(url) = next {
        assert!(url.contains("state=completed"));
        let page = client.get_json(&url).await;
        ids.extend(
            page["results"].as_array().expect("items").iter().map(|job| job["id"].to_string()),
        );
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(ids.len(), 7);
    ids.dedup();
    assert_eq!(ids.len(), 7);
    let beyond = client.get("/api/v2/jobs/?page=4").await;
    assert_eq!(beyond.status(), 404);
    assert_eq!(client.get("/api/v2/jobs").await.status(), 301);
}
