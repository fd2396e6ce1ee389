//! Moments to the nanosecond, as the platform counts them.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeZone, Utc};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};

const NANOSECONDS: u32 = 1_000_000_000;

/// The name by which serde tells a timestamp from a text.
pub(crate) const UNIX_TIME: &str = "$longhaul::v3io::UnixTime";

/// A moment: whole seconds since 1970-01-01T00:00:00Z and the nanoseconds after them.
///
/// Seconds are negative before 1970; nanoseconds always count forward, so -0.5 s is
/// `-1:500000000`. `Display` is that text, which the platform takes in attributes and expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnixTime {
    seconds: i64,
    nanoseconds: u32,
}

impl UnixTime {
    /// Puts a moment together; `nanoseconds` of a whole second or more are an
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) error.
    pub fn new(seconds: i64, nanoseconds: u32) -> Result<Self> {
        Self::checked(seconds, nanoseconds).ok_or_else(|| {
            Error::invalid(format!("{nanoseconds} nanoseconds are a second or more"))
        })
    }

    fn checked(seconds: i64, nanoseconds: u32) -> Option<Self> {
        (nanoseconds < NANOSECONDS).then_some(Self { seconds, nanoseconds })
    }

    /// Whole seconds since 1970, rounded towards the past.
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// The nanoseconds after those seconds, below 1,000,000,000.
    pub fn nanoseconds(&self) -> u32 {
        self.nanoseconds
    }

    /// The moment in UTC, or `None` beyond the years that chrono knows (262,000 either way).
    pub fn datetime(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.seconds, self.nanoseconds)
    }

    /// The moment on the system's clock, or `None` when the system cannot express it.
    ///
    /// Windows counts in steps of 100 ns: what is finer is lost there.
    pub fn system_time(&self) -> Option<SystemTime> {
        let seconds = Duration::from_secs(self.seconds.unsigned_abs());
        let whole = if self.seconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(seconds)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(seconds)
        };
        whole?.checked_add(Duration::from_nanos(self.nanoseconds.into()))
    }

    /// Reads `sec:nsec`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (seconds, nanoseconds) = text.split_once(':')?;
        Self::checked(seconds.parse().ok()?, nanoseconds.parse().ok()?)
    }

    fn beyond(&self, what: &str) -> Error {
        Error::invalid(format!("the timestamp {self} is beyond what {what} can hold"))
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seconds, self.nanoseconds)
    }
}

impl FromStr for UnixTime {
    type Err = Error;

    /// Reads `sec:nsec`; anything else is an
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) error.
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text).ok_or_else(|| {
            Error::invalid(format!("{text:?} is not a timestamp of the form seconds:nanoseconds"))
        })
    }
}

impl<Tz: TimeZone> From<DateTime<Tz>> for UnixTime {
    fn from(moment: DateTime<Tz>) -> Self {
        // A leap second has more than a second of nanoseconds.
        let nanoseconds = moment.timestamp_subsec_nanos();
        Self {
            seconds: moment.timestamp() + i64::from(nanoseconds / NANOSECONDS),
            nanoseconds: nanoseconds % NANOSECONDS,
        }
    }
}

impl From<SystemTime> for UnixTime {
    fn from(moment: SystemTime) -> Self {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        match moment.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => Self { seconds: seconds(after), nanoseconds: after.subsec_nanos() },
            Err(before) => {
                let before = before.duration();
                let nanoseconds = (NANOSECONDS - before.subsec_nanos()) % NANOSECONDS;
                Self { seconds: -seconds(before) - i64::from(nanoseconds > 0), nanoseconds }
            }
        }
    }
}

impl TryFrom<UnixTime> for DateTime<Utc> {
    type Error = Error;

    fn try_from(moment: UnixTime) -> Result<Self> {
        moment.datetime().ok_or_else(|| moment.beyond("a date"))
    }
}

impl TryFrom<UnixTime> for SystemTime {
    type Error = Error;

    fn try_from(moment: UnixTime) -> Result<Self> {
        moment.system_time().ok_or_else(|| moment.beyond("the system's clock"))
    }
}

/// As text; with the name that makes a timestamp of it in an item.
impl Serialize for UnixTime {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_newtype_struct(UNIX_TIME, &self.to_string())
    }
}

impl<'de> Deserialize<'de> for UnixTime {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_newtype_struct(UNIX_TIME, UnixTimeVisitor)
    }
}

struct UnixTimeVisitor;

impl<'de> Visitor<'de> for UnixTimeVisitor {
    type Value = UnixTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timestamp")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, d: D) -> Result<UnixTime, D::Error> {
        d.deserialize_str(self)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<UnixTime, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn moments_before_1970_count_forward() {
        let half = SystemTime::UNIX_EPOCH - Duration::from_millis(500);
        assert_eq!(UnixTime::from(half).to_string(), "-1:500000000");
        let whole = SystemTime::UNIX_EPOCH - Duration::from_secs(2);
        assert_eq!(UnixTime::from(whole).to_string(), "-2:0");
        let before = DateTime::parse_from_rfc3339("1969-12-31T23:59:59.5Z").unwrap();
        assert_eq!(UnixTime::from(before), UnixTime::from(half));
    }

    #[test]
    fn a_leap_second_is_the_first_of_the_next_minute() {
        let leap = DateTime::parse_from_rfc3339("2016-12-31T23:59:60.25Z").unwrap();
        assert_eq!(UnixTime::from(leap).to_string(), "1483228800:250000000");
    }

    #[test]
    fn other_text_is_no_timestamp() {
        for text in ["", "1", "1:", ":1", "1:1000000000", "1:-5", "1.5:0", "1:2:3", "a:b"] {
            assert!(text.parse::<UnixTime>().is_err(), "{text}");
        }
        assert!(UnixTime::new(0, NANOSECONDS).is_err());
    }

    #[test]
    fn moments_that_do_not_fit_are_refused() {
        let far = UnixTime::new(i64::MIN, 0).unwrap();
        let error = DateTime::<Utc>::try_from(far).unwrap_err();
        assert!(error.to_string().ends_with("is beyond what a date can hold"), "{error}");
    }

    proptest! {
        #[test]
        fn texts_come_back(seconds: i64, nanoseconds in 0..NANOSECONDS) {
            let moment = UnixTime::new(seconds, nanoseconds).unwrap();
            prop_assert_eq!(moment.to_string().parse::<UnixTime>().unwrap(), moment);
        }

        #[test]
        fn dates_come_back(seconds in -1_i64 << 40..1 << 40, nanoseconds in 0..NANOSECONDS) {
            let moment = UnixTime::new(seconds, nanoseconds).unwrap();
            prop_assert_eq!(UnixTime::from(moment.datetime().unwrap()), moment);
        }

        #[cfg(unix)]
        #[test]
        fn system_times_come_back(seconds in -1_i64 << 40..1 << 40, nanoseconds in 0..NANOSECONDS) {
            let moment = UnixTime::new(seconds, nanoseconds).unwrap();
            prop_assert_eq!(UnixTime::from(moment.system_time().unwrap()), moment);
        }
    }
}
