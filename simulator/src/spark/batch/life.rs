//! One batch: its statuses and what each of them allows.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::super::catalog::Located;
use super::super::inferred;
use super::chunk::Chunk;
use super::config::Config;
use super::pipeline::Pipeline;
use crate::clock::Moment;

/// What a batch is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Created,
    InProgress,
    Closed,
    ClosedByTimeout,
    Completed,
    CompletedByTimeout,
    Failed,
    Cancelled,
}

/// A batch, as of the last time somebody looked.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) id: String,
    pub(super) service: Located,
    pub(super) config: Config,
    pub(super) status: Status,
    pub(super) created: Moment,
    /// The last change of status.
    pub(super) updated: Moment,
    /// The last push, pull or computed chunk.
    used: Moment,
    /// The last computed chunk.
    worked: Moment,
    pub(super) pipeline: Pipeline,
    pub(super) tally: HashMap<Arc<str>, Tally>,
    idle_timeout: Duration,
    /// The time between the end of the work and the status that tells it.
    settling: Duration,
}

/// How often a chunk id was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Pushed and accepted.
    pub pushed: u64,
    /// Computed.
    pub computed: u64,
    /// Handed out by a pull, whether or not the answer arrived.
    pub pulled: u64,
}

/// Why chunks are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NotOpen,
    Full,
    TooLarge,
}

impl Status {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::InProgress => "in_progress",
            Self::Closed => "closed",
            Self::ClosedByTimeout => "closed_by_timeout",
            Self::Completed => "completed",
            Self::CompletedByTimeout => "completed_by_timeout",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::InProgress)
    }

    pub(super) fn is_final(self) -> bool {
        !self.is_open() && self.completion().is_none()
    }

    /// What a closed batch becomes once it is through.
    fn completion(self) -> Option<Self> {
        match self {
            Self::Closed => Some(Self::Completed),
            Self::ClosedByTimeout => Some(Self::CompletedByTimeout),
            _ => None,
        }
    }
}

impl Batch {
    pub(super) fn new(
        (id, service, config): (String, Located, Config),
        (rate, idle_timeout, settling): (f64, Duration, Duration),
        now: Moment,
    ) -> Self {
        let pipeline = Pipeline::new(rate, config.input_buffer, config.output_buffer);
        Self {
            id,
            service,
            config,
            status: Status::Created,
            created: now,
            updated: now,
            used: now,
            worked: now,
            pipeline,
            tally: HashMap::new(),
            idle_timeout,
            settling,
        }
    }

    /// Brings the batch up to date.
    pub(super) fn advance(&mut self, now: Moment) {
        self.compute(now);
        if self.status.is_open() && self.is_idle(now) {
            self.enter(Status::ClosedByTimeout, self.used + self.idle_timeout);
        }
        if let Some(end) = self.status.completion() {
            let over = self.updated.max(self.worked) + self.settling;
            if self.pipeline.is_through() && over <= now {
                self.enter(end, over);
            } else if self.is_idle(now) && self.updated + self.idle_timeout <= now {
                self.pipeline.stop();
                self.enter(Status::CompletedByTimeout, now);
            }
        }
        if self.status.is_final() && self.updated.max(self.used) + self.idle_timeout <= now {
            self.pipeline.output.clear();
        }
    }

    fn compute(&mut self, now: Moment) {
        while let Some((chunk, done)) = self.pipeline.step(nanos(now)) {
            self.tally.entry(chunk.id.clone()).or_default().computed += 1;
            self.worked = Moment::from_micros(done / 1000);
            self.used = self.used.max(self.worked);
            if self.has_failed() {
                self.pipeline.stop();
                self.enter(Status::Failed, self.worked);
            }
        }
    }

    fn has_failed(&self) -> bool {
        let counts = &self.pipeline.counts;
        let acceptable = self.config.acceptable_error_percentage;
        inferred::is_beyond(acceptable, counts.records_failed, counts.records_submitted)
    }

    fn is_idle(&self, now: Moment) -> bool {
        !self.pipeline.is_busy() && self.used + self.idle_timeout <= now
    }

    fn enter(&mut self, status: Status, at: Moment) {
        (self.status, self.updated) = (status, at);
    }

    /// Takes all chunks in, or none of them.
    pub(super) fn push(&mut self, chunks: Vec<Chunk>, now: Moment) -> Result<(), Refusal> {
        let input = &self.pipeline.input;
        if !self.status.is_open() {
            return Err(Refusal::NotOpen);
        }
        if chunks.iter().any(|chunk| chunk.input_bytes > input.allocated) {
            return Err(Refusal::TooLarge);
        }
        if chunks.iter().map(|chunk| chunk.input_bytes).sum::<u64>() > input.remaining() {
            return Err(Refusal::Full);
        }
        for chunk in &chunks {
            self.tally.entry(chunk.id.clone()).or_default().pushed += 1;
        }
        self.used = now;
        self.pipeline.push(chunks, nanos(now));
        if self.status == Status::Created {
            self.enter(Status::InProgress, now);
        }
        Ok(())
    }

    /// Hands out chunks, which are gone then.
    pub(super) fn pull(&mut self, max: usize, now: Moment) -> Vec<Chunk> {
        self.used = now;
        let pulled = self.pipeline.pull(max, nanos(now));
        for chunk in &pulled {
            self.tally.entry(chunk.id.clone()).or_default().pulled += 1;
        }
        pulled
    }

    /// Takes no more chunks from now on; `false` when it took none any more before.
    pub(super) fn close(&mut self, now: Moment) -> bool {
        let is_open = self.status.is_open();
        if is_open {
            self.enter(Status::Closed, now);
        }
        is_open
    }

    /// Drops everything; `false` when the batch had ended before.
    pub(super) fn cancel(&mut self, now: Moment) -> bool {
        let is_live = !self.status.is_final();
        if is_live {
            self.pipeline.stop();
            self.pipeline.output.clear();
            self.enter(Status::Cancelled, now);
        }
        is_live
    }
}

fn nanos(moment: Moment) -> u64 {
    moment.micros() * 1000
}
