//! Dates as days, times and timestamps as microseconds, and their text.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

const DATE: &str = "%Y-%m-%d";

/// Days since 1970; the time of a timestamp is dropped.
pub(super) fn parse_date(text: &str) -> Option<i64> {
    let day = match NaiveDate::parse_from_str(text.trim(), DATE) {
        Ok(day) => day,
        Err(_) => moment(text)?.0.date(),
    };
    Some(day.signed_duration_since(NaiveDate::default()).num_days())
}

/// Microseconds since midnight.
pub(super) fn parse_time(text: &str) -> Option<i64> {
    let text = text.trim();
    let time = ["%H:%M:%S%.f", "%H:%M"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(text, format).ok())?;
    time.signed_duration_since(NaiveTime::MIN).num_microseconds()
}

/// Microseconds since 1970; an offset is applied for a point in time and else dropped.
pub(super) fn parse_timestamp(text: &str, utc: bool) -> Option<i64> {
    let (local, offset) = moment(text)?;
    let micros = local.and_utc().timestamp_micros();
    Some(if utc { micros - offset.num_microseconds()? } else { micros })
}

pub(super) fn format_date(days: i64) -> String {
    let day = TimeDelta::try_days(days)
        .and_then(|since| NaiveDate::default().checked_add_signed(since))
        .unwrap_or_default();
    day.format(DATE).to_string()
}

pub(super) fn format_time(micros: i64) -> String {
    let time = NaiveTime::MIN.overflowing_add_signed(TimeDelta::microseconds(micros)).0;
    with_fraction(time.format("%H:%M:%S").to_string(), micros)
}

pub(super) fn format_timestamp(micros: i64) -> String {
    let moment = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    with_fraction(moment.format("%Y-%m-%d %H:%M:%S").to_string(), micros)
}

/// Without trailing zeros, so that text sorts as time does.
fn with_fraction(text: String, micros: i64) -> String {
    match micros.rem_euclid(1_000_000) {
        0 => text,
        fraction => format!("{text}.{fraction:06}").trim_end_matches('0').to_owned(),
    }
}

/// A local date and time, and how far it is ahead of UTC.
fn moment(text: &str) -> Option<(NaiveDateTime, TimeDelta)> {
    let text = text.trim().replacen('T', " ", 1);
    let zoned = text.strip_suffix('Z').map(|local| format!("{local}+00:00"));
    let zoned = zoned.as_deref().unwrap_or(&text);
    for format in ["%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f %:z"] {
        if let Ok(moment) = DateTime::parse_from_str(zoned, format) {
            let ahead = TimeDelta::seconds(moment.offset().local_minus_utc().into());
            return Some((moment.naive_local(), ahead));
        }
    }
    for format in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(&text, format) {
            return Some((local, TimeDelta::zero()));
        }
    }
    let day = NaiveDate::parse_from_str(&text, DATE).ok()?;
    Some((day.and_time(NaiveTime::MIN), TimeDelta::zero()))
}
