//! The loop that pushes: it keeps the batch busy, as far as its buffer allows.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::engine::{Engine, Never, may_pass, pause_after};
use super::feed::Feed;
use super::gauge::Want;
use super::pace::Turn;
use crate::error::{Error, ErrorKind, Result};
use crate::spark::batches::{status, wire};
use crate::spark::models::BatchProgress;
use crate::spark::variants;
use crate::transfer::Upload;

/// Bytes that may be pushed and not answered. They are kept in a file, and are what a lost batch
/// costs.
const ON_THE_WAY: u64 = 64 << 20;
/// The same when results are handed out in order, which may have to wait in memory.
const ON_THE_WAY_IN_ORDER: u64 = 8 << 20;

/// No push has more chunks than a few pulls can bring.
const MOST_CHUNKS: usize = 400;
/// The first one has as many as one pull can.
const FIRST_CHUNKS: usize = 100;

/// How long a push waits for more records of a slow source.
const PATIENCE: Duration = Duration::from_millis(200);
/// How long to wait before looking again whether there is something to push.
const LOOK: Duration = Duration::from_millis(200);

impl Engine {
    /// Pushes until the run ends; it is not this loop that knows when.
    pub(super) async fn push_all(&self, feed: &mut Feed) -> Result<Never> {
        let mut failures = 0;
        loop {
            let want = self.room().await;
            let turn = if want.urgent { Turn::UrgentPush } else { Turn::Push };
            let claim = self.pace.claim(turn);
            let numbers = self.gather(feed, want).await?;
            if numbers.is_empty() {
                drop(claim);
                if self.lock().ended {
                    self.push_wake.notified().await;
                }
                continue;
            }
            claim.granted().await;
            match self.push(numbers).await? {
                None => failures = 0,
                Some(error) => {
                    failures += 1;
                    tracing::debug!(%error, failures, "a push failed");
                    sleep(pause_after(&error, failures)).await;
                }
            }
        }
    }

    /// Waits until a push would do good.
    async fn room(&self) -> Want {
        loop {
            if let Some(want) = self.want() {
                return want;
            }
            tokio::select! {
                () = self.push_wake.notified() => {}
                () = sleep(LOOK) => {}
            }
        }
    }

    fn want(&self) -> Option<Want> {
        let state = self.lock();
        let limit = if self.settings.ordered { ON_THE_WAY_IN_ORDER } else { ON_THE_WAY };
        // What is pushed again is on the way already.
        let free = match state.ledger.has_again() {
            true => u64::MAX,
            false => limit.saturating_sub(state.ledger.bytes + state.waiting),
        };
        let want =
            state.gauge.want(Instant::now()).filter(|_| state.gauge.is_open() && free > 0)?;
        Some(Want { bytes: want.bytes.min(free), ..want })
    }

    /// The chunks for the next push: those to be pushed again, else new ones.
    async fn gather(&self, feed: &mut Feed, want: Want) -> Result<Vec<u64>> {
        let again = self.lock().ledger.take_again(want.bytes);
        if !again.is_empty() {
            return Ok(again);
        }
        if self.lock().ended {
            return Ok(Vec::new());
        }
        let cuts = self.cut(feed, want).await?;
        if let Some(journal) = self.journal.as_ref().filter(|_| !cuts.is_empty()) {
            journal.chunks(&cuts).await?;
        }
        Ok(cuts.into_iter().map(|cut| cut.number).collect())
    }

    /// Cuts new chunks off the inputs, as many as there is room for.
    async fn cut(&self, feed: &mut Feed, want: Want) -> Result<Vec<super::feed::Cut>> {
        let (mut cuts, mut bytes) = (Vec::new(), 0);
        let most = if feed.reached() == 0 { FIRST_CHUNKS } else { MOST_CHUNKS };
        while cuts.len() < most && bytes < want.bytes {
            let size = self.lock().gauge.chunk_size(self.settings.chunk_size, want.bytes);
            let limit = size.bytes.min((want.bytes - bytes) as usize);
            let size = match self.settings.chunk_size {
                Some(_) => size,
                None => super::feed::Size { bytes: limit, ..size },
            };
            let started = Instant::now();
            let next = tokio::select! {
                biased;
                next = feed.next_chunk(size, Some(PATIENCE)) => next?,
                () = self.push_wake.notified(), if cuts.is_empty() => return Ok(cuts),
                () = sleep(PATIENCE), if !cuts.is_empty() => break,
            };
            let Some((cut, text)) = next else {
                self.lock().ended = true;
                self.pull_wake.notify_one();
                break;
            };
            self.check_size(cut.first, text.len() as u64)?;
            bytes += text.len() as u64;
            self.keep(&cut, text).await?;
            cuts.push(cut);
            if started.elapsed() >= PATIENCE {
                break;
            }
        }
        Ok(cuts)
    }

    /// Refuses a chunk that the input buffer can never take.
    fn check_size(&self, first: u64, bytes: u64) -> Result<()> {
        match self.lock().gauge.buffer() {
            Some(buffer) if buffer < bytes => Err(too_large(first, bytes, buffer)),
            _ => Ok(()),
        }
    }

    /// Pushes chunks; gives back an error that may pass.
    async fn push(&self, mut numbers: Vec<u64>) -> Result<Option<Error>> {
        let (extents, records) = self.lock().ledger.leave(&mut numbers);
        if extents.is_empty() {
            return Ok(None);
        }
        let bytes = extents.iter().map(|extent| extent.length).sum();
        let (pipeline, started) = (self.pipeline(), Instant::now());
        let raw = variants::unhurried(pipeline.client.raw());
        let name = format!("{} chunks", extents.len());
        let upload = Upload::plain(name, self.spool.push_body(&extents)).attempts(1);
        let pushed = upload.send(|body, _| wire::push(&raw, pipeline.id(), body)).await;
        let is_current = self.pipeline().id() == pipeline.id();
        match pushed {
            Ok(_) if !is_current => self.lock().ledger.come_back(&numbers),
            Ok(progress) => {
                self.note(&progress);
                let mut state = self.lock();
                let now = Instant::now();
                state.gauge.pushed((numbers.len(), records, bytes), started, now);
                state.ledger.arrive(&numbers, now);
                state.moved = now;
                let stats = &mut pipeline.tracker.lock().stats;
                stats.chunks_pushed += numbers.len() as u64;
                stats.records_pushed += records;
                self.pull_wake.notify_one();
            }
            Err(error) => return self.push_failed(error, &numbers, is_current).await,
        }
        Ok(None)
    }

    async fn push_failed(
        &self,
        error: Error,
        numbers: &[u64],
        is_current: bool,
    ) -> Result<Option<Error>> {
        if error.may_have_happened() && is_current {
            // Whether the batch has them shows when it has nothing left.
            let mut state = self.lock();
            state.ledger.arrive(numbers, Instant::now());
            state.gauge.push_less();
            drop(state);
            self.pull_wake.notify_one();
            return Ok(Some(error));
        }
        self.lock().ledger.come_back(numbers);
        match error.status() {
            _ if !is_current || may_pass(&error) => {}
            Some(404 | 410) => self.pull_wake.notify_one(),
            Some(400 | 409 | 413 | 422) => self.refused(&error, numbers).await?,
            _ => return Err(error),
        }
        Ok(Some(error))
    }

    /// A push was refused: the batch may be closed, its buffer full, or a chunk too large.
    async fn refused(&self, error: &Error, numbers: &[u64]) -> Result<()> {
        self.pace.turn(Turn::Pull).await;
        let progress = match self.pipeline().status().await {
            Ok(progress) => progress,
            Err(error) if may_pass(&error) || error.is_not_found() => return Ok(()),
            Err(error) => return Err(error),
        };
        self.note(&progress);
        let mut state = self.lock();
        if !progress.batch_status.as_ref().is_none_or(status::is_open) {
            self.pull_wake.notify_one();
            return Ok(());
        }
        if let Some(buffer) = state.gauge.buffer()
            && let Some((first, bytes)) = state.ledger.larger_than(buffer, numbers)
        {
            return Err(too_large(first, bytes, buffer));
        }
        if numbers.len() == 1 && state.gauge.is_empty() {
            let message = format!("the platform refuses a chunk: {}", error.message());
            return Err(Error::new(ErrorKind::Failed, message)
                .with_advice("make smaller chunks or a larger buffer"));
        }
        state.gauge.push_less();
        Ok(())
    }

    /// Takes in what the batch said.
    pub(super) fn note(&self, progress: &BatchProgress) {
        let mut state = self.lock();
        let now = Instant::now();
        if state.gauge.note(progress, now) {
            state.moved = now;
        }
        if let Some(pipeline) = &state.pipeline {
            pipeline.tracker.note(progress);
        }
    }
}

fn too_large(first: u64, bytes: u64, buffer: u64) -> Error {
    let message = format!(
        "the chunk from record {first} on has {bytes} bytes, the input buffer of the batch {buffer}"
    );
    Error::invalid(message).with_advice("make smaller chunks or a larger buffer")
}
