//! What the tests share: a plain client with the token of the workspace.

use std::time::{Duration, Instant};

use longhaul_simulator::bodo::{Bodo, KEYS, ORGANIZATION_KEYS, WORKSPACE};
use longhaul_simulator::{Handle, Simulator};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// A simulated Bodo with a fast clock, and minutes of 100 ms.
pub(crate) fn bodo() -> Simulator<Bodo> {
    Simulator::bodo().pace(Duration::from_millis(2)).minute(Duration::from_millis(100))
}

/// A simulated Bodo in which nothing goes on by itself.
pub(crate) fn frozen() -> Simulator<Bodo> {
    Simulator::bodo().pace(Duration::from_secs(3600))
}

/// Starts it and logs in.
pub(crate) async fn start(simulator: Simulator<Bodo>) -> (Handle, Client) {
    let running = simulator.start().await.expect("started");
    let client = Client::login(&running, KEYS).await;
    (running, client)
}

/// Status and body of an answer; a body that is no JSON becomes text.
pub(crate) type Answer = (u16, Value);

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response: Response = request.send().await.expect("an answer");
    let (status, text) = (response.status(), response.text().await.expect("a body"));
    (status.as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) token: String,
}

impl Client {
    /// Without a token.
    pub(crate) fn bare(simulator: &Handle) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { http, base: simulator.url(), token: String::new() }
    }

    pub(crate) async fn login(simulator: &Handle, keys: (&str, &str)) -> Self {
        let mut client = Self::bare(simulator);
        let (status, granted) = client.exchange("v2", keys).await;
        assert_eq!(status, 200, "{granted}");
        granted["access_token"].as_str().expect("a token").clone_into(&mut client.token);
        client
    }

    pub(crate) async fn organization(simulator: &Handle) -> Self {
        Self::login(simulator, ORGANIZATION_KEYS).await
    }

    pub(crate) async fn exchange(&self, version: &str, (id, secret): (&str, &str)) -> Answer {
        let url = format!("{}/identity/resources/auth/{version}/api-token", self.base);
        answer(self.http.post(url).json(&json!({"clientId": id, "secret": secret}))).await
    }

    /// A request below `/api/` with the token.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/{path}", self.base)).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::PATCH, path).json(&body)).await
    }

    /// A read that has to succeed.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// A creation that has to succeed.
    pub(crate) async fn made(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.post(path, body).await;
        assert_eq!(status, 201, "{path}: {body}");
        body
    }

    /// Reads until the status is this one; all different statuses that were seen.
    pub(crate) async fn reaches(&self, path: &str, wanted: &str) -> Vec<String> {
        let (mut seen, end) = (Vec::<String>::new(), Instant::now() + Duration::from_secs(5));
        loop {
            let read = self.read(path).await;
            let status = read["status"].as_str().expect("a status");
            if seen.last().map(String::as_str) != Some(status) {
                seen.push(status.to_owned());
            }
            if status == wanted {
                return seen;
            }
            assert!(Instant::now() < end, "{path} is not {wanted}: {seen:?} {}", read["reason"]);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// The same, with all that is seen on this way and in its order.
    pub(crate) async fn goes(&self, path: &str, way: &[&str]) {
        let seen = self.reaches(path, way[way.len() - 1]).await;
        let mut rest = way.iter();
        let in_order = seen.iter().all(|status| rest.any(|step| step == status));
        assert!(in_order, "{seen:?} is not on the way {way:?}");
    }

    /// Makes a cluster and waits until it runs; its path.
    pub(crate) async fn running(&self, name: &str) -> String {
        let path = path_of("clusters", &self.made("v1/clusters", cluster(name)).await);
        self.reaches(&path, "RUNNING").await;
        path
    }

    /// Submits a job run that has to be taken; its path.
    pub(crate) async fn submit(&self, body: Value) -> String {
        path_of("jobs", &self.made("v1/jobs", body).await)
    }

    /// Submits a job run and waits for its end; what it is then.
    pub(crate) async fn run(&self, body: Value, end: &str) -> Value {
        let path = self.submit(body).await;
        self.reaches(&path, end).await;
        self.read(&path).await
    }

    /// Uploads a file of the workspace.
    pub(crate) async fn upload(&self, path: &str, text: &str) {
        let query = format!("v1/workspaces/{WORKSPACE}/upload-pre-signed-url?objectKey={path}");
        let (status, url) = self.get(&query).await;
        let url = url.as_str().expect("a link");
        assert_eq!((status, url.starts_with("http")), (200, true));
        assert_eq!(answer(self.http.put(url).body(text.to_owned())).await.0, 200);
    }

    /// What a job run printed: standard output and standard error.
    pub(crate) async fn printed(&self, job: &Value) -> (String, String) {
        let id = job["uuid"].as_str().expect("an id");
        let links = self.read(&format!("v1/jobs/{id}/logs?forceRefresh=true")).await;
        (self.fetched(&links["stdoutUrl"]).await, self.fetched(&links["stderrUrl"]).await)
    }

    /// The text behind a link.
    pub(crate) async fn fetched(&self, url: &Value) -> String {
        let response =
            self.http.get(url.as_str().expect("a link")).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        response.text().await.expect("text")
    }
}

/// The path of something that was made.
pub(crate) fn path_of(what: &str, made: &Value) -> String {
    format!("v1/{what}/{}", made["uuid"].as_str().expect("an id"))
}

/// The id at the end of a path.
pub(crate) fn id_of(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// What a request for a small cluster says.
pub(crate) fn cluster(name: &str) -> Value {
    json!({"name": name, "instanceType": "c5.large", "workersQuantity": 1})
}

/// A query on a cluster.
pub(crate) fn query(cluster: &str, sql: &str) -> Value {
    json!({"clusterUUID": id_of(cluster), "jobConfig": {
        "type": "SQL", "sqlQueryText": sql, "catalog": "C", "storeResult": true,
    }})
}

/// A file of the workspace on a cluster.
pub(crate) fn script(cluster: &str, file: &str) -> Value {
    json!({"clusterUUID": id_of(cluster), "jobConfig": {
        "type": "PYTHON", "sourceLocation": file,
        "source": {"type": "WORKSPACE", "sourceDef": {"type": "WORKSPACE", "path": "/"}},
    }})
}
