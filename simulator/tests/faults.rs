//! Every kind of fault, as it shows on the wire.

mod support;

use std::time::{Duration, Instant};

use longhaul_simulator::{Fault, Handle};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Client, Ending, fast, job, raw, raw_get};

const ME: &str = "/api/v2/users/me/";

async fn with(rule: Fault) -> (Handle, Client) {
    let simulator = fast().file("data.txt", 100_000).fault(rule).start().await.expect("started");
    let client = Client::new(&simulator);
    (simulator, client)
}

/// A simulator with a file and the path of its contents.
async fn with_file(rule: Fault) -> (Handle, Client, String) {
    let (simulator, client) = with(rule).await;
    let id = simulator.id_of("data.txt").expect("the file");
    (simulator, client, format!("/api/v2/files/{id}/contents/"))
}

async fn ranged(client: &Client, path: &str, range: &str) -> reqwest::Response {
    client.request(Method::GET, path).header("Range", range).send().await.expect("an answer")
}

fn header<'a>(answer: &'a reqwest::Response, name: &str) -> &'a str {
    answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn a_status_replaces_the_answer_and_the_effect() {
    let (simulator, client) = with(Fault::status(503).on("POST", "/api/v2/jobs/").once()).await;
    assert_eq!(client.post("/api/v2/jobs/", &job("echo")).await.status(), 503);
    assert_eq!(client.get_json("/api/v2/jobs/").await["count"], 0);
    assert_eq!(client.post("/api/v2/jobs/", &job("echo")).await.status(), 201);
    let applied: Vec<_> = simulator.requests().iter().map(|r| (r.status, r.applied)).collect();
    assert_eq!(applied, [(Some(503), false), (Some(200), true), (Some(201), true)]);
}

#[tokio::test]
async fn a_status_after_the_effect_leaves_the_effect() {
    let (simulator, client) =
        with(Fault::status(504).as_html().after_effect().on("POST", "/api/v2/jobs/")).await;
    let answer = client.post("/api/v2/jobs/", &job("echo")).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (504, "text/html"));
    assert_eq!(client.get_json("/api/v2/jobs/").await["count"], 1);
    assert!(simulator.requests()[0].applied);
}

#[tokio::test]
async fn retry_after_comes_in_seconds_and_as_a_date() {
    let (simulator, client) = with(Fault::status(429).retry_after(7).once()).await;
    let answer = client.get(ME).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "retry-after")), (429, "7"));
    assert!(answer.json::<Value>().await.expect("JSON")["detail"].is_string());
    simulator
        .fault(Fault::status(503).retry_after_date(60).with_header("X-Request-Id", "r1").once());
    let answer = client.get(ME).await;
    assert!(header(&answer, "retry-after").ends_with(" GMT"), "{answer:?}");
    assert_eq!(header(&answer, "x-request-id"), "r1");
}

#[tokio::test]
async fn an_expired_token_is_401_as_often_as_asked() {
    let (_simulator, client) = with(Fault::expired_token().first(2)).await;
    let statuses = [client.get(ME).await, client.get(ME).await, client.get(ME).await]
        .map(|a| a.status().as_u16());
    assert_eq!(statuses, [401, 401, 200]);
}

#[tokio::test]
async fn refused_connections_are_refused_for_a_while() {
    let (simulator, client) = with(Fault::refuse(Duration::from_millis(150)).path(ME).once()).await;
    let start = Instant::now();
    assert!(client.request(Method::GET, ME).send().await.is_err());
    let refused = client.request(Method::GET, "/api/v2/").send().await.expect_err("refused");
    assert!(refused.is_connect(), "{refused:?}");
    while client.request(Method::GET, ME).send().await.is_err() {
        assert!(start.elapsed() < Duration::from_secs(5), "never came back");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(start.elapsed() >= Duration::from_millis(150));
    simulator.refuse(Duration::from_secs(60)).await;
    let fresh = Client::new(&simulator);
    let refused = fresh.request(Method::GET, ME).send().await.expect_err("refused");
    assert!(refused.is_connect(), "{refused:?}");
}

#[tokio::test]
async fn a_reset_before_has_no_effect_and_one_after_has() {
    for (rule, count) in [(Fault::reset(), 0), (Fault::reset_after(), 1)] {
        let (simulator, client) = with(rule.on("POST", "/api/v2/jobs/")).await;
        let body = job("echo").to_string();
        let head = format!(
            "POST /api/v2/jobs/ HTTP/1.1\r\nHost: x\r\nAuthorization: Token {}\r\nContent-Length: {}\r\n\r\n{body}",
            longhaul_simulator::rescale::API_KEY,
            body.len(),
        );
        let answer = raw(&simulator, &head);
        assert_eq!((answer.text.as_str(), answer.ending), ("", Ending::Reset));
        assert_eq!(client.get_json("/api/v2/jobs/").await["count"], count);
        assert_eq!(
            (simulator.requests()[0].status, simulator.requests()[0].applied),
            (None, count == 1)
        );
    }
}

#[tokio::test]
async fn a_reset_in_the_body_comes_after_the_bytes() {
    let (simulator, _, path) = with_file(Fault::reset_in_body(70_000)).await;
    let answer = raw_get(&simulator, &path, "");
    assert_eq!((answer.body().len(), &answer.ending), (70_000, &Ending::Reset));
    assert!(answer.text.contains("Content-Length: 100000\r\n"));
}

#[tokio::test]
async fn a_truncated_body_ends_the_connection_early() {
    let (simulator, _, path) = with_file(Fault::truncate(1234)).await;
    let answer = raw_get(&simulator, &path, "");
    assert_eq!((answer.body().len(), &answer.ending), (1234, &Ending::Closed));
    assert!(answer.text.contains("Content-Length: 100000\r\n"));
}

#[tokio::test]
async fn a_stalled_body_falls_silent() {
    let (simulator, _, path) = with_file(Fault::stall(500)).await;
    let answer = raw_get(&simulator, &path, "");
    assert_eq!((answer.body().len(), answer.ending), (500, Ending::Silent));
    let (simulator, _) = with(Fault::hang()).await;
    let answer = raw_get(&simulator, ME, "");
    assert_eq!((answer.text.as_str(), answer.ending), ("", Ending::Silent));
}

#[tokio::test]
async fn a_connection_closes_after_a_whole_answer() {
    let (simulator, _, path) = with_file(Fault::close()).await;
    for path in [ME, &path] {
        let answer = raw_get(&simulator, path, "");
        assert_eq!(answer.ending, Ending::Closed);
        assert!(!answer.text.to_lowercase().contains("connection: close"), "unannounced");
    }
    assert_eq!(raw_get(&simulator, &path, "").body().len(), 100_000);
}

#[tokio::test]
async fn delays_and_trickles_take_their_time() {
    let (simulator, client) = with(Fault::delay(Duration::from_millis(80)).once()).await;
    let start = Instant::now();
    client.get(ME).await;
    assert!(start.elapsed() >= Duration::from_millis(80));
    simulator.fault(Fault::trickle(2000).path(ME));
    let start = Instant::now();
    let length = client.get(ME).await.bytes().await.expect("a body").len();
    let least = Duration::from_secs_f64(length as f64 / 2000.0 / 2.0);
    assert!(start.elapsed() >= least, "{length} bytes in {:?}", start.elapsed());
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_effect() {
    let (simulator, client) = with(Fault::hang_after().on("POST", "/api/v2/jobs/").once()).await;
    let create = || client.request(Method::POST, "/api/v2/jobs/").json(&job("echo"));
    let lost = create().timeout(Duration::from_millis(50)).send().await;
    assert!(lost.expect_err("no answer").is_timeout());
    assert_eq!(client.get_json("/api/v2/jobs/").await["count"], 1);
    simulator.fault(Fault::delay_after(Duration::from_millis(60)).method("POST"));
    let start = Instant::now();
    assert_eq!(create().send().await.expect("an answer").status(), 201);
    assert!(start.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn a_corrupt_byte_is_the_only_difference() {
    let (_simulator, client, path) = with_file(Fault::corrupt(70_001).once()).await;
    let wrong = client.get(&path).await.bytes().await.expect("bytes");
    let right = client.get(&path).await.bytes().await.expect("bytes");
    let differences: Vec<_> = (0..right.len()).filter(|&i| wrong[i] != right[i]).collect();
    assert_eq!((wrong.len(), differences), (100_000, vec![70_001]));
}

#[tokio::test]
async fn ranges_can_be_answered_wrongly_in_every_way() {
    let (simulator, client, path) =
        with_file(Fault::content_range("bytes 0-9/100000").once()).await;
    let answer = ranged(&client, &path, "bytes=50-59").await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "content-range")),
        (206, "bytes 0-9/100000")
    );

    simulator.fault(Fault::ignore_range().once());
    let answer = ranged(&client, &path, "bytes=50-59").await;
    assert_eq!((answer.status().as_u16(), answer.content_length()), (200, Some(100_000)));

    simulator.fault(Fault::short(4).once());
    let answer = ranged(&client, &path, "bytes=50-59").await;
    assert_eq!(
        (header(&answer, "content-range"), answer.content_length()),
        ("bytes 50-59/100000", Some(6))
    );

    simulator.fault(Fault::narrow(4).once());
    let answer = ranged(&client, &path, "bytes=50-59").await;
    assert_eq!(
        (header(&answer, "content-range"), answer.content_length()),
        ("bytes 50-55/100000", Some(6))
    );
}

#[tokio::test]
async fn a_changed_etag_fails_the_old_one() {
    let (simulator, client, path) = with_file(Fault::delay(Duration::ZERO)).await;
    let old = header(&client.get(&path).await, "etag").to_owned();
    let conditional = |name: &'static str| {
        client.request(Method::GET, &path).header("Range", "bytes=0-9").header(name, &old).send()
    };
    assert_eq!(conditional("If-Match").await.expect("an answer").status(), 206);
    simulator.fault(Fault::etag("\"new\""));
    let answer = ranged(&client, &path, "bytes=0-9").await;
    assert_eq!((answer.status().as_u16(), header(&answer, "etag")), (206, "\"new\""));
    assert_eq!(conditional("If-Match").await.expect("an answer").status(), 412);
    assert_eq!(conditional("If-Range").await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn redirects_lead_where_they_should() {
    let (simulator, client) = with(Fault::redirect(302, "http://127.0.0.1:9/").once()).await;
    let path = "/api/v2/files/?search=a";
    let answer = client.get(path).await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "location")),
        (302, "http://127.0.0.1:9/api/v2/files/?search=a")
    );
    simulator.fault(Fault::redirect(307, "http://127.0.0.1:9/login").once());
    assert_eq!(header(&client.get(path).await, "location"), "http://127.0.0.1:9/login");
    simulator.fault(Fault::redirect(301, "/elsewhere/").once());
    assert_eq!(header(&client.get(path).await, "location"), "/elsewhere/");
}

#[tokio::test]
async fn bodies_can_be_replaced_and_broken() {
    let (simulator, client) = with(Fault::html().once()).await;
    let answer = client.get(ME).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (200, "text/html"));
    simulator.fault(Fault::garbage().once());
    assert!(client.get(ME).await.json::<Value>().await.is_err());
    simulator.fault(Fault::body("text/plain", "hello").once());
    assert_eq!(client.get(ME).await.text().await.expect("text"), "hello");
    simulator.fault(
        Fault::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab").once(),
    );
    let answer = raw_get(&simulator, ME, "");
    assert!(
        answer.text.contains("Content-Length: 3\r\n") && answer.ending == Ending::Closed,
        "{answer:?}"
    );
}

#[tokio::test]
async fn json_answers_can_be_patched() {
    let (simulator, client) = with(Fault::set("/company/code", "other").once()).await;
    simulator.fault(Fault::set("/unknownField", json!({"a": [1]})).once());
    simulator.fault(Fault::remove("/fullName").once());
    let me = client.get_json(ME).await;
    assert_eq!(
        (&me["company"]["code"], &me["unknownField"]),
        (&json!("other"), &json!({"a": [1]}))
    );
    assert!(me.get("fullName").is_none() && me["email"].is_string());
    simulator.fault(Fault::set("/results/*/name", "patched").once());
    let page = client.get_json("/api/v2/coretypes/?page_size=3").await;
    assert!(
        page["results"].as_array().expect("items").iter().all(|item| item["name"] == "patched")
    );
}

#[tokio::test]
async fn next_links_can_loop_or_leave_the_host() {
    let (simulator, client) = with(Fault::next_link("self").once()).await;
    let path = "/api/v2/coretypes/?page_size=3&page=2";
    let next = |page: &Value| page["next"].as_str().unwrap_or_default().to_owned();
    assert_eq!(next(&client.get_json(path).await), format!("{}{path}", simulator.url()));
    simulator.fault(Fault::next_link("http://evil.example").once());
    assert_eq!(
        next(&client.get_json(path).await),
        "http://evil.example/api/v2/coretypes/?page_size=3&page=3"
    );
    simulator.fault(Fault::next_link("//evil.example/x").once());
    assert_eq!(next(&client.get_json(path).await), "//evil.example/x");
    assert_eq!(
        next(&client.get_json(path).await),
        format!("{}/api/v2/coretypes/?page_size=3&page=3", simulator.url())
    );
}

#[tokio::test]
async fn conditions_choose_the_requests() {
    let (simulator, client) = with(
        Fault::status(500).path(ME).query("a", "x*").request_header("X-Try", "1").skip(1).first(1),
    )
    .await;
    let ask = |path: &str, attempt: &'static str| {
        client.request(Method::GET, path).header("X-Try", attempt).send()
    };
    let mut statuses = Vec::new();
    for (path, attempt) in [
        (ME, "1"),
        ("/api/v2/users/me/?a=xy", "2"),
        ("/api/v2/users/me/?a=xy", "1"),
        ("/api/v2/users/me/?a=xy", "1"),
        ("/api/v2/users/me/?a=xy", "1"),
    ] {
        statuses.push(ask(path, attempt).await.expect("an answer").status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 500, 200]);
    simulator.fault(Fault::status(500));
    simulator.clear_faults();
    assert_eq!(client.get(ME).await.status(), 200);
}

#[tokio::test]
async fn a_rate_hits_its_share_and_repeats_itself() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let rule = Fault::one_of([Fault::status(503), Fault::status(429)]).rate(0.2).seed(7);
        let (_simulator, client) = with(rule).await;
        let mut statuses = Vec::new();
        for _ in 0..400 {
            statuses.push(client.get("/api/v2/").await.status().as_u16());
        }
        runs.push(statuses);
    }
    let count = |status: u16| runs[0].iter().filter(|&&s| s == status).count();
    assert_eq!(runs[0], runs[1]);
    assert!((50..110).contains(&(count(503) + count(429))), "{} and {}", count(503), count(429));
    assert!(count(503) > 15 && count(429) > 15);
}

#[tokio::test]
async fn rules_can_be_given_as_text() {
    let (simulator, client, path) =
        with_file("GET /api/v2/files/*/contents/ once truncate 10".parse().expect("a rule")).await;
    assert_eq!(raw_get(&simulator, &path, "").body().len(), 10);
    assert_eq!(client.get(&path).await.bytes().await.expect("bytes").len(), 100_000);
    assert_eq!(client.get("/__fault/GET%20**%20504%20html?n=1").await.status(), 200);
    assert_eq!(client.get(ME).await.status(), 504);
    assert_eq!(client.get(ME).await.status(), 200);
    assert_eq!(client.get("/__fault/flub").await.status(), 400);
}

#[tokio::test]
async fn the_record_tells_every_effect_under_a_storm_of_faults() {
    let kinds = ["503", "429 retry-after=1", "500", "reset", "reset after", "504 after html"]
        .map(|rule| rule.parse::<Fault>());
    let storm =
        Fault::one_of(kinds.into_iter().map(|rule| rule.expect("a rule"))).method("POST").rate(0.2);
    let (simulator, client) = with(storm).await;
    let client = std::sync::Arc::new(client);
    let create = |_| {
        let client = client.clone();
        tokio::spawn(async move {
            client.request(Method::POST, "/api/v2/jobs/").json(&job("echo")).send().await
        })
    };
    let attempts: Vec<_> = (0..600).map(create).collect();
    let (mut created, mut failed) = (0, 0);
    for attempt in attempts {
        match attempt.await.expect("no panic") {
            Ok(answer) if answer.status() == 201 => created += 1,
            _ => failed += 1,
        }
    }
    let applied = simulator.requests().iter().filter(|request| request.applied).count();
    let listed = client.get_json("/api/v2/jobs/").await["count"].as_u64().expect("a count");
    assert_eq!(applied as u64, listed);
    assert!(
        failed > 80 && applied > created,
        "{created} believed, {applied} applied, {failed} failed"
    );
}
