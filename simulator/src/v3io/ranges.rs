//! The forms of `Range` that clients send, valid or not.

use super::inferred;

/// What a Range header asks of an object of a known size.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    /// The bytes from one offset up to another.
    Part(u64, u64),
    /// Nothing: the range lies outside.
    Nothing,
}

pub(super) fn wanted(range: Option<&str>, size: u64) -> Wanted {
    let Some(range) = range.and_then(|range| range.trim().strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    let (first, last) = range.split_once('-').unwrap_or((range, ""));
    let last = last.trim();
    let bounds = match (first.trim().parse::<u64>(), last.parse::<u64>()) {
        (Ok(start), Ok(last)) if start <= last => Some((start, last.saturating_add(1).min(size))),
        (Ok(start), Ok(_)) if inferred::REVERSED_RANGE_IS_OPEN => Some((start, size)),
        (Ok(start), Err(_)) if last.is_empty() => Some((start, size)),
        (Err(_), Ok(count)) if first.trim().is_empty() => Some((size.saturating_sub(count), size)),
        _ => None,
    };
    match bounds {
        Some((start, end)) if start < end => Wanted::Part(start, end),
        Some(_) => Wanted::Nothing,
        None => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_are_understood() {
        let cases = [
            (None, Wanted::Whole),
            (Some("bytes=4"), Wanted::Part(4, 10)),
            (Some("bytes=4-"), Wanted::Part(4, 10)),
            (Some("bytes=4-6"), Wanted::Part(4, 7)),
            (Some("bytes=4-3"), Wanted::Part(4, 10)),
            (Some("bytes=8-99"), Wanted::Part(8, 10)),
            (Some("bytes=-3"), Wanted::Part(7, 10)),
            (Some("bytes=10-11"), Wanted::Nothing),
            (Some("bytes=0-1,4-5"), Wanted::Whole),
            (Some("-1"), Wanted::Whole),
        ];
        for (range, expected) in cases {
            assert_eq!(wanted(range, 10), expected, "{range:?}");
        }
    }
}
