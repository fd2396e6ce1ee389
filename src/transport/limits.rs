//! Brakes: rates per scope, pauses that a server asked for, and the budget for repeats.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use super::backoff::LONGEST_PAUSE;
use crate::error::{Error, ErrorKind, Result};

/// The window in which a rate holds. Shorter peaks are allowed, because the platforms count per
/// hour and a handful of calls should not crawl.
const WINDOW: Duration = Duration::from_secs(60);

/// The gates of one client, one for each scope of its platform; shared by all its clones.
#[derive(Debug, Default)]
pub(crate) struct Gates(Vec<(&'static str, Gate)>);

impl Gates {
    /// `rates` are requests per second; a scope without one is only held by pauses.
    pub(crate) fn new(
        scopes: impl IntoIterator<Item = &'static str>,
        rates: &HashMap<String, f64>,
    ) -> Self {
        let scopes: BTreeSet<_> = scopes.into_iter().collect();
        let gate = |scope| (scope, Gate::new(rates.get(scope).copied()));
        Self(scopes.into_iter().map(gate).collect())
    }

    /// There is a handful of scopes, which are found faster in a row than by a hash.
    fn of(&self, scope: &str) -> Option<&Gate> {
        self.0.iter().find(|(name, _)| *name == scope).map(|(_, gate)| gate)
    }

    /// Whether a request of the scope may pass without waiting; takes its turn if so.
    pub(crate) fn try_pass(&self, scope: &str) -> bool {
        let passes = |gate: &Gate| gate.is_open() || gate.take_turn(Instant::now()).is_ok();
        self.of(scope).is_none_or(passes)
    }

    /// Waits for a turn in the scope.
    ///
    /// # Errors
    /// When the turn does not come before the deadline, or the server asked for a pause that lasts
    /// beyond it.
    pub(crate) async fn pass(&self, scope: &str, patience: Duration) -> Result<()> {
        let Some(gate) = self.of(scope) else { return Ok(()) };
        match timeout(patience, gate.pass(scope, patience)).await {
            Ok(passed) => passed,
            Err(_) => Err(queued_too_long(scope)),
        }
    }

    /// Holds back every request of the scope, because the server asked for it.
    pub(crate) fn pause(&self, scope: &str, pause: Duration) {
        if let Some(gate) = self.of(scope) {
            gate.pause(pause);
        }
    }
}

/// Lets requests through at a rate and in order, and none during a pause.
#[derive(Debug)]
struct Gate {
    /// How many requests fit in a window.
    capacity: Option<usize>,
    state: Mutex<GateState>,
    /// Held by whoever waits at the head of the queue, so that turns are taken in order.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct GateState {
    passed: VecDeque<Instant>,
    paused_until: Option<Instant>,
}

impl Gate {
    fn new(rate: Option<f64>) -> Self {
        let capacity = rate.map(|rate| ((rate * WINDOW.as_secs_f64()) as usize).max(1));
        Self { capacity, state: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    async fn pass(&self, scope: &str, patience: Duration) -> Result<()> {
        if self.take_turn(Instant::now()).is_ok() {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        loop {
            let now = Instant::now();
            let Err(hold) = self.take_turn(now) else { return Ok(()) };
            if let Hold::Pause(until) = hold
                && until - now > patience
            {
                return Err(paused_too_long(scope, until - now));
            }
            tracing::debug!(scope, wait = ?(hold.until() - now), "held back by the rate limit");
            sleep_until(hold.until()).await;
        }
    }

    /// Whether there is neither a rate nor a pause.
    fn is_open(&self) -> bool {
        self.capacity.is_none() && self.lock().paused_until.is_none()
    }

    /// Passes now, or says what holds and until when.
    fn take_turn(&self, now: Instant) -> Result<(), Hold> {
        let mut state = self.lock();
        if let Some(until) = state.paused_until {
            if until > now {
                return Err(Hold::Pause(until));
            }
            state.paused_until = None;
        }
        let Some(capacity) = self.capacity else { return Ok(()) };
        while state.passed.front().is_some_and(|first| *first + WINDOW <= now) {
            state.passed.pop_front();
        }
        match state.passed.front() {
            Some(first) if state.passed.len() >= capacity => Err(Hold::Rate(*first + WINDOW)),
            _ => {
                state.passed.push_back(now);
                Ok(())
            }
        }
    }

    fn pause(&self, pause: Duration) {
        let until = Instant::now() + pause.min(LONGEST_PAUSE);
        let mut state = self.lock();
        state.paused_until = state.paused_until.max(Some(until));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, GateState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a request has to wait, and until when.
enum Hold {
    Rate(Instant),
    Pause(Instant),
}

impl Hold {
    fn until(&self) -> Instant {
        match self {
            Self::Rate(until) | Self::Pause(until) => *until,
        }
    }
}

fn paused_too_long(scope: &str, pause: Duration) -> Error {
    let seconds = pause.as_secs();
    let message = format!(
        "not sent, because the server limits the rate of `{scope}` requests for {seconds} s more"
    );
    Error::new(ErrorKind::Timeout, message).with_doubt(false).with_retry_after(Some(pause))
}

fn queued_too_long(scope: &str) -> Error {
    let message = format!(
        "not sent, because so many `{scope}` requests wait for their turn under the rate limit that \
         the deadline passed"
    );
    Error::new(ErrorKind::Timeout, message).with_doubt(false)
}

/// Bounds the extra load that repeats put on a server in trouble: about a fifth of all requests.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Thousandths of a repeat.
    reserve: AtomicI64,
}

impl Budget {
    const REPEAT: i64 = 1000;
    const DEPOSIT: i64 = 200;
    /// Room for the bad luck of a healthy client: a hundred failures in a row.
    const FULL: i64 = 100 * Self::REPEAT;

    pub(crate) fn new() -> Self {
        Self { reserve: AtomicI64::new(Self::FULL) }
    }

    /// To be told of every request that is sent.
    pub(crate) fn deposit(&self) {
        if self.reserve.load(Ordering::Relaxed) < Self::FULL {
            self.reserve.fetch_add(Self::DEPOSIT, Ordering::Relaxed);
        }
    }

    /// Whether there is enough for one more repeat; takes it if so.
    pub(crate) fn withdraw(&self) -> bool {
        let enough = self.reserve.fetch_sub(Self::REPEAT, Ordering::Relaxed) >= Self::REPEAT;
        if !enough {
            self.reserve.fetch_add(Self::REPEAT, Ordering::Relaxed);
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(rate: Option<f64>) -> Gates {
        let rates = rate.map(|rate| ("jobs".to_owned(), rate)).into_iter().collect();
        Gates::new(["jobs"], &rates)
    }

    const PATIENCE: Duration = Duration::from_secs(120);

    #[tokio::test(start_paused = true)]
    async fn no_window_holds_more_than_the_rate_and_none_is_wasted() {
        let gates = gate(Some(2.0));
        let start = Instant::now();
        let mut passed = Vec::new();
        for _ in 0..600 {
            gates.pass("jobs", PATIENCE).await.unwrap();
            passed.push(start.elapsed());
        }
        for (index, from) in passed.iter().enumerate() {
            let within = passed[index..].iter().take_while(|at| **at < *from + WINDOW).count();
            assert!(within <= 120, "{within} requests in one minute");
        }
        assert!(start.elapsed() <= Duration::from_secs(4 * 60 + 1), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_comes_too_late_is_an_error_at_the_deadline() {
        let gates = gate(Some(1.0));
        for _ in 0..60 {
            gates.pass("jobs", PATIENCE).await.unwrap();
        }
        let start = Instant::now();
        let error = gates.pass("jobs", Duration::from_secs(5)).await.unwrap_err();
        assert_eq!(start.elapsed().as_secs(), 5);
        assert!(error.is_timeout() && !error.may_have_happened());
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_everybody_and_ends() {
        let gates = gate(None);
        gates.pause("jobs", Duration::from_secs(7));
        let start = Instant::now();
        tokio::join!(async { gates.pass("jobs", PATIENCE).await.unwrap() }, async {
            gates.pass("jobs", PATIENCE).await.unwrap()
        },);
        assert_eq!(start.elapsed().as_secs(), 7);
        gates.pass("other", PATIENCE).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_beyond_the_deadline_fails_at_once() {
        let gates = gate(None);
        gates.pause("jobs", Duration::from_secs(500));
        let start = Instant::now();
        let error = gates.pass("jobs", PATIENCE).await.unwrap_err();
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert!(error.is_timeout() && error.retry_after().is_some());
    }

    #[test]
    fn repeats_are_a_fifth_of_the_requests_in_the_long_run() {
        let budget = Budget::new();
        let mut repeats = 0;
        for _ in 0..10_000 {
            budget.deposit();
            if budget.withdraw() {
                repeats += 1;
                budget.deposit();
            }
        }
        assert!((2_400..2_800).contains(&repeats), "{repeats} repeats for 10,000 calls");
    }
}
