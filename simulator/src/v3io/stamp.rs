//! Points in time with nanoseconds, as the platform counts them.

use crate::clock::Moment;

/// Nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp(u64);

impl Stamp {
    pub(super) const ZERO: Self = Self(0);

    pub(super) fn of(moment: Moment) -> Self {
        Self(moment.micros().saturating_mul(1000))
    }

    pub(super) fn new(secs: u64, nsecs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000_000).saturating_add(nsecs))
    }

    /// The least stamp after this one.
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }

    pub(super) fn secs(self) -> u64 {
        self.0 / 1_000_000_000
    }

    pub(super) fn nsecs(self) -> u64 {
        self.0 % 1_000_000_000
    }

    /// The milliseconds from another stamp to this one.
    pub(super) fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    pub(super) fn plus(self, time: std::time::Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)))
    }

    /// RFC 3339 with microseconds.
    pub(super) fn text(self) -> String {
        Moment::from_micros(self.0 / 1000).offset()
    }

    /// The date that HTTP headers carry.
    pub(super) fn http_date(self) -> String {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_nanos(self.0);
        httpdate::fmt_http_date(time)
    }
}
