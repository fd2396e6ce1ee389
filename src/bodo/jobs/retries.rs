//! How often a job is tried again.

use std::time::Duration;

use crate::bodo::models::RetryStrategy;

/// How often the platform tries a job again that failed.
///
/// ```
/// use std::time::Duration;
/// use longhaul::bodo::Retries;
/// let twice = Retries::new(2).delay(Duration::from_secs(180)).on_timeout();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Retries {
    count: u32,
    delay: Duration,
    on_timeout: bool,
}

impl Retries {
    /// So many more attempts after the first, a minute apart, and none after an attempt that ran
    /// out of time. 0 is never, which takes the retries of a template back.
    pub fn new(count: u32) -> Self {
        Self { count, delay: MINUTE, on_timeout: false }
    }

    /// How long to wait between two attempts; a minute by default. The platform counts in minutes:
    /// a part of one is rounded up to a whole one.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Also tries again after an attempt that ran out of time.
    pub fn on_timeout(mut self) -> Self {
        self.on_timeout = true;
        self
    }
}

impl From<Retries> for RetryStrategy {
    fn from(retries: Retries) -> Self {
        // All three or none, as the official client sends them.
        Self {
            num_retries: Some(retries.count.into()),
            delay_between_retries: Some(minutes(retries.delay)),
            retry_on_timeout: Some(retries.on_timeout),
        }
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// The platform's unit of time, rounded up.
pub(super) fn minutes(duration: Duration) -> i64 {
    let whole = duration.as_secs().div_ceil(60);
    let part = u64::from(duration.subsec_nanos() > 0 && duration.as_secs().is_multiple_of(60));
    i64::try_from(whole + part).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_minute_is_a_whole_one() {
        let of = |millis| minutes(Duration::from_millis(millis));
        assert_eq!([0, 1, 59_999, 60_000, 60_001, 90_000].map(of), [0, 1, 1, 1, 2, 2]);
        assert_eq!(minutes(Duration::MAX), i64::try_from(u64::MAX / 60 + 1).unwrap());
    }
}
