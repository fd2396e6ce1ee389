//! Durations and sizes as people write them on a command line.

use std::time::Duration;

/// `200ms`, `2s`, `1.5` (seconds), `3m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (digits, factor) = match text {
        t if t.ends_with("ms") => (&t[..t.len() - 2], 0.001),
        t if t.ends_with('s') => (&t[..t.len() - 1], 1.0),
        t if t.ends_with('m') => (&t[..t.len() - 1], 60.0),
        t => (t, 1.0),
    };
    let number: f64 = digits.parse().map_err(|_| format!("{text:?} is not a duration"))?;
    Duration::try_from_secs_f64(number * factor).map_err(|_| format!("{text:?} is not a duration"))
}

/// `1000`, `64KiB`, `50MB`, `1GiB`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 7] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
    ];
    let unit = UNITS.iter().find(|(name, _)| text.ends_with(name));
    let (digits, factor) =
        unit.map_or((text, 1), |(name, factor)| (&text[..text.len() - name.len()], *factor));
    let number: u64 =
        digits.trim().parse().map_err(|_| format!("{text:?} is not a size in bytes"))?;
    number.checked_mul(factor).ok_or_else(|| format!("{text:?} is too large"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_scale() {
        assert_eq!(duration("200ms"), Ok(Duration::from_millis(200)));
        assert_eq!(duration("1.5"), Ok(Duration::from_millis(1500)));
        assert_eq!(size("64KiB"), Ok(65_536));
        assert_eq!(size("7"), Ok(7));
        assert!(size("x").is_err() && duration("-1s").is_err());
    }
}
