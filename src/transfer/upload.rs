//! Uploads: a streamed body with a known length, made anew for every attempt.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::timeout;

use super::content::{Content, Outgoing};
use super::form::Form;
use super::meter::Meter;
use crate::error::{Error, ErrorKind, Result};
use crate::progress::{Event, Listener};
use crate::transport::backoff::Backoff;

/// How often an upload is sent at most, unless told otherwise.
const ATTEMPTS: u32 = 4;

/// A server that asks for a longer pause than this is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// How long the connection may take no byte, and how long the answer may take after the last one.
const STALL: Duration = Duration::from_secs(60);
const ANSWER: Duration = Duration::from_secs(300);

/// An upload of a form or of a plain body, sent by [`Upload::send`].
#[must_use = "an upload does nothing until it is sent"]
pub struct Upload {
    parcel: Parcel,
    listener: Option<Listener>,
}

/// What is sent, attempt after attempt.
#[derive(Debug)]
struct Parcel {
    name: String,
    payload: Payload,
    attempts: u32,
    /// Whether sending it twice does the same as sending it once.
    repeatable: bool,
}

#[derive(Debug)]
enum Payload {
    Form(Form),
    Plain(Content),
}

impl Upload {
    /// Uploads a form. The name is what errors and events call it.
    pub fn form(name: impl Into<String>, form: Form) -> Self {
        Self::new(name.into(), Payload::Form(form))
    }

    /// Uploads bytes as they are. The name is what errors and events call them.
    pub fn plain(name: impl Into<String>, content: Content) -> Self {
        Self::new(name.into(), Payload::Plain(content))
    }

    fn new(name: String, payload: Payload) -> Self {
        let parcel = Parcel { name, payload, attempts: ATTEMPTS, repeatable: false };
        Self { parcel, listener: None }
    }

    /// How often to send it at most; 4 by default. 0 counts as 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.parcel.attempts = attempts.max(1);
        self
    }

    /// Says that the upload replaces what is there, so that it may be sent again whenever that can
    /// help, also when nobody knows what became of an attempt.
    pub fn repeatable(mut self) -> Self {
        self.parcel.repeatable = true;
        self
    }

    /// Tells how much was handed to the connection ([`Event::Bytes`]): at the start, at most every
    /// 100 ms, and at the end. An attempt that is repeated begins at 0 again.
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// How many bytes the body has.
    pub fn size(&self) -> u64 {
        self.parcel.size()
    }

    /// Sends it: `send` is called with a new body and its content type for every attempt.
    ///
    /// An attempt is repeated only when nothing can have happened, because the connection never
    /// opened or the server said 429, and once after a 401; a [`repeatable`](Upload::repeatable)
    /// one after any failure that may pass.
    ///
    /// # Errors
    /// What the last attempt ended with. If the file may exist on the platform all the same, the
    /// error says so.
    pub async fn send<T, F>(self, send: impl Fn(reqwest::Body, String) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let Self { parcel, mut listener } = self;
        let meter = Arc::new(Meter::default());
        let work = parcel.attempt_until_done(send, &meter);
        meter.watch(parcel.name.as_str().into(), &mut listener, work).await
    }
}

impl Parcel {
    fn size(&self) -> u64 {
        match &self.payload {
            Payload::Form(form) => form.size(),
            Payload::Plain(content) => content.size(),
        }
    }

    async fn attempt_until_done<T, F>(
        &self,
        send: impl Fn(reqwest::Body, String) -> F,
        meter: &Arc<Meter>,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut backoff = Backoff::new();
        let mut unauthorized = false;
        let mut sent = 0;
        loop {
            sent += 1;
            meter.start(0, self.size());
            let fault = Arc::default();
            let body = self.body(meter, &fault);
            let attempt = send(body, self.content_type());
            let error = match self.unless_stalled(attempt, meter).await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            // What broke the body explains more than the broken connection.
            if let Some(cause) = taken(&fault) {
                return Err(cause.with_advice(format!("`{}` was not uploaded", self.name)));
            }
            let replay = error.status() == Some(401) && !std::mem::replace(&mut unauthorized, true);
            let untouched = error.kind() == ErrorKind::Connect || error.is_rate_limited();
            let repeat = untouched || self.repeatable && error.is_retryable();
            let asked = error.retry_after().unwrap_or_default();
            let hopeless = sent >= self.attempts || asked > LONGEST_PAUSE;
            if !replay && (!repeat || hopeless) {
                return Err(self.explained(error));
            }
            if !replay {
                tokio::time::sleep(backoff.next_wait().max(asked)).await;
            }
            tracing::debug!(name = self.name, %error, "uploading again");
        }
    }

    /// Ends an attempt in which nothing is taken, or nothing answered, for too long.
    async fn unless_stalled<T>(
        &self,
        attempt: impl Future<Output = Result<T>>,
        meter: &Meter,
    ) -> Result<T> {
        let mut attempt = std::pin::pin!(attempt);
        let mut seen = 0;
        loop {
            let patience = if seen < self.size() { STALL } else { ANSWER };
            if let Ok(outcome) = timeout(patience, &mut attempt).await {
                return outcome;
            }
            if meter.done() == seen {
                let seconds = patience.as_secs();
                let message = format!("the upload stalled: no progress for {seconds} s");
                return Err(Error::new(ErrorKind::Timeout, message));
            }
            seen = meter.done();
        }
    }

    fn body(&self, meter: &Arc<Meter>, fault: &Fault) -> reqwest::Body {
        let stream = match &self.payload {
            Payload::Form(form) => form.open(),
            Payload::Plain(content) => content.open(),
        };
        let (left, meter, fault) = (self.size(), Some(meter.clone()), fault.clone());
        reqwest::Body::wrap(SizedBody { stream, left, ended: false, meter, fault })
    }

    fn content_type(&self) -> String {
        match &self.payload {
            Payload::Form(form) => form.content_type(),
            Payload::Plain(_) => "application/octet-stream".to_owned(),
        }
    }

    fn explained(&self, error: Error) -> Error {
        let name = &self.name;
        if error.may_have_happened() {
            return error.with_advice(format!("`{name}` may exist on the platform all the same"));
        }
        error.with_advice(format!("`{name}` was not uploaded"))
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("parcel", &self.parcel).finish_non_exhaustive()
    }
}

impl Content {
    /// A request body of this content with its exact length.
    pub fn to_body(&self) -> reqwest::Body {
        let (stream, left) = (self.open(), self.size());
        reqwest::Body::wrap(SizedBody {
            stream,
            left,
            ended: false,
            meter: None,
            fault: Arc::default(),
        })
    }
}

/// Why a body broke, for whoever sees only a broken connection.
type Fault = Arc<Mutex<Option<Error>>>;

fn taken(fault: &Fault) -> Option<Error> {
    fault.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// A body that knows its length, so that it is sent with a Content-Length and not in chunks.
struct SizedBody {
    stream: Outgoing,
    left: u64,
    ended: bool,
    meter: Option<Arc<Meter>>,
    fault: Fault,
}

impl Body for SizedBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        match ready!(self.stream.as_mut().poll_next(cx)) {
            None => {
                self.ended = true;
                Poll::Ready(None)
            }
            Some(Ok(chunk)) => {
                let length = chunk.len() as u64;
                self.left = self.left.saturating_sub(length);
                self.ended = self.left == 0;
                if let Some(meter) = &self.meter {
                    meter.add(length);
                }
                Poll::Ready(Some(Ok(Frame::data(chunk))))
            }
            Some(Err(error)) => {
                let text = error.to_string();
                *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Poll::Ready(Some(Err(std::io::Error::other(text))))
            }
        }
    }

    /// Not before the first poll: a body that has ended already would be sent without any length.
    fn is_end_stream(&self) -> bool {
        self.ended
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
