//! What the tests share: a simulator with services, clients for it, words that errors have.

use std::time::Duration;

use longhaul::spark::{Builder, Client};
use longhaul::{ErrorKind, Options, Result};
use longhaul_simulator::spark::{Model, Spark, TENANT, TOKEN};
use longhaul_simulator::{Fault, Handle, Recorded, Simulator};

pub(crate) use crate::failure::{failure, says};

/// A service that repeats its inputs.
pub(crate) const ECHO: &str = "wire-folder/wire-service";
/// A service with one output, `total`.
pub(crate) const TAX: &str = "wire-folder/tax";

/// How often waits of tests look.
pub(crate) const RHYTHM: Duration = Duration::from_millis(10);

pub(crate) fn simulator() -> Simulator<Spark> {
    let tax = "total=price*(1+tax)".parse().expect("a model");
    Simulator::spark()
        .pace(Duration::from_millis(2))
        .service(ECHO, Model::echo())
        .service(TAX, tax)
        .proxy("to-wire-service", ECHO)
}

/// A simulator and a client for it.
pub(crate) async fn start() -> (Handle, Client) {
    start_with(simulator()).await
}

pub(crate) async fn start_with(simulator: Simulator<Spark>) -> (Handle, Client) {
    let handle = simulator.start().await.expect("a free port");
    let client = builder(&handle).bearer_token(TOKEN).build().expect("a client");
    (handle, client)
}

/// A simulator with this rule and a client for it.
pub(crate) async fn faulty(rule: Fault) -> (Handle, Client) {
    start_with(simulator().fault(rule)).await
}

/// A builder of clients for a simulator, without a credential.
pub(crate) fn builder(handle: &Handle) -> Builder {
    let once = Options::new().timeout(Duration::from_secs(10));
    Client::builder().base_url(format!("{}/{TENANT}", handle.url())).options(once)
}

/// The requests whose path ends so.
pub(crate) fn asked(handle: &Handle, ending: &str) -> Vec<Recorded> {
    handle.requests().into_iter().filter(|request| request.path.ends_with(ending)).collect()
}

/// Makes a call that has to be refused as bad input before anything is sent.
pub(crate) async fn refused<T>(
    handle: &Handle,
    words: &[&str],
    call: impl IntoFuture<Output = Result<T>>,
) {
    handle.clear_requests();
    let error = failure(call).await;
    says(&error, ErrorKind::InvalidInput, words);
    assert_eq!(handle.request_count(), 0, "{error}");
}
