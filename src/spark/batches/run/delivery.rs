//! Hands results out, in the order in which they come or in that of the inputs.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use tokio::time::{Instant, timeout};

use super::Ready;
use super::engine::{Engine, Out};
use super::gauge::KEEP_ALIVE;
use super::journal::{Found, Lines};
use super::ledger::Numbers;
use crate::blocking::blocking;
use crate::error::{Error, ErrorKind, Result};

/// While the user is busy for very long, so many results are taken to keep the batch open.
const MOST_KEPT: usize = 100;

/// Where results go.
pub(super) struct Delivery<'a> {
    out: &'a Out,
    order: Option<Order>,
}

/// Holds back what is ahead of its turn.
struct Order {
    /// The chunk whose turn it is.
    next: u64,
    early: BTreeMap<u64, Ready>,
    /// Results in the journal: chunks and where they are.
    stored: VecDeque<(u64, u64)>,
    lines: Option<Lines>,
}

impl<'a> Delivery<'a> {
    /// Hands out what an earlier run has received, if there was one.
    pub(super) async fn begin(engine: &Engine, found: &Found, out: &'a Out) -> Result<Self> {
        let lines = engine.journal.as_ref().map(|journal| journal.lines()).transpose()?;
        let mut delivery = Self { out, order: None };
        if engine.settings.ordered {
            let (early, stored) = (BTreeMap::new(), found.results.iter().copied().collect());
            delivery.order = Some(Order { next: 0, early, stored, lines });
            delivery.hand_out(engine, Vec::new()).await?;
        } else if let Some(lines) = lines {
            delivery.replay(engine, lines).await?;
        }
        Ok(delivery)
    }

    /// A chunk may be in a journal twice, if a program was stopped and its file was copied about.
    async fn replay(&mut self, engine: &Engine, mut lines: Lines) -> Result<()> {
        let mut seen = Numbers::default();
        loop {
            let read = blocking(move |_| Ok((lines.next_result()?, lines))).await?;
            lines = read.1;
            match read.0 {
                None => return Ok(()),
                Some(result) if seen.insert(result.chunk) => self.send(engine, result).await?,
                Some(_) => {}
            }
        }
    }

    /// Hands out these results, as far as it is their turn.
    pub(super) async fn hand_out(&mut self, engine: &Engine, results: Vec<Ready>) -> Result<()> {
        let mut results: VecDeque<_> = results.into();
        while let Some(result) = self.next(engine, &mut results).await? {
            let more = self.send_patiently(engine, result, results.len()).await?;
            results.extend(more);
        }
        // All results are parts of one answer, which goes when the last of them is taken. Another
        // one is not asked for before.
        self.out.reserve().await.map(drop).map_err(|_| unwanted())
    }

    async fn next(
        &mut self,
        engine: &Engine,
        results: &mut VecDeque<Ready>,
    ) -> Result<Option<Ready>> {
        let Some(order) = &mut self.order else { return Ok(results.pop_front()) };
        for mut result in results.drain(..) {
            // Not a part of all that came with it, which would have to stay in memory as well.
            result.text = Bytes::copy_from_slice(&result.text);
            order.early.insert(result.chunk, result);
        }
        let next = order.next().await?;
        engine.lock().waiting = order.early.values().map(|early| early.text.len() as u64).sum();
        Ok(next)
    }

    /// Waits until the result is taken. Meanwhile the batch is kept open, and what that brings is
    /// given back.
    async fn send_patiently(
        &self,
        engine: &Engine,
        result: Ready,
        kept: usize,
    ) -> Result<Vec<Ready>> {
        let mut more = Vec::new();
        loop {
            match timeout(KEEP_ALIVE, self.out.reserve()).await {
                Ok(place) => {
                    place.map_err(|_| unwanted())?.send(Ok(result));
                    engine.lock().moved = Instant::now();
                    return Ok(more);
                }
                Err(_) if kept + more.len() < MOST_KEPT && engine.lock().pipeline.is_some() => {
                    more.extend(engine.keep_alive().await?);
                }
                Err(_) => {}
            }
        }
    }

    async fn send(&self, engine: &Engine, result: Ready) -> Result<()> {
        self.out.send(Ok(result)).await.map_err(|_| unwanted())?;
        engine.lock().moved = Instant::now();
        Ok(())
    }
}

impl Order {
    /// The result whose turn it is, from memory or from the journal.
    async fn next(&mut self) -> Result<Option<Ready>> {
        let found = match self.early.remove(&self.next) {
            Some(result) => Some(result),
            None => self.stored().await?,
        };
        self.next += u64::from(found.is_some());
        Ok(found)
    }

    async fn stored(&mut self) -> Result<Option<Ready>> {
        while self.stored.front().is_some_and(|(chunk, _)| *chunk < self.next) {
            self.stored.pop_front();
        }
        let at = match self.stored.front() {
            Some((chunk, at)) if *chunk == self.next => *at,
            _ => return Ok(None),
        };
        let Some(mut lines) = self.lines.take() else { return Ok(None) };
        let (result, lines) = blocking(move |_| Ok((lines.result_at(at)?, lines))).await?;
        self.lines = Some(lines);
        Ok(result)
    }
}

/// The run was dropped, which is noticed elsewhere as well.
fn unwanted() -> Error {
    Error::new(ErrorKind::Interrupted, "nobody takes the results of the run any more")
}
