//! What the tests share: a plain client and the paths of the default tenant.

use std::time::{Duration, Instant};

use longhaul_simulator::spark::{Model, Spark, TENANT, TOKEN};
use longhaul_simulator::{Handle, Simulator};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// A simulated Spark with an echo service `f/echo` and formulas at `f/tax`.
pub(crate) fn spark() -> Simulator<Spark> {
    let formulas = "total=price*(1+tax);net=price".parse::<Model>().expect("a model");
    Simulator::spark()
        .pace(Duration::from_millis(5))
        .service("f/echo", Model::echo())
        .service("f/tax", formulas)
}

/// A client with the default token.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    pub(crate) fn new(simulator: &Handle) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { http, base: simulator.url() }
    }

    /// A request without a credential.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let url =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.http.request(method, url)
    }

    /// A request with the credential and the tenant.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(TOKEN).header("x-tenant-name", TENANT)
    }

    /// The answer to a request below the default tenant, or below `/` for paths that begin so.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let path = match path.starts_with('/') {
            true => path.to_owned(),
            false => format!("/{TENANT}/api/{path}"),
        };
        let request = self.request(method, &path);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        answer(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call("GET", path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.call("POST", path, Some(&body)).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    pub(crate) async fn batch(&self, service: &str, more: Value) -> String {
        let mut body = more;
        body["service"] = service.into();
        let made = self.post("v4/batch", body).await;
        made["id"].as_str().expect("an id").to_owned()
    }

    pub(crate) async fn push(&self, batch: &str, chunks: Value) -> (StatusCode, Value) {
        let path = format!("v4/batch/{batch}/chunks");
        self.call("POST", &path, Some(&json!({"chunks": chunks}))).await
    }

    pub(crate) async fn pull(&self, batch: &str, query: &str) -> Value {
        self.get(&format!("v4/batch/{batch}/chunkresults{query}")).await
    }

    pub(crate) async fn status(&self, batch: &str) -> Value {
        self.get(&format!("v4/batch/{batch}/status")).await
    }

    pub(crate) async fn patch(&self, batch: &str, status: &str) -> (StatusCode, Value) {
        let body = json!({"batch_status": status});
        self.call("PATCH", &format!("v4/batch/{batch}"), Some(&body)).await
    }

    /// Waits until the value at this pointer of the status is this.
    pub(crate) async fn reaches(&self, batch: &str, field: &str, value: Value) -> Value {
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            let status = self.status(batch).await;
            if status[field] == value {
                return status;
            }
            assert!(Instant::now() < end, "{field} is not {value}: {status}");
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    }

    /// Asks until the answer is as wanted.
    pub(crate) async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            let answer = self.get(path).await;
            if wanted(&answer) {
                return answer;
            }
            assert!(Instant::now() < end, "{path}: {answer}");
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    }
}

/// Status and body of an answer; a body that is no JSON becomes text.
pub(crate) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response: Response = request.send().await.expect("an answer");
    let (status, text) = (response.status(), response.text().await.expect("a body"));
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// A chunk of records.
pub(crate) fn chunk(id: &str, inputs: Value) -> Value {
    json!({"id": id, "data": {"inputs": inputs}})
}
