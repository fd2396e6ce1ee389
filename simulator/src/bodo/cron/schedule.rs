//! Schedules of five fields: minute, hour, day of the month, month, day of the week.

use super::zone::Zone;
use crate::clock::{Moment, date};

const MINUTE: u64 = 60;
const DAY: u64 = 86_400;
/// How many days ahead a run is looked for: 29 February may be eight years away.
const DAYS: u64 = 366 * 8;
const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// Which minutes are due; one bit for each value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Schedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether either of the two day fields is enough: both are restricted.
    either_day: bool,
}

impl Schedule {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields[..] else { return None };
        let week = set(weekdays, (0, 7), &WEEKDAYS, 0)?;
        Some(Self {
            minutes: set(minutes, (0, 59), &[], 0)?,
            hours: set(hours, (0, 23), &[], 0)?,
            days: set(days, (1, 31), &[], 0)?,
            months: set(months, (1, 12), &MONTHS, 1)?,
            weekdays: week | week >> 7 & 1,
            either_day: !days.starts_with('*') && !weekdays.starts_with('*'),
        })
    }

    /// The first due minute after this moment.
    pub(super) fn next(&self, after: Moment, zone: &Zone) -> Option<Moment> {
        let offset = zone.0 * 60;
        let local = (after.micros() / 1_000_000).saturating_add_signed(offset) / MINUTE + 1;
        let (first_day, first_minute) = (local * MINUTE / DAY, local % (DAY / MINUTE));
        (first_day..first_day + DAYS).filter(|day| self.has_day(*day)).find_map(|day| {
            let from = if day == first_day { first_minute } else { 0 };
            let minute = (from..DAY / MINUTE).find(|minute| self.has_minute(*minute))?;
            let local = day * DAY + minute * MINUTE;
            Some(Moment::from_unix(local.saturating_add_signed(-offset)))
        })
    }

    /// A day by its number since 1970, which began on a Thursday.
    fn has_day(&self, number: u64) -> bool {
        let (_, month, day) = date(number);
        let (in_month, in_week) = (has(self.days, day), has(self.weekdays, (number + 4) % 7));
        let fits = if self.either_day { in_month || in_week } else { in_month && in_week };
        has(self.months, month) && fits
    }

    fn has_minute(&self, of_day: u64) -> bool {
        has(self.hours, of_day / 60) && has(self.minutes, of_day % 60)
    }
}

fn has(set: u64, value: u64) -> bool {
    set >> value & 1 == 1
}

/// `*`, `5`, `1-5`, `*/15`, `10-50/20`, names, and lists of them.
fn set(field: &str, range: (u64, u64), names: &[&str], first_name: u64) -> Option<u64> {
    field.split(',').try_fold(0, |set, part| {
        let (span, step) = part.split_once('/').unwrap_or((part, "1"));
        let step: u64 = step.parse().ok().filter(|step| *step > 0)?;
        let value = |text: &str| value(text, range, names, first_name);
        let (from, to) = match span.split_once('-') {
            _ if span == "*" => range,
            Some((from, to)) => (value(from)?, value(to)?),
            None if part.contains('/') => (value(span)?, range.1),
            None => (value(span)?, value(span)?),
        };
        (from <= to).then(|| (from..=to).step_by(step as usize).fold(set, |set, n| set | 1 << n))
    })
}

fn value(text: &str, (least, most): (u64, u64), names: &[&str], first_name: u64) -> Option<u64> {
    let named = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    let number = named.map(|n| n as u64 + first_name).or_else(|| text.parse().ok())?;
    (least..=most).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-07-01T10:00:30Z, a Tuesday.
    const NOW: u64 = 1_751_364_030;

    fn next(schedule: &str, zone: &str) -> String {
        let (schedule, zone) = (Schedule::parse(schedule), Zone::parse(zone));
        let next =
            schedule.expect("a schedule").next(Moment::from_unix(NOW), &zone.expect("a zone"));
        next.map_or("never".to_owned(), |next| next.zulu()[..16].to_owned())
    }

    #[test]
    fn the_next_run_is_found() {
        assert_eq!(next("* * * * *", "UTC"), "2025-07-01T10:01");
        assert_eq!(next("0 * * * *", "UTC"), "2025-07-01T11:00");
        assert_eq!(next("*/20 9-17 * * MON-FRI", "UTC"), "2025-07-01T10:20");
        assert_eq!(next("30 1 * * 1", "UTC"), "2025-07-07T01:30");
        assert_eq!(next("0 0 29 feb *", "UTC"), "2028-02-29T00:00");
        assert_eq!(next("0 0 13 * 7", "UTC"), "2025-07-06T00:00");
        assert_eq!(next("0 12 * * *", "Etc/GMT-2"), "2025-07-02T10:00");
        assert_eq!(next("0 0 30 2 *", "UTC"), "never");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["nonsense", "* * * *", "60 * * * *", "*/0 * * * *", "5-1 * * * *", "* * 0 * *"]
        {
            assert_eq!(Schedule::parse(text), None, "{text}");
        }
    }
}
