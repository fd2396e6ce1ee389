//! What the tests share: a plain client with the default API key.

use std::time::{Duration, Instant};

use longhaul_simulator::denvr::{API_KEY, Denvr};
use longhaul_simulator::{Handle, Simulator};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// The hardware of most tests, under its two names.
pub(crate) const CONFIGURATION: &str = "A100_40GB_PCIe_1x";
pub(crate) const PACKAGE: &str = "g-nvidia-1xa100-40gb-pcie-14vcpu-112gb";

/// A simulated Denvr Cloud with a fast clock.
pub(crate) fn denvr() -> Simulator<Denvr> {
    Simulator::denvr().pace(Duration::from_millis(15))
}

/// A simulated Denvr Cloud in which nothing goes on by itself.
pub(crate) fn frozen() -> Simulator<Denvr> {
    Simulator::denvr().pace(Duration::from_secs(3600))
}

/// Starts it and makes a client.
pub(crate) async fn start(simulator: Simulator<Denvr>) -> (Handle, Client) {
    let running = simulator.start().await.expect("started");
    let client = Client::new(&running);
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
        self.http.request(method, format!("{}/api/{path}", self.base))
    }

    /// A request below `/api/v1/` with the API key.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.bare(method, &format!("v1/{path}"));
        request.header("Authorization", format!("ApiKey {API_KEY}"))
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

    /// The result of a read that has to succeed.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!((status, &body["success"]), (200, &json!(true)), "{path}: {body}");
        body["result"].clone()
    }

    /// The ids of a list.
    pub(crate) async fn ids(&self, path: &str) -> Vec<Value> {
        let list = self.read(path).await;
        list["items"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect()
    }

    /// The result of a command that has to be accepted.
    pub(crate) async fn accepted(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.post(path, body).await;
        assert_eq!((status, &body["success"]), (202, &json!(true)), "{path}: {body}");
        body["result"].clone()
    }

    /// Reads until the value at the pointer is this one; all different values that were seen.
    pub(crate) async fn reaches(&self, path: &str, pointer: &str, wanted: Value) -> Vec<Value> {
        let (mut seen, end) = (Vec::new(), Instant::now() + Duration::from_secs(5));
        loop {
            let read = self.read(path).await;
            let value = read.pointer(pointer).expect("a value").clone();
            if seen.last() != Some(&value) {
                seen.push(value);
            }
            if seen.last() == Some(&wanted) {
                return seen;
            }
            assert!(Instant::now() < end, "{pointer} of {path} is not {wanted}: {seen:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The same, with all that is seen on this way and in its order.
    pub(crate) async fn goes(&self, path: &str, pointer: &str, way: &[Value]) {
        let seen = self.reaches(path, pointer, way[way.len() - 1].clone()).await;
        let mut rest = way.iter();
        let in_order = seen.iter().all(|value| rest.any(|step| step == value));
        assert!(in_order, "{seen:?} is not on the way {way:?}");
    }

    /// Reads until there is nothing any more.
    pub(crate) async fn vanishes(&self, path: &str) {
        let end = Instant::now() + Duration::from_secs(5);
        while self.get(path).await.0 != 404 {
            assert!(Instant::now() < end, "{path} is still there");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// A server of this name in `Hou1`.
pub(crate) fn server(name: &str) -> Value {
    json!({
        "name": name, "vpc": "denvr", "configuration": CONFIGURATION, "cluster": "Hou1",
        "ssh_keys": [], "rpool": "on-demand",
    })
}

/// The path of its details.
pub(crate) fn server_path(name: &str) -> String {
    format!("servers/virtual/GetServer?Id={name}&Namespace=denvr&Cluster=Hou1")
}

/// What a command to it says.
pub(crate) fn server_ref(name: &str) -> Value {
    json!({"id": name, "namespace": "denvr", "cluster": "Hou1"})
}
