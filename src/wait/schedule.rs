//! When a wait looks: often at first, seldom later, never after its end.

use std::time::Duration;

use tokio::time::Instant;

/// The wait between two looks is this share of the time already waited ...
const SHARE: f64 = 0.05;
/// ... but at least and at most these, give or take [`JITTER`].
pub(super) const SHORTEST: Duration = Duration::from_millis(500);
pub(super) const LONGEST: Duration = Duration::from_secs(15);
const JITTER: f64 = 0.1;

/// Longer than anybody waits, and short enough to be added to a moment.
pub(crate) const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// When to look, and for how long at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    pub(crate) limit: Duration,
    pub(crate) every: Option<Duration>,
}

impl Schedule {
    /// How long to wait before the next look.
    pub(crate) fn pause(&self, waited: Duration) -> Duration {
        let base = self.every.unwrap_or_else(|| waited.mul_f64(SHARE).clamp(SHORTEST, LONGEST));
        base.min(FOREVER).mul_f64(1.0 - JITTER + 2.0 * JITTER * fastrand::f64())
    }

    /// The last look starts early enough to end before time is up.
    pub(super) fn last_look(&self, deadline: Instant) -> Instant {
        deadline - (self.limit / 10).min(Duration::from_secs(1))
    }
}
