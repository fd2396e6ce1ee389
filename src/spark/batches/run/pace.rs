//! When a run may send its next request: so many a second and no more, the urgent ones first.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// What is to be sent. Of those that wait at the same time, the greatest goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// A push while the batch has enough to do.
    Push,
    /// A pull, or anything else.
    Pull,
    /// A push without which the batch would soon have nothing to do.
    UrgentPush,
}

/// The first requests of a run follow each other soon, to learn how fast the service is.
const FIRST: usize = 3;
const SOON: Duration = Duration::from_millis(50);

/// How long one whose turn it is lets a greater one go first, and how soon it looks again.
const GIVE_WAY: Duration = Duration::from_millis(200);
const LOOK: Duration = Duration::from_millis(1);

#[derive(Debug)]
pub(super) struct Pace {
    /// So many requests in any window of this length.
    most: usize,
    window: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    sent: usize,
    recent: VecDeque<Instant>,
    waiting: Vec<Turn>,
}

impl Pace {
    pub(super) fn new(requests_per_second: f64) -> Self {
        let most = requests_per_second.floor().max(1.0);
        let window = Duration::from_secs_f64(most / requests_per_second);
        Self { most: most as usize, window, state: Mutex::default() }
    }

    /// Returns when the request may be sent.
    pub(super) async fn turn(&self, turn: Turn) {
        self.claim(turn).granted().await;
    }

    /// Waits for a turn from now on, while the request is still being made.
    pub(super) fn claim(&self, turn: Turn) -> Claim<'_> {
        self.lock().waiting.push(turn);
        Claim { pace: self, turn }
    }

    /// Takes the turn, or tells when to look again.
    fn take(&self, turn: Turn) -> Option<Instant> {
        let now = Instant::now();
        let mut state = self.lock();
        let next = self.next(&state).unwrap_or(now);
        let gives_way = now < next + GIVE_WAY && state.waiting.iter().any(|other| *other > turn);
        if next > now || gives_way {
            return Some(next.max(now + LOOK));
        }
        state.sent += 1;
        state.recent.push_back(now);
        let surplus = state.recent.len().saturating_sub(self.most);
        state.recent.drain(..surplus);
        None
    }

    /// How many requests were sent.
    pub(super) fn sent(&self) -> u64 {
        self.lock().sent as u64
    }

    /// When the next one may go: evenly spread, except for the first ones.
    fn next(&self, state: &State) -> Option<Instant> {
        let last = state.recent.back()?;
        let even = self.window / self.most as u32;
        let spaced = *last + if state.sent < FIRST { even.min(SOON) } else { even };
        let first = state.recent.front().filter(|_| state.recent.len() == self.most);
        Some(first.map_or(spaced, |first| spaced.max(*first + self.window)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who waits for its turn, until it is dropped.
pub(super) struct Claim<'a> {
    pace: &'a Pace,
    turn: Turn,
}

impl Claim<'_> {
    /// Returns when the request may be sent.
    pub(super) async fn granted(self) {
        while let Some(later) = self.pace.take(self.turn) {
            sleep_until(later).await;
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut state = self.pace.lock();
        if let Some(place) = state.waiting.iter().position(|turn| *turn == self.turn) {
            state.waiting.swap_remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(rate: f64, count: usize) -> Vec<Duration> {
        let (pace, started) = (Pace::new(rate), Instant::now());
        let mut times = Vec::new();
        for _ in 0..count {
            pace.turn(Turn::Pull).await;
            times.push(started.elapsed());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn no_second_has_more_than_its_share() {
        for (rate, most) in [(5.0, 5), (2.5, 3), (1.0, 1), (50.0, 50)] {
            let times = sent(rate, 200).await;
            for from in &times {
                let until = *from + Duration::from_secs(1);
                let within = times.iter().filter(|at| *at >= from && **at < until).count();
                assert!(within <= most, "{within} in a second at {rate}");
            }
            let mean = times.len() as f64 / times[199].as_secs_f64();
            assert!(mean > rate * 0.95 && mean < rate * 1.1, "{mean} at {rate}");
        }
        let slow = sent(0.1, 3).await;
        assert!(slow[1] >= Duration::from_secs(10) && slow[2] >= Duration::from_secs(20));
    }

    #[tokio::test(start_paused = true)]
    async fn the_urgent_go_first() {
        let pace = Pace::new(5.0);
        for _ in 0..FIRST {
            pace.turn(Turn::Pull).await;
        }
        let order = Mutex::new(Vec::new());
        let one = |turn| {
            let (pace, order) = (&pace, &order);
            async move {
                pace.turn(turn).await;
                order.lock().unwrap().push(turn);
            }
        };
        tokio::join!(one(Turn::Push), one(Turn::Pull), one(Turn::UrgentPush));
        let expected = [Turn::UrgentPush, Turn::Pull, Turn::Push];
        assert_eq!(*order.lock().unwrap(), expected);
    }
}
