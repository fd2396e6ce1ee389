//! Runs: as many records as there are through a batch, with nothing lost and nothing twice.

mod delivery;
mod engine;
mod feed;
mod gauge;
mod ids;
mod journal;
mod ledger;
mod pace;
mod pulling;
mod pushing;
mod settings;
mod source;
mod spool;

use std::convert::Infallible;
use std::ops::{Deref, Range};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::pipeline::Pipeline;
use super::pull::decoded;
use super::result::ChunkResult;
use crate::blocking::panicked;
use crate::error::{Error, Result};
use crate::progress::{Event, Listener, tell};
use crate::spark::Client;
use crate::spark::models::{BatchCreate, ChunkSummary};
use engine::Shared;
use settings::Settings;
use source::{Records, Source};

/// Where a run begins.
#[derive(Debug)]
pub(super) enum Start {
    /// With a batch that is there.
    Pipeline(Pipeline),
    /// With a batch that is created when it is needed.
    Create { client: Client, recipe: Arc<BatchCreate> },
}

/// A result that is ready to be handed out, as the server sent it.
#[derive(Clone, Debug)]
struct Ready {
    chunk: u64,
    first: u64,
    records: u64,
    replayed: bool,
    text: Bytes,
}

/// The results of a chunk, handed out by a [`Run`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FinishedChunk {
    /// The chunk's place among the chunks of the run, from 0.
    pub index: u64,
    /// The place of its first record among the inputs, from 0.
    pub first_record: u64,
    /// Whether it comes from the journal of an earlier run.
    pub replayed: bool,
    /// What became of its records; reached directly as well: `chunk.outputs`.
    pub result: ChunkResult,
}

impl Deref for FinishedChunk {
    type Target = ChunkResult;

    fn deref(&self) -> &ChunkResult {
        &self.result
    }
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunReport {
    /// How many records were handed out.
    pub records: u64,
    /// How many of them failed.
    pub records_failed: u64,
    /// How many chunks were handed out.
    pub chunks: u64,
    /// How many of them came from the journal.
    pub chunks_replayed: u64,
    /// How many results were dropped because their chunks had been answered before.
    pub chunks_duplicate: u64,
    /// How many chunks were pushed again because their results did not come.
    pub chunks_pushed_again: u64,
    /// How many results were of chunks that something else had pushed into the batch; they are
    /// dropped.
    pub chunks_foreign: u64,
    /// How many pulls may have brought something that never arrived.
    pub pulls_lost: u64,
    /// How many requests were sent, without those for tokens.
    pub requests: u64,
    /// The batches that the run began with, one after the other.
    pub batches: Vec<String>,
}

/// A run: a stream of [`FinishedChunk`]s. Made by [`Pipeline::run`] and
/// [`CreateBatch::run`](super::CreateBatch::run).
///
/// Inputs are read as they are needed, cut into chunks and pushed while the batch has room; results
/// are pulled in between and handed out as they come. Every record is answered once. A record that
/// the service rejects is answered by its error. What is lost with the answer to a pull is pushed
/// again, results that come twice are dropped, and when the platform closes the batch, a new one
/// takes over, if the batch was created by this client. The run ends when every record is answered.
///
/// The run works in a task of its own from the first [`try_next`](Run::try_next) on. Inputs are
/// read in that task: use a stream where reading them takes long. At the end it closes the batch;
/// if the run fails or is dropped as well. [`finish`](Run::finish) waits for that, and a program
/// that ends before it leaves the closing to the platform.
///
/// Memory does not grow with the number of records: chunks that are on their way, up to 64 MiB, are
/// kept in a temporary file that has no name.
///
/// # Errors
/// Before anything is sent: settings that cannot work, a journal that is of no use.
/// Later [`Failed`](crate::ErrorKind::Failed) when the batch fails or is cancelled, or ends and
/// cannot be replaced; [`Timeout`](crate::ErrorKind::Timeout) when nothing goes forward for too
/// long; any error that will not pass. The text and [`unanswered`](Run::unanswered) say which
/// records have no results.
#[must_use = "a run does nothing until its results are taken"]
pub struct Run {
    stage: Stage,
    settings: Settings,
    listener: Option<Listener>,
    total: Option<usize>,
    told: Shared,
}

enum Stage {
    Idle { start: Result<Start>, source: Box<dyn Source> },
    Running { results: mpsc::Receiver<Result<Ready>>, task: JoinHandle<()> },
    Over,
}

impl Run {
    pub(super) fn of_iterator<I>(start: Result<Start>, inputs: I) -> Self
    where
        I: IntoIterator<Item: Serialize + Send, IntoIter: Send + 'static>,
    {
        let inputs = inputs.into_iter();
        let (least, most) = inputs.size_hint();
        let total = most.filter(|most| *most == least);
        Self { total, ..Self::of_stream(start, stream::iter(inputs)) }
    }

    pub(super) fn of_stream<S>(start: Result<Start>, inputs: S) -> Self
    where
        S: Stream<Item: Serialize + Send> + Send + 'static,
    {
        Self::of_results(start, inputs.map(Ok::<_, Infallible>))
    }

    pub(super) fn of_results<S, T, E>(start: Result<Start>, inputs: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Serialize + Send,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Self {
            stage: Stage::Idle { start, source: Box::new(Records::new(inputs)) },
            settings: Settings::default(),
            listener: None,
            total: None,
            told: Shared::default(),
        }
    }

    /// How many records a chunk has at most. By default the run finds out: 100 at first, and more
    /// when the service is fast, up to 20,000 or 1 MiB.
    pub fn chunk_size(mut self, records: usize) -> Self {
        self.settings.chunk_size = Some(records as u64);
        self
    }

    /// Says that the inputs are rows, and names their columns.
    pub fn header<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.settings.header = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Inputs that all records share, as an object.
    pub fn parameters(mut self, parameters: impl Into<Value>) -> Self {
        self.settings.parameters = Some(parameters.into());
        self
    }

    /// What to aggregate over the outputs of each chunk.
    pub fn summary(mut self, summary: ChunkSummary) -> Self {
        self.settings.summary = Some(summary);
        self
    }

    /// How many requests are sent in any second at most, below 1 as well; 5 by default.
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.settings.requests_per_second = requests;
        self
    }

    /// Hands the chunks out in the order of the inputs. Those that come before their turn wait in
    /// memory; to keep them few, not more than 8 MiB of chunks are on their way at once.
    pub fn ordered(mut self) -> Self {
        self.settings.ordered = true;
        self
    }

    /// How long the run may make no progress before it gives up; 30 minutes by default.
    pub fn stall_timeout(mut self, limit: Duration) -> Self {
        self.settings.stall_timeout = limit;
        self
    }

    /// A file that remembers what was done, so that the run can go on after the program was killed:
    /// start it again with the same inputs and the same journal.
    ///
    /// The run goes on with the batch of the journal, if that is still there, else with a new one,
    /// and hands out **every** chunk again, at first those that the journal has, marked
    /// [`replayed`](FinishedChunk::replayed). So a file that is written anew has every record once.
    ///
    /// It is a text file with a JSON object in each line, on disk before a chunk is pushed or a
    /// result is handed out. It grows with the outputs. One program at a time can use it. Inputs
    /// that are not those of the journal are an error, and so is the journal of another service or
    /// batch.
    pub fn journal(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.journal = Some(path.into());
        self
    }

    /// Is told of every chunk that is handed out: [`Event::Item`] with numbers of records.
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// The next chunk; `None` when every record is answered and the batch is closed.
    pub async fn try_next(&mut self) -> Result<Option<FinishedChunk>> {
        self.next().await.transpose()
    }

    /// What the run did so far.
    pub fn report(&self) -> RunReport {
        self.told.lock().report.clone()
    }

    /// The records that have no results, once the run has ended before its time. The last range
    /// ends with [`u64::MAX`] when the inputs were not read to their end.
    pub fn unanswered(&self) -> Vec<Range<u64>> {
        self.told.lock().unanswered.clone()
    }

    /// Ends the run, waits until the batch is closed and tells what was done. Before the last chunk
    /// was taken it stops the run; the records without results are then unanswered.
    pub async fn finish(mut self) -> Result<RunReport> {
        let task = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Idle { start: Ok(Start::Pipeline(pipeline)), .. } => {
                pipeline.dispose().await?;
                return Ok(self.report());
            }
            Stage::Idle { start, .. } => return start.map(|_| self.report()),
            Stage::Running { task, .. } => task,
            Stage::Over => return Ok(self.report()),
        };
        task.await.map_err(panicked)?;
        Ok(self.report())
    }

    /// Starts the task that does the work.
    fn begin(&mut self) -> Result<()> {
        if !matches!(self.stage, Stage::Idle { .. }) {
            return Ok(());
        }
        let Stage::Idle { start, source } = std::mem::replace(&mut self.stage, Stage::Over) else {
            unreachable!("it was looked at before");
        };
        let start = start?;
        self.settings.check()?;
        let (out, results) = mpsc::channel(1);
        let (settings, told) = (self.settings.clone(), self.told.clone());
        let task = tokio::spawn(engine::drive(start, source, settings, told, out));
        self.stage = Stage::Running { results, task };
        Ok(())
    }

    fn finished(&mut self, ready: &Ready) -> Result<FinishedChunk> {
        let result = decoded(&ready.text)?;
        let (records, failed) = (ready.records, result.failed() as u64);
        let report = &mut self.told.lock().report;
        report.records += records;
        report.records_failed += failed;
        report.chunks += 1;
        report.chunks_replayed += u64::from(ready.replayed);
        let (done, failed) = (report.records - report.records_failed, report.records_failed);
        let (done, failed, total) = (done as usize, failed as usize, self.total);
        tell(&mut self.listener, || Event::Item { done, failed, total });
        let Ready { chunk: index, first: first_record, replayed, .. } = *ready;
        Ok(FinishedChunk { index, first_record, replayed, result })
    }
}

impl Stream for Run {
    type Item = Result<FinishedChunk>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Err(error) = self.begin() {
            return Poll::Ready(Some(Err(error)));
        }
        let Stage::Running { results, task } = &mut self.stage else { return Poll::Ready(None) };
        match ready!(results.poll_recv(cx)) {
            Some(result) => {
                let result = result.and_then(|ready| self.finished(&ready));
                Poll::Ready(Some(result))
            }
            None => {
                let ended = ready!(Pin::new(task).poll(cx));
                self.stage = Stage::Over;
                Poll::Ready(ended.err().map(|error| Err(panicked(error))))
            }
        }
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Start {
    fn client(&self) -> &Client {
        match self {
            Self::Pipeline(pipeline) => &pipeline.client,
            Self::Create { client, .. } => client,
        }
    }

    /// The batch that the run was given.
    fn pipeline(&self) -> Option<&Pipeline> {
        match self {
            Self::Pipeline(pipeline) => Some(pipeline),
            Self::Create { .. } => None,
        }
    }

    /// How to make another batch.
    fn recipe(&self) -> Option<(&Client, &BatchCreate)> {
        match self {
            Self::Pipeline(pipeline) => Some((&pipeline.client, pipeline.recipe.as_deref()?)),
            Self::Create { client, recipe } => Some((client, recipe)),
        }
    }

    /// The batch of an earlier run.
    fn earlier(&self, id: String) -> Pipeline {
        let mut pipeline = Pipeline::of(self.client(), id);
        pipeline.recipe = self.recipe().map(|(_, recipe)| Arc::new(recipe.clone()));
        pipeline
    }

    /// What makes a difference to the outputs.
    fn identity(&self) -> String {
        let Some((_, recipe)) = self.recipe() else {
            return format!("batch {}", self.pipeline().map_or("", Pipeline::id));
        };
        let decisive = BatchCreate {
            acceptable_error_percentage: None,
            call_purpose: None,
            chunks_per_request: None,
            correlation_id: None,
            initial_workers: None,
            max_input_in_mb: None,
            max_output_in_mb: None,
            max_workers: None,
            runner_thread_count: None,
            source_system: None,
            ..recipe.clone()
        };
        serde_json::to_string(&decisive).unwrap_or_else(|error| format!("unwritable: {error}"))
    }
}

/// The error of a setting that cannot work.
fn refused(message: impl Into<String>) -> Error {
    Error::invalid(message)
}
