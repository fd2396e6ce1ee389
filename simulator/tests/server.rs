//! The server around the platforms: its life, its record, its limits, its program.

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use longhaul_simulator::rescale::SESSION_TOKEN;
use longhaul_simulator::{Simulator, names};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Client, fast, http_client, raw};

#[tokio::test]
async fn dropping_the_handle_closes_port_and_connections() {
    let simulator = fast().start().await.expect("started");
    let (port, client) = (simulator.port(), Client::new(&simulator));
    assert_eq!(client.get("/api/v2/").await.status(), 200);
    drop(simulator);
    assert!(client.request(Method::GET, "/api/v2/").send().await.is_err());
    let again = fast().port(port).start().await.expect("the port is free");
    assert_eq!(client.get("/api/v2/").await.status(), 200);
    again.shutdown().await;
    assert!(client.request(Method::GET, "/api/v2/").send().await.is_err());
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let simulator = fast().start().await.expect("started");
    let error = fast().port(simulator.port()).start().await.expect_err("taken");
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn requests_are_recorded_as_they_came() {
    let simulator = fast().start().await.expect("started");
    let client = Client::new(&simulator);
    client.post("/api/v2/jobs/?a=b%20c", &json!({"name": 1})).await;
    let recorded = simulator.requests().remove(0);
    assert_eq!((recorded.method.as_str(), recorded.path.as_str()), ("POST", "/api/v2/jobs/"));
    assert_eq!(
        (recorded.query.as_str(), recorded.query_value("a").as_deref()),
        ("a=b%20c", Some("b c"))
    );
    assert_eq!(
        (recorded.json(), recorded.status, recorded.applied),
        (json!({"name": 1}), Some(400), false)
    );
    assert!(recorded.header("AUTHORIZATION").is_some_and(|value| value.starts_with("Token ")));
    simulator.clear_requests();
    assert!(simulator.requests().is_empty() && simulator.request_count() == 0);
    let silent = fast().record(false).start().await.expect("started");
    Client::new(&silent).get("/api/v2/").await;
    assert_eq!((silent.requests().len(), silent.request_count()), (0, 1));
}

#[tokio::test]
async fn credentials_are_checked_before_anything_else() {
    let simulator = fast().credential("another-key").start().await.expect("started");
    let ask = |value: String| {
        http_client()
            .get(format!("{}/no/such/path/", simulator.url()))
            .header("Authorization", value)
            .send()
    };
    for (value, status) in [("Token wrong", 401), ("Basic x", 401), ("Token another-key", 404)] {
        assert_eq!(ask(value.to_owned()).await.expect("an answer").status(), status, "{value}");
    }
    assert_eq!(ask(format!("Bearer {SESSION_TOKEN}")).await.expect("an answer").status(), 404);
    assert_eq!(ask(format!("Token {SESSION_TOKEN}")).await.expect("an answer").status(), 401);
    let bare = http_client()
        .get(format!("{}/api/v2/users/me/", simulator.url()))
        .send()
        .await
        .expect("an answer");
    assert_eq!(bare.status(), 401);
    assert!(bare.json::<Value>().await.expect("JSON")["detail"].is_string());
}

#[tokio::test]
async fn limits_are_enforced_per_scope() {
    let simulator = fast().limit("user", 5.0, 3).start().await.expect("started");
    let client = Client::new(&simulator);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(client.get("/api/v3/users/me/").await.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
    assert_eq!(client.get("/api/v2/jobs/NoSuch/").await.status(), 404, "another scope");
    assert_eq!(client.get("/api/v2/users/me/").await.headers()["retry-after"], "1");
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert_eq!(client.get("/api/v3/users/me/").await.status(), 200);
}

#[tokio::test]
async fn header_names_are_in_title_case() {
    let simulator = fast().start().await.expect("started");
    let answer = raw(&simulator, "GET /api/v2/ HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(
        answer.text.contains("\r\nContent-Length: ") && answer.text.contains("\r\nContent-Type: "),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_platform_can_be_chosen_by_name() {
    assert!(names().contains(&"rescale"));
    let simulator = Simulator::named("rescale", &[("jobs", "3"), ("file", "a:1KiB")])
        .expect("known")
        .start()
        .await;
    let simulator = simulator.expect("started");
    assert_eq!(Client::new(&simulator).get_json("/api/v2/jobs/").await["count"], 3);
    assert!(simulator.id_of("a").is_some());
    let error = Simulator::named("nowhere", &[]).expect_err("unknown");
    assert!(error.contains("nowhere") && error.contains("rescale"), "{error}");
    assert!(Simulator::named("rescale", &[("jobs", "many")]).is_err());
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_longhaul-simulator"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn the_program_prints_its_address_and_serves() {
    let arguments = [
        "rescale",
        "--port=0",
        "--pace",
        "0.01",
        "--page-size",
        "2",
        "--fault",
        "/api/v2/users/me/ once 503",
    ];
    let mut server = program(&arguments).spawn().expect("started");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let url = line.trim().strip_prefix("rescale ").expect("the name").to_owned();
    let ask = |path: &str| {
        http_client()
            .get(format!("{url}{path}"))
            .header("Authorization", "Token fake00000000000000000000000000000000key1")
            .send()
    };
    let statuses = [ask("/api/v2/users/me/").await, ask("/api/v2/users/me/").await]
        .map(|a| a.expect("an answer").status().as_u16());
    let page: Value =
        ask("/api/v2/coretypes/").await.expect("an answer").json().await.expect("JSON");
    server.kill().expect("stopped");
    server.wait().expect("gone");
    assert_eq!((statuses, page["results"].as_array().map(Vec::len)), ([503, 200], Some(2)));
}

#[tokio::test]
async fn the_program_says_what_is_wrong() {
    let taken = fast().start().await.expect("started");
    let port = taken.port().to_string();
    let cases: [(&[&str], &str); 6] = [
        (&[], "name at least one platform of: "),
        (&["nowhere"], "unknown platform \"nowhere\"; known are: "),
        (&["rescale", "--port", &port], "cannot be used"),
        (&["rescale", "--fault", "GET /x flub"], "column 8: unknown action \"flub\""),
        (&["rescale", "--pace"], "--pace needs a value"),
        (&["rescale", "--flub"], "unknown option --flub"),
    ];
    for (arguments, expected) in cases {
        let output = program(arguments).output().expect("run");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && message.contains(expected), "{arguments:?}: {message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}
