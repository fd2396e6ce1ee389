//! What the tests share: a fast simulator and clients for it.

use std::time::Duration;

use longhaul::v3io::control::{Builder, Client};
use longhaul_simulator::v3io::{LOGIN, V3io};
use longhaul_simulator::{Fault, Handle, Recorded, Simulator};
use serde_json::Value;

pub(crate) use crate::failure::says;

/// The time of one step of a simulated life cycle.
pub(crate) const PACE: Duration = Duration::from_millis(5);

/// An access key that every simulator accepts.
pub(crate) const KEY: &str = "7f3a0c11-canary-key";

pub(crate) fn fast() -> Simulator<V3io> {
    Simulator::v3io().pace(PACE)
}

pub(crate) async fn start() -> (Handle, Client) {
    start_with(fast()).await
}

/// A simulator, and a client that signs in there.
pub(crate) async fn start_with(simulator: Simulator<V3io>) -> (Handle, Client) {
    let handle = simulator.start().await.expect("a free port");
    let client = builder(&handle).login(LOGIN.0, LOGIN.1).build().expect("a client");
    (handle, client)
}

pub(crate) fn builder(handle: &Handle) -> Builder {
    Client::builder().url(handle.url())
}

/// A client with an access key.
pub(crate) fn keyed(handle: &Handle) -> Client {
    builder(handle).access_key(KEY).build().expect("a client")
}

/// Answers a path with this document, whatever was asked.
pub(crate) fn canned(path: &str, document: Value) -> Fault {
    Fault::status(200).path(path).with_body(document.to_string())
}

/// The requests with this method and path.
pub(crate) fn sent(handle: &Handle, method: &str, path: &str) -> Vec<Recorded> {
    let all = handle.requests().into_iter();
    all.filter(|request| request.method == method && request.path == path).collect()
}

/// How often somebody signed in, or tried to.
pub(crate) fn logins(handle: &Handle) -> usize {
    sent(handle, "POST", "/api/sessions").len()
}
