//! A moment as the filters of the job list spell it.

use std::fmt;

use chrono::{DateTime, TimeZone, Timelike, Utc};

/// A moment as the filters of the job list spell it: `2024-01-01 00:00:00+00:00`, with a space,
/// as the official client renders it (source: bodosdk 2.3.2, api/job.py).
///
/// Made from a [`DateTime`] of any time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment(String);

impl<Z: TimeZone> From<DateTime<Z>> for Moment {
    fn from(moment: DateTime<Z>) -> Self {
        let moment = moment.with_timezone(&Utc);
        let form = match moment.nanosecond() / 1000 {
            0 => "%Y-%m-%d %H:%M:%S%:z",
            _ => "%Y-%m-%d %H:%M:%S%.6f%:z",
        };
        Self(moment.format(form).to_string())
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_spelt_with_a_space_and_in_utc() {
        let spelt = |text: &str| Moment::from(DateTime::parse_from_rfc3339(text).unwrap()).0;
        assert_eq!(spelt("2024-01-01T02:00:00+02:00"), "2024-01-01 00:00:00+00:00");
        assert_eq!(spelt("2024-01-01T00:00:00.5Z"), "2024-01-01 00:00:00.500000+00:00");
    }
}
