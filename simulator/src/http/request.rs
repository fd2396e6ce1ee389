//! A request as the platforms see it.

use std::borrow::Cow;

use hyper::body::Incoming;
use hyper::header::{AsHeaderName, HOST, HeaderMap};
use hyper::{Method, Uri};

use super::inbound::Inbound;

/// One request; the body is read on demand.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Inbound,
    /// Whether it came in at the second port that stands for cloud storage.
    pub(crate) at_storage: bool,
}

impl Request {
    pub(crate) fn new(incoming: hyper::Request<Incoming>, record: bool, at_storage: bool) -> Self {
        let (head, body) = incoming.into_parts();
        let body = Inbound::new(body, record);
        Self { method: head.method, uri: head.uri, headers: head.headers, body, at_storage }
    }

    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    pub(crate) fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The first value of a query parameter, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        self.query_pairs().find_map(|(key, value)| (key == name).then_some(value))
    }

    pub(crate) fn query_pairs(&self) -> form_urlencoded::Parse<'_> {
        form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes())
    }

    /// The scheme and host that the client used, for absolute links.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.header(HOST).unwrap_or("127.0.0.1"))
    }
}
