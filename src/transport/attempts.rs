//! One call: its attempts, what lies between them, and the error when none succeeds.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, Request, Response, StatusCode, Url};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};

use super::auth::{Generation, Header, Signature, why_no_token};
use super::backoff::{Backoff, retry_after};
use super::call::IN_DOUBT;
use super::operation::{Operation, Repeat};
use super::wire::{self, Incoming};
use super::{Shared, Transport, answer, origin, redact};
use crate::error::{Error, ErrorKind, Result, retryable_status};

/// A chain of redirects longer than this goes nowhere.
const MOST_REDIRECTS: usize = 10;

/// The headers that may follow a redirect to another origin: those that say what is wanted, none
/// that says who wants it.
const MAY_TRAVEL: [reqwest::header::HeaderName; 4] = [
    reqwest::header::ACCEPT,
    reqwest::header::RANGE,
    reqwest::header::IF_MATCH,
    reqwest::header::IF_RANGE,
];

/// Sends a request as often as its operation and its options allow.
pub(crate) struct Call<'a> {
    transport: &'a Transport,
    http: &'a reqwest::Client,
    operation: &'static Operation,
    started: Instant,
    attempts: u32,
    /// A 401 was answered with a new token already.
    replayed: bool,
    /// An attempt ended without saying whether it took effect.
    in_doubt: bool,
    /// Made when it is first needed, which is seldom.
    backoff: Option<Backoff>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        transport: &'a Transport,
        http: &'a reqwest::Client,
        operation: &'static Operation,
    ) -> Self {
        Self {
            transport,
            http,
            operation,
            started: Instant::now(),
            attempts: 0,
            replayed: false,
            in_doubt: false,
            backoff: None,
        }
    }

    /// Makes the attempts. What most calls never come to is boxed, here and below, so that the
    /// future stays below a kilobyte, up to which allocation is fast.
    pub(crate) async fn run(&mut self, request: &mut Option<Request>) -> Result<Response> {
        let request_id = self.identify(request);
        let outcome = match self.attempt(request).await {
            Ok(response) => Ok(response),
            Err(failed) => Box::pin(self.go_on_after(failed, request)).await,
        };
        match outcome {
            Ok(response) => {
                self.note_head(&response, request_id);
                Ok(response)
            }
            Err(error) => Err(self.complete(error, request_id)),
        }
    }

    /// The id that all attempts of the call carry.
    fn identify(&self, request: &mut Option<Request>) -> Option<HeaderValue> {
        let headers = request.as_mut()?.headers_mut();
        Some(headers.entry(super::REQUEST_ID).or_insert_with(super::new_request_id).clone())
    }

    /// Repeats after failures, as long as it may.
    async fn go_on_after(
        &mut self,
        failed: Failed,
        request: &mut Option<Request>,
    ) -> Result<Response> {
        let mut failed = failed;
        loop {
            let Failed { error, generation } = failed;
            let replay = self.replay_with_new_token(&error, generation) && request.is_some();
            if !replay {
                if let Some(done) = self.already_gone(&error) {
                    return Ok(done);
                }
                self.heed(&error);
                self.in_doubt |= error.may_have_happened();
                if request.is_none() || !self.may_repeat(&error) {
                    return Err(error);
                }
                let Some(pause) = self.pause_after(&error) else { return Err(error) };
                tracing::debug!(attempt = self.attempts, %error, ?pause, "will try again");
                tokio::time::sleep(pause).await;
            }
            match self.attempt(request).await {
                Ok(response) => return Ok(response),
                Err(next) => failed = next,
            }
        }
    }

    /// One request and its answer. A small answer is read here, so that a truncated body is a
    /// failed attempt; a streamed one is handed on. A request that cannot be sent again is gone
    /// afterwards.
    async fn attempt(&mut self, request: &mut Option<Request>) -> Result<Response, Failed> {
        let shared = &self.transport.shared;
        if !shared.gates.try_pass(self.operation.scope) {
            Box::pin(shared.gates.pass(self.operation.scope, self.remaining())).await?;
        }
        let permit = match shared.connections.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => Box::pin(self.connection_slot()).await?,
        };
        let (header, generation) = match shared.credential.at_hand() {
            Some(signature) => signature,
            None => Box::pin(self.signature()).await?,
        };
        let limit = self.transport.options.attempt_timeout.min(self.remaining());
        if limit.is_zero() {
            return Err(unsent("its turn came when the deadline had passed").into());
        }
        shared.budget.deposit();
        self.attempts += 1;
        let failed = |error| Failed { error, generation: Some(generation) };
        let (url, sent) = self.send(request, &header).map_err(failed)?;
        // Pinned here, so that the timer does not move it about.
        let exchange = pin!(async {
            let response = sent.await.map_err(failed)?;
            let (response, signed) = match redirect_target(&url, &response).map_err(failed)? {
                None => (response, true),
                Some(target) => Box::pin(self.follow(request.as_ref(), target)).await?,
            };
            let received = answer::receive(response, url, self.operation, shared, permit).await;
            received.map_err(|error| if signed { failed(error) } else { error.into() })
        });
        match timeout(limit, exchange).await {
            Ok(outcome) => outcome,
            Err(_) => Err(self.timed_out(limit).into()),
        }
    }

    async fn connection_slot(&self) -> Result<OwnedSemaphorePermit> {
        let slots = self.transport.shared.connections.clone();
        match timeout(self.remaining(), slots.acquire_owned()).await {
            Ok(permit) => Ok(permit.expect("the semaphore is never closed")),
            Err(_) => Err(unsent("all connections stayed in use until the deadline")),
        }
    }

    /// The credential when it has to be fetched first.
    async fn signature(&self) -> Result<Signature> {
        match timeout(self.remaining(), self.transport.shared.credential.get()).await {
            Ok(signature) => signature,
            Err(_) => Err(unsent("the token provider gave no token before the deadline")),
        }
    }

    /// Sends the request and leaves a copy for the next attempt, or nothing when its body is a
    /// stream. The copy stays behind and not the original, which has room for further headers.
    fn send(
        &self,
        request: &mut Option<Request>,
        header: &Header,
    ) -> Result<(Url, impl Future<Output = Result<Incoming>> + use<>)> {
        let mut first = request.take().expect("there is one to send");
        header.set(first.headers_mut());
        *request = first.try_clone();
        if !origin::same(first.url(), &self.transport.shared.base) {
            let target = origin::name(first.url());
            return Err(Error::protocol(format!("refused to send a credential to {target}")));
        }
        let url = first.url().clone();
        Ok((url, self.transport.shared.wire.send(self.http, first)?))
    }

    /// The answer at the end of redirects, and whether the request for it carried the credential.
    async fn follow(&self, request: Option<&Request>, mut target: Url) -> Result<(Incoming, bool)> {
        let mut spare = request.filter(|request| follows(request)).and_then(Request::try_clone);
        let mut signed = true;
        for _ in 0..MOST_REDIRECTS {
            let Some(mut request) = spare else {
                let method = self.operation.method;
                return Err(Error::protocol(format!(
                    "the server redirected a {method} to {}, which is not followed",
                    redact::url(&target)
                )));
            };
            signed &= self.aim(&mut request, target)?;
            spare = request.try_clone();
            let url = request.url().clone();
            let response = wire::through_reqwest(self.http, request).await?;
            match redirect_target(&url, &response)? {
                None => return Ok((response, signed)),
                Some(next) => target = next,
            }
        }
        Err(Error::protocol(format!("more than {MOST_REDIRECTS} redirects")))
    }

    /// Points the request at the target of a redirect, leaving at home what must not travel.
    /// Whether the credential may.
    fn aim(&self, request: &mut Request, target: Url) -> Result<bool> {
        let shown = self.transport.shared.credential.hide(&redact::url(&target));
        if request.url().scheme() == "https" && target.scheme() != "https" {
            return Err(Error::protocol(format!("refused the redirect from https to {shown}")));
        }
        let at_home = origin::same(&target, &self.transport.shared.base);
        if !at_home {
            tracing::debug!(target = shown, "following a redirect without the credential");
            let headers = std::mem::take(request.headers_mut());
            *request.headers_mut() = travelling(headers);
        }
        *request.url_mut() = target;
        Ok(at_home)
    }

    /// Whether a rejection is to be answered by one more try with a newer token.
    fn replay_with_new_token(&mut self, error: &Error, generation: Option<Generation>) -> bool {
        let Shared { credential, platform, .. } = &*self.transport.shared;
        let Some(generation) = generation else { return false };
        let rejected = match error.status() {
            Some(401) => credential.reject(generation),
            Some(403) if platform.forbids_ended_tokens => credential.suspect(generation),
            _ => false,
        };
        let rejected = rejected && !self.replayed;
        self.replayed |= rejected;
        rejected
    }

    /// A repeated DELETE that finds nothing has done its work, if an earlier attempt may have.
    fn already_gone(&self, error: &Error) -> Option<Response> {
        let gone = self.operation.method == "DELETE" && self.in_doubt && error.is_not_found();
        gone.then(|| answer::synthetic(StatusCode::NO_CONTENT))
    }

    fn may_repeat(&self, error: &Error) -> bool {
        if self.attempts >= self.transport.options.attempts {
            return false;
        }
        let safe = match self.operation.repeat {
            Repeat::Free | Repeat::Keyed => error.is_retryable(),
            Repeat::Once => error.kind() == ErrorKind::Connect || error.is_rate_limited(),
        };
        safe && self.transport.shared.budget.withdraw()
    }

    /// A server that asks for a pause gets it from the whole client, whether or not this call goes
    /// on.
    fn heed(&self, error: &Error) {
        if let Some(asked) = error.retry_after()
            && matches!(error.status(), Some(429 | 503))
        {
            self.transport.shared.gates.pause(self.operation.scope, asked);
        }
    }

    /// How long to wait before the next attempt; `None` when that would miss the deadline.
    fn pause_after(&mut self, error: &Error) -> Option<Duration> {
        let own = self.backoff.get_or_insert_with(Backoff::new).next_wait();
        let pause = error.retry_after().map_or(own, |asked| asked.max(own));
        (pause < self.remaining()).then_some(pause)
    }

    fn remaining(&self) -> Duration {
        self.transport.options.deadline.saturating_sub(self.started.elapsed())
    }

    fn timed_out(&self, limit: Duration) -> Error {
        let seconds = limit.as_secs_f64();
        Error::new(ErrorKind::Timeout, format!("no answer within {seconds:.3} s"))
    }

    /// Leaves what a decode error will need with the caller's [`call`](super::call::call).
    fn note_head(&self, response: &Response, request_id: Option<HeaderValue>) {
        super::call::note(super::call::Head {
            platform: self.transport.shared.platform.name,
            operation: self.operation.id,
            status: response.status().as_u16(),
            request_id: answer::request_id(response.headers()).cloned().or(request_id),
            credential: self.transport.shared.credential.clone(),
            attempts: self.attempts,
            started: self.started,
            once: self.operation.repeat == Repeat::Once,
        });
    }

    /// Adds to the last attempt's error what only the call knows.
    fn complete(&self, error: Error, request_id: Option<HeaderValue>) -> Error {
        if let Some(cause) = why_no_token(&error) {
            return cause.redacted(|text| self.transport.shared.credential.hide(text));
        }
        let sent = error.request_id().map(str::to_owned).or(answer::text(request_id.as_ref()));
        let in_doubt = self.in_doubt || error.may_have_happened();
        error
            .with_operation(self.transport.shared.platform.name, self.operation.id)
            .with_attempts(self.attempts, self.started.elapsed())
            .with_request_id(sent.filter(|_| self.attempts > 0))
            .with_doubt(in_doubt)
            .redacted(|text| self.transport.shared.credential.hide(text))
            .with_advice_if(self.operation.repeat == Repeat::Once && in_doubt, IN_DOUBT)
    }
}

/// The error of a call that ran out of time before its request could leave.
fn unsent(why: &str) -> Error {
    Error::new(ErrorKind::Timeout, format!("not sent, because {why}")).with_doubt(false)
}

/// A failed attempt, with the token that the failed request carried.
struct Failed {
    error: Error,
    generation: Option<Generation>,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, generation: None }
    }
}

fn follows(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

fn redirect_target(url: &Url, response: &Incoming) -> Result<Option<Url>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let target = location.and_then(|text| url.join(text).ok());
    match target.filter(|url| matches!(url.scheme(), "http" | "https")) {
        Some(target) => Ok(Some(target)),
        None => Err(Error::protocol("the server redirected without saying where to")),
    }
}

fn travelling(headers: HeaderMap) -> HeaderMap {
    let allowed = |name: &reqwest::header::HeaderName| MAY_TRAVEL.contains(name);
    let mut kept = HeaderMap::new();
    for (name, value) in &headers {
        if allowed(name) {
            kept.insert(name.clone(), value.clone());
        }
    }
    kept
}

/// The error of an answer with an error status.
pub(super) fn status_error(
    status: StatusCode,
    headers: &HeaderMap,
    explanation: super::Explanation,
    body: Option<String>,
) -> Error {
    let reason = status.canonical_reason().unwrap_or("unknown status");
    let mut message = format!("the server answered {} {reason}", status.as_u16());
    if let Some(text) = explanation.message.filter(|text| !text.is_empty()) {
        message = format!("{message}: {text}");
    }
    let asked = retry_after(headers).filter(|_| retryable_status(status.as_u16()));
    Error::new(ErrorKind::Status, message)
        .with_status(status.as_u16())
        .with_code(explanation.code)
        .with_request_id(answer::text(answer::request_id(headers)))
        .with_retry_after(asked)
        .with_body(body)
}
