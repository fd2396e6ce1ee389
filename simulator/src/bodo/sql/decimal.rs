//! Decimals as whole numbers of their last digit.

/// Reads decimal digits with an optional exponent, rounding half away from zero to `scale`
/// decimals; `None` for anything else and for what does not fit.
pub(super) fn parse(text: &str, scale: u8) -> Option<i128> {
    let (digits, point) = digits(text)?;
    let shift = i32::from(scale) - point;
    match u32::try_from(shift) {
        Ok(up) => digits.checked_mul(10_i128.checked_pow(up)?),
        Err(_) => Some(round(digits, shift.unsigned_abs())),
    }
}

/// How many digits, and how many of them decimals, `text` has.
pub(super) fn shape(text: &str) -> Option<(u8, u8)> {
    let (digits, point) = digits(text)?;
    let scale = u8::try_from(point.max(0)).ok()?;
    let count = digits.unsigned_abs().checked_ilog10().map_or(1, |log| log as u8 + 1);
    Some((count.max(scale).max(1), scale))
}

pub(super) fn format(unscaled: i128, scale: u8) -> String {
    if scale == 0 {
        return unscaled.to_string();
    }
    let sign = if unscaled < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", unscaled.unsigned_abs(), width = usize::from(scale) + 1);
    let (whole, decimals) = digits.split_at(digits.len() - usize::from(scale));
    format!("{sign}{whole}.{decimals}")
}

/// All digits as one number, and how many of them are behind the point.
fn digits(text: &str) -> Option<(i128, i32)> {
    let text = text.trim();
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().ok()?),
        None => (text, 0),
    };
    let unsigned = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all = format!("{whole}{decimals}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i128 = all.parse().ok()?;
    let point = i32::try_from(decimals.len()).ok()? - i32::from(exponent);
    Some((if mantissa.starts_with('-') { -number } else { number }, point))
}

fn round(digits: i128, drop: u32) -> i128 {
    match 10_i128.checked_pow(drop) {
        Some(unit) => (digits + digits.signum() * (unit / 2)) / unit,
        None => 0,
    }
}
