//! One place for every request of every client: credentials, attempts, limits, guards, tracing.
//!
//! The generated clients call [`Transport::prepare`] and [`Transport::exec`] through their hooks,
//! so that requests sent through [`raw`](crate::raw) get the same treatment.

mod answer;
mod attempts;
pub(crate) mod auth;
pub(crate) mod backoff;
pub(crate) mod call;
#[cfg(feature = "spark")]
pub(crate) mod encoding;
mod limits;
pub(crate) mod operation;
pub(crate) mod options;
pub(crate) mod origin;
pub(crate) mod redact;
mod wire;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, Response, Url};
use tokio::sync::Semaphore;
use tracing::Instrument;

use auth::Credential;
use limits::{Budget, Gates};
use operation::Operation;
use options::Options;
use wire::Wire;

use crate::error::Result;

/// Not a limit that anybody should meet, but nothing waits for ever.
const LONGEST_UPLOAD: Duration = Duration::from_secs(48 * 3600);

/// What the generated code adds and no platform reads.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is the same for all clients of a platform.
#[derive(Debug)]
pub(crate) struct Platform {
    /// Its name in lower case.
    pub(crate) name: &'static str,
    /// The generated operation table.
    pub(crate) operations: &'static [Operation],
    /// Reads the platform's error bodies.
    pub(crate) explain: fn(&[u8]) -> Explanation,
    /// The header in which it wants the name that an operation's fragment holds.
    pub(crate) function_header: Option<HeaderName>,
    /// Whether a 403 may mean that the token has ended.
    pub(crate) forbids_ended_tokens: bool,
}

/// What an error body says.
#[derive(Debug, Default)]
pub(crate) struct Explanation {
    pub(crate) message: Option<String>,
    pub(crate) code: Option<String>,
}

/// What a generated client carries: the machinery that all clones share, and the options of the
/// calls made through this clone.
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    options: CallOptions,
    /// What the platform wants beside the credential.
    headers: Arc<HeaderMap>,
}

#[derive(Clone)]
struct Shared {
    platform: &'static Platform,
    operations: HashMap<&'static str, &'static Operation>,
    base: Url,
    wire: Wire,
    credential: Credential,
    gates: Arc<Gates>,
    budget: Arc<Budget>,
    connections: Arc<Semaphore>,
    largest_answer: usize,
    stall_timeout: Duration,
    /// Brings small answers into the form that the generated code reads.
    normalise: fn(Bytes) -> Bytes,
}

/// How far one call may go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallOptions {
    attempts: u32,
    attempt_timeout: Duration,
    deadline: Duration,
}

impl Transport {
    pub(crate) fn new(
        platform: &'static Platform,
        base: Url,
        credential: Credential,
        rates: &HashMap<String, f64>,
        options: &Options,
    ) -> Self {
        let scopes = platform.operations.iter().map(|operation| operation.scope);
        let operations = platform.operations.iter().map(|operation| (operation.id, operation));
        let shared = Shared {
            platform,
            operations: operations.collect(),
            wire: Wire::to(&base, options),
            base,
            credential,
            gates: Arc::new(Gates::new(scopes, rates)),
            budget: Arc::new(Budget::new()),
            connections: Arc::new(Semaphore::new(options.max_connections)),
            largest_answer: options.max_response_bytes,
            stall_timeout: options.stall_timeout,
            normalise: std::convert::identity,
        };
        let call = CallOptions {
            attempts: options.attempts,
            attempt_timeout: options.timeout,
            deadline: options.deadline,
        };
        Self { shared: Arc::new(shared), options: call, headers: Arc::default() }
    }

    /// The same client with a further header on every request.
    #[must_use]
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        Arc::make_mut(&mut self.headers).insert(name, value);
        self
    }

    /// The same client for a platform whose answers come in more than one form.
    #[must_use]
    pub(crate) fn with_normaliser(self, normalise: fn(Bytes) -> Bytes) -> Self {
        let shared = Shared { normalise, ..Shared::clone(&self.shared) };
        Self { shared: Arc::new(shared), ..self }
    }

    /// The same client with another credential. What belongs to the server stays shared:
    /// connections, pauses and the budget for repeats.
    #[must_use]
    pub(crate) fn with_credential(&self, credential: Credential) -> Self {
        let shared = Shared { credential, ..Shared::clone(&self.shared) };
        Self { shared: Arc::new(shared), ..self.clone() }
    }

    /// The same client with a single attempt per call, for loops that are themselves the retry.
    #[must_use]
    pub(crate) fn single_attempt(&self, limit: Duration) -> Self {
        let mut options = self.options;
        options.attempts = 1;
        options.attempt_timeout = options.attempt_timeout.min(limit);
        options.deadline = options.deadline.min(limit);
        Self { options, ..self.clone() }
    }

    /// The same client for uploads, which may take long and watch their progress themselves.
    #[must_use]
    pub(crate) fn unhurried(&self) -> Self {
        let mut options = self.options;
        options.attempt_timeout = LONGEST_UPLOAD;
        options.deadline = LONGEST_UPLOAD;
        Self { options, ..self.clone() }
    }

    pub(crate) fn base(&self) -> &Url {
        &self.shared.base
    }

    /// Takes the credential out of a text.
    pub(crate) fn hide(&self, text: &str) -> String {
        self.shared.credential.hide(text)
    }

    /// The first hook: makes the generated request what the platform expects.
    pub(crate) fn prepare(&self, request: &mut Request, id: &str) -> Result<(), String> {
        let operation = self.operation(id);
        let headers = request.headers_mut();
        headers.remove(API_VERSION);
        headers.extend(self.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        drop_null_body(request);
        #[cfg(feature = "spark")]
        encoding::apply(request);
        self.move_fragment(request);
        self.check_path(request.url(), operation)?;
        // The first look is cheap and enough for most paths.
        if request.url().path().contains('%') && operation.keeps_slashes() {
            restore_slashes(request.url_mut())?;
        }
        Ok(())
    }

    /// The second hook: sends the request, as often as it takes and may.
    pub(crate) async fn exec(
        &self,
        http: &reqwest::Client,
        request: Request,
        id: &str,
    ) -> Response {
        let operation = self.operation(id);
        let platform = self.shared.platform.name;
        let span = tracing::debug_span!("call", platform, operation = operation.id);
        let (mut call, mut request) = (attempts::Call::new(self, http, operation), Some(request));
        // Boxed, because every future around it would be moved with it otherwise.
        match Box::pin(call.run(&mut request)).instrument(span).await {
            Ok(response) => response,
            Err(error) => answer::carrying(error),
        }
    }

    fn operation(&self, id: &str) -> &'static Operation {
        let operation = self.shared.operations.get(id);
        operation.expect("the table is generated from the same spec as the call")
    }

    /// A fragment tells apart operations on one path: some platforms want it in a header.
    fn move_fragment(&self, request: &mut Request) {
        let Some(fragment) = request.url().fragment() else { return };
        if let Some(name) = &self.shared.platform.function_header {
            let value = HeaderValue::from_str(fragment).expect("a name from the spec");
            request.headers_mut().insert(name.clone(), value);
        }
        request.url_mut().set_fragment(None);
    }

    /// URL parsing resolves `.` and `..` away and so turns one operation into another: then the
    /// path has fewer segments than its template, or an empty one.
    fn check_path(&self, url: &Url, operation: &Operation) -> Result<(), String> {
        let base = self.shared.base.path().trim_end_matches('/');
        let path = url.path().strip_prefix(base).unwrap_or_default();
        let template = operation.template();
        let as_many = separators(path).is_some_and(|count| Some(count) == separators(template));
        if as_many && path.ends_with('/') == template.ends_with('/') {
            return Ok(());
        }
        Err(format!("a value in the path `{template}` is empty, `.` or `..`"))
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("platform", &self.shared.platform.name)
            .field("base", &origin::name(&self.shared.base))
            .field("credential", &self.shared.credential)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// The generator sends `null` for an optional body that is absent.
fn drop_null_body(request: &mut Request) {
    if request.body().and_then(reqwest::Body::as_bytes) == Some(b"null") {
        *request.body_mut() = None;
        request.headers_mut().remove(CONTENT_TYPE);
    }
}

/// Makes the slashes of a path value slashes again, which the generator encoded.
fn restore_slashes(url: &mut Url) -> Result<(), String> {
    let path = url.path().replace("%2F", "/");
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("a path value has a segment `.` or `..`".to_owned());
    }
    url.set_path(&path);
    Ok(())
}

/// How many slashes there are; `None` when two stand together. One pass, as every call needs it.
fn separators(path: &str) -> Option<usize> {
    let (mut count, mut before) = (0, 0);
    for byte in path.bytes() {
        if byte == b'/' {
            if before == b'/' {
                return None;
            }
            count += 1;
        }
        before = byte;
    }
    Some(count)
}

fn new_request_id() -> HeaderValue {
    HeaderValue::from(fastrand::u64(..))
}
