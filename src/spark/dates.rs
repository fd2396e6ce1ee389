//! The days from which and until which services and folders are in effect.

use chrono::{Months, NaiveDate, Utc};

use crate::error::{Error, Result};

/// How long something is in effect unless told otherwise (source: cspark 0.3.3, sdk/_utils.py).
const YEARS: u32 = 10;

/// A first and a last day, both of which may be left open.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Period {
    pub(super) start: Option<NaiveDate>,
    pub(super) end: Option<NaiveDate>,
}

impl Period {
    /// As the platform wants both: from today on if not told otherwise, and for exactly 10 years;
    /// after 29 February until 28 February, where there is no 29th.
    pub(super) fn resolved(self) -> Result<(String, String)> {
        self.resolved_on(Utc::now().date_naive())
    }

    fn resolved_on(self, today: NaiveDate) -> Result<(String, String)> {
        let start = self.start.unwrap_or(today);
        let later = || start.checked_add_months(Months::new(12 * YEARS)).unwrap_or(NaiveDate::MAX);
        let end = self.end.unwrap_or_else(later);
        in_order(Some(start), Some(end))?;
        Ok((written(start), written(end)))
    }
}

/// Refuses an end before its start.
pub(super) fn in_order(start: Option<NaiveDate>, end: Option<NaiveDate>) -> Result<()> {
    match (start, end) {
        (Some(start), Some(end)) if end < start => {
            Err(Error::invalid(format!("the end date {end} is before the start date {start}")))
        }
        _ => Ok(()),
    }
}

/// A day as the platform writes it: its midnight, without an offset.
pub(super) fn written(day: NaiveDate) -> String {
    day.format("%Y-%m-%dT00:00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn resolved(start: Option<&str>, end: Option<&str>) -> Result<(String, String)> {
        Period { start: start.map(day), end: end.map(day) }.resolved_on(day("2026-11-20"))
    }

    fn dates(start: &str, end: &str) -> (String, String) {
        (format!("{start}T00:00:00"), format!("{end}T00:00:00"))
    }

    #[test]
    fn the_end_is_exactly_ten_years_after_the_start() {
        assert_eq!(resolved(None, None).unwrap(), dates("2026-11-20", "2036-11-20"));
        let january = resolved(Some("2025-01-20"), None).unwrap();
        assert_eq!(january, dates("2025-01-20", "2035-01-20"));
        let leap = resolved(Some("2024-02-29"), None).unwrap();
        assert_eq!(leap, dates("2024-02-29", "2034-02-28"));
        let both = resolved(Some("2025-01-01"), Some("2025-01-01")).unwrap();
        assert_eq!(both, dates("2025-01-01", "2025-01-01"));
        assert!(resolved(Some("+262142-12-31"), None).is_ok());
    }

    #[test]
    fn an_end_before_the_start_is_refused() {
        let error = resolved(Some("2025-01-02"), Some("2025-01-01")).unwrap_err().to_string();
        assert_eq!(error, "the end date 2025-01-01 is before the start date 2025-01-02");
        assert!(resolved(None, Some("2026-11-19")).is_err());
    }
}
