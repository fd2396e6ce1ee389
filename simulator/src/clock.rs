//! Wall-clock time in microseconds that never runs backwards, and its text forms.

use std::ops::Add;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A point in time: microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u64);

/// Reads the time; a jump of the system's clock during a run does not show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    epoch: Moment,
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { epoch: Moment(since.as_micros() as u64), started: Instant::now() }
    }

    pub(crate) fn now(&self) -> Moment {
        self.epoch + self.started.elapsed()
    }
}

impl Moment {
    /// Later than anything that happens.
    pub(crate) const NEVER: Self = Self(u64::MAX);

    pub(crate) const fn from_unix(seconds: u64) -> Self {
        Self(seconds * 1_000_000)
    }

    pub(crate) const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    pub(crate) const fn micros(self) -> u64 {
        self.0
    }

    /// RFC 3339 with six decimals and `Z`.
    pub(crate) fn zulu(self) -> String {
        self.civil() + "Z"
    }

    /// RFC 3339 with six decimals and a numeric offset.
    pub(crate) fn offset(self) -> String {
        self.civil() + "+00:00"
    }

    fn civil(self) -> String {
        let (seconds, micros) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let (year, month, day) = date(seconds / 86_400);
        let (h, m, s) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{micros:06}")
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(rhs.as_micros()).unwrap_or(u64::MAX)))
    }
}

/// Year, month and day of a day number since 1970 (Howard Hinnant's `civil_from_days`).
pub(crate) fn date(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let era = z / 146_097;
    let doe = z % 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + u64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn leap_days_and_year_ends_are_right() {
        assert_eq!(Moment::from_unix(951_782_400).zulu(), "2000-02-29T00:00:00.000000Z");
        assert_eq!(Moment::from_unix(1_767_225_599).offset(), "2025-12-31T23:59:59.000000+00:00");
    }
}
