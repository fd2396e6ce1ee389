//! The one error of the crate: opaque, boxed, with a kind, facts and a sentence to act on.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// What every fallible call of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, for code that wants to react.
///
/// New kinds may be added in a minor release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A credential, a profile or a setting is missing or malformed. Nothing was sent.
    Config,
    /// An argument was refused before a request was sent.
    InvalidInput,
    /// The server was never reached. Nothing happened there.
    Connect,
    /// No answer came in time. The request may have been handled.
    Timeout,
    /// The connection broke after the request had been sent. It may have been handled.
    Interrupted,
    /// The server answered with an error status.
    Status,
    /// The answer could not be read as what the operation promises.
    Decode,
    /// The server broke a rule of the protocol that protects the caller: a foreign link, a
    /// repeated cursor, a wrong range, an answer without end.
    Protocol,
    /// The server said yes and did nothing.
    NoEffect,
    /// The remote work ended in failure, or in a state from which the awaited one cannot come.
    Failed,
    /// The received bytes are not the bytes that the server declared.
    Integrity,
    /// A local file or folder could not be used.
    Io,
}

/// Any failure of this crate.
///
/// `Display` is one complete sentence: what was tried, what happened, and where there is
/// something to do, what to do. It never holds a credential. [`Error::kind`] and the predicates
/// are for code; [`Error::body`] has the first 4 KiB of what the server said, redacted.
pub struct Error(Box<Facts>);

/// Everything known about a failure. Optional facts are those that the kind may lack.
#[derive(Default)]
struct Facts {
    kind: Option<ErrorKind>,
    message: String,
    platform: Option<&'static str>,
    operation: Option<&'static str>,
    status: Option<u16>,
    code: Option<String>,
    request_id: Option<String>,
    attempts: u32,
    elapsed: Duration,
    retry_after: Option<Duration>,
    /// Whether the request may have been handled, where the kind does not tell.
    handled: Option<bool>,
    body: Option<String>,
    io: Option<std::io::Error>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Facts { kind: Some(kind), message: message.into(), ..Facts::default() }))
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    pub(crate) fn protocol(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Protocol, message)
    }

    /// `doing` completes "could not ...", for example `write out/a.part`.
    pub(crate) fn io(doing: impl fmt::Display, cause: std::io::Error) -> Self {
        let mut error = Self::new(ErrorKind::Io, format!("could not {doing}: {cause}"));
        error.0.io = Some(cause);
        error
    }

    /// A failure of code that the caller supplied, such as a token provider.
    ///
    /// Its text stays in `source()`, because it is not ours to redact.
    pub(crate) fn caused(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        let mut error = Self::new(kind, message);
        error.0.source = Some(source.into());
        error
    }

    pub(crate) fn with_operation(
        mut self,
        platform: &'static str,
        operation: &'static str,
    ) -> Self {
        self.0.platform.get_or_insert(platform);
        self.0.operation.get_or_insert(operation);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn with_request_id(mut self, id: Option<String>) -> Self {
        self.0.request_id = id;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.0.attempts = attempts;
        self.0.elapsed = elapsed;
        self
    }

    pub(crate) fn with_retry_after(mut self, delay: Option<Duration>) -> Self {
        self.0.retry_after = delay;
        self
    }

    /// Says whether the request may have been handled, where the kind does not tell.
    pub(crate) fn with_doubt(mut self, may_have_happened: bool) -> Self {
        self.0.handled = Some(may_have_happened);
        self
    }

    /// Takes a credential out of everything that can be shown.
    pub(crate) fn redacted(mut self, hide: impl Fn(&str) -> String) -> Self {
        self.0.message = hide(&self.0.message);
        for text in [&mut self.0.code, &mut self.0.request_id, &mut self.0.body] {
            *text = text.as_deref().map(&hide);
        }
        self
    }

    pub(crate) fn with_body(mut self, body: Option<String>) -> Self {
        self.0.body = body;
        self
    }

    /// The same failure in other words.
    pub(crate) fn reworded(&self, message: impl Into<String>) -> Self {
        let facts = &self.0;
        Self(Box::new(Facts {
            kind: facts.kind,
            message: message.into(),
            platform: facts.platform,
            operation: facts.operation,
            status: facts.status,
            code: facts.code.clone(),
            request_id: facts.request_id.clone(),
            attempts: facts.attempts,
            elapsed: facts.elapsed,
            retry_after: facts.retry_after,
            handled: facts.handled,
            body: facts.body.clone(),
            io: None,
            source: None,
        }))
    }

    /// Adds what the caller can do, or what is left behind, as a further sentence part.
    pub(crate) fn with_advice(mut self, advice: impl fmt::Display) -> Self {
        let separator = if self.0.message.ends_with(['.', '!', '?']) { " " } else { "; " };
        self.0.message = format!("{}{separator}{advice}", self.0.message);
        self
    }

    pub(crate) fn with_advice_if(self, wanted: bool, advice: impl fmt::Display) -> Self {
        if wanted { self.with_advice(advice) } else { self }
    }

    /// What went wrong, for code that wants to react.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.expect("every constructor sets a kind")
    }

    /// What happened, without the operation and the counters that `Display` adds.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The platform that was called, in lower case.
    pub fn platform(&self) -> Option<&'static str> {
        self.0.platform
    }

    /// The operation that failed, by its name in [`raw`](crate::raw).
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The HTTP status of the last answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The platform's own error code, where it sends one.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The id to quote to the platform's support: the server's, or the one that was sent.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How many requests were sent for the call; 0 when none was.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call took, waits between attempts included.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// How long the server asked to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The first 4 KiB of the answer's body as text, with secrets replaced.
    pub fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// The operating system's error behind [`ErrorKind::Io`].
    pub fn io_error(&self) -> Option<&std::io::Error> {
        self.0.io.as_ref()
    }

    /// Whether the same call may succeed later: the server or the way to it was in trouble.
    ///
    /// It does not say that repeating is safe: see [`Error::may_have_happened`].
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Interrupted => true,
            ErrorKind::Status => self.status().is_some_and(retryable_status),
            _ => false,
        }
    }

    /// Whether one of the call's requests may have taken effect although the call failed.
    pub fn may_have_happened(&self) -> bool {
        if let Some(known) = self.0.handled {
            return known;
        }
        match self.kind() {
            ErrorKind::Timeout | ErrorKind::Interrupted | ErrorKind::Decode => true,
            ErrorKind::Status => self.status().is_some_and(|s| s == 408 || s >= 500),
            _ => false,
        }
    }

    /// The server does not know the thing (404 or 410).
    pub fn is_not_found(&self) -> bool {
        matches!(self.status(), Some(404 | 410))
    }

    /// The state of the thing forbids the call (409 or 412).
    pub fn is_conflict(&self) -> bool {
        matches!(self.status(), Some(409 | 412))
    }

    /// The credential is missing, wrong, expired or not allowed (401 or 403).
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.status(), Some(401 | 403))
    }

    /// The server asks for fewer requests (429).
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// Time ran out: of a request, a call or a wait.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// A wait ended because the awaited state was missed or cannot come any more.
    pub fn is_wait_failed(&self) -> bool {
        self.kind() == ErrorKind::Failed
    }
}

/// Statuses after which the same request may succeed.
pub(crate) fn retryable_status(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &*self.0;
        match (facts.platform, facts.operation) {
            (Some(platform), Some(operation)) => write!(f, "{platform} {operation}: ")?,
            (Some(platform), None) => write!(f, "{platform}: ")?,
            _ => {}
        }
        f.write_str(&facts.message)?;
        if facts.attempts > 1 {
            let seconds = facts.elapsed.as_secs_f64();
            write!(f, " (after {} attempts in {seconds:.1} s)", facts.attempts)?;
        }
        if let Some(id) = &facts.request_id {
            write!(f, " [request {id}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.kind());
        debug.field("message", &facts.message);
        let optional: [(&str, Option<&dyn fmt::Debug>); 8] = [
            ("platform", facts.platform.as_ref().map(|v| v as _)),
            ("operation", facts.operation.as_ref().map(|v| v as _)),
            ("status", facts.status.as_ref().map(|v| v as _)),
            ("code", facts.code.as_ref().map(|v| v as _)),
            ("request_id", facts.request_id.as_ref().map(|v| v as _)),
            ("retry_after", facts.retry_after.as_ref().map(|v| v as _)),
            ("body", facts.body.as_ref().map(|v| v as _)),
            ("io", facts.io.as_ref().map(|v| v as _)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                debug.field(name, value);
            }
        }
        debug.field("attempts", &facts.attempts);
        debug.finish_non_exhaustive()
    }
}

/// What converts without fail is taken where a conversion may fail.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
