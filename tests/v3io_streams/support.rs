//! What the tests share: a simulator, its container `users`, streams with records, looks at what
//! was sent.

use std::time::Duration;

use longhaul::Options;
use longhaul::v3io::{Client, Consumer, Container, NewRecord, Record, Seek, Stream};
use longhaul_simulator::v3io::V3io;
use longhaul_simulator::{Fault, Handle, Recorded, Simulator};

pub(crate) use crate::failure::says;

/// Longer than anything takes that is expected to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often consumers look in tests.
pub(crate) const POLL: Duration = Duration::from_millis(10);

/// An hour of retention: long enough that nothing expires before a test looks.
const HOUR: Duration = ms(40);

pub(crate) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A simulated platform and its container `users`.
pub(crate) async fn start() -> (Handle, Container) {
    start_with(Simulator::v3io()).await
}

pub(crate) async fn start_with(simulator: Simulator<V3io>) -> (Handle, Container) {
    let handle = simulator.start().await.expect("a free port");
    let users = users_of(&handle, Options::new());
    (handle, users)
}

/// A simulated platform whose hours are short, so that records expire while a test waits.
pub(crate) fn forgetful() -> Simulator<V3io> {
    Simulator::v3io().retention_hour(HOUR)
}

/// Waits until records have expired that are kept for 24 of those hours.
pub(crate) async fn outlive() {
    tokio::time::sleep(24 * HOUR + ms(20)).await;
}

/// The container for a client with these options.
pub(crate) fn users_of(handle: &Handle, options: Options) -> Container {
    let client = Client::builder().endpoint(handle.url()).access_key("a-key").options(options);
    client.build().expect("a client").container("users")
}

/// A stream that was made with so many shards.
pub(crate) async fn stream(users: &Container, shards: u32) -> Stream {
    let stream = users.stream("/my-test-stream");
    stream.create(shards).await.expect("a new stream");
    stream
}

/// Records `first` to `last` for one shard; each has its number for content.
pub(crate) fn numbered(shard: u32, numbers: impl IntoIterator<Item = u64>) -> Vec<NewRecord> {
    let record = |number: u64| NewRecord::new(number.to_string()).shard(shard);
    numbers.into_iter().map(record).collect()
}

/// Appends records and expects that all are stored.
pub(crate) async fn put(stream: &Stream, records: Vec<NewRecord>) {
    let report = stream.put_records(records).await.expect("a report");
    report.into_result().expect("all stored");
}

/// All that a shard holds, in its order.
pub(crate) async fn contents(stream: &Stream, shard: u32) -> Vec<String> {
    let shard = stream.shard(shard);
    let mut next = shard.seek(Seek::Earliest).await.expect("a place");
    let mut contents = Vec::new();
    loop {
        let page = shard.records(&next).await.expect("records");
        if page.records.is_empty() {
            return contents;
        }
        contents.extend(page.records.iter().map(text));
        next = page.next;
    }
}

pub(crate) fn text(record: &Record) -> String {
    String::from_utf8(record.data.to_vec()).expect("text")
}

/// What comes of a future that must not hang.
pub(crate) async fn soon<F: IntoFuture>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future.into_future()).await.expect("it came in time")
}

/// The contents of the next records.
pub(crate) async fn take(consumer: &mut Consumer, count: usize) -> Vec<String> {
    let mut taken = Vec::new();
    for _ in 0..count {
        taken.push(text(&soon(consumer.try_next()).await.expect("a record")));
    }
    taken
}

pub(crate) fn texts(numbers: impl IntoIterator<Item = u64>) -> Vec<String> {
    numbers.into_iter().map(|number| number.to_string()).collect()
}

/// A rule for the requests of one function.
pub(crate) fn on(function: &str, fault: Fault) -> Fault {
    fault.request_header("x-v3io-function", function)
}

/// The requests of one function.
pub(crate) fn sent(handle: &Handle, function: &str) -> Vec<Recorded> {
    let of_function = |request: &Recorded| request.header("x-v3io-function") == Some(function);
    handle.requests().into_iter().filter(of_function).collect()
}
