//! Where a client finds its key and its host.
//!
//! What reads the environment runs in a process of its own, so that no other test is disturbed.

use std::path::Path;
use std::process::{Command, Output};

use longhaul::rescale::Client;
use longhaul::{ErrorKind, Token};
use longhaul_simulator::rescale::{API_KEY, SESSION_TOKEN};

use super::support::{builder, fast, says, start};

/// Set for a child process; says how it makes its client.
const ROLE: &str = "LONGHAUL_TEST_ROLE";

/// Every variable that a client may read, and the home folder.
const VARIABLES: [&str; 9] = [
    "RESCALE_API_KEY",
    "RESCALE_APIKEY",
    "RESCALE_CLUSTER_TOKEN",
    "RESCALE_API_URL",
    "RESCALE_BASE_URL",
    "RESCALE_APIBASEURL",
    "RESCALE_PLATFORM_URL",
    "RESCALE_CONFIG_FILE",
    "HOME",
];

/// Does nothing but in a child process, where it makes a client and prints whose it is.
#[tokio::test]
async fn child() {
    let made = match std::env::var(ROLE).as_deref() {
        Ok("from_env") => Client::from_env(),
        Ok("from_config") => Client::from_config(),
        Ok(profile) => Client::from_profile(profile),
        Err(_) => return,
    };
    let outcome = match made {
        Ok(client) => client.current_user().await.map(|user| user.email.unwrap_or_default()),
        Err(error) => Err(error),
    };
    println!("\noutcome: {outcome:?}");
}

/// What a process with these variables, and no others of a client, says.
async fn in_child(role: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "settings::child", "--nocapture"]).env(ROLE, role);
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.env("HOME", "/nowhere").envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let Output { status, stdout, .. } = &output;
    assert!(status.success(), "{output:?}");
    let text = String::from_utf8_lossy(stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("outcome: "));
    line.unwrap_or_else(|| panic!("no outcome in {text}")).to_owned()
}

const USER: &str = "outcome: Ok(\"user@example.com\")";

fn write_config(home: &Path, text: &str) {
    let folder = home.join(".config/rescale");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("apiconfig"), text).unwrap();
}

#[tokio::test]
async fn the_environment_names_key_and_host() {
    let simulator = fast().start().await.unwrap();
    let url = simulator.url();
    let with = |key, host| [(key, API_KEY), (host, url.as_str())];
    let newer = in_child("from_env", &with("RESCALE_API_KEY", "RESCALE_API_URL")).await;
    assert_eq!(newer, USER);
    let older = in_child("from_env", &with("RESCALE_APIKEY", "RESCALE_PLATFORM_URL")).await;
    assert_eq!(older, USER);
    let root = format!("{url}/api/v2/");
    let root = [("RESCALE_API_KEY", API_KEY), ("RESCALE_API_URL", root.as_str())];
    assert_eq!(in_child("from_env", &root).await, USER);
}

#[tokio::test]
async fn an_environment_without_a_key_is_an_error_that_names_the_variables() {
    let simulator = fast().start().await.unwrap();
    let nothing = in_child("from_env", &[("RESCALE_API_URL", &simulator.url())]).await;
    assert!(
        nothing.contains("no Rescale API key") && nothing.contains("RESCALE_API_KEY"),
        "{nothing}"
    );
    let blank = [("RESCALE_API_URL", simulator.url()), ("RESCALE_API_KEY", " ".to_owned())];
    let blank = blank.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert!(in_child("from_env", &blank).await.contains("no Rescale API key"));
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn a_profile_is_read_from_the_home_folder_and_nothing_from_the_environment() {
    let simulator = fast().start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let url = simulator.url();
    write_config(home.path(), &format!("[eu]\napibaseurl = {url}\napikey = '{API_KEY}'\n"));
    let home = home.path().to_str().unwrap();
    let other =
        [("HOME", home), ("RESCALE_API_KEY", "wrong"), ("RESCALE_API_URL", "https://x.test")];
    assert_eq!(in_child("eu", &other).await, USER);
    let missing = in_child("us", &[("HOME", home)]).await;
    assert!(missing.contains("apiconfig has no profile `us`; it has eu"), "{missing}");
    let nowhere = in_child("eu", &[("HOME", "/nowhere")]).await;
    assert!(nowhere.contains("/nowhere/.config/rescale/apiconfig"), "{nowhere}");
}

#[tokio::test]
async fn what_the_environment_lacks_comes_from_the_default_profile() {
    let simulator = fast().start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let url = simulator.url();
    write_config(home.path(), &format!("[default]\napibaseurl = {url}\napikey = wrong\n"));
    let home = home.path().to_str().unwrap();
    let key = [("HOME", home), ("RESCALE_API_KEY", API_KEY)];
    assert_eq!(in_child("from_config", &key).await, USER);
    let refused = in_child("from_config", &[("HOME", home)]).await;
    assert!(refused.contains("401") && !refused.contains("wrong"), "{refused}");
}

#[tokio::test]
async fn the_environment_may_name_the_config_file() {
    let simulator = fast().start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("elsewhere.ini");
    let text = format!("[default]\napibaseurl = {}\napikey = {API_KEY}\n", simulator.url());
    std::fs::write(&file, text).unwrap();
    let variable = [("RESCALE_CONFIG_FILE", file.to_str().unwrap())];
    assert_eq!(in_child("from_config", &variable).await, USER);
}

#[tokio::test]
async fn a_wrong_value_is_named_with_its_variable() {
    let variables = [("RESCALE_API_KEY", API_KEY), ("RESCALE_BASE_URL", "eu.rescale.com")];
    let refused = in_child("from_env", &variables).await;
    assert!(refused.contains("the variable RESCALE_BASE_URL"), "{refused}");
}

#[tokio::test]
async fn a_profile_may_lie_in_any_file_and_code_wins_over_it() {
    let simulator = fast().start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apiconfig");
    let text = "[us]\nAPIURL: https://wrong.test/api/v3\napikey = \"wrong\"\n";
    std::fs::write(&file, text).unwrap();
    let profile = || Client::builder().config_file(&file).profile("us");
    let client = profile().build().unwrap();
    assert_eq!(client.base_url().as_str(), "https://wrong.test/");
    let client = profile().base_url(simulator.url()).api_key(API_KEY).build().unwrap();
    client.current_user().await.unwrap();
}

#[tokio::test]
async fn a_key_travels_as_token_and_a_session_as_bearer() {
    let (simulator, client) = start().await;
    client.current_user().await.unwrap();
    let session = Client::builder().base_url(simulator.url()).api_key(SESSION_TOKEN).build();
    session.unwrap().current_user().await.unwrap();
    let spaced = format!(" {SESSION_TOKEN}\n");
    let session = Client::builder().base_url(simulator.url()).api_key(spaced).build();
    session.unwrap().current_user().await.unwrap();
    let sent: Vec<_> = simulator.requests();
    let header = |index: usize| sent[index].header("authorization").unwrap().to_owned();
    assert_eq!(header(0), format!("Token {API_KEY}"));
    assert_eq!(header(1), format!("Bearer {SESSION_TOKEN}"));
    assert_eq!(header(2), header(1));
}

#[tokio::test]
async fn a_provider_is_asked_once_for_many_calls() {
    let (simulator, _) = start().await;
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = asked.clone();
    let provider = move || {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        async { Ok(Token::new(SESSION_TOKEN)) }
    };
    let client = Client::builder().base_url(simulator.url()).token_provider(provider);
    let client = client.build().unwrap();
    let calls = longhaul::batch(0..20, |_| {
        let client = client.clone();
        async move { client.current_user().await }
    });
    calls.await.into_result().unwrap();
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_provider_that_fails_is_an_error_before_any_request() {
    let (simulator, _) = start().await;
    let provider = || async { Err::<Token, _>("no session".into()) };
    let client = Client::builder().base_url(simulator.url()).token_provider(provider);
    let failed = client.build().unwrap().current_user().await.unwrap_err();
    says(&failed, ErrorKind::Config, &["token"]);
    assert_eq!(simulator.request_count(), 0);
}

#[test]
fn nothing_that_prints_shows_the_key() {
    let builder = Client::builder().api_key("s3cret-key").base_url("http://127.0.0.1:9");
    assert!(!format!("{builder:?}").contains("s3cret"));
    assert!(!format!("{:?}", builder.build().unwrap()).contains("s3cret"));
}

#[tokio::test]
async fn making_a_client_sends_nothing() {
    let (simulator, client) = start().await;
    let _ = (builder(&simulator).build().unwrap(), client.jobs().list(), client.job("Jaaab"));
    assert_eq!(simulator.request_count(), 0);
}
