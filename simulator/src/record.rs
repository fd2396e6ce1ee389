//! What was asked of a simulator, kept within bounds.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use hyper::{HeaderMap, Method, Uri};

/// How many requests are kept; older ones are forgotten.
const KEPT: usize = 10_000;

/// One request, as it arrived, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query as sent, without the question mark; empty when there is none.
    pub query: String,
    /// All headers in their order, with lower-case names.
    pub headers: Vec<(String, String)>,
    /// The first 64 KiB of the body, as far as it was read.
    pub body: Vec<u8>,
    /// How many bytes of the body were read.
    pub body_length: u64,
    /// The status that was answered; `None` when the connection ended without an answer.
    pub status: Option<u16>,
    /// Whether the request took effect: the platform answered with success, even if that answer
    /// never arrived.
    pub applied: bool,
    /// When the request arrived.
    pub time: SystemTime,
}

impl Recorded {
    /// The first header with this name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The first value of a query parameter, decoded.
    pub fn query_value(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    }

    /// The recorded body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The recorded body as JSON; null when it is something else.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// A request as the server holds it, turned into a [`Recorded`] only when somebody looks.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) body_length: u64,
    pub(crate) status: Option<u16>,
    pub(crate) applied: bool,
    pub(crate) time: SystemTime,
}

/// The requests of one simulator.
#[derive(Debug)]
pub(crate) struct Record {
    on: bool,
    count: AtomicU64,
    entries: Mutex<VecDeque<Entry>>,
}

impl Record {
    pub(crate) fn new(on: bool) -> Self {
        Self { on, count: AtomicU64::new(0), entries: Mutex::default() }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.on
    }

    pub(crate) fn add(&self, entry: impl FnOnce() -> Entry) {
        self.count.fetch_add(1, Ordering::Relaxed);
        if !self.on {
            return;
        }
        let mut entries = self.lock();
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry());
    }

    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    pub(crate) fn all(&self) -> Vec<Recorded> {
        self.lock().iter().map(Recorded::from).collect()
    }

    pub(crate) fn clear(&self) {
        self.count.store(0, Ordering::Relaxed);
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<&Entry> for Recorded {
    fn from(entry: &Entry) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            method: entry.method.to_string(),
            path: entry.uri.path().to_owned(),
            query: entry.uri.query().unwrap_or_default().to_owned(),
            headers: entry
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
                .collect(),
            body: entry.body.to_vec(),
            body_length: entry.body_length,
            status: entry.status,
            applied: entry.applied,
            time: entry.time,
        }
    }
}
