//! What a stored number or byte string means.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::schema::types::ColumnDescriptor;

use crate::bodo::sql::SqlValue;
use crate::values::Decimal;

/// The Julian day of 1970-01-01, from which the old form of timestamps counts.
const JULIAN_EPOCH: i64 = 2_440_588;

const SECONDS_PER_DAY: i64 = 86_400;

/// What a stored number or byte string means. A meaning that this version does not know leaves the
/// number or the bytes as they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar {
    Plain,
    Unsigned32,
    Unsigned64,
    Decimal { scale: u32 },
    Text,
    Uuid,
    Half,
    Date,
    Time { per_second: i64 },
    Timestamp { per_second: i64, is_utc: bool },
}

impl Scalar {
    pub(super) fn of(column: &ColumnDescriptor) -> Self {
        match column.logical_type_ref() {
            Some(logical) => Self::of_logical(logical),
            None => Self::of_converted(column),
        }
    }

    fn of_logical(logical: &LogicalType) -> Self {
        match logical {
            LogicalType::String | LogicalType::Enum | LogicalType::Json => Self::Text,
            LogicalType::Decimal(decimal) => Self::decimal(decimal.scale),
            LogicalType::Date => Self::Date,
            LogicalType::Time(time) => Self::Time { per_second: per_second(&time.unit) },
            LogicalType::Timestamp(time) => Self::Timestamp {
                per_second: per_second(&time.unit),
                is_utc: time.is_adjusted_to_u_t_c,
            },
            LogicalType::Integer(int) if !int.is_signed && int.bit_width == 64 => Self::Unsigned64,
            LogicalType::Integer(int) if !int.is_signed => Self::Unsigned32,
            LogicalType::Uuid => Self::Uuid,
            LogicalType::Float16 => Self::Half,
            _ => Self::Plain,
        }
    }

    /// What older files say instead; their timestamps are all in UTC.
    fn of_converted(column: &ColumnDescriptor) -> Self {
        let timestamp = |per_second| Self::Timestamp { per_second, is_utc: true };
        match column.converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Self::Text,
            ConvertedType::DECIMAL => Self::decimal(column.type_scale()),
            ConvertedType::DATE => Self::Date,
            ConvertedType::TIME_MILLIS => Self::Time { per_second: 1_000 },
            ConvertedType::TIME_MICROS => Self::Time { per_second: 1_000_000 },
            ConvertedType::TIMESTAMP_MILLIS => timestamp(1_000),
            ConvertedType::TIMESTAMP_MICROS => timestamp(1_000_000),
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 => {
                Self::Unsigned32
            }
            ConvertedType::UINT_64 => Self::Unsigned64,
            _ => Self::Plain,
        }
    }

    fn decimal(scale: i32) -> Self {
        Self::Decimal { scale: u32::try_from(scale).unwrap_or(0) }
    }

    /// The value of a number; `None` when there is none, such as a date after the end of time.
    pub(super) fn int(self, number: i64) -> Option<SqlValue> {
        Some(match self {
            Self::Unsigned32 => SqlValue::Int(number & i64::from(u32::MAX)),
            Self::Unsigned64 => SqlValue::from(number as u64),
            Self::Decimal { scale } => decimal(i128::from(number), scale),
            Self::Date => {
                let days = TimeDelta::try_days(number)?;
                SqlValue::Date(NaiveDate::default().checked_add_signed(days)?)
            }
            Self::Time { per_second } => {
                let (seconds, nanos) = split(number, per_second)?;
                let seconds = u32::try_from(seconds).ok()?;
                SqlValue::Time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos)?)
            }
            Self::Timestamp { per_second, is_utc } => {
                let (seconds, nanos) = split(number, per_second)?;
                timestamp(seconds, nanos, is_utc)?
            }
            _ => SqlValue::Int(number),
        })
    }

    /// The old form of timestamps, which has no zone: nanoseconds of a Julian day.
    pub(super) fn int96(self, parts: &[u32]) -> Option<SqlValue> {
        let [low, high, day] = *parts else { return None };
        let nanos = i64::try_from(u64::from(high) << 32 | u64::from(low)).ok()?;
        let (seconds, nanos) = split(nanos, 1_000_000_000)?;
        let days = i64::from(day) - JULIAN_EPOCH;
        timestamp(days * SECONDS_PER_DAY + seconds, nanos, false)
    }

    /// The value of a byte string; `None` when it is none, such as text that is not UTF-8.
    pub(super) fn bytes(self, bytes: &[u8]) -> Option<SqlValue> {
        Some(match self {
            Self::Text => SqlValue::Text(std::str::from_utf8(bytes).ok()?.to_owned()),
            Self::Decimal { scale } => decimal(big_endian(bytes)?, scale),
            Self::Uuid => SqlValue::Text(uuid(bytes)?),
            Self::Half => SqlValue::Float(half(u16::from_le_bytes(bytes.try_into().ok()?))),
            _ => SqlValue::from(bytes),
        })
    }
}

fn per_second(unit: &TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

/// Whole seconds and the nanoseconds beyond them, also before 1970.
fn split(count: i64, per_second: i64) -> Option<(i64, u32)> {
    let nanos = count.rem_euclid(per_second) * (1_000_000_000 / per_second);
    Some((count.div_euclid(per_second), u32::try_from(nanos).ok()?))
}

fn timestamp(seconds: i64, nanos: u32, is_utc: bool) -> Option<SqlValue> {
    let moment = DateTime::<Utc>::from_timestamp(seconds, nanos)?;
    Some(match is_utc {
        true => SqlValue::TimestampLtz(moment),
        false => SqlValue::TimestampNtz(moment.naive_utc()),
    })
}

/// The digits of a number that counts the units of its last decimal place.
fn decimal(units: i128, scale: u32) -> SqlValue {
    let scale = scale as usize;
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", units.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let point = if scale > 0 { "." } else { "" };
    SqlValue::Decimal(Decimal::from(format!("{sign}{whole}{point}{fraction}").as_str()))
}

/// A signed number of up to 16 bytes, which is 38 digits, the most that SQL has.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let is_negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let filler = if is_negative { 0xff } else { 0 };
    let skipped = bytes.len().saturating_sub(16);
    if bytes[..skipped].iter().any(|byte| *byte != filler) {
        return None;
    }
    let start = if is_negative { -1 } else { 0 };
    Some(bytes[skipped..].iter().fold(start, |number, byte| number << 8 | i128::from(*byte)))
}

fn uuid(bytes: &[u8]) -> Option<String> {
    let number = u128::from_be_bytes(bytes.try_into().ok()?);
    let hex = format!("{number:032x}");
    Some([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}

/// A float of 16 bits (IEEE 754, binary16).
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff) / 1024.0);
    sign * match exponent {
        0 => fraction * 2_f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: Option<SqlValue>) -> String {
        value.unwrap().to_string()
    }

    #[test]
    fn decimals_keep_every_digit() {
        let cents = Scalar::Decimal { scale: 2 };
        for (units, shown) in [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (12345, "123.45")] {
            assert_eq!(text(cents.int(units)), shown);
        }
        assert_eq!(text(Scalar::Decimal { scale: 0 }.int(-7)), "-7");
        let most = 10_i128.pow(38) - 1;
        for units in [most, -most, -1, 0, 255, -256] {
            let scalar = Scalar::Decimal { scale: 0 };
            assert_eq!(text(scalar.bytes(&units.to_be_bytes())), units.to_string());
        }
        assert_eq!(text(cents.bytes(&[0xff, 0x9c])), "-1.00");
        assert_eq!(text(cents.bytes(&[])), "0.00");
        let long = [&[0xff; 16][..], &[0x85]].concat();
        assert_eq!(text(cents.bytes(&long)), "-1.23");
        assert_eq!(cents.bytes(&[1; 17]), None);
    }

    #[test]
    fn times_before_the_epoch_and_out_of_range() {
        let millis = Scalar::Timestamp { per_second: 1_000, is_utc: true };
        assert_eq!(text(millis.int(-1)), "1969-12-31T23:59:59.999Z");
        assert_eq!(millis.int(i64::MAX), None);
        let nanos = Scalar::Timestamp { per_second: 1_000_000_000, is_utc: false };
        assert_eq!(text(nanos.int(1)), "1970-01-01T00:00:00.000000001");
        assert_eq!(text(Scalar::Date.int(-1)), "1969-12-31");
        assert_eq!(Scalar::Date.int(i64::from(i32::MAX)), None);
        let time = Scalar::Time { per_second: 1_000_000 };
        assert_eq!(text(time.int(1)), "00:00:00.000001");
        assert_eq!((time.int(-1), time.int(86_400_000_000)), (None, None));
        assert_eq!(text(Scalar::Plain.int96(&[1, 0, 2_440_589])), "1970-01-02T00:00:00.000000001");
    }

    #[test]
    fn odd_numbers() {
        assert_eq!(Scalar::Unsigned64.int(-1), Some(SqlValue::UInt(u64::MAX)));
        assert_eq!(Scalar::Unsigned32.int(-1), Some(SqlValue::Int(u32::MAX.into())));
        let half = |bits: u16| Scalar::Half.bytes(&bits.to_le_bytes()).unwrap();
        assert_eq!(half(0x3e00), SqlValue::Float(1.5));
        assert_eq!(half(0xc000), SqlValue::Float(-2.0));
        assert_eq!(half(0x0001), SqlValue::Float(2_f64.powi(-24)));
        assert_eq!(half(0xfc00), SqlValue::Float(f64::NEG_INFINITY));
        let id = Scalar::Uuid.bytes(&(0..16).collect::<Vec<u8>>());
        assert_eq!(text(id), "00010203-0405-0607-0809-0a0b0c0d0e0f");
        assert_eq!(Scalar::Text.bytes(&[0xff]), None);
    }
}
