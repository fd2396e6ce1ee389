//! The loop that pulls: it takes results out of the batch and hands them out, finds out what is
//! lost, and ends the run.

use bytes::Bytes;
use serde::Deserialize;
use tokio::time::{Instant, sleep, sleep_until};

use super::Ready;
use super::delivery::Delivery;
use super::engine::{Engine, may_pass, pause_after};
use super::pace::Turn;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::spark::enums::BatchStatus;
use crate::spark::batches::wire::{self, Pulled};
use crate::spark::variants;

/// A chunk that is lost so often will not come.
const MOST_LOSSES: u32 = 10;
/// So many batches in a row that bring nothing are enough.
const MOST_TAKEOVERS: u32 = 3;

/// What a pull came to.
#[derive(Debug)]
enum Found {
    /// Results.
    Results(Vec<Ready>),
    /// Nothing yet.
    Nothing,
    /// Nothing, and nothing will come of what the batch was given before this time.
    Drained(Instant),
    /// The batch does not exist any more.
    Gone,
    /// The pull failed in a way that may pass.
    Failed(Error),
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    id: Option<String>,
}

impl Engine {
    /// Pulls until every record is answered.
    pub(super) async fn pull_all(&self, delivery: &mut Delivery<'_>) -> Result<()> {
        let mut failures = 0;
        while !self.is_complete() {
            self.check_progress()?;
            self.wait_until_due().await;
            self.pace.turn(Turn::Pull).await;
            let found = self.pull(None).await?;
            if let Found::Failed(error) = &found {
                failures += 1;
                tracing::debug!(%error, failures, "a pull failed");
                sleep(pause_after(error, failures)).await;
            } else {
                failures = 0;
            }
            match found {
                Found::Results(results) => delivery.hand_out(self, results).await?,
                Found::Drained(before) => self.drained(before).await?,
                Found::Gone => self.take_over_unless_hopeless("is gone").await?,
                Found::Nothing | Found::Failed(_) => {}
            }
            self.refuse_cancelled()?;
        }
        Ok(())
    }

    /// A pull that only shows the batch that it is still wanted.
    pub(super) async fn keep_alive(&self) -> Result<Vec<Ready>> {
        self.pace.turn(Turn::Pull).await;
        match self.pull(Some(1)).await? {
            Found::Results(results) => Ok(results),
            _ => Ok(Vec::new()),
        }
    }

    async fn wait_until_due(&self) {
        loop {
            let due = self.due();
            if due <= Instant::now() {
                return;
            }
            tokio::select! {
                () = sleep_until(due) => return,
                () = self.pull_wake.notified() => {}
            }
            if self.is_complete() {
                return;
            }
        }
    }

    fn due(&self) -> Instant {
        let (state, now) = (self.lock(), Instant::now());
        match state.ledger.is_empty() && state.gauge.is_open() {
            true => state.gauge.keep_alive_due(),
            false => state.gauge.pull_due(now),
        }
    }

    async fn pull(&self, max: Option<usize>) -> Result<Found> {
        let (pipeline, started) = (self.pipeline(), Instant::now());
        let max = max.unwrap_or_else(|| self.lock().gauge.max_chunks());
        let raw =
            variants::single_attempt(pipeline.client.raw(), pipeline.client.options().timeout);
        let pulled = match wire::pull(&raw, pipeline.id(), max).await {
            Ok(pulled) => pulled,
            Err(error) => return self.pull_failed(error),
        };
        self.note(&pulled.progress);
        let Pulled { chunks, progress } = pulled;
        let bytes = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        let is_drained = {
            let mut state = self.lock();
            state.gauge.pulled((chunks.len(), max, bytes), started, Instant::now());
            chunks.is_empty() && state.gauge.is_drained(&progress)
        };
        self.push_wake.notify_one();
        if is_drained {
            return Ok(Found::Drained(started));
        }
        if chunks.is_empty() {
            return Ok(Found::Nothing);
        }
        pipeline.tracker.lock().stats.chunks_pulled += chunks.len() as u64;
        let results = self.sort_out(chunks);
        if let Some(journal) = self.journal.as_ref().filter(|_| !results.is_empty()) {
            journal.done(&results).await?;
        }
        Ok(Found::Results(results))
    }

    fn pull_failed(&self, error: Error) -> Result<Found> {
        self.lock().gauge.pull_failed(Instant::now());
        if error.is_not_found() {
            return Ok(Found::Gone);
        }
        if !may_pass(&error) {
            return Err(error);
        }
        if error.may_have_happened() {
            self.told.lock().report.pulls_lost += 1;
        }
        Ok(Found::Failed(error))
    }

    /// The results that were not there before.
    fn sort_out(&self, chunks: Vec<Bytes>) -> Vec<Ready> {
        let mut results = Vec::with_capacity(chunks.len());
        let mut state = self.lock();
        let mut told = self.told.lock();
        for text in chunks {
            let id = serde_json::from_slice::<Head>(&text).ok().and_then(|head| head.id);
            let Some(chunk) = id.as_deref().and_then(|id| self.ids.number(id)) else {
                tracing::warn!(id, "a result is of a chunk that the run did not push");
                told.report.chunks_foreign += 1;
                continue;
            };
            match state.ledger.finish(chunk) {
                Some(entry) => {
                    let (first, records) = (entry.first, entry.records);
                    results.push(Ready { chunk, first, records, replayed: false, text });
                }
                None => told.report.chunks_duplicate += 1,
            }
        }
        if !results.is_empty() {
            (state.moved, state.takeovers) = (Instant::now(), 0);
        }
        results
    }

    /// What the batch was given and did not bring is lost.
    async fn drained(&self, before: Instant) -> Result<()> {
        let (lost, worst) = self.lock().ledger.lose(before);
        self.told.lock().report.chunks_pushed_again += lost;
        if worst > MOST_LOSSES {
            let message = format!("a chunk was pushed {worst} times and its result never came");
            return Err(Error::new(ErrorKind::Failed, message));
        }
        if lost > 0 {
            tracing::debug!(lost, "chunks are pushed again");
            self.push_wake.notify_one();
        }
        let (status, is_open) = {
            let state = self.lock();
            (state.gauge.status.clone(), state.gauge.is_open())
        };
        match status {
            Some(status @ (BatchStatus::Failed | BatchStatus::Cancelled)) => {
                Err(self.ended_badly(&status))
            }
            Some(status) if !is_open => {
                self.take_over_unless_hopeless(&format!("is {status}")).await
            }
            _ => Ok(()),
        }
    }

    async fn take_over_unless_hopeless(&self, why: &str) -> Result<()> {
        let takeovers = {
            let mut state = self.lock();
            state.takeovers += 1;
            state.takeovers
        };
        if takeovers > MOST_TAKEOVERS {
            let message = format!("{MOST_TAKEOVERS} batches in a row ended without a result");
            return Err(Error::new(ErrorKind::Failed, message));
        }
        self.take_over(why).await
    }

    fn refuse_cancelled(&self) -> Result<()> {
        let status = self.lock().gauge.status.clone();
        match status {
            Some(status @ BatchStatus::Cancelled) => Err(self.ended_badly(&status)),
            _ => Ok(()),
        }
    }

    /// Nothing waits for ever.
    fn check_progress(&self) -> Result<()> {
        let state = self.lock();
        let still = state.moved.elapsed();
        if state.ledger.is_empty() || still < self.settings.stall_timeout {
            return Ok(());
        }
        let seconds = still.as_secs();
        let message = format!("the run made no progress for {seconds} s");
        Err(Error::new(ErrorKind::Timeout, message))
    }
}
