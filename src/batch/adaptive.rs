//! How many inputs to work on at once, learnt from how long each takes.
//!
//! While more at once does not make each take longer, the server has room. From there on further
//! ones only queue. This is how TCP Vegas finds its window, slow start included, with rounds of
//! calls in place of round trips.

use std::time::Duration;

use tokio::time::Instant;

use crate::transport::options::DEFAULT_CONNECTIONS;

/// How many inputs are worked on at once at first, unless told otherwise, and the fewest: so few
/// no server minds.
pub const DEFAULT_CONCURRENCY: usize = 16;

/// As many as a client opens connections by default: more would queue on this side.
const MOST: usize = DEFAULT_CONNECTIONS;

/// Up to this ratio to its best, the time of a call counts as flat, and more are tried.
const FLAT: f64 = 1.3;
/// Above this ratio it has climbed. Between the two nothing changes, so that a step up does not
/// lead to a step down.
const CLIMBED: f64 = 2.0;

/// The factor of a step up until the time is first seen to be no longer flat.
const FIRST_STEPS: f64 = 2.0;
/// The factor of the later ones.
const LATER_STEPS: f64 = 1.25;

/// How many calls a round has for each that runs: enough for a stall of this machine to pass.
const ROUND: usize = 4;

/// Times below this are noise.
const SHORTEST: Duration = Duration::from_micros(1);

/// How many inputs are worked on at once.
#[derive(Debug)]
pub(super) enum Width {
    /// As many as the user said.
    Fixed(usize),
    /// As many as turn out to be good.
    Adaptive(Adaptive),
}

impl Width {
    pub(super) fn adaptive() -> Self {
        Self::Adaptive(Adaptive::new())
    }

    pub(super) fn now(&self) -> usize {
        match self {
            Self::Fixed(width) => *width,
            Self::Adaptive(adaptive) => adaptive.width,
        }
    }

    /// Takes note of a call that is done, one of so many that ran together.
    pub(super) fn note(&mut self, started: Instant, together: usize) {
        if let Self::Adaptive(adaptive) = self {
            adaptive.note(started, together);
        }
    }
}

/// A width that follows the calls' times, round by round.
#[derive(Debug)]
pub(super) struct Adaptive {
    width: usize,
    /// The factor of the next step up.
    step: f64,
    /// What a call takes when none waits for another, as far as is known.
    best: Duration,
    /// When the width last changed: calls from before say nothing about it.
    since: Instant,
    /// The times of this round.
    times: Vec<Duration>,
    /// Whether the width held calls back in this round: otherwise it is not known to be good.
    filled: bool,
}

impl Adaptive {
    fn new() -> Self {
        Self {
            width: DEFAULT_CONCURRENCY,
            step: FIRST_STEPS,
            best: Duration::MAX,
            since: Instant::now(),
            times: Vec::new(),
            filled: false,
        }
    }

    fn note(&mut self, started: Instant, together: usize) {
        if started < self.since {
            return;
        }
        self.times.push(started.elapsed());
        self.filled |= together >= self.width;
        if self.times.len() >= ROUND * self.width {
            self.end_round();
        }
    }

    fn end_round(&mut self) {
        let typical = mean_of_faster_half(&mut self.times).max(SHORTEST);
        // What the fewest take is not for them to shorten: it is how the server is now.
        let at_least = self.width == DEFAULT_CONCURRENCY;
        self.best = if at_least { typical } else { typical.min(self.best) };
        let width = self.next_width(typical.div_duration_f64(self.best));
        if width != self.width {
            tracing::debug!(from = self.width, to = width, ?typical, "other concurrency");
            (self.width, self.since) = (width, Instant::now());
        }
        self.times.clear();
        self.filled = false;
    }

    fn next_width(&mut self, ratio: f64) -> usize {
        if ratio > FLAT {
            self.step = LATER_STEPS;
        }
        let factor = match ratio {
            ratio if ratio > CLIMBED => (FLAT / ratio).max(0.5),
            ratio if ratio <= FLAT && self.filled => self.step,
            _ => 1.0,
        };
        ((self.width as f64 * factor) as usize).clamp(DEFAULT_CONCURRENCY, MOST)
    }
}

/// The slower half is left out, because calls that had to be repeated and stalls of this machine
/// are in it.
fn mean_of_faster_half(times: &mut [Duration]) -> Duration {
    let middle = times.len() / 2;
    let (faster, median, _) = times.select_nth_unstable(middle);
    let sum = faster.iter().sum::<Duration>() + *median;
    sum / (middle as u32 + 1)
}
