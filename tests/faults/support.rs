//! Simulated servers, clients for them, and what was asked of them.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use longhaul::Options;
use longhaul::rescale::{Analysis, Builder, Client, Job};
use longhaul_simulator::rescale::{API_KEY, Rescale};
use longhaul_simulator::{Fault, Handle, Recorded, Simulator};

pub(crate) use crate::failure::failure;

/// The path of the cheapest operation that is safe to repeat.
pub(crate) const ME: &str = "/api/v2/users/me/";
/// The path of the operation that must not be repeated blindly.
pub(crate) const JOBS: &str = "/api/v2/jobs/";
/// The paths at which waits look.
pub(crate) const STATUSES: &str = "/api/v2/jobs/*/statuses/";

pub(crate) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A simulated platform with a fast clock.
pub(crate) fn fast() -> Simulator<Rescale> {
    Simulator::rescale().pace(ms(5))
}

pub(crate) async fn start(simulator: Simulator<Rescale>) -> Handle {
    simulator.start().await.expect("a free port")
}

/// A simulated platform that has these faults.
pub(crate) async fn faulty(faults: impl IntoIterator<Item = Fault>) -> Handle {
    start(faults.into_iter().fold(fast(), Simulator::fault)).await
}

/// A builder for clients of this server.
pub(crate) fn builder(url: impl Into<String>) -> Builder {
    Client::builder().base_url(url)
}

/// A client of this server with the usual options.
pub(crate) fn client(simulator: &Handle) -> Client {
    client_with(simulator, Options::new())
}

pub(crate) fn client_with(simulator: &Handle, options: Options) -> Client {
    let builder = builder(simulator.url()).api_key(API_KEY).options(options);
    builder.build().expect("good settings")
}

/// A client for a server that is down. Nobody listens on the port `discard`; one that was freed
/// just now may be another test's by then.
pub(crate) fn in_vain(options: Options) -> Client {
    let builder = builder("http://127.0.0.1:9").api_key(API_KEY).options(options);
    builder.build().expect("good settings")
}

/// A client that gives up on an attempt soon.
pub(crate) fn impatient(simulator: &Handle) -> Client {
    client_with(simulator, Options::new().timeout(ms(500)))
}

/// A client that never repeats.
pub(crate) fn single(simulator: &Handle) -> Client {
    client_with(simulator, Options::new().attempts(1))
}

/// A step that does what its command says.
pub(crate) fn work(command: &str) -> Analysis {
    Analysis::new("user_included", "0").command(command).hardware("emerald", 1)
}

/// A job that runs this command; it is submitted.
pub(crate) async fn submitted(client: &Client, command: &str) -> Job {
    let mut job = client.jobs().create("a job", work(command)).await.expect("created");
    job.submit().await.expect("submitted");
    job
}

/// The requests to paths that begin so.
pub(crate) fn asked(simulator: &Handle, path: &str) -> Vec<Recorded> {
    let all = simulator.requests().into_iter();
    all.filter(|request| request.path.starts_with(path)).collect()
}

/// How many requests with this method took effect.
pub(crate) fn applied(simulator: &Handle, method: &str) -> usize {
    let all = simulator.requests().into_iter();
    all.filter(|request| request.method == method && request.applied).count()
}

/// The times between the arrivals of requests.
pub(crate) fn gaps(requests: &[Recorded]) -> Vec<Duration> {
    let mut times: Vec<_> = requests.iter().map(|request| request.time).collect();
    times.sort();
    times.windows(2).map(|pair| pair[1].duration_since(pair[0]).unwrap()).collect()
}

/// Checks again and again until it holds; for what the server notices only after the client has
/// left.
pub(crate) async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(5), "{what} never came true");
        tokio::time::sleep(ms(2)).await;
    }
}

/// Does the same for every case at once. What each needs is prepared before any of them starts,
/// because making a client keeps the thread busy while attempts of others run out of time.
pub(crate) async fn for_each<C, P, T>(
    cases: impl IntoIterator<Item = C>,
    prepare: impl AsyncFn(C) -> P,
    run: impl AsyncFn(P) -> T,
) {
    let mut prepared = Vec::new();
    for case in cases {
        prepared.push(prepare(case).await);
    }
    join_all(prepared.into_iter().map(|case| run(case))).await;
}

/// How long a future takes.
pub(crate) async fn timed<T>(future: impl IntoFuture<Output = T>) -> (T, Duration) {
    let started = Instant::now();
    let output = future.await;
    (output, started.elapsed())
}

/// The faults that pass: the next attempt succeeds.
pub(crate) fn passing() -> Vec<(&'static str, Fault)> {
    vec![
        ("reset before the effect", Fault::reset()),
        ("reset after the effect", Fault::reset_after()),
        ("never answered", Fault::hang()),
        ("stalled", Fault::stall(10)),
        ("truncated", Fault::truncate(10)),
        ("408", Fault::status(408)),
        ("429", Fault::status(429)),
        ("429 with seconds", Fault::status(429).retry_after(0)),
        ("429 with garbage", Fault::status(429).with_header("Retry-After", "soon")),
        ("500", Fault::status(500)),
        ("502 as HTML", Fault::status(502).as_html()),
        ("503", Fault::status(503)),
        ("504 after the effect", Fault::status(504).after_effect()),
        ("refused", Fault::refuse(ms(20))),
    ]
}
