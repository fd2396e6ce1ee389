//! What is known of the batch, and what follows from it: when and how much to push, when and how
//! many to pull.

use std::time::Duration;

use tokio::time::Instant;

use super::super::pull::MOST_CHUNKS;
use super::super::state::Buffer;
use super::super::status::is_open;
use super::feed::Size;
use crate::raw::spark::enums::BatchStatus;
use crate::spark::models::BatchProgress;

/// Chunks have so many records as long as nothing is known of the service's speed; the platform's
/// own default (source: Coherent Spark platform configuration, `Batch_Chunk_Size`).
const USUAL_CHUNK: u64 = 100;
/// Chunks become so large that about as many are calculated in a second. It leaves room below the
/// 100 chunks that a pull brings.
const CHUNKS_PER_SECOND: f64 = 100.0;
const LARGEST_CHUNK: u64 = 20_000;
const LARGEST_CHUNK_BYTES: u64 = 1 << 20;

/// The first push is small, because neither the buffer nor the speed is known.
const FIRST_PUSH: u64 = 512 << 10;
const USUAL_PUSH: u64 = 4 << 20;
const LARGEST_PUSH: u64 = 12 << 20;
/// The batch is given so much to do, in time and in chunks: more would not make it faster.
const AHEAD: Duration = Duration::from_secs(10);
const CHUNKS_AHEAD: f64 = 1000.0;
/// With less to do, it is about to starve.
const LITTLE: Duration = Duration::from_secs(1);
/// Without news of the speed, more is pushed after this time.
const NO_NEWS: Duration = Duration::from_secs(2);

/// A pull should not bring more bytes.
const LARGEST_PULL: u64 = 7 << 19;
/// Without news of the outputs' size, so many chunks are pulled.
const FEW_CHUNKS: usize = 20;
/// Pulls follow each other after this part of the run's time, within these bounds. So the last
/// outputs are late by no more than that part.
const LATE: f64 = 0.005;
const SOONEST: Duration = Duration::from_millis(250);
const LATEST: Duration = Duration::from_secs(10);
/// A batch that is not used is closed after half an hour.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(600);

/// A request should not take longer than this on a slow line.
const LONGEST: f64 = 5.0;
const SLOWEST_LINE: u64 = 64 << 10;

/// What is known of a batch.
#[derive(Debug)]
pub(super) struct Gauge {
    started: Instant,
    pub(super) status: Option<BatchStatus>,
    last: Option<Seen>,
    /// Records a second, while there was something to do.
    rate: Option<f64>,
    pushed_at: Option<Instant>,
    pulled_at: Option<Instant>,
    /// The last pull brought as much as it could.
    more: bool,
    push_limit: u64,
    pull_limit: u64,
    bytes_per_record: f64,
    records_per_chunk: f64,
    bytes_per_result: Option<f64>,
}

/// What the server said, and when.
#[derive(Clone, Copy, Debug)]
struct Seen {
    at: Instant,
    submitted: u64,
    completed: u64,
    available_chunks: u64,
    input: Option<Buffer>,
    output: Option<(u64, u64)>,
}

/// A push that would do good now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Want {
    pub(super) bytes: u64,
    pub(super) urgent: bool,
}

impl Gauge {
    pub(super) fn new(started: Instant) -> Self {
        Self {
            started,
            status: None,
            last: None,
            rate: None,
            pushed_at: None,
            pulled_at: None,
            more: false,
            push_limit: USUAL_PUSH,
            pull_limit: LARGEST_PULL,
            bytes_per_record: 100.0,
            records_per_chunk: USUAL_CHUNK as f64,
            bytes_per_result: None,
        }
    }

    /// Forgets what was known of a batch that another one takes over from.
    pub(super) fn begin_anew(&mut self) {
        let (rate, bytes_per_record) = (self.rate, self.bytes_per_record);
        let (pushed_at, pulled_at) = (Some(Instant::now()), None);
        *self = Self { rate, bytes_per_record, pushed_at, pulled_at, ..Self::new(self.started) };
    }

    /// Takes in what the server said; tells whether it has done something since the last time.
    pub(super) fn note(&mut self, progress: &BatchProgress, now: Instant) -> bool {
        let count = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
        if progress.batch_status.is_some() {
            self.status = progress.batch_status.clone();
        }
        let before = self.last;
        let kept = |value: Option<i64>, old: fn(Seen) -> u64| {
            count(value).or(before.map(old)).unwrap_or_default()
        };
        let used = count(progress.output_buffer_used_bytes);
        let free = count(progress.output_buffer_remaining_bytes);
        let seen = Seen {
            at: now,
            submitted: kept(progress.record_submitted, |seen| seen.submitted),
            completed: kept(progress.records_completed, |seen| seen.completed),
            available_chunks: count(progress.chunks_available).unwrap_or_default(),
            input: Buffer::of_inputs(progress),
            output: used.zip(free),
        };
        if let Some((used, _)) = seen.output.filter(|(used, _)| *used > 0)
            && seen.available_chunks > 0
        {
            // A result has arrays beside its outputs.
            self.bytes_per_result = Some(1.5 * used as f64 / seen.available_chunks as f64);
        }
        self.measure(before, seen);
        self.last = Some(seen);
        before.is_none_or(|before| before.completed < seen.completed)
    }

    fn measure(&mut self, before: Option<Seen>, seen: Seen) {
        let Some(before) = before else { return };
        let time = seen.at.saturating_duration_since(before.at).as_secs_f64();
        let done = seen.completed.saturating_sub(before.completed) as f64;
        if done == 0.0 || time < 0.01 {
            return;
        }
        let was_busy = seen.completed < seen.submitted;
        let rate = done / time;
        self.rate = Some(match self.rate {
            None => rate,
            Some(old) if was_busy => (old + rate) / 2.0,
            Some(old) => old.max(rate),
        });
    }

    /// A push of so many chunks, records and bytes was accepted.
    pub(super) fn pushed(
        &mut self,
        (chunks, records, bytes): (usize, u64, u64),
        started: Instant,
        now: Instant,
    ) {
        self.pushed_at = Some(now);
        self.bytes_per_record = bytes as f64 / records.max(1) as f64;
        self.records_per_chunk = records as f64 / chunks.max(1) as f64;
        let limit = within_reach(bytes, started, now).unwrap_or(self.push_limit);
        self.push_limit = limit.min(self.push_limit.saturating_mul(2)).min(LARGEST_PUSH);
    }

    /// A push failed in a way that a smaller one may not.
    pub(super) fn push_less(&mut self) {
        self.push_limit = (self.push_limit / 2).max(SLOWEST_LINE);
        self.pushed_at = Some(Instant::now());
    }

    /// A pull came back with so much.
    pub(super) fn pulled(
        &mut self,
        (chunks, asked, bytes): (usize, usize, u64),
        started: Instant,
        now: Instant,
    ) {
        self.pulled_at = Some(now);
        let left = self.last.is_some_and(|seen| seen.available_chunks > 0);
        self.more = chunks > 0 && (left || chunks >= asked);
        if chunks > 0 {
            self.bytes_per_result = Some(bytes as f64 / chunks as f64);
        }
        let limit = within_reach(bytes, started, now).unwrap_or(self.pull_limit);
        self.pull_limit = limit.min(self.pull_limit.saturating_mul(2)).min(LARGEST_PULL);
    }

    /// A pull failed.
    pub(super) fn pull_failed(&mut self, now: Instant) {
        (self.pulled_at, self.more) = (Some(now), false);
        self.pull_limit = (self.pull_limit / 2).max(SLOWEST_LINE);
    }

    pub(super) fn is_open(&self) -> bool {
        self.status.as_ref().is_none_or(is_open)
    }

    /// Whether nothing is left in the batch, by this answer to a pull that brought nothing.
    pub(super) fn is_drained(&self, progress: &BatchProgress) -> bool {
        let is_zero = |value: Option<i64>| value == Some(0);
        let nothing_left = !matches!(progress.chunks_available, Some(1..));
        let all_done = match (progress.record_submitted, progress.records_completed) {
            (Some(submitted), Some(completed)) => completed >= submitted,
            _ => false,
        };
        let at_rest = is_zero(progress.input_buffer_used_bytes) && is_zero(progress.workers_in_use);
        nothing_left && (all_done || at_rest)
    }

    /// How much should be pushed now, if anything.
    pub(super) fn want(&self, now: Instant) -> Option<Want> {
        let Some(seen) = self.last else {
            return Some(Want { bytes: FIRST_PUSH, urgent: true });
        };
        let buffer = seen.input.unwrap_or(Buffer { size: FIRST_PUSH, free: FIRST_PUSH });
        let queue = self.queue(now);
        let Some(rate) = self.rate else {
            let waited = self.pushed_at.is_none_or(|at| at + NO_NEWS <= now);
            let enough = queue >= CHUNKS_AHEAD * USUAL_CHUNK as f64;
            let bytes = buffer.free.min(FIRST_PUSH);
            let urgent = queue == 0.0;
            return (bytes > 0 && (urgent || waited && !enough)).then_some(Want { bytes, urgent });
        };
        let target = (rate * AHEAD.as_secs_f64()).max(CHUNKS_AHEAD * USUAL_CHUNK as f64);
        let missing = ((target - queue).max(0.0) * self.bytes_per_record) as u64;
        let bytes = buffer.free.min(self.push_limit).min(missing);
        let urgent = queue < rate * LITTLE.as_secs_f64();
        let worthwhile = match queue == 0.0 {
            true => 1,
            false if urgent => (buffer.size / 16).min(SLOWEST_LINE),
            false => (buffer.size / 4).min(self.push_limit),
        };
        (bytes >= worthwhile.max(1)).then_some(Want { bytes, urgent })
    }

    /// How large chunks should be.
    pub(super) fn chunk_size(&self, records: Option<u64>, push: u64) -> Size {
        let buffer = self.last.and_then(|seen| seen.input).map(|buffer| buffer.size);
        let Some(records) = records else {
            let even = (self.rate.unwrap_or(0.0) / CHUNKS_PER_SECOND) as u64;
            let share = buffer.map_or(LARGEST_CHUNK_BYTES, |size| size / 8);
            let bytes = LARGEST_CHUNK_BYTES.min(share).min(push) as usize;
            return Size { records: even.clamp(USUAL_CHUNK, LARGEST_CHUNK), bytes };
        };
        let bytes = buffer.unwrap_or(u64::MAX).try_into().unwrap_or(usize::MAX);
        Size { records, bytes }
    }

    /// The size of the input buffer, where it is known.
    pub(super) fn buffer(&self) -> Option<u64> {
        Some(self.last?.input?.size)
    }

    /// Whether the input buffer is empty, as far as is known.
    pub(super) fn is_empty(&self) -> bool {
        let input = self.last.and_then(|seen| seen.input);
        input.is_some_and(|buffer| buffer.free == buffer.size)
    }

    /// When to pull next, if chunks are on their way.
    pub(super) fn pull_due(&self, now: Instant) -> Instant {
        let Some(last) = self.pulled_at.or(self.pushed_at) else { return now };
        if self.more || self.pulled_at.is_none() {
            return now;
        }
        let usual = now.saturating_duration_since(self.started).mul_f64(LATE);
        let usual = usual.clamp(SOONEST, LATEST);
        last + self.until_full().map_or(usual, |full| full.clamp(SOONEST, usual))
    }

    /// When to pull next, if no chunk is on its way: often enough to keep the batch open.
    pub(super) fn keep_alive_due(&self) -> Instant {
        self.pulled_at.max(self.pushed_at).unwrap_or(self.started) + KEEP_ALIVE
    }

    /// How many chunks to pull.
    pub(super) fn max_chunks(&self) -> usize {
        let Some(each) = self.bytes_per_result else { return FEW_CHUNKS };
        ((self.pull_limit as f64 / each.max(1.0)) as usize).clamp(1, MOST_CHUNKS)
    }

    /// The records that the batch has still to calculate.
    fn queue(&self, now: Instant) -> f64 {
        let Some(seen) = self.last else { return 0.0 };
        let waiting = seen.submitted.saturating_sub(seen.completed) as f64;
        let since = now.saturating_duration_since(seen.at).as_secs_f64();
        (waiting - self.rate.unwrap_or(0.0) * since).max(0.0)
    }

    /// The time in which half the output buffer, or half of what a pull can bring, is calculated.
    fn until_full(&self) -> Option<Duration> {
        let (rate, seen) = (self.rate?, self.last?);
        let bytes_per_second = rate * self.bytes_per_record;
        let half = seen.output.map(|(used, free)| (used + free) as f64 / 2.0);
        let half = half.unwrap_or(f64::INFINITY).min(self.pull_limit as f64 / 2.0);
        let chunks =
            0.5 * MOST_CHUNKS as f64 * self.records_per_chunk / rate.max(f64::MIN_POSITIVE);
        Duration::try_from_secs_f64((half / bytes_per_second.max(1.0)).min(chunks)).ok()
    }
}

/// How much a request should carry on a line that took so long for this much; `None` when it was
/// too little to tell.
fn within_reach(bytes: u64, started: Instant, now: Instant) -> Option<u64> {
    let seconds = now.saturating_duration_since(started).as_secs_f64();
    let per_second = bytes as f64 / seconds.max(0.001);
    (bytes >= SLOWEST_LINE).then(|| ((per_second * LONGEST) as u64).max(SLOWEST_LINE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(submitted: i64, completed: i64, free: i64) -> BatchProgress {
        BatchProgress {
            record_submitted: Some(submitted),
            records_completed: Some(completed),
            input_buffer_used_bytes: Some(2_000_000 - free),
            input_buffer_remaining_bytes: Some(free),
            ..BatchProgress::default()
        }
    }

    /// A batch that has this many records waiting and calculates 20,000 a second.
    fn gauge(waiting: i64, free: i64) -> (Gauge, Instant) {
        let now = Instant::now();
        let mut gauge = Gauge::new(now);
        gauge.note(&progress(20_000 + waiting, 0, free), now);
        let later = now + Duration::from_secs(1);
        gauge.note(&progress(20_000 + waiting, 20_000, free), later);
        gauge.pushed((5, 1000, 100_000), later, later);
        (gauge, later)
    }

    #[test]
    fn a_push_is_urgent_when_there_is_little_to_do() {
        let want = |waiting, free| {
            let (gauge, now) = gauge(waiting, free);
            gauge.want(now)
        };
        assert_eq!(want(10_000, 1_000_000), Some(Want { bytes: 1_000_000, urgent: true }));
        assert_eq!(want(30_000, 1_000_000), Some(Want { bytes: 1_000_000, urgent: false }));
        assert_eq!(want(30_000, 400_000), None, "not worth a request");
        assert_eq!(want(10_000, 1000), None, "there is no room");
        assert_eq!(want(0, 1000), Some(Want { bytes: 1000, urgent: true }));
        assert_eq!(want(200_000, 1_900_000), None, "there is enough to do");
    }

    #[test]
    fn chunks_grow_with_the_speed_and_stay_below_the_buffer() {
        let (gauge, now) = gauge(10_000, 1_000_000);
        let size = gauge.chunk_size(None, 1_000_000);
        assert_eq!((size.records, size.bytes), (200, 250_000));
        assert_eq!(Gauge::new(now).chunk_size(None, 1 << 30).records, USUAL_CHUNK);
        let given = gauge.chunk_size(Some(7), 100);
        assert_eq!((given.records, given.bytes), (7, 2_000_000));
    }

    #[test]
    fn a_batch_is_drained_only_when_nothing_can_come() {
        let (gauge, _) = gauge(0, 0);
        assert!(gauge.is_drained(&progress(5, 5, 0)));
        assert!(!gauge.is_drained(&progress(5, 4, 0)));
        assert!(!gauge.is_drained(&BatchProgress::default()));
        let mut dropped = progress(5, 4, 2_000_000);
        assert!(!gauge.is_drained(&dropped));
        dropped.workers_in_use = Some(0);
        assert!(gauge.is_drained(&dropped), "a failed batch calculates no more");
        dropped.chunks_available = Some(1);
        assert!(!gauge.is_drained(&dropped));
    }

    #[test]
    fn slow_lines_get_small_requests() {
        let (mut gauge, now) = gauge(0, 0);
        gauge.pushed((5, 1000, 1_000_000), now, now + Duration::from_secs(10));
        assert_eq!(gauge.push_limit, 500_000);
        gauge.push_less();
        assert_eq!(gauge.push_limit, 250_000);
        gauge.pulled((10, 10, 1_000_000), now, now + Duration::from_secs(50));
        assert_eq!((gauge.pull_limit, gauge.max_chunks()), (100_000, 1));
    }

    #[test]
    fn pulls_become_rarer_in_a_long_run() {
        let (mut gauge, now) = gauge(10_000, 0);
        let after = |gauge: &mut Gauge, seconds: u64, chunks| {
            let then = now + Duration::from_secs(seconds);
            gauge.pulled((chunks, 100, 1000), then, then);
            gauge.pull_due(then).saturating_duration_since(then)
        };
        assert_eq!(after(&mut gauge, 5, 10), SOONEST);
        assert_eq!(after(&mut gauge, 5, 100), Duration::ZERO, "there is more");
        assert_eq!(after(&mut gauge, 100_000, 10), Duration::from_millis(500), "50 chunks");
        gauge.rate = Some(0.5);
        assert_eq!(after(&mut gauge, 100_000, 0), LATEST);
    }
}
