//! The generated client with other options, for looks of waits, uploads and compressed
//! bodies.

use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderValue};

use crate::raw::spark::Client;
use crate::transport::encoding::Encoding;

/// For one look of a wait, which is itself the retry.
pub(super) fn single_attempt(raw: &Client, limit: Duration) -> Client {
    Client {
        baseurl: raw.baseurl.clone(),
        client: raw.client.clone(),
        inner: raw.inner.single_attempt(limit),
    }
}

/// For uploads, which may take long and watch their progress themselves.
pub(super) fn unhurried(raw: &Client) -> Client {
    Client {
        baseurl: raw.baseurl.clone(),
        client: raw.client.clone(),
        inner: raw.inner.unhurried(),
    }
}

/// For calls whose bodies are compressed on their way.
pub(super) fn encoded(raw: &Client, encoding: Option<Encoding>) -> Client {
    let Some(encoding) = encoding else { return raw.clone() };
    let name = HeaderValue::from_static(encoding.as_str());
    let inner = raw.inner.clone().with_header(CONTENT_ENCODING, name.clone());
    Client {
        baseurl: raw.baseurl.clone(),
        client: raw.client.clone(),
        inner: inner.with_header(ACCEPT_ENCODING, name),
    }
}
