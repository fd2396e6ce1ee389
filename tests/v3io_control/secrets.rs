//! Canaries: over a tour of calls, good and bad, no secret shows up anywhere.

use std::fmt::Debug;
use std::io::Write;
use std::sync::{Arc, Mutex};

use longhaul::Error;
use longhaul::v3io::control::models::{AccessKeyCreateAttributes, UserCreateAttributes};
use longhaul_simulator::Fault;
use serde_json::json;
use tracing::level_filters::LevelFilter;

use super::support::{builder, canned, fast, keyed};

const PASSWORD: &str = "canary-of-ann";

/// Everything that was shown: the log at its most talkative, errors, debug output.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<u8>>>);

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Shown {
    /// Records the log of this thread until the guard is dropped.
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn add(&self, what: &dyn Debug) {
        writeln!(self.clone(), "{what:?} {what:#?}").unwrap();
    }

    fn error(&self, error: &Error) {
        self.add(error);
        writeln!(self.clone(), "{error} {} {:?}", error.message(), error.body()).unwrap();
        let mut cause = std::error::Error::source(error);
        while let Some(source) = cause {
            writeln!(self.clone(), "{source} {source:?}").unwrap();
            cause = source.source();
        }
    }

    #[track_caller]
    fn check(&self) {
        let text = String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned();
        assert!(text.contains("create_session") || text.contains("get_self"), "nothing was shown");
        let found = text.find("canary").map(|at| &text[at.saturating_sub(200)..]);
        assert_eq!(found, None);
    }
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
    let text = String::from_utf8_lossy(&shown.0.lock().unwrap()).into_owned();
    assert!(!text.contains(session), "{text}");
    shown.check();
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
    shown.check();
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
    shown.check();
}
