//! How a prepared request reaches the server: through reqwest, or past it.
//!
//! reqwest adds TLS, proxies, redirects and time-outs to a pool of connections. Redirects and
//! time-outs are the transport's own business, and a server that is reached over plain http and
//! without a proxy, as inside a cluster, needs none of the others: its requests go to such a pool
//! at once, which saves a quarter of what a small call costs.

use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::TryFutureExt;
use futures_util::future::Either;
use http::uri::{Authority, PathAndQuery, Scheme, Uri};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{self, Client};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use reqwest::header::{ACCEPT, HOST, HeaderValue, USER_AGENT};
use reqwest::{Body, Request, Url};
use tokio::time::timeout;
use tower_service::Service;
use url::Position;

use super::options::{self, Options};
use super::origin;
use crate::error::{Error, ErrorKind, Result};

/// An answer whose body is still to be read.
pub(super) type Incoming = http::Response<Body>;

/// How a silent connection is found to be dead, as reqwest does it.
const PROBE_AFTER: Duration = Duration::from_secs(15);
const PROBES: u32 = 3;
#[cfg(any(target_os = "android", target_os = "linux"))]
const LONGEST_UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// The way to the server of one client; without a pool of its own it is reqwest's.
#[derive(Clone)]
pub(super) struct Wire(Option<Pool>);

impl Wire {
    /// Looks once whether a proxy stands before the server.
    pub(super) fn to(base: &Url, options: &Options) -> Self {
        Self::past(&Matcher::from_system(), base, options)
    }

    fn past(proxies: &Matcher, base: &Url, options: &Options) -> Self {
        let target: Option<Uri> = base.as_str().parse().ok();
        let plain = target.filter(|uri| uri.scheme() == Some(&Scheme::HTTP));
        let open = plain.filter(|uri| proxies.intercept(uri).is_none());
        Self(open.and_then(|uri| Pool::new(uri.authority()?.clone(), options)))
    }

    /// Sends a request to the client's own server.
    pub(super) fn send(
        &self,
        http: &reqwest::Client,
        request: Request,
    ) -> Result<impl Future<Output = Result<Incoming>> + use<>> {
        match &self.0 {
            Some(pool) => Ok(Either::Left(pool.send(request)?)),
            None => Ok(Either::Right(through_reqwest(http, request))),
        }
    }
}

/// Sends a request to any server.
pub(super) fn through_reqwest(
    http: &reqwest::Client,
    request: Request,
) -> impl Future<Output = Result<Incoming>> + use<> {
    let sent = http.execute(request).map_ok(Incoming::from);
    sent.map_err(|error| {
        if error.is_builder() {
            return unbuildable(&error);
        }
        let target = error.url().map_or_else(|| "the server".to_owned(), origin::name);
        lost(&target, error.is_connect(), error.is_timeout(), &error)
    })
}

/// Connections to one server, shared by all clones.
#[derive(Clone)]
struct Pool {
    client: Client<Connector, Body>,
    authority: Authority,
    host: HeaderValue,
}

impl Pool {
    fn new(authority: Authority, options: &Options) -> Option<Self> {
        let host = HeaderValue::from_str(authority.as_str()).ok()?;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(options::IDLE_TIMEOUT)
            .pool_max_idle_per_host(options.max_connections)
            .build(Connector::new(options));
        Some(Self { client, authority, host })
    }

    fn send(&self, mut request: Request) -> Result<impl Future<Output = Result<Incoming>> + use<>> {
        let body = request.body_mut().take().unwrap_or_default();
        let mut outgoing = http::Request::new(body);
        *outgoing.method_mut() = request.method().clone();
        *outgoing.uri_mut() = self.uri(request.url())?;
        *outgoing.headers_mut() = std::mem::take(request.headers_mut());
        let headers = outgoing.headers_mut();
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(options::USER_AGENT));
        headers.insert(HOST, self.host.clone());
        let authority = self.authority.clone();
        let sent = self.client.request(outgoing).map_ok(|answer| answer.map(Body::wrap));
        Ok(sent.map_err(move |error| broken(&authority, &error)))
    }

    /// Put together from parts, because most of it is the same for all requests.
    fn uri(&self, url: &Url) -> Result<Uri> {
        let path = &url[Position::BeforePath..Position::AfterQuery];
        let path = PathAndQuery::try_from(path).map_err(|error| unbuildable(&error))?;
        let uri = Uri::builder().scheme(Scheme::HTTP).authority(self.authority.clone());
        uri.path_and_query(path).build().map_err(|error| unbuildable(&error))
    }
}

/// Opens connections, and gives up where that takes too long, the look-up of the name included.
#[derive(Clone)]
struct Connector {
    tcp: HttpConnector,
    limit: Duration,
}

impl Connector {
    fn new(options: &Options) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        // So that each address of a name gets its share of the time.
        tcp.set_connect_timeout(Some(options.connect_timeout));
        tcp.set_keepalive(Some(PROBE_AFTER));
        tcp.set_keepalive_interval(Some(PROBE_AFTER));
        tcp.set_keepalive_retries(Some(PROBES));
        #[cfg(any(target_os = "android", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(LONGEST_UNACKNOWLEDGED));
        Self { tcp, limit: options.connect_timeout }
    }
}

impl Service<Uri> for Connector {
    type Response = <HttpConnector as Service<Uri>>::Response;
    type Error = Box<dyn StdError + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let (limit, connecting) = (self.limit, self.tcp.call(target));
        Box::pin(async move {
            match timeout(limit, connecting).await {
                Ok(connected) => Ok(connected?),
                Err(_) => Err(format!("no connection within {} s", limit.as_secs_f64()).into()),
            }
        })
    }
}

fn broken(authority: &Authority, error: &legacy::Error) -> Error {
    lost(&format!("http://{authority}"), error.is_connect(), timed_out(error), error)
}

/// Whether the system gave the connection up.
fn timed_out(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(current) = cause {
        let io = current.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::TimedOut) {
            return true;
        }
        cause = current.source();
    }
    false
}

fn unbuildable(error: &(dyn StdError + 'static)) -> Error {
    Error::invalid(format!("the request could not be built: {}", innermost(error)))
}

/// Tells apart what never reached the server from what may have.
fn lost(
    target: &str,
    connecting: bool,
    timed_out: bool,
    error: &(dyn StdError + 'static),
) -> Error {
    let cause = innermost(error);
    if connecting {
        return Error::new(ErrorKind::Connect, format!("could not connect to {target}: {cause}"));
    }
    if timed_out {
        return Error::new(ErrorKind::Timeout, format!("no answer from {target} in time"));
    }
    let message = format!("the connection to {target} broke before the answer came: {cause}");
    Error::new(ErrorKind::Interrupted, message)
}

/// The root cause as text: the layers above it say "error sending request" and repeat the URL.
pub(super) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_own_pool(base: &str) -> bool {
        let proxies = Matcher::builder().all("http://proxy.test:3128").no("inside.test").build();
        Wire::past(&proxies, &Url::parse(base).unwrap(), &Options::new()).0.is_some()
    }

    #[tokio::test]
    async fn what_needs_tls_or_a_proxy_goes_through_reqwest() {
        assert!(has_own_pool("http://inside.test:8081"));
        assert!(!has_own_pool("https://inside.test"));
        assert!(!has_own_pool("http://outside.test"));
    }

    #[test]
    fn the_uri_is_that_of_the_url() {
        let text = "http://inside.test:8081/a%2Fb/c%20d/?x=1&y=%C3%A4";
        let url = Url::parse(text).unwrap();
        let pool = Pool::new("inside.test:8081".parse().unwrap(), &Options::new()).unwrap();
        assert_eq!(pool.uri(&url).unwrap().to_string(), text);
    }
}
