//! Where the clients find their keys and their servers.
//!
//! What reads the environment runs in a process of its own, so that no other test is disturbed.

use std::process::{Command, Output};

use longhaul::bodo::{Organization, Workspace};
use longhaul::{ErrorKind, Result, Token};
use longhaul_simulator::Handle;
use longhaul_simulator::bodo::{KEYS, ORGANIZATION_KEYS, WORKSPACE};

use super::support::{fast, says};

/// Set for a child process; says how it makes its client.
const ROLE: &str = "LONGHAUL_TEST_ROLE";

const VARIABLES: [&str; 6] = [
    "BODO_API_URL",
    "BODO_AUTH_URL",
    "BODO_CLIENT_ID",
    "BODO_ORG_CLIENT_ID",
    "BODO_ORG_SECRET_KEY",
    "BODO_SECRET_KEY",
];

/// Does nothing but in a child process, where it makes a client and prints what it is told.
#[tokio::test]
async fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    println!("\noutcome: {:?}", outcome(&role).await);
}

async fn outcome(role: &str) -> Result<String> {
    match role {
        "workspace" => Workspace::from_env()?.data().await.map(|data| data.uuid),
        "organization" => {
            let workspaces = Organization::from_env()?.workspaces().list().collect_all().await?;
            Ok(workspaces[0].id().to_string())
        }
        url => {
            let builder = Workspace::builder().environment().server(url);
            let workspace = builder.client_id(KEYS.0).secret_key(KEYS.1).build()?;
            workspace.data().await.map(|data| data.uuid)
        }
    }
}

/// What a process with these variables, and no others of a client, says.
async fn in_child(role: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "settings::child", "--nocapture"]).env(ROLE, role);
    VARIABLES.iter().for_each(|name| _ = command.env_remove(name));
    command.envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let Output { status, stdout, .. } = &output;
    assert!(status.success(), "{output:?}");
    let text = String::from_utf8_lossy(stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("outcome: "));
    line.unwrap_or_else(|| panic!("no outcome in {text}")).to_owned()
}

async fn start() -> (Handle, String) {
    let handle = fast().start().await.expect("a free port");
    let api = format!("{}/api", handle.url());
    (handle, api)
}

fn good() -> String {
    format!("outcome: Ok({WORKSPACE:?})")
}

#[tokio::test]
async fn the_environment_has_keys_and_servers_of_either_client() {
    let (handle, api) = start().await;
    let (workspace, organization) = (KEYS, ORGANIZATION_KEYS);
    let url = handle.url();
    let servers = [("BODO_API_URL", &*api), ("BODO_AUTH_URL", &*url)];
    let keys = [
        ("BODO_CLIENT_ID", workspace.0),
        ("BODO_SECRET_KEY", workspace.1),
        ("BODO_ORG_CLIENT_ID", organization.0),
        ("BODO_ORG_SECRET_KEY", organization.1),
    ];
    let variables = [&servers[..], &keys].concat();
    assert_eq!(in_child("workspace", &variables).await, good());
    assert_eq!(in_child("organization", &variables).await, good());
}

#[tokio::test]
async fn code_comes_before_the_environment() {
    let (handle, _) = start().await;
    let variables = [
        ("BODO_CLIENT_ID", "another-id"),
        ("BODO_SECRET_KEY", "another-key"),
        ("BODO_API_URL", "https://nowhere.invalid/api"),
        ("BODO_AUTH_URL", "https://nowhere.invalid"),
    ];
    assert_eq!(in_child(&handle.url(), &variables).await, good());
}

#[tokio::test]
async fn every_missing_key_is_named() {
    for (role, id, key) in [
        ("workspace", "BODO_CLIENT_ID", "BODO_SECRET_KEY"),
        ("organization", "BODO_ORG_CLIENT_ID", "BODO_ORG_SECRET_KEY"),
    ] {
        let without_id = in_child(role, &[(key, "hunter2")]).await;
        assert!(without_id.contains(&format!("client id of a{}", rest(role))), "{without_id}");
        assert!(without_id.contains(&format!("set {id} ")), "{without_id}");
        let without_key = in_child(role, &[(id, "an-id"), (key, " ")]).await;
        assert!(without_key.contains(&format!("set {key} ")), "{without_key}");
        assert!(!without_id.contains("hunter2"));
    }
}

fn rest(role: &str) -> &str {
    if role == "workspace" { " workspace" } else { "n organisation" }
}

#[tokio::test]
async fn the_keys_of_the_other_client_are_recognised_by_their_names() {
    let of_workspace = [("BODO_CLIENT_ID", "id"), ("BODO_SECRET_KEY", "hunter2")];
    let said = in_child("organization", &of_workspace).await;
    assert!(
        said.contains("BODO_CLIENT_ID and BODO_SECRET_KEY are the keys of a workspace"),
        "{said}"
    );
    let of_organisation = [("BODO_ORG_CLIENT_ID", "id"), ("BODO_ORG_SECRET_KEY", "hunter2")];
    let said = in_child("workspace", &of_organisation).await;
    assert!(said.contains("BODO_ORG_SECRET_KEY are the keys of an organisation"), "{said}");
    assert!(!said.contains("hunter2"));
}

#[tokio::test]
async fn an_unusable_server_is_named_with_its_source() {
    let keys = [("BODO_CLIENT_ID", "id"), ("BODO_SECRET_KEY", "key")];
    for (name, value, words) in [
        ("BODO_API_URL", "http://api.bodo.test/api", "unencrypted"),
        ("BODO_AUTH_URL", "http://auth.bodo.test", "unencrypted"),
        ("BODO_API_URL", "api.bodo.test", "https://"),
    ] {
        let said = in_child("workspace", &[keys[0], keys[1], (name, value)]).await;
        assert!(said.contains(name) && said.contains(words), "{said}");
    }
}

#[test]
fn a_client_needs_two_keys_or_a_source_of_tokens() {
    let refused = |builder: longhaul::bodo::Builder<Workspace>, words: &[&str]| {
        says(&builder.build().unwrap_err(), ErrorKind::Config, words);
    };
    let source = || async { Ok(Token::new("a-token")) };
    refused(Workspace::builder(), &["client id of a workspace", "`client_id`", "BODO_CLIENT_ID"]);
    let with_id = || Workspace::builder().client_id("id");
    refused(with_id(), &["secret key of a workspace", "`secret_key`", "BODO_SECRET_KEY"]);
    refused(with_id().secret_key(" "), &["secret key of a workspace"]);
    refused(Workspace::builder().client_id(" ").secret_key("k"), &["client id"]);
    refused(with_id().token_provider(source), &["both keys and a token provider"]);
    let with_key = Workspace::builder().secret_key("k");
    refused(with_key.token_provider(source), &["both keys and a token provider"]);
    Workspace::builder().environment().token_provider(source).build().unwrap();
}

#[test]
fn servers_are_checked_before_anything_is_sent() {
    let keyed = || Organization::builder().client_id("id").secret_key("key");
    let refused = |builder: longhaul::bodo::Builder<Organization>, words: &[&str]| {
        says(&builder.build().unwrap_err(), ErrorKind::Config, words);
    };
    refused(keyed().api_url("http://bodo.test/api"), &["`api_url`", "unencrypted"]);
    refused(keyed().auth_url("http://bodo.test"), &["`auth_url`", "unencrypted"]);
    refused(keyed().auth_url("ftp://bodo.test"), &["`auth_url`", "https://"]);
    refused(keyed().api_url(" "), &["`api_url`"]);
    keyed().api_url("http://bodo.test/api").allow_plain_http().build().unwrap();
    let slashed = keyed().api_url("https://bodo.test/api/").build().unwrap();
    assert_eq!(slashed.api_url().as_str().trim_end_matches('/'), "https://bodo.test/api");
    let default = keyed().build().unwrap();
    assert_eq!(default.api_url().as_str(), "https://api.bodo.ai/api");
}

#[test]
fn a_password_in_a_url_is_refused_and_not_shown() {
    let builder = Workspace::builder().api_url("https://user:hunter2@bodo.test/api?key=hunter2");
    let shown = format!("{builder:?}");
    assert!(shown.contains("https://***@bodo.test/api?***"), "{shown}");
    let refusal = builder.client_id("id").secret_key("key").build().unwrap_err().to_string();
    assert!(refusal.contains("user name or password"), "{refusal}");
    assert!(!format!("{shown}{refusal}").contains("hunter2"), "{shown} {refusal}");
}
