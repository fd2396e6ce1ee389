//! Every resource once: what is sent, and what is made of the answer.

use longhaul::ErrorKind;
use longhaul::v3io::control::models::{
    AccessKeyCreateAttributes, AppServicesManifestUpdateAttributes, ClusterInfoUpdateAttributes,
    EventCreateAttributes, EventNumberParameter, UserCreateAttributes,
};
use longhaul::v3io::control::{ConfigurationKind, EventSeverity, JobState, Plane};
use longhaul_simulator::Fault;
use longhaul_simulator::v3io::LOGIN;
use serde_json::json;

use super::support::{PACE, says, sent, start};

fn ben() -> UserCreateAttributes {
    UserCreateAttributes {
        username: Some("ben".to_owned()),
        password: Some("swordfish".into()),
        assigned_policies: Some(vec!["Data".to_owned()]),
        ..Default::default()
    }
}

fn data_key() -> AccessKeyCreateAttributes {
    AccessKeyCreateAttributes {
        label: Some("nightly".to_owned()),
        plane: Some(Plane::Data),
        ..Default::default()
    }
}

#[tokio::test]
async fn users_are_created_and_deleted() {
    let (simulator, client) = start().await;
    let user = client.users().create(ben()).await.unwrap();
    assert_eq!(user.attributes.username.as_deref(), Some("ben"));
    client.users().delete(&user.id).await.unwrap();
    let again = client.users().delete(&user.id).await.unwrap_err();
    assert!(again.is_not_found(), "{again}");
    assert_eq!(
        sent(&simulator, "POST", "/api/users")[0].json(),
        json!({"data": {"type": "user", "attributes": {
            "username": "ben", "password": "swordfish", "assigned_policies": ["Data"],
        }}})
    );
}

#[tokio::test]
async fn the_user_behind_the_credential_is_told() {
    let (_simulator, client) = start().await;
    let me = client.me().await.unwrap();
    assert_eq!(me.attributes.username.as_deref(), Some(LOGIN.0));
}

#[tokio::test]
async fn containers_are_listed_created_and_deleted() {
    let (simulator, client) = start().await;
    let names = async || {
        let listed = client.containers().list().await.unwrap().into_iter();
        let mut names: Vec<_> = listed.filter_map(|one| one.attributes.name).collect();
        names.sort();
        names
    };
    assert_eq!(names().await, ["bigdata", "projects", "users"]);
    let container = client.containers().create("measurements").id(3000).await.unwrap();
    assert_eq!(container.attributes.name.as_deref(), Some("measurements"));
    assert_eq!(names().await, ["bigdata", "measurements", "projects", "users"]);
    client.containers().delete(&container.id).await.unwrap();
    assert_eq!(names().await, ["bigdata", "projects", "users"]);
    assert_eq!(
        sent(&simulator, "POST", "/api/containers")[0].json(),
        json!({"data": {"type": "container", "id": 3000, "attributes": {"name": "measurements"}}})
    );
}

#[tokio::test]
async fn a_deletion_that_was_repeated_and_finds_nothing_is_done() {
    let (simulator, client) = start().await;
    let container = client.containers().create("measurements").await.unwrap();
    simulator.fault(Fault::reset_after().method("DELETE").once());
    client.containers().delete(&container.id).await.unwrap();
    let path = format!("/api/containers/{}", container.id);
    assert_eq!(sent(&simulator, "DELETE", &path).len(), 2);
}

#[tokio::test]
async fn access_keys_are_created_found_and_deleted() {
    let (simulator, client) = start().await;
    let keys = client.access_keys();
    let created = keys.create(data_key()).await.unwrap();
    assert_eq!(created.attributes.plane, Some(Plane::Data));
    let found = keys.get_or_create(data_key()).await.unwrap();
    let again = keys.get_or_create(data_key()).await.unwrap();
    assert_eq!(found.id.expose(), again.id.expose());
    keys.delete(created.id.clone()).await.unwrap();
    let path = format!("/api/access_keys/{}", created.id.expose());
    assert_eq!(sent(&simulator, "DELETE", &path).len(), 1);
}

#[tokio::test]
async fn events_are_emitted() {
    let (simulator, client) = start().await;
    let event = EventCreateAttributes {
        kind: Some("Import.Finished".to_owned()),
        severity: Some(EventSeverity::Info),
        parameters_uint64: Some(vec![EventNumberParameter {
            name: Some("rows".to_owned()),
            value: Some(u64::MAX),
        }]),
        ..Default::default()
    };
    client.events().create(event).await.unwrap();
    assert_eq!(
        sent(&simulator, "POST", "/api/manual_events")[0].json(),
        json!({"data": {"type": "event", "attributes": {
            "kind": "Import.Finished", "severity": "info",
            "parameters_uint64": [{"name": "rows", "value": u64::MAX}],
        }}})
    );
}

#[tokio::test]
async fn what_a_cluster_tells_is_set() {
    let (simulator, client) = start().await;
    let info: ClusterInfoUpdateAttributes = serde_json::from_value(json!({
        "endpoints": {"app_services": [{"service_id": "grafana", "urls": ["https://g.test"]}]},
    }))
    .unwrap();
    let set = client.cluster_info().update("main", info).await.unwrap();
    let services = set.attributes.endpoints.and_then(|endpoints| endpoints.app_services).unwrap();
    assert_eq!(services[0].service_id.as_deref(), Some("grafana"));
    let body = sent(&simulator, "PUT", "/api/cluster_info/main")[0].json();
    assert_eq!(
        (&body["data"]["type"], &body["data"]["id"]),
        (&json!("cluster_info"), &json!("main"))
    );
}

#[tokio::test]
async fn every_configuration_is_reloaded_by_a_job() {
    let (simulator, client) = start().await;
    for name in ConfigurationKind::KNOWN {
        let mut job = client.configurations().reload(*name).await.unwrap();
        job.wait_for_status(JobState::Completed).every(PACE).await.unwrap();
        let path = format!("/api/configurations/{name}/reloads");
        let body = sent(&simulator, "POST", &path)[0].json();
        let data = json!({"type": "cluster_configuration_reload", "attributes": {}});
        assert_eq!(body, json!({"data": data}));
    }
}

#[tokio::test]
async fn application_services_are_set_by_a_job() {
    let (_simulator, client) = start().await;
    let manifest = AppServicesManifestUpdateAttributes {
        app_services: Some(json!([{"spec": {"name": "grafana"}}])),
        ..Default::default()
    };
    let mut job = client.app_services_manifests().update(manifest).await.unwrap();
    job.wait_for_status(JobState::Completed).every(PACE).await.unwrap();
    let manifests = client.app_services_manifests().get().await.unwrap();
    assert_eq!(manifests.len(), 1);
}

#[tokio::test]
async fn bad_input_is_refused_before_anything_is_sent() {
    let (simulator, client) = start().await;
    let longest = "x".repeat(129);
    for (name, word) in [("", "empty"), ("Upper", "lower-case"), (&longest, "128")] {
        let error = client.containers().create(name).await.unwrap_err();
        says(&error, ErrorKind::InvalidInput, &["container", word]);
    }
    let nameless = client.users().create(UserCreateAttributes::default()).await.unwrap_err();
    says(&nameless, ErrorKind::InvalidInput, &["`username`"]);
    for id in ["", ".", ".."] {
        let errors = [
            client.users().delete(id).await.unwrap_err(),
            client.containers().delete(id).await.unwrap_err(),
            client.access_keys().delete(id).await.unwrap_err(),
            client.cluster_info().update(id, Default::default()).await.unwrap_err(),
            client.job(id).get().await.unwrap_err(),
        ];
        errors.iter().for_each(|error| says(error, ErrorKind::InvalidInput, &["id of"]));
    }
    assert_eq!(simulator.request_count(), 0);
}

#[tokio::test]
async fn what_the_server_says_of_a_refusal_is_told() {
    let (_simulator, client) = start().await;
    let error = client.containers().create("bigdata").await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    let body = r#"{"errors": [{"status": 403, "detail": "ann may not do this"}]}"#;
    let (simulator, client) = start().await;
    simulator.fault(Fault::status(403).path("/api/self").with_body(body));
    says(&client.me().await.unwrap_err(), ErrorKind::Status, &["get_self", "ann may not do this"]);
}
