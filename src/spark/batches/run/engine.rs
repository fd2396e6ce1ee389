//! A run at work: what its two loops share, how it begins and how it ends.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, timeout};

use super::delivery::Delivery;
use super::feed::{Cut, Feed, Size};
use super::gauge::Gauge;
use super::ids::Ids;
use super::journal::{Found, Identity, Journal};
use super::ledger::Ledger;
use super::pace::{Pace, Turn};
use super::source::Source;
use super::spool::Spool;
use super::{Ready, RunReport, Settings, Start};
use crate::error::{Error, ErrorKind, Result};
use crate::raw::spark::enums::BatchStatus;
use crate::spark::batches::create::create;
use crate::spark::batches::pipeline::Pipeline;
use crate::spark::batches::state::PipelineState;
use crate::transport::backoff::LONGEST_PAUSE;

/// How often a creation is tried whose answer was lost. A batch that nobody knows is closed by the
/// platform.
const CREATIONS: u32 = 3;

/// How long closing a batch may take on the way out.
const CLOSING: Duration = Duration::from_secs(15);

pub(super) type Out = mpsc::Sender<Result<Ready>>;

/// What the run tells while it goes on.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) report: RunReport,
    pub(super) unanswered: Vec<Range<u64>>,
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run at work.
pub(super) struct Engine {
    pub(super) settings: Settings,
    pub(super) spool: Spool,
    pub(super) journal: Option<Journal>,
    pub(super) ids: Ids,
    pub(super) pace: Pace,
    pub(super) told: Shared,
    /// Wakes the loop that pushes, and the loop that pulls.
    pub(super) push_wake: Notify,
    pub(super) pull_wake: Notify,
    start: Start,
    state: Mutex<State>,
}

pub(super) struct State {
    /// The batch that is used.
    pub(super) pipeline: Option<Pipeline>,
    /// Whether there are no more inputs.
    pub(super) ended: bool,
    pub(super) ledger: Ledger,
    pub(super) gauge: Gauge,
    /// When something last went forward.
    pub(super) moved: Instant,
    /// Bytes of results that wait for earlier ones.
    pub(super) waiting: u64,
    /// How often another batch took over since a result came.
    pub(super) takeovers: u32,
}

/// Runs from start to end, whatever that is.
pub(super) async fn drive(
    start: Start,
    source: Box<dyn Source>,
    settings: Settings,
    told: Shared,
    out: Out,
) {
    let outcome = match prepare(start, source, settings, told).await {
        Ok((engine, feed, found)) => engine.run(feed, found, &out).await,
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        let _ = out.send(Err(error)).await;
    }
}

/// Opens what the run needs on this machine. Nothing is sent.
async fn prepare(
    start: Start,
    source: Box<dyn Source>,
    settings: Settings,
    told: Shared,
) -> Result<(Engine, Feed, Found)> {
    let shape = settings.shape()?;
    let mut ids = Ids::random();
    let (mut journal, mut found) = (None, Found::default());
    if let Some(path) = settings.journal.clone() {
        let tenant = start.client().base_url().to_string();
        let identity = Identity { tenant, service: start.identity(), shared: shape.fingerprint() };
        let opened = Journal::open(path, identity, ids.run(), settings.ordered).await?;
        journal = Some(opened.0);
        found = opened.1;
        ids = found.run.map_or(ids, Ids::of);
    }
    let now = Instant::now();
    let ledger = Ledger::with_done(found.done.clone());
    let engine = Engine {
        pace: Pace::new(settings.requests_per_second),
        spool: Spool::new().await?,
        journal,
        ids,
        told,
        push_wake: Notify::new(),
        pull_wake: Notify::new(),
        start,
        state: Mutex::new(State {
            pipeline: None,
            ended: false,
            ledger,
            gauge: Gauge::new(now),
            moved: now,
            waiting: 0,
            takeovers: 0,
        }),
        settings,
    };
    Ok((engine, Feed::new(source, shape, ids), found))
}

impl Engine {
    /// Nothing under the lock panics half-way through a change.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The batch that is used now.
    pub(super) fn pipeline(&self) -> Pipeline {
        self.lock().pipeline.clone().expect("there is one while the loops are running")
    }

    async fn run(self, mut feed: Feed, found: Found, out: &Out) -> Result<()> {
        let outcome = tokio::select! {
            outcome = self.work(&mut feed, found, out) => outcome,
            () = out.closed() => Ok(()),
        };
        self.tell_unanswered(&feed);
        self.close().await;
        self.told.lock().report.requests = self.pace.sent();
        outcome.map_err(|error| self.explained(error))
    }

    async fn work(&self, feed: &mut Feed, found: Found, out: &Out) -> Result<()> {
        let mut delivery = Delivery::begin(self, &found, out).await?;
        self.catch_up(feed).await?;
        self.lock().ended = feed.is_at_end().await?;
        if self.is_complete() {
            return Ok(());
        }
        self.attach(found.batch).await?;
        tokio::select! {
            stopped = self.push_all(feed) => stopped.map(|never| match never {}),
            done = self.pull_all(&mut delivery) => done,
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        let state = self.lock();
        state.ended && state.ledger.is_empty()
    }

    /// Reads the inputs that an earlier run has cut, in the same pieces.
    async fn catch_up(&self, feed: &mut Feed) -> Result<()> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let (mut lines, then) = (journal.lines()?, Instant::now());
        while let Some(cuts) = lines.next_cuts()? {
            for known in cuts {
                let size = Size { records: known.records, bytes: usize::MAX };
                let (cut, text) = match feed.next_chunk(size, None).await? {
                    Some(next) if next.0 == known => next,
                    _ => return Err(differs(&known)),
                };
                if !self.lock().ledger.done.contains(cut.number) {
                    self.keep(&cut, text).await?;
                    self.lock().ledger.arrive(&[cut.number], then);
                }
            }
        }
        Ok(())
    }

    /// Keeps a chunk until it is answered.
    pub(super) async fn keep(&self, cut: &Cut, text: Vec<u8>) -> Result<()> {
        let extent = self.lock().ledger.add(cut, text.len() as u64);
        self.spool.write(extent, text).await
    }

    /// Goes on with the batch of an earlier run, or begins with the one that was given.
    async fn attach(&self, earlier: Option<String>) -> Result<()> {
        let given = self.start.pipeline();
        let earlier = earlier.map(|id| match given {
            Some(given) if given.id() == id => given.clone(),
            _ => self.start.earlier(id),
        });
        if let Some(pipeline) = earlier {
            self.pace.turn(Turn::Pull).await;
            match pipeline.status().await {
                Ok(progress) => {
                    let mut state = self.lock();
                    state.gauge.note(&progress, Instant::now());
                    if state.gauge.is_open() || !state.ledger.is_empty() {
                        state.pipeline = Some(pipeline);
                        return Ok(());
                    }
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        let pipeline = match given {
            Some(given) => given.clone(),
            None => self.create().await?,
        };
        self.begin_with(pipeline).await
    }

    /// A new batch takes over what the old one cannot bring any more.
    pub(super) async fn take_over(&self, why: &str) -> Result<()> {
        let old = self.pipeline();
        let fresh = self
            .start
            .pipeline()
            .filter(|given| given.id() != old.id() && given.state() == PipelineState::Open);
        let pipeline = match fresh {
            Some(fresh) => fresh.clone(),
            None => self
                .create()
                .await
                .map_err(|error| error.with_advice(format!("batch pipeline {} {why}", old.id())))?,
        };
        tracing::debug!(old = old.id(), new = pipeline.id(), why, "another batch takes over");
        self.begin_with(pipeline).await
    }

    async fn begin_with(&self, pipeline: Pipeline) -> Result<()> {
        if let Some(journal) = &self.journal {
            journal.batch(pipeline.id()).await?;
        }
        self.told.lock().report.batches.push(pipeline.id().to_owned());
        let mut state = self.lock();
        state.pipeline = Some(pipeline);
        state.gauge.begin_anew();
        let lost = state.ledger.lose(Instant::now()).0;
        drop(state);
        self.told.lock().report.chunks_pushed_again += lost;
        self.push_wake.notify_one();
        Ok(())
    }

    async fn create(&self) -> Result<Pipeline> {
        let Some((client, recipe)) = self.start.recipe() else {
            let message = "the batch was not created by this program, so there can be no other one";
            return Err(Error::new(ErrorKind::Failed, message)
                .with_advice("run the rest in a batch of its own: `create(..).run(..)`"));
        };
        let mut tries = 0;
        loop {
            self.pace.turn(Turn::Pull).await;
            tries += 1;
            match create(client, recipe.clone()).await {
                Err(error) if error.may_have_happened() && tries < CREATIONS => {
                    sleep(pause_after(&error, tries)).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Closes every batch that the run has used or was given, as far as that is possible.
    async fn close(&self) {
        let used = self.lock().pipeline.clone();
        let given = self.start.pipeline().cloned();
        let given = given.filter(|given| used.as_ref().is_none_or(|used| used.id() != given.id()));
        for pipeline in used.into_iter().chain(given) {
            if pipeline.state() != PipelineState::Open {
                continue;
            }
            self.pace.turn(Turn::Pull).await;
            match timeout(CLOSING, pipeline.dispose()).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    tracing::warn!(batch = pipeline.id(), %error, "the batch was not closed");
                }
                Err(_) => tracing::warn!(batch = pipeline.id(), "the batch was not closed in time"),
            }
        }
    }

    fn tell_unanswered(&self, feed: &Feed) {
        let state = self.lock();
        let mut ranges = state.ledger.unanswered();
        if !state.ended {
            match ranges.last_mut() {
                Some(last) if last.end == feed.reached() => last.end = u64::MAX,
                _ => ranges.push(feed.reached()..u64::MAX),
            }
        }
        self.told.lock().unanswered = ranges;
    }

    /// Adds which records are unanswered.
    fn explained(&self, error: Error) -> Error {
        let ranges = self.told.lock().unanswered.clone();
        let text = |range: &Range<u64>| match range.end {
            u64::MAX => format!("from {} on", range.start),
            end => format!("{} to {}", range.start, end - 1),
        };
        let first: Vec<_> = ranges.iter().take(3).map(text).collect();
        let more = match ranges.len().saturating_sub(3) {
            0 => String::new(),
            more => format!(" and {more} further ranges"),
        };
        let advice = format!("unanswered are the records {}{more}", first.join(", "));
        error.with_advice_if(!ranges.is_empty(), advice)
    }

    /// The error of a batch that has come to a bad end.
    pub(super) fn ended_badly(&self, status: &BatchStatus) -> Error {
        let id = self.pipeline().id().to_owned();
        let message = format!("batch pipeline {id} is {status}");
        let failed = *status == BatchStatus::Failed;
        Error::new(ErrorKind::Failed, message).with_advice_if(
            failed,
            "more records failed than its accuracy allows; create it with a lower `accuracy`",
        )
    }
}

/// How long to wait after so many failures in a row: at least what the server asks for, unless that
/// would leave the run waiting for ever.
pub(super) fn pause_after(error: &Error, failures: u32) -> Duration {
    let own = Duration::from_millis(250) * 2u32.saturating_pow(failures.min(7));
    let own = own.min(Duration::from_secs(15));
    error.retry_after().map_or(own, |asked| asked.min(LONGEST_PAUSE).max(own))
}

/// Whether a request may be sent again although it failed.
pub(super) fn may_pass(error: &Error) -> bool {
    error.is_retryable() || error.may_have_happened()
}

fn differs(known: &Cut) -> Error {
    let (first, last) = (known.first, known.first + known.records - 1);
    let message = format!("the records {first} to {last} are not those that the journal knows");
    Error::invalid(message).with_advice("run with the same inputs or use another journal")
}

/// A value that never comes.
pub(super) enum Never {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_is_what_the_server_asks_for_within_reason() {
        let error = |seconds| {
            let error = Error::new(ErrorKind::Status, "busy").with_status(429);
            error.with_retry_after(Some(Duration::from_secs(seconds)))
        };
        assert_eq!(pause_after(&error(40), 1), Duration::from_secs(40));
        assert_eq!(pause_after(&error(0), 1), Duration::from_millis(500));
        assert_eq!(pause_after(&error(31_536_000), 1), Duration::from_secs(15 * 60));
    }
}
