//! A file behind a plain link.

use std::fmt;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use reqwest::Response;
#[cfg(feature = "bodo")]
use reqwest::header::HeaderMap;
use reqwest::header::{ACCEPT_ENCODING, IF_MATCH, RANGE};
use tokio::time::timeout;

use super::source::{Body, Incoming, Source, Wanted};
use crate::error::{Error, ErrorKind, Result};
use crate::transport::backoff::retry_after;

/// A file behind a plain link, such as one that a platform has signed for a while.
///
/// It is asked for without any credential. The link itself may be one: it never shows in an error
/// or in `Debug`.
#[derive(Clone)]
pub struct Link {
    client: reqwest::Client,
    url: reqwest::Url,
    stall: Duration,
}

impl Link {
    /// A file at an address, fetched with the given client and its settings.
    pub fn new(client: reqwest::Client, url: reqwest::Url) -> Self {
        Self { client, url, stall: Duration::from_secs(30) }
    }

    /// How long the server may be silent before a request counts as failed; 30 s by default.
    #[must_use]
    pub fn stall_timeout(mut self, limit: Duration) -> Self {
        self.stall = limit;
        self
    }

    fn request(&self, wanted: &Wanted) -> reqwest::RequestBuilder {
        let mut request = self.client.get(self.url.clone());
        request = request.header(ACCEPT_ENCODING, "identity");
        if let Some(range) = wanted.range_header() {
            request = request.header(RANGE, range);
        }
        if let Some(etag) = &wanted.if_match {
            request = request.header(IF_MATCH, etag);
        }
        request
    }

    /// Puts a body where the link leads, in one attempt, and gives the headers of the answer.
    /// Whoever sends the body watches over its pace.
    #[cfg(feature = "bodo")]
    pub(crate) async fn put(&self, body: reqwest::Body, headers: HeaderMap) -> Result<HeaderMap> {
        let request = self.client.put(self.url.clone()).headers(headers).body(body);
        let response = request.send().await.map_err(|error| self.failed(&error))?;
        let response = refused(response)?;
        if !response.status().is_success() {
            let status = response.status();
            let message = format!("the server answered {status} to an upload, which is no success");
            return Err(Error::new(ErrorKind::Protocol, message).with_status(status.as_u16()));
        }
        Ok(response.headers().clone())
    }

    fn failed(&self, error: &reqwest::Error) -> Error {
        let host = self.url.host_str().unwrap_or("the server");
        if error.is_connect() {
            return Error::new(ErrorKind::Connect, format!("could not connect to {host}"));
        }
        if error.is_timeout() {
            return Error::new(ErrorKind::Timeout, format!("no answer from {host} in time"));
        }
        let message = format!("the connection to {host} broke before the answer came");
        Error::new(ErrorKind::Interrupted, message)
    }
}

impl Source for Link {
    async fn open(&self, wanted: Wanted) -> Result<Incoming> {
        let answer = timeout(self.stall, self.request(&wanted).send()).await;
        let answer = answer.map_err(|_| stalled(self.stall))?;
        let response = answer.map_err(|error| self.failed(&error))?;
        let incoming = Incoming::from(refused(response)?);
        let body = guarded(incoming.body, self.stall);
        Ok(Incoming { body, ..incoming })
    }
}

/// An answer, unless the server refuses.
fn refused(response: Response) -> Result<Response> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return Ok(response);
    }
    let message = format!("the server answered {status} to a link");
    Err(Error::new(ErrorKind::Status, message)
        .with_status(status.as_u16())
        .with_retry_after(retry_after(response.headers())))
}

/// Fails when nothing comes for too long while somebody waits for it.
fn guarded(body: Body, limit: Duration) -> Body {
    Box::pin(stream::unfold(Some(body), move |body| async move {
        let mut body = body?;
        match timeout(limit, body.next()).await {
            Ok(chunk) => Some((chunk?, Some(body))),
            Err(_) => Some((Err(stalled(limit)), None)),
        }
    }))
}

fn stalled(limit: Duration) -> Error {
    let seconds = limit.as_secs_f64();
    Error::new(ErrorKind::Timeout, format!("no byte came for {seconds} s"))
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}
