//! Where a client finds its endpoint and its key.
//!
//! What reads the environment runs in a process of its own, so that no other test is disturbed.

use std::process::{Command, Output};

use longhaul::v3io::Client;
use longhaul_simulator::Simulator;

use super::support::{KEY, SESSION_KEY, start};

/// Set for a child process; says how it makes its client.
const ROLE: &str = "LONGHAUL_TEST_ROLE";

/// Does nothing but in a child process, where it makes a client and prints what it is told.
#[tokio::test]
async fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let made = match role.as_str() {
        "from_env" => Client::from_env(),
        endpoint => Client::builder().environment().endpoint(endpoint).access_key("code").build(),
    };
    let outcome = match made {
        Ok(client) => client.containers().await.map(|containers| containers.len()),
        Err(error) => Err(error),
    };
    println!("\noutcome: {outcome:?}");
}

/// What a process with these variables, and no others of a client, says.
async fn in_child(role: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "settings::child", "--nocapture"]).env(ROLE, role);
    command.env_remove("V3IO_API").env_remove("V3IO_ACCESS_KEY");
    command.envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let Output { status, stdout, .. } = &output;
    assert!(status.success(), "{output:?}");
    let text = String::from_utf8_lossy(stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("outcome: "));
    line.unwrap_or_else(|| panic!("no outcome in {text}")).to_owned()
}

const GOOD: &str = "outcome: Ok(3)";

#[tokio::test]
async fn the_environment_names_endpoint_and_key() {
    let (simulator, _client) = start().await;
    let url = simulator.url();
    let bare = url.trim_start_matches("http://");
    let slash = format!("{url}/");
    for endpoint in [url.as_str(), bare, &slash] {
        let variables = [("V3IO_API", endpoint), ("V3IO_ACCESS_KEY", "from-the-environment")];
        assert_eq!(in_child("from_env", &variables).await, GOOD, "{endpoint}");
    }
    for request in simulator.requests() {
        assert_eq!(request.header(SESSION_KEY), Some("from-the-environment"));
    }
}

#[tokio::test]
async fn code_comes_before_the_environment() {
    let (simulator, _client) = start().await;
    let variables = [("V3IO_API", "https://nowhere.test"), ("V3IO_ACCESS_KEY", "environment")];
    assert_eq!(in_child(&simulator.url(), &variables).await, GOOD);
    assert_eq!(simulator.requests()[0].header(SESSION_KEY), Some("code"));
}

#[tokio::test]
async fn what_is_missing_is_named_with_its_variable() {
    let (simulator, _client) = start().await;
    let url = simulator.url();
    for variables in
        [vec![("V3IO_API", url.as_str())], vec![("V3IO_API", &url), ("V3IO_ACCESS_KEY", " ")]]
    {
        let text = in_child("from_env", &variables).await;
        assert!(text.contains("no V3IO access key") && text.contains("V3IO_ACCESS_KEY"), "{text}");
    }
    let text = in_child("from_env", &[("V3IO_ACCESS_KEY", KEY)]).await;
    assert!(text.contains("no V3IO endpoint") && text.contains("variable V3IO_API"), "{text}");
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_wrong_endpoint_is_named_with_its_variable() {
    for endpoint in ["webapi.example.com:8081", "http://webapi.example.com"] {
        let variables = [("V3IO_API", endpoint), ("V3IO_ACCESS_KEY", KEY)];
        let text = in_child("from_env", &variables).await;
        assert!(text.contains("V3IO_API") && text.contains("unencrypted"), "{text}");
        assert!(!text.contains(KEY), "{text}");
    }
}

#[tokio::test]
async fn the_builder_reads_no_environment_unasked() {
    let simulator = Simulator::v3io().start().await.unwrap();
    let client = Client::builder().endpoint(simulator.url()).access_key(KEY).build().unwrap();
    assert_eq!(client.base_url().as_str(), format!("{}/", simulator.url()));
    client.containers().await.unwrap();
    assert_eq!(simulator.requests()[0].header(SESSION_KEY), Some(KEY));
}
