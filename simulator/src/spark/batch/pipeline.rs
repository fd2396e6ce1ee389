//! The pipeline of a batch: chunks wait in the input buffer, are computed one after another by the
//! clock, and wait in the output buffer.

use std::collections::VecDeque;

use super::chunk::Chunk;

/// Chunks on their way, and the counts so far. Times are nanoseconds since 1970.
#[derive(Debug)]
pub(super) struct Pipeline {
    /// Records a second.
    rate: f64,
    pub(super) input: Buffer,
    pub(super) output: Buffer,
    /// When the chunk at the front of the input is computed; `None` while none can be.
    done: Option<u64>,
    /// Until when the computation is spoken for.
    free: u64,
    pub(super) counts: Counts,
}

/// Chunks within bounds.
#[derive(Debug)]
pub(super) struct Buffer {
    chunks: VecDeque<Chunk>,
    pub(super) allocated: u64,
    pub(super) used: u64,
}

/// What happened so far.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) chunks_submitted: u64,
    pub(super) records_submitted: u64,
    pub(super) chunks_completed: u64,
    pub(super) chunks_failed: u64,
    pub(super) records_completed: u64,
    pub(super) records_failed: u64,
    pub(super) input_bytes: u64,
    pub(super) output_bytes: u64,
    pub(super) compute_nanos: u64,
}

impl Buffer {
    fn new(allocated: u64) -> Self {
        Self { chunks: VecDeque::new(), allocated, used: 0 }
    }

    pub(super) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    pub(super) fn records(&self) -> u64 {
        self.chunks.iter().map(Chunk::records).sum()
    }

    pub(super) fn remaining(&self) -> u64 {
        self.allocated.saturating_sub(self.used)
    }

    pub(super) fn clear(&mut self) {
        self.chunks.clear();
        self.used = 0;
    }
}

impl Pipeline {
    pub(super) fn new(rate: f64, input: u64, output: u64) -> Self {
        let (input, output) = (Buffer::new(input), Buffer::new(output));
        Self { rate, input, output, done: None, free: 0, counts: Counts::default() }
    }

    pub(super) fn push(&mut self, chunks: Vec<Chunk>, now: u64) {
        for chunk in chunks {
            self.counts.chunks_submitted += 1;
            self.counts.records_submitted += chunk.records();
            self.counts.input_bytes += chunk.input_bytes;
            self.input.used += chunk.input_bytes;
            self.input.chunks.push_back(chunk);
        }
        self.start(now);
    }

    /// The next chunk that is computed by now, and when it was. It is in the output buffer then.
    pub(super) fn step(&mut self, now: u64) -> Option<(&Chunk, u64)> {
        let done = self.done.filter(|&done| done <= now)?;
        let chunk = self.input.chunks.pop_front()?;
        self.input.used -= chunk.input_bytes;
        self.output.used += chunk.output_bytes();
        self.count(&chunk);
        self.output.chunks.push_back(chunk);
        (self.free, self.done) = (done, None);
        self.start(done);
        self.output.chunks.back().map(|chunk| (chunk, done))
    }

    /// Takes up to `max` chunks out of the output buffer, which may let the computation go on.
    pub(super) fn pull(&mut self, max: usize, now: u64) -> Vec<Chunk> {
        let count = max.min(self.output.chunks.len());
        let pulled: Vec<_> = self.output.chunks.drain(..count).collect();
        self.output.used -= pulled.iter().map(Chunk::output_bytes).sum::<u64>();
        self.start(now);
        pulled
    }

    /// Drops what was not computed.
    pub(super) fn stop(&mut self) {
        self.input.clear();
        self.done = None;
    }

    /// Whether a chunk is being computed.
    pub(super) fn is_busy(&self) -> bool {
        self.done.is_some()
    }

    /// Whether everything that was pushed is computed.
    pub(super) fn is_through(&self) -> bool {
        self.input.chunks.is_empty()
    }

    /// Computes the chunk at the front from now on, if its outputs have room.
    fn start(&mut self, now: u64) {
        if self.done.is_some() {
            return;
        }
        let Some(next) = self.input.chunks.front() else { return };
        let has_room = self.output.used + next.output_bytes() <= self.output.allocated;
        if has_room || self.output.chunks.is_empty() {
            self.done = Some(self.free.max(now) + self.nanos(next));
        }
    }

    fn nanos(&self, chunk: &Chunk) -> u64 {
        (chunk.records() as f64 / self.rate * 1e9) as u64
    }

    fn count(&mut self, chunk: &Chunk) {
        let nanos = self.nanos(chunk);
        let counts = &mut self.counts;
        counts.chunks_completed += 1;
        counts.chunks_failed += u64::from(chunk.failures() > 0);
        counts.records_completed += chunk.records();
        counts.records_failed += chunk.failures();
        counts.output_bytes += chunk.output_bytes();
        counts.compute_nanos += nanos;
    }
}
