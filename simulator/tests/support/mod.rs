//! What the tests share: a plain client and raw sockets.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod v3io;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use longhaul_simulator::rescale::{API_KEY, Rescale};
use longhaul_simulator::{Handle, Simulator};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// A simulated Rescale with a fast clock.
pub(crate) fn fast() -> Simulator<Rescale> {
    Simulator::rescale().pace(Duration::from_millis(10))
}

/// A plain client that follows no redirect.
pub(crate) fn http_client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.no_proxy().build().expect("a client")
}

/// A client with the default credential that follows no redirect.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    pub(crate) fn new(simulator: &Handle) -> Self {
        Self { http: http_client(), base: simulator.url() }
    }

    /// A request with the credential.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.http.request(method, url).header("Authorization", format!("Token {API_KEY}"))
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.expect("an answer")
    }

    pub(crate) async fn get_json(&self, path: &str) -> Value {
        self.get(path).await.json().await.expect("JSON")
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.expect("an answer")
    }

    /// Creates and submits a job with this command; its id.
    pub(crate) async fn start(&self, command: &str) -> String {
        let created: Value =
            self.post("/api/v2/jobs/", &job(command)).await.json().await.expect("a job");
        let id = created["id"].as_str().expect("an id").to_owned();
        let submitted = self.post(&format!("/api/v2/jobs/{id}/submit/"), &json!({})).await;
        assert_eq!(submitted.status(), 200);
        id
    }

    /// The names and reasons of the history, oldest first.
    pub(crate) async fn history(&self, job: &str) -> Vec<(String, Value)> {
        let page = self.get_json(&format!("/api/v2/jobs/{job}/statuses/?page_size=100")).await;
        let entry = |s: &Value| {
            (s["status"].as_str().unwrap_or_default().to_owned(), s["statusReason"].clone())
        };
        page["results"].as_array().expect("entries").iter().rev().map(entry).collect()
    }

    /// Waits until the history ends with this status.
    pub(crate) async fn reaches(&self, job: &str, status: &str) -> Vec<(String, Value)> {
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            let history = self.history(job).await;
            if history.last().is_some_and(|(name, _)| name == status) {
                return history;
            }
            assert!(Instant::now() < end, "{status} not reached: {history:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// The smallest definition of a job.
pub(crate) fn job(command: &str) -> Value {
    json!({"name": "a job", "jobanalyses": [{
        "analysis": {"code": "user_included", "version": "0"}, "command": command,
        "hardware": {"coreType": "emerald", "coresPerSlot": 1},
    }]})
}

/// What came over a raw connection and how it ended.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) ending: Ending,
    pub(crate) time: Duration,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Closed,
    Reset,
    Silent,
}

impl Raw {
    /// The body, after the empty line.
    pub(crate) fn body(&self) -> &[u8] {
        let head = self.text.find("\r\n\r\n").expect("a whole head") + 4;
        &self.bytes[head..]
    }
}

/// Sends a GET over a connection of its own and reads until it ends or is silent for half a second.
pub(crate) fn raw_get(simulator: &Handle, path: &str, headers: &str) -> Raw {
    raw(
        simulator,
        &format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Token {API_KEY}\r\n{headers}\r\n"
        ),
    )
}

/// Sends text and reads until the connection ends or is silent for half a second.
pub(crate) fn raw(simulator: &Handle, request: &str) -> Raw {
    let start = Instant::now();
    let mut stream = TcpStream::connect(("127.0.0.1", simulator.port())).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_millis(500))).expect("a timeout");
    stream.write_all(request.as_bytes()).expect("sent");
    let (mut bytes, mut buffer) = (Vec::new(), [0; 65_536]);
    let ending = loop {
        match stream.read(&mut buffer) {
            Ok(0) => break Ending::Closed,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break Ending::Reset,
            Err(_) => break Ending::Silent,
        }
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Raw { text, bytes, ending, time: start.elapsed() }
}
