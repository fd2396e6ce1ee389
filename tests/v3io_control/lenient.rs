//! Answers that are not quite as expected.

use longhaul::ErrorKind;
use longhaul::v3io::control::ConfigurationKind;
use serde_json::{Value, json};

use super::support::{canned, says, start};

#[tokio::test]
async fn ids_are_text_whether_numbers_or_text_were_sent() {
    for (id, text) in [(json!(1030), "1030"), (json!("1030"), "1030"), (Value::Null, "")] {
        let (simulator, client) = start().await;
        let one = json!({"id": id, "type": "container", "attributes": {"name": "logs"}});
        simulator.fault(canned("/api/containers", json!({"data": [one]})));
        let listed = client.containers().list().await.unwrap();
        assert_eq!(listed[0].id.as_str(), text);
        simulator.fault(canned("/api/self", json!({"data": {"id": id}})));
        let me = client.me().await.unwrap();
        assert_eq!((me.id.as_str(), me.attributes.username), (text, None));
    }
}

#[tokio::test]
async fn fields_and_values_that_are_new_do_not_matter() {
    let (simulator, client) = start().await;
    simulator.fault(canned(
        "/api/self",
        json!({
            "data": {
                "id": "ann", "type": "superuser", "links": {"self": "/api/users/ann"},
                "attributes": {"username": "ann", "shoe_size": 38, "created_at": "long ago"},
            },
            "included": [], "meta": {"ctx": 1},
        }),
    ));
    let me = client.me().await.unwrap();
    assert_eq!(me.attributes.username.as_deref(), Some("ann"));
    assert_eq!(me.attributes.extra["shoe_size"], 38);
}

#[tokio::test]
async fn the_job_of_a_reload_is_found_in_both_places() {
    let path = "/api/configurations/*/reloads";
    let cluster = json!({"data": {"id": "reload-1", "attributes": {"job_id": "job-1"}}});
    let other = json!({"data": {"id": 12, "attributes": {"state": "created"}}});
    for (document, id) in [(cluster, "job-1"), (other, "12")] {
        let (simulator, client) = start().await;
        simulator.fault(canned(path, document));
        let job = client.configurations().reload(ConfigurationKind::Cluster).await.unwrap();
        assert_eq!(job.id().as_str(), id);
    }
    let (simulator, client) = start().await;
    simulator.fault(canned(path, json!({"data": {"attributes": {}}})));
    let error = client.configurations().reload(ConfigurationKind::Cluster).await.unwrap_err();
    says(&error, ErrorKind::Protocol, &["did not name"]);
    assert!(error.may_have_happened());
}
