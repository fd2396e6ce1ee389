//! The control plane: sessions, users, containers, keys, jobs.

mod support;

use std::time::{Duration, Instant};

use longhaul_simulator::v3io::V3io;
use longhaul_simulator::{Fault, Handle, Simulator};
use reqwest::Method;
use serde_json::{Value, json};
use support::v3io::{Answer, Client, answer, status};

async fn with(simulator: Simulator<V3io>) -> (Handle, Client) {
    let simulator = simulator.start().await.expect("started");
    let client = Client::new(&simulator);
    (simulator, client)
}

async fn send(
    client: &Client,
    method: Method,
    path: &str,
    kind: &str,
    attributes: Value,
) -> Answer {
    let body = json!({"data": {"type": kind, "attributes": attributes}});
    answer(client.request(method, path).json(&body)).await
}

fn id(answer: &Answer) -> String {
    answer.1["data"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_session_is_opened_with_a_password_and_used_with_its_cookie() {
    let (_simulator, client) = with(Simulator::v3io().login("ann", "secret")).await;
    let open = |password: &str| {
        let attributes = json!({"username": "ann", "password": password, "plane": "control"});
        client
            .bare(Method::POST, "/api/sessions")
            .json(&json!({"data": {"type": "session", "attributes": attributes}}))
    };
    assert_eq!(status(open("wrong")).await, 401);
    let opened = open("secret").send().await.expect("an answer");
    assert_eq!(opened.status(), 201);
    let cookie = opened.headers()["set-cookie"]
        .to_str()
        .expect("text")
        .split(';')
        .next()
        .expect("a value")
        .to_owned();
    let ask =
        |cookie: &str| client.bare(Method::GET, "/api/self").header("Cookie", cookie.to_owned());
    let (code, body) = answer(ask(&cookie)).await;
    assert_eq!((code, &body["data"]["type"]), (200, &json!("user")));
    let key = "session=j%3A%7B%22sid%22%3A%20%22an-access-key%22%7D";
    assert_eq!([status(ask(key)).await, status(ask("session=")).await], [200, 401]);
    let (code, body) = answer(client.bare(Method::GET, "/api/self")).await;
    assert_eq!((code, &body["errors"][0]["status"]), (401, &json!(401)));
}

#[tokio::test]
async fn users_come_and_go() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    let attributes = json!({"username": "bo", "password": "p", "email": "bo@example.test"});
    let created = send(&client, Method::POST, "/api/users", "user", attributes.clone()).await;
    assert_eq!((created.0, &created.1["data"]["attributes"]["email"]), (201, &attributes["email"]));
    assert!(created.1["data"]["attributes"].get("password").is_none());
    assert_eq!(send(&client, Method::POST, "/api/users", "user", attributes.clone()).await.0, 409);
    assert_eq!(send(&client, Method::POST, "/api/users", "other", attributes).await.0, 400);
    let login = || client.bare(Method::GET, "/users").basic_auth("bo", Some("p"));
    assert_eq!(status(login()).await, 200);
    let path = format!("/api/users/{}", id(&created));
    assert_eq!([client.delete(&path).await, client.delete(&path).await], [204, 404]);
    assert_eq!(status(login()).await, 401);
}

#[tokio::test]
async fn containers_show_on_the_data_plane() {
    let (_simulator, client) = with(Simulator::v3io()).await;
    let create = async |name: &str| {
        send(&client, Method::POST, "/api/containers", "container", json!({"name": name})).await
    };
    let created = create("mine").await;
    assert_eq!((created.0, &created.1["data"]["id"]), (201, &json!(1029)));
    assert_eq!(
        [create("mine").await.0, create("No").await.0, create("api").await.0],
        [409, 400, 400]
    );
    let (_, list) = answer(client.request(Method::GET, "/api/containers")).await;
    assert_eq!(list["data"].as_array().map(Vec::len), Some(4));
    assert_eq!(client.put("/mine/o", "x").await, 200);
    assert_eq!(client.delete("/api/containers/1029").await, 409);
    client.delete("/mine/o").await;
    assert_eq!(client.delete("/api/containers/1029").await, 204);
    assert_eq!(client.get("/mine").await.status(), 404);
}

#[tokio::test]
async fn access_keys_open_the_data_plane_until_they_are_deleted() {
    let (_simulator, client) = with(Simulator::v3io().access_key("a-key")).await;
    let wanted = json!({"label": "mine", "plane": "data"});
    let path = "/api/self/get_or_create_access_key";
    let created = send(&client, Method::POST, path, "access_key", wanted.clone()).await;
    let again = send(&client, Method::POST, path, "access_key", wanted).await;
    assert_eq!((created.0, again.0, id(&created)), (201, 200, id(&again)));
    let ask = || client.bare(Method::GET, "/users").header("X-v3io-session-key", id(&created));
    assert_eq!(status(ask()).await, 200);
    assert_eq!(client.delete(&format!("/api/access_keys/{}", id(&created))).await, 204);
    assert_eq!(status(ask()).await, 401);
}

#[tokio::test]
async fn jobs_advance_by_the_clock() {
    for (fails, end) in [(false, "completed"), (true, "failed")] {
        let (_simulator, client) =
            with(Simulator::v3io().pace(Duration::from_millis(30)).failing_jobs(fails)).await;
        let started =
            answer(client.request(Method::POST, "/api/configurations/cluster/reloads")).await;
        assert_eq!(started.0, 202);
        let path = format!("/api/jobs/{}", id(&started));
        let (mut seen, limit) = (vec![json!("created")], Instant::now() + Duration::from_secs(5));
        while seen.last().is_some_and(|state| state != end) {
            let (_, job) = answer(client.request(Method::GET, &path)).await;
            let state = job["data"]["attributes"]["state"].clone();
            if seen.last() != Some(&state) {
                seen.push(state);
            }
            assert!(Instant::now() < limit, "{seen:?}");
        }
        assert_eq!(seen, ["created", "dispatched", "in_progress", end]);
    }
}

#[tokio::test]
async fn the_rest_of_the_control_plane_answers() {
    let (simulator, client) = with(Simulator::v3io()).await;
    let info = json!({"endpoints": {"app_services": []}});
    let updated =
        send(&client, Method::PUT, "/api/cluster_info/1", "cluster_info", info.clone()).await;
    assert_eq!((updated.0, &updated.1["data"]["attributes"]), (200, &info));
    assert_eq!(
        send(&client, Method::POST, "/api/manual_events", "event", json!({"kind": "x"})).await.0,
        201
    );
    let change = json!({"state": "ready"});
    let job =
        send(&client, Method::PUT, "/api/app_services_manifests", "app_services_manifest", change)
            .await;
    assert_eq!((job.0, &job.1["data"]["type"]), (202, &json!("job")));
    let (_, manifests) = answer(client.request(Method::GET, "/api/app_services_manifests")).await;
    assert_eq!(manifests["data"][0]["attributes"]["state"], "ready");
    simulator.fault(Fault::status(503).on("GET", "/api/self"));
    for (method, path, expected) in [
        (Method::GET, "/api/self", 503),
        (Method::GET, "/api/jobs/none", 404),
        (Method::GET, "/api/none", 404),
        (Method::GET, "/api/users", 405),
        (Method::POST, "/api/configurations/none/reloads", 404),
    ] {
        let (code, body) = answer(client.request(method, path)).await;
        assert!(code == expected && body["errors"][0]["detail"].is_string(), "{path}: {body}");
    }
}
