//! A canary for every secret: over a whole tour of calls they show up nowhere.

use longhaul::denvr::{Client, ServerStatus};
use longhaul_simulator::{Fault, Handle};

use super::shown::Shown;
use super::support::{
    CONFIGURATION, IMAGE, LOGIN, PACE, PACKAGE, REFRESH, builder, fast, keyed, sent,
};

const PASSWORD: &str = "canary-password-0123";
const KEY: &str = "canary-key-0123456789";
const TOKEN: &str = "canary-jupyter-0123456";

/// An answer that repeats what was sent to the server, as careless servers do.
fn echo(status: u16, secrets: &[&str]) -> Fault {
    let message = format!("not with {}", secrets.join(" and "));
    let body = serde_json::json!({"success": false, "error": {"message": message}});
    Fault::status(status).with_body(body.to_string())
}

#[tokio::test]
async fn a_session_shows_none_of_its_secrets() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let account = longhaul_simulator::denvr::Account::TenantAdmin;
    let handle = fast().user("cy@example.test", PASSWORD, account).start().await.unwrap();
    let make = || builder(&handle).login("cy@example.test", PASSWORD);
    let client = make().build().unwrap();
    shown.add(&make());
    tour(&client, &shown).await;
    handle.denvr().unwrap().expire_access_tokens();
    client.clusters().list().await.unwrap();
    let refresh = sent(&handle, "POST", REFRESH)[0].query_value("refreshToken").unwrap();
    let access = token_of(&handle);

    handle.fault(echo(400, &[&refresh, &access]).path(REFRESH));
    handle.fault(echo(400, &[PASSWORD]).path(LOGIN));
    handle.denvr().unwrap().expire_access_tokens();
    shown.error(&client.clusters().list().await.unwrap_err());
    handle.clear_faults();
    let other = make().build().unwrap();
    other.clusters().list().await.unwrap();
    let second = token_of(&handle);
    handle.fault(echo(409, &[&second, PASSWORD]).method("GET"));
    shown.error(&other.clusters().list().await.unwrap_err());
    shown.add(&other);
    let text = shown.text();
    assert!(text.contains("list_clusters") && text.contains("not with ***"), "nothing was shown");
    for secret in [PASSWORD, &refresh, &access, &second] {
        assert!(!text.contains(secret), "{secret} is in the log, an error or debug output");
    }
}

fn token_of(handle: &Handle) -> String {
    let last = sent(handle, "GET", "GetAll").pop().unwrap();
    last.header("authorization").unwrap().trim_start_matches("Bearer ").to_owned()
}

#[tokio::test]
async fn an_api_key_and_the_secrets_of_requests_show_nowhere() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let handle = fast().api_key(KEY).start().await.unwrap();
    let client = builder(&handle).api_key(KEY).build().unwrap();
    tour(&client, &shown).await;
    handle.fault(echo(500, &[KEY, TOKEN]).method("POST"));
    let applications = client.applications();
    let book = applications.create_catalog("b", PACKAGE, "jupyter-notebook", "python-3.11.9");
    let book = book.jupyter_token(TOKEN).env("SECRET", TOKEN);
    shown.add(&book);
    shown.error(&book.await.unwrap_err());
    let custom = applications.create_custom("c", PACKAGE, IMAGE).image_credentials("u", TOKEN);
    shown.add(&custom);
    shown.error(&custom.await.unwrap_err());
    let text = shown.text();
    assert!(text.contains("not with *** and ***"), "{text}");
    assert!(!text.contains(KEY) && !text.contains(TOKEN));
}

/// Calls of every kind, some of which fail.
async fn tour(client: &Client, shown: &Shown) {
    shown.add(client);
    shown.add(client.raw());
    shown.add(&client.clusters().list().await.unwrap());
    let mut server = client.virtual_servers().create("seen", CONFIGURATION).await.unwrap();
    server.wait_for_status(ServerStatus::Online).every(PACE).await.unwrap();
    shown.add(&server);
    shown.error(&client.virtual_servers().get("unseen").await.unwrap_err());
    shown.add(&server.clone().destroy());
    server.destroy().await.unwrap();
}

#[tokio::test]
async fn a_redirect_to_another_host_gets_no_credential() {
    let other = fast().start().await.unwrap();
    let handle = fast().fault(Fault::redirect(302, other.url())).start().await.unwrap();
    let client = keyed(&handle).build().unwrap();
    assert!(client.clusters().list().await.unwrap_err().is_unauthorized());
    let [request] = other.requests().try_into().expect("one request");
    assert!(request.header("authorization").is_none());
}
