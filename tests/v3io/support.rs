//! What the tests share: a simulator, a client for it, tables with items.

use std::sync::atomic::{AtomicU64, Ordering};

use longhaul::Options;
use longhaul::v3io::{Builder, Client, Container, Row, Table};
use longhaul_simulator::v3io::V3io;
use longhaul_simulator::{Fault, Handle, Recorded, Simulator};

pub(crate) use crate::failure::{failure, says};

/// An access key; the simulator takes any.
pub(crate) const KEY: &str = "fake-access-key-0000";

pub(crate) const FUNCTION: &str = "x-v3io-function";
pub(crate) const SESSION_KEY: &str = "x-v3io-session-key";

/// A simulator and a client for it.
pub(crate) async fn start() -> (Handle, Client) {
    start_with(Simulator::v3io()).await
}

pub(crate) async fn start_with(simulator: Simulator<V3io>) -> (Handle, Client) {
    let handle = simulator.start().await.expect("a free port");
    let client = builder(&handle).build().expect("a client");
    (handle, client)
}

/// A simulator and one of its containers.
pub(crate) async fn users() -> (Handle, Container) {
    let (handle, client) = start().await;
    (handle, client.container("users"))
}

pub(crate) async fn users_with(simulator: Simulator<V3io>) -> (Handle, Container) {
    let (handle, client) = start_with(simulator).await;
    (handle, client.container("users"))
}

/// A builder of clients for a simulator, with a credential.
pub(crate) fn builder(handle: &Handle) -> Builder {
    Client::builder().endpoint(handle.url()).access_key(KEY)
}

pub(crate) fn client_with(handle: &Handle, options: Options) -> Client {
    builder(handle).options(options).build().expect("a client")
}

/// A simulator with this rule and a container of it.
pub(crate) async fn faulty(rule: Fault) -> (Handle, Container) {
    users_with(Simulator::v3io().fault(rule)).await
}

/// Loses the answers to requests for this function, or to plain requests with this method, once
/// they took effect.
pub(crate) fn lost_answer(to: &str) -> Fault {
    match to.chars().all(char::is_uppercase) {
        true => Fault::reset_after().method(to),
        false => Fault::reset_after().request_header(FUNCTION, to),
    }
}

/// A table with items `000`, `001` .. that have their number as `n`.
pub(crate) async fn numbered(container: &Container, count: usize) -> Table {
    static TABLES: AtomicU64 = AtomicU64::new(0);
    let table = container.table(format!("numbered-{}", TABLES.fetch_add(1, Ordering::Relaxed)));
    let items = (0..count).map(|n| (format!("{n:03}"), [("n", n)].into_iter().collect()));
    let items: Vec<_> = items.collect();
    table.put_items(items).await.into_result().expect("written");
    table
}

/// The numbers of rows, sorted.
pub(crate) fn numbers(rows: &[Row]) -> Vec<u64> {
    let mut numbers: Vec<_> =
        rows.iter().map(|row| row.attributes.get_u64("n").expect("a number")).collect();
    numbers.sort_unstable();
    numbers
}

/// The names of rows, sorted.
pub(crate) fn names(rows: &[Row]) -> Vec<&str> {
    let mut names: Vec<_> = rows.iter().map(|row| row.name.as_deref().expect("a name")).collect();
    names.sort_unstable();
    names
}

/// The requests for a function.
pub(crate) fn asked(handle: &Handle, function: &str) -> Vec<Recorded> {
    let all = handle.requests().into_iter();
    all.filter(|request| request.header(FUNCTION) == Some(function)).collect()
}

/// The requests with this method and without a function.
pub(crate) fn plain(handle: &Handle, method: &str) -> Vec<Recorded> {
    let all = handle.requests().into_iter();
    all.filter(|one| one.method == method && one.header(FUNCTION).is_none()).collect()
}
