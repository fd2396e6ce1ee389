//! Secrets and their groups.

use longhaul::ErrorKind;
use longhaul::bodo::Workspace;
use longhaul::bodo::models::SecretInfo;
use longhaul_simulator::Fault;
use serde_json::json;

use super::failure::{failure, says};
use super::shown::Shown;
use super::support::{sent, start};

const SECRETS: &str = "/api/secrets";
const GROUPS: &str = "/api/secret-group";
const CANARY: &str = "canary-value-0123";

async fn create(workspace: &Workspace, name: &str, group: &str) -> SecretInfo {
    let create = workspace.secrets().create(name, "GENERIC", [("password", "fake")]);
    create.group(group).await.expect("a secret")
}

#[tokio::test]
async fn a_secret_is_made_read_changed_and_deleted() {
    let (handle, workspace) = start().await;
    let secrets = workspace.secrets();
    let made = secrets.create("db", "GENERIC", [("password", "fake")]).await.unwrap();
    let expected = json!({"name": "db", "data": {"password": "fake"}, "secretType": "GENERIC"});
    assert_eq!(sent(&handle, "POST", SECRETS)[0].json(), expected);

    let got = secrets.get(&made.uuid).await.unwrap();
    assert_eq!(got.data.unwrap()["password"].expose(), "fake");

    secrets.update(&made.uuid).values([("password", "fake2"), ("user", "me")]).await.unwrap();
    let put = sent(&handle, "PUT", &made.uuid)[0].json();
    let expected = json!({
        "name": "db", "data": {"password": "fake2", "user": "me"}, "secretType": "GENERIC",
        "secretGroup": made.secret_group,
    });
    assert_eq!(put, expected, "what was not set is sent back as it came");
    secrets.update(&made.uuid).name("renamed").await.unwrap();
    let got = secrets.get(&made.uuid).await.unwrap();
    assert_eq!(got.name.as_deref(), Some("renamed"));
    assert_eq!(got.data.unwrap()["password"].expose(), "fake2");

    secrets.delete(&made.uuid).await.unwrap();
    assert!(failure(secrets.get(&made.uuid)).await.is_not_found());
}

#[tokio::test]
async fn secrets_and_groups_are_listed() {
    let (_handle, workspace) = start().await;
    workspace.secret_groups().create("databases").description("first").await.unwrap();
    create(&workspace, "grouped", "databases").await;
    workspace.secrets().create("alone", "GENERIC", [("k", "v")]).await.unwrap();
    assert_eq!(workspace.secrets().list().await.unwrap().len(), 2);
    let grouped = workspace.secrets().list_of_group("databases").await.unwrap();
    assert_eq!(grouped[0].name.as_deref(), Some("grouped"));
    assert_eq!(grouped[0].secret_group.as_deref(), Some("databases"));
    let groups = workspace.secret_groups().list().await.unwrap();
    assert_eq!(groups[0].description.as_deref(), Some("first"));
    assert!(workspace.secret_groups().by_name("nobody").await.unwrap().is_none());
}

#[tokio::test]
async fn a_group_may_have_any_name_that_a_path_can_hold() {
    let (handle, workspace) = start().await;
    let groups = workspace.secret_groups();
    for name in [
        "team/a",
        "a b",
        "50%",
        "50%2F",
        "was?",
        "#1",
        "ünïcode",
        "a&b=c",
        "...",
        "a;b",
        "a\\..\\b",
    ] {
        groups.create(name).await.unwrap();
        let secret = create(&workspace, "s", name).await;
        let found = workspace.secrets().list_of_group(name).await.unwrap();
        assert_eq!(found.len(), 1, "{name}");
        let changed = groups.update(name, "second").await.unwrap();
        assert_eq!((changed.name.as_str(), changed.description.as_deref()), (name, Some("second")));
        let put = handle.requests().pop().unwrap();
        assert_eq!(put.json(), json!({"name": name, "description": "second"}));
        workspace.secrets().delete(&secret.uuid).await.unwrap();
        groups.delete(name).await.unwrap();
        assert!(groups.by_name(name).await.unwrap().is_none(), "{name}");
    }
}

#[tokio::test]
async fn names_and_values_that_cannot_be_are_refused_before_a_request() {
    let (handle, workspace) = start().await;
    let (secrets, groups) = (workspace.secrets(), workspace.secret_groups());
    for name in ["", " ", ".", ".."] {
        for error in [
            failure(groups.create(name)).await,
            failure(groups.update(name, "x")).await,
            failure(groups.delete(name)).await,
            failure(secrets.list_of_group(name)).await,
            failure(secrets.create("x", "GENERIC", [("k", "v")]).group(name)).await,
        ] {
            says(&error, ErrorKind::InvalidInput, &["group of secrets"]);
        }
    }
    let refusals = [
        (failure(secrets.create("", "GENERIC", [("k", "v")])).await, "the name of the secret"),
        (failure(secrets.create("x", "", [("k", "v")])).await, "the kind of the secret"),
        (failure(secrets.create("x", "GENERIC", [("", "v")])).await, "a key of the secret"),
        (failure(secrets.create("x", "GENERIC", [("", ""); 0])).await, "no values"),
        (failure(secrets.update("x").name("")).await, "the name of the secret"),
    ];
    for (error, words) in &refusals {
        says(error, ErrorKind::InvalidInput, &[words]);
    }
    for id in ["", ".."] {
        assert_eq!(failure(secrets.delete(id)).await.kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(handle.request_count(), 0);
}

#[tokio::test]
async fn a_change_never_loses_the_values() {
    let (handle, workspace) = start().await;
    let made = workspace.secrets().create("db", "GENERIC", [("k", "v")]).await.unwrap();
    handle.fault(Fault::remove("/data").on("GET", format!("{SECRETS}/*")));
    let error = failure(workspace.secrets().update(&made.uuid).name("other")).await;
    says(&error, ErrorKind::InvalidInput, &["`values`"]);
    workspace.secrets().update(&made.uuid).name("other").values([("k", "w")]).await.unwrap();
}

#[tokio::test]
async fn creations_whose_answers_were_lost_say_where_to_look() {
    let (handle, workspace) = start().await;
    handle.fault(Fault::reset_after().method("POST").path(SECRETS));
    handle.fault(Fault::reset_after().method("POST").path(GROUPS));
    let error = failure(workspace.secrets().create("lost", "GENERIC", [("k", "v")])).await;
    says(&error, ErrorKind::Interrupted, &["`secrets().list()`", "`lost`"]);
    let error = failure(workspace.secret_groups().create("lost")).await;
    says(&error, ErrorKind::Interrupted, &["`secret_groups().by_name`", "`lost`"]);
    assert_eq!(sent(&handle, "POST", SECRETS).len(), 1);
    assert_eq!(sent(&handle, "POST", GROUPS).len(), 1);
}

#[tokio::test]
async fn values_show_nowhere() {
    let shown = Shown::default();
    let _listening = shown.listen();
    let (handle, workspace) = start().await;
    let secrets = workspace.secrets();
    let create = || secrets.create("db", "GENERIC", [("plain", CANARY)]);
    shown.add(&create());
    let made = create().await.unwrap();
    shown.add(&made);
    shown.add(&secrets.list().await.unwrap());
    let got = secrets.get(&made.uuid).await.unwrap();
    shown.add(&got);
    assert_eq!(got.data.unwrap()["plain"].expose(), CANARY);
    let update = || secrets.update(&made.uuid).values([("plain", CANARY)]);
    shown.add(&update());
    let echo = json!({"statusCode": 400, "message": format!("{CANARY} is too short")});
    handle.fault(Fault::status(400).with_body(echo.to_string()).on("POST", SECRETS));
    handle.fault(Fault::status(400).with_body(echo.to_string()).method("PUT"));
    shown.error(&failure(create()).await);
    shown.error(&failure(update()).await);
    let text = shown.text();
    assert!(text.contains("*** is too short"), "nothing was shown");
    assert!(!text.contains(CANARY), "a value is in the log, an error or debug output");
}
