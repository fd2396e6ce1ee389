//! One range of a file, asked for until all of it is here.

use std::future::Future;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_util::StreamExt;
use reqwest::header::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::head::{Head, strong_etag};
use super::source::{Body, Incoming, Source, Wanted};
use crate::error::{Error, ErrorKind, Result};
use crate::transport::backoff::{Backoff, LONGEST_PAUSE};

/// How many tries in a row may bring nothing.
const TRIES: u32 = 5;

/// Why a fetch ended without the bytes.
#[derive(Debug)]
pub(super) enum Stop {
    /// This try failed, another may not.
    Try(Error),
    /// The server sent the whole file where a range was asked for.
    Ignored,
    /// The server does not serve ranges: one stream has to do.
    NoRanges,
    /// The file is another one than at the beginning.
    Changed,
    /// A thread of the pipeline has stopped, and tells why itself.
    Stopped,
    /// Nothing will help.
    Final(Error),
}

impl From<super::pipeline::Stopped> for Stop {
    fn from(_: super::pipeline::Stopped) -> Self {
        Self::Stopped
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

/// Who takes the bytes, in order and each once.
pub(super) trait Sink: Send {
    fn put(&mut self, offset: u64, bytes: Bytes) -> impl Future<Output = Result<(), Stop>> + Send;
}

/// Asks for ranges of one version of one file.
pub(super) struct Fetcher<S> {
    pub(super) source: Arc<S>,
    pub(super) connections: Arc<Semaphore>,
    pub(super) size: Option<u64>,
    pub(super) etag: Option<String>,
    /// Whether an answer with the whole file is taken where a range was asked for.
    pub(super) whole: bool,
}

/// An answer that is what was asked for.
pub(super) struct Opened {
    pub(super) head: Head,
    pub(super) etag: Option<String>,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    /// The connection is in use as long as the body.
    _permit: OwnedSemaphorePermit,
}

impl<S: Source> Fetcher<S> {
    /// The first answer of a download, from which size, version and manners are learned.
    pub(super) async fn probe(&self, wanted: Option<Range<u64>>) -> Result<Opened, Stop> {
        let mut tries = Tries::new();
        let mut wanted = wanted;
        loop {
            match self.open(wanted.clone()).await {
                Ok(opened) => return Ok(opened),
                // No range of an empty file can be satisfied.
                Err(stop) if self.size.is_none() && is_unsatisfied(&stop) && wanted.is_some() => {
                    wanted = None;
                }
                Err(stop) => tries.after(stop).await?,
            }
        }
    }

    /// Puts a range into the sink. A broken answer is gone on with from the byte that it reached.
    pub(super) async fn fetch(
        &self,
        range: Range<u64>,
        first: Option<Opened>,
        sink: &mut impl Sink,
    ) -> Result<(), Stop> {
        let mut first = first;
        let mut tries = Tries::new();
        let mut reached = range.start;
        while reached < range.end {
            let before = reached;
            let outcome = self.try_once(&mut reached, range.end, first.take(), sink).await;
            let Err(stop) = outcome else { break };
            if reached > before {
                tries = Tries::new();
            }
            let stop = if is_unsatisfied(&stop) { self.look_again(stop).await } else { stop };
            tries.after(stop).await?;
        }
        Ok(())
    }

    /// Puts an answer without a known length into the sink and returns how long it was.
    pub(super) async fn drain(&self, opened: Opened, sink: &mut impl Sink) -> Result<u64, Stop> {
        let mut body = opened.body;
        let mut reached = 0;
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|error| self.judge(error))?;
            let length = chunk.len() as u64;
            sink.put(reached, chunk).await?;
            reached += length;
        }
        Ok(reached)
    }

    async fn try_once(
        &self,
        reached: &mut u64,
        end: u64,
        first: Option<Opened>,
        sink: &mut impl Sink,
    ) -> Result<(), Stop> {
        let all = self.whole && *reached == 0;
        let opened = match first {
            Some(opened) => opened,
            None => self.open((!all).then_some(*reached..end)).await?,
        };
        let skip = match opened.head {
            Head::Part { .. } => 0,
            Head::Whole { .. } if self.whole => *reached,
            Head::Whole { .. } => return Err(Stop::Ignored),
        };
        self.receive(opened.body, skip, reached, end, sink).await
    }

    /// Receives a body up to its end. What completes the range is held back until the end is here:
    /// only then is it known that the body is not longer than promised.
    async fn receive(
        &self,
        mut body: Body,
        mut skip: u64,
        reached: &mut u64,
        end: u64,
        sink: &mut impl Sink,
    ) -> Result<(), Stop> {
        let mut last = Bytes::new();
        let ending = loop {
            let mut chunk = match body.next().await {
                Some(Ok(chunk)) => chunk,
                Some(Err(error)) => break Err(self.judge(error)),
                None => break Ok(()),
            };
            let skipped = skip.min(chunk.len() as u64);
            skip -= skipped;
            chunk.advance(skipped as usize);
            let left = end - *reached;
            match chunk.len() as u64 {
                0 => {}
                length if length > left || !last.is_empty() => return Err(longer_than_promised()),
                length if length == left => last = chunk,
                _ => put(sink, reached, chunk).await?,
            }
        };
        put(sink, reached, last).await?;
        match ending {
            _ if *reached == end => Ok(()),
            Ok(()) => Err(shorter_than_promised(end - *reached)),
            Err(stop) => Err(stop),
        }
    }

    /// Asks once, and checks that the answer is what was asked for.
    pub(super) async fn open(&self, range: Option<Range<u64>>) -> Result<Opened, Stop> {
        let permit = self.connections.clone().acquire_owned().await;
        let permit = permit.expect("the semaphore is never closed");
        let wanted = Wanted { range: range.clone(), if_match: self.etag.clone() };
        let incoming = self.source.open(wanted).await;
        let incoming = incoming.map_err(|error| self.judge(error))?;
        let etag = strong_etag(&incoming.headers);
        if self.etag.is_some() && etag.is_some() && etag != self.etag {
            return Err(Stop::Changed);
        }
        let head = Head::read(&incoming, range.as_ref()).map_err(|error| self.judge(error))?;
        self.check_size(&head)?;
        let Incoming { status, headers, body } = incoming;
        Ok(Opened { head, etag, status, headers, body, _permit: permit })
    }

    fn check_size(&self, head: &Head) -> Result<(), Stop> {
        match (self.size, head.size()) {
            (Some(known), Some(told)) if known != told => {
                let message = format!("the server's file has {told} bytes instead of {known}");
                Err(Stop::Try(Error::protocol(message)))
            }
            _ => Ok(()),
        }
    }

    /// What a failure means for the fetch.
    pub(super) fn judge(&self, error: Error) -> Stop {
        match error.status() {
            Some(412) if self.etag.is_some() => Stop::Changed,
            _ if error.is_retryable() || error.kind() == ErrorKind::Protocol => Stop::Try(error),
            _ => Stop::Final(error),
        }
    }

    /// A range that the file does not have: its size is not what it was taken for.
    async fn look_again(&self, refused: Stop) -> Stop {
        let anew = Fetcher {
            source: self.source.clone(),
            connections: self.connections.clone(),
            size: None,
            etag: None,
            whole: true,
        };
        let Ok(opened) = anew.probe(None).await else { return refused };
        let changed = self.etag.is_some() && opened.etag.is_some() && opened.etag != self.etag;
        match (opened.head.size(), self.size) {
            _ if changed => Stop::Changed,
            (Some(now), Some(before)) if now != before => Stop::Final(Error::protocol(format!(
                "the server's file has {now} bytes instead of {before}"
            ))),
            _ => refused,
        }
    }
}

async fn put(sink: &mut impl Sink, reached: &mut u64, bytes: Bytes) -> Result<(), Stop> {
    let length = bytes.len() as u64;
    if length > 0 {
        sink.put(*reached, bytes).await?;
        *reached += length;
    }
    Ok(())
}

fn is_unsatisfied(stop: &Stop) -> bool {
    matches!(stop, Stop::Final(error) if error.status() == Some(416))
}

fn longer_than_promised() -> Stop {
    Stop::Try(Error::protocol("the server sent more bytes than it promised"))
}

fn shorter_than_promised(missing: u64) -> Stop {
    let message = format!("the server sent {missing} bytes fewer than it promised");
    Stop::Try(Error::new(ErrorKind::Interrupted, message))
}

/// Counts the tries without progress and waits between them.
pub(super) struct Tries {
    count: u32,
    backoff: Backoff,
}

impl Tries {
    pub(super) fn new() -> Self {
        Self { count: 0, backoff: Backoff::new() }
    }

    /// Waits for the next try.
    ///
    /// # Errors
    /// When there is none.
    pub(super) async fn after(&mut self, stop: Stop) -> Result<(), Stop> {
        self.count += 1;
        let mut pause = self.backoff.next_wait();
        match &stop {
            Stop::Ignored if self.count >= TRIES => return Err(Stop::NoRanges),
            Stop::Try(error) if self.count < TRIES && asked(error) <= LONGEST_PAUSE => {
                pause = asked(error).max(pause);
                tracing::debug!(%error, ?pause, "will fetch on from here");
            }
            Stop::Ignored => {}
            _ => return Err(stop.settled()),
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

/// The pause that the server asked for.
fn asked(error: &Error) -> Duration {
    error.retry_after().unwrap_or_default()
}

impl Stop {
    /// A failed try that was the last.
    fn settled(self) -> Self {
        match self {
            Self::Try(error) => Self::Final(error),
            other => other,
        }
    }
}
