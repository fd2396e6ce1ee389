//! Canaries: over a tour of calls, good and bad, no secret shows up anywhere.

use longhaul::v3io::control::models::{AccessKeyCreateAttributes, UserCreateAttributes};
use longhaul_simulator::Fault;
use serde_json::json;

use super::shown::Shown;
use super::support::{builder, canned, fast, keyed};

const PASSWORD: &str = "canary-of-ann";

#[track_caller]
fn check(shown: &Shown) {
    let text = shown.text();
    assert!(text.contains("create_session") || text.contains("get_self"), "nothing was shown");
    let found = text.find("canary").map(|at| &text[at.saturating_sub(200)..]);
    assert_eq!(found, None);
}

/// A refusal that repeats what it was sent.
fn repeating(secret: &str) -> String {
    json!({"errors": [{"status": 403, "detail": format!("{secret} is not welcome")}]}).to_string()
}

#[tokio::test]
async fn a_password_and_its_session_are_not_shown() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let simulator = fast().login("ann", PASSWORD).start().await.unwrap();
    let builder = builder(&simulator).login("ann", PASSWORD);
    shown.add(&builder);
    let client = builder.build().unwrap();
    simulator.fault(Fault::status(403).path("/api/sessions").with_body(repeating(PASSWORD)).once());
    shown.error(&client.me().await.unwrap_err());
    // Nobody signs in again right after a refusal.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    simulator.fault(Fault::status(503).path("/api/self").once());
    shown.add(&client.me().await.unwrap());
    shown.add(&client);
    shown.add(client.raw());
    let requests = simulator.requests();
    let cookie = requests.last().unwrap().header("cookie").unwrap().to_owned();
    let session = cookie.strip_prefix("session=").unwrap();
    simulator.fault(Fault::status(403).path("/api/self").with_body(repeating(session)));
    shown.error(&client.me().await.unwrap_err());
    assert!(!shown.text().contains(session), "{}", shown.text());
    check(&shown);
}

#[tokio::test]
async fn an_access_key_is_not_shown() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let simulator = fast().start().await.unwrap();
    let client = keyed(&simulator);
    shown.add(&client);
    shown.add(&client.me().await.unwrap());
    simulator.fault(Fault::status(403).path("/api/self").with_body(repeating(super::support::KEY)));
    shown.error(&client.me().await.unwrap_err());
    check(&shown);
}

#[tokio::test]
async fn secrets_of_others_are_not_shown() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let simulator = fast().start().await.unwrap();
    let client = builder(&simulator).access_key("own").build().unwrap();
    let (keys, users) = (client.access_keys(), client.users());
    shown.add(&client.me().await.unwrap());
    let answer = |id, uid| json!({"data": {"id": id, "attributes": {"uid": uid}}});
    simulator.fault(canned("/api/access_keys", answer("canary-new", json!(1))).once());
    shown.add(&keys.create(AccessKeyCreateAttributes::default()).await.unwrap());
    simulator.fault(canned("/api/access_keys", answer("canary-odd", json!("odd"))));
    shown.error(&keys.create(AccessKeyCreateAttributes::default()).await.unwrap_err());
    let refused = Fault::status(403).path("/api/access_keys/*");
    simulator.fault(refused.with_body(repeating("canary-old")));
    shown.error(&keys.delete("canary-old").await.unwrap_err());
    let user = UserCreateAttributes {
        username: Some("ben".to_owned()),
        password: Some("canary-of-ben".into()),
        ..Default::default()
    };
    shown.add(&user);
    simulator.fault(Fault::status(403).path("/api/users").with_body(repeating("canary-of-ben")));
    shown.error(&users.create(user).await.unwrap_err());
    check(&shown);
}
