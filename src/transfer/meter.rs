//! How far a transfer is, and telling it to whoever listens.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};

use crate::progress::{Event, Listener, tell};

/// The shortest time between two events.
const PACE: Duration = Duration::from_millis(100);

/// How many bytes are done and how many there are.
#[derive(Debug, Default)]
pub(super) struct Meter {
    done: AtomicU64,
    total: AtomicU64,
    started: Notify,
}

impl Meter {
    /// Begins, or begins again, with the bytes that are done already.
    pub(super) fn start(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        self.started.notify_one();
    }

    /// How many bytes are done.
    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Runs the work and tells the listener at the start, at the end, and in between when
    /// something has changed, at most ten times a second.
    pub(super) async fn watch<T, E>(
        &self,
        name: Arc<str>,
        listener: &mut Option<Listener>,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        if listener.is_none() {
            return work.await;
        }
        let mut work = std::pin::pin!(work);
        let mut ticks = interval(PACE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = None;
        let mut show = |listener: &mut Option<Listener>| {
            let now = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
            if told.replace(now) != Some(now) {
                let (done, total) = now;
                let name = name.clone();
                tell(listener, || Event::Bytes { name, done, total });
            }
        };
        let mut begun = false;
        loop {
            tokio::select! {
                biased;
                outcome = &mut work => {
                    if outcome.is_ok() {
                        show(listener);
                    }
                    return outcome;
                }
                () = self.started.notified() => {
                    show(listener);
                    begun = true;
                    ticks.reset();
                }
                _ = ticks.tick(), if begun => show(listener),
            }
        }
    }
}
