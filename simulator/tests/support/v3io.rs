//! A plain client for a simulated V3IO.

use longhaul_simulator::Handle;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::http_client;

/// A client with an access key.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
}

/// A status and a JSON body; null for an empty one.
pub(crate) type Answer = (u16, Value);

impl Client {
    pub(crate) fn new(simulator: &Handle) -> Self {
        Self { http: http_client(), base: simulator.url() }
    }

    /// A request with the key.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header("X-v3io-session-key", "a-key")
    }

    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.expect("an answer")
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        self.get(path).await.text().await.expect("a body")
    }

    pub(crate) async fn put(&self, path: &str, body: impl Into<reqwest::Body>) -> u16 {
        status(self.request(Method::PUT, path).body(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> u16 {
        status(self.request(Method::DELETE, path)).await
    }

    /// Calls a function of the data plane.
    pub(crate) async fn call(&self, function: &str, path: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).header("X-v3io-function", function);
        answer(request.json(&body)).await
    }

    /// The attributes of an item.
    pub(crate) async fn item(&self, path: &str) -> Value {
        self.call("GetItem", path, json!({"AttributesToGet": "*"})).await.1["Item"].clone()
    }
}

pub(crate) async fn status(request: RequestBuilder) -> u16 {
    request.send().await.expect("an answer").status().as_u16()
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.bytes().await.expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or_default())
}
