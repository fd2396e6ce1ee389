//! Request limits per scope, off unless they are asked for.

use std::sync::{Mutex, PoisonError};

use hyper::header::{HeaderName, RETRY_AFTER};
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::time::Instant;

use crate::http::{Reply, Request};

/// A limit of one scope.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    pub(super) scope: String,
    pub(super) per_second: f64,
    pub(super) burst: u32,
}

impl Limit {
    /// The limits that Rescale's own client documents, with the bursts that it allows itself.
    pub(super) fn published() -> Vec<Self> {
        let limit = |scope: &str, per_hour: f64, burst| Self {
            scope: scope.to_owned(),
            per_second: per_hour / 3600.0,
            burst,
        };
        vec![
            limit("user", 7200.0, 150),
            limit("job-submission", 1000.0, 50),
            limit("jobs-usage", 90_000.0, 300),
        ]
    }
}

/// The limits in force and what is left of them.
#[derive(Debug)]
pub(super) struct Limits(Vec<Bucket>);

#[derive(Debug)]
struct Bucket {
    limit: Limit,
    level: Mutex<(f64, Instant)>,
}

impl Limits {
    pub(super) fn new(limits: Vec<Limit>) -> Self {
        let bucket = |limit: Limit| Bucket {
            level: Mutex::new((f64::from(limit.burst), Instant::now())),
            limit,
        };
        Self(limits.into_iter().map(bucket).collect())
    }

    /// The 429 for a request that is over its limit.
    pub(super) fn refusal(&self, request: &Request) -> Option<Reply> {
        let scope = scope(request);
        let bucket = self.0.iter().find(|bucket| bucket.limit.scope == scope)?;
        let wait = bucket.take()?;
        let body = json!({"detail": format!("Request was throttled. Expected available in {wait} seconds.")});
        let reply =
            Reply::json(StatusCode::TOO_MANY_REQUESTS, &body).with(RETRY_AFTER, wait.to_string());
        let reply = reply
            .with(HeaderName::from_static("x-ratelimit-limit"), bucket.limit.burst.to_string());
        Some(reply.with(HeaderName::from_static("x-ratelimit-remaining"), "0"))
    }
}

impl Bucket {
    /// Takes one request; the seconds to wait when there is none left.
    fn take(&self) -> Option<u64> {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, since) = *level;
        let refilled = left + since.elapsed().as_secs_f64() * self.limit.per_second;
        let refilled = refilled.min(f64::from(self.limit.burst));
        let missing = (1.0 - refilled).max(0.0);
        *level = (if missing > 0.0 { refilled } else { refilled - 1.0 }, Instant::now());
        (missing > 0.0).then(|| ((missing / self.limit.per_second).ceil() as u64).max(1))
    }
}

fn scope(request: &Request) -> &'static str {
    let path = request.path();
    let submits = request.method == Method::POST && path.ends_with("/submit/");
    match path.strip_prefix("/api/v2/jobs/") {
        _ if submits => "job-submission",
        Some(_) => "jobs-usage",
        None => "user",
    }
}
