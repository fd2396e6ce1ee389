//! What the tests share: simulators, clients, inputs, and whether every record came back once.

use std::time::Duration;

use longhaul::spark::{Client, FinishedChunk, Pipeline, Run, RunReport};
use longhaul::{Options, Result};
use longhaul_simulator::spark::{Model, Spark, TENANT, TOKEN};
use longhaul_simulator::{Handle, Simulator};
use serde_json::{Value, json};

pub(crate) use crate::failure::failure;

pub(crate) const SERVICE: &str = "my-folder/my-service";

pub(crate) fn simulator() -> Simulator<Spark> {
    let double = "value=value;double=2*value".parse().expect("a model");
    Simulator::spark().service(SERVICE, double).service("my-folder/echo", Model::echo())
}

pub(crate) fn client(handle: &Handle) -> Client {
    client_of(&handle.url())
}

pub(crate) fn client_of(url: &str) -> Client {
    let options = Options::new().timeout(Duration::from_secs(2));
    let builder = Client::builder().base_url(format!("{url}/{TENANT}"));
    builder.bearer_token(TOKEN).options(options).build().expect("a client")
}

pub(crate) async fn start(simulator: Simulator<Spark>) -> (Handle, Client) {
    let handle = simulator.start().await.expect("a free port");
    let client = client(&handle);
    (handle, client)
}

/// A batch whose records may fail.
pub(crate) async fn pipeline(client: &Client) -> Pipeline {
    client.batches().create(SERVICE).accuracy(0.0).await.expect("a batch")
}

pub(crate) fn inputs(count: u64) -> impl Iterator<Item = Value> + Send + 'static {
    (0..count).map(|n| json!({ "value": n }))
}

/// What came back of the records 0, 1, 2 and so on of [`inputs`].
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) times: Vec<u32>,
    pub(crate) failed: Vec<u64>,
    pub(crate) replayed: u64,
    pub(crate) order: Vec<u64>,
}

impl Seen {
    pub(crate) fn take(&mut self, chunk: &FinishedChunk) {
        self.order.push(chunk.index);
        for record in chunk.records() {
            let number = chunk.first_record + record.index as u64;
            let place = usize::try_from(number).unwrap();
            self.times.resize(self.times.len().max(place + 1), 0);
            self.times[place] += 1;
            self.replayed += u64::from(chunk.replayed);
            if record.is_failed() {
                self.failed.push(number);
                continue;
            }
            let output: Value = record.decode().unwrap();
            assert_eq!(output, json!({"value": number, "double": 2 * number}));
        }
    }

    #[track_caller]
    pub(crate) fn assert_once(&self, count: u64) {
        assert_eq!(self.times.len() as u64, count, "records came back");
        let wrong = self.times.iter().position(|times| *times != 1);
        assert_eq!(wrong, None, "a record came back {:?} times", wrong.map(|n| self.times[n]));
    }
}

/// Takes everything that a run gives.
pub(crate) async fn take_all(run: &mut Run) -> Result<Seen> {
    let mut seen = Seen::default();
    while let Some(chunk) = run.try_next().await? {
        seen.take(&chunk);
    }
    Ok(seen)
}

/// Runs to the end and checks that every record came back once.
pub(crate) async fn run_all(mut run: Run, count: u64) -> (Seen, RunReport) {
    let limit = Duration::from_secs(60);
    let seen = tokio::time::timeout(limit, take_all(&mut run)).await.expect("an end in time");
    let seen = seen.unwrap_or_else(|error| panic!("{error}\n{:?}", run.report()));
    seen.assert_once(count);
    assert_eq!(run.unanswered(), []);
    let report = run.finish().await.unwrap();
    assert_eq!((report.records, report.records_failed), (count, seen.failed.len() as u64));
    (seen, report)
}

/// Whether no batch takes chunks any more.
pub(crate) async fn all_closed(client: &Client) -> bool {
    let live = client.batches().describe().await.unwrap().in_progress_batches.unwrap();
    let closed = Some(longhaul::spark::BatchStatus::Closed);
    live.iter().all(|batch| batch.data.as_ref().unwrap().batch_status == closed)
}

/// How many records the simulator calculated more often than once.
pub(crate) fn computed_again(handle: &Handle, count: u64) -> u64 {
    handle.spark().unwrap().records_computed() - count
}
