//! The order in which people sort versions: numbers in a text count as numbers.

use std::cmp::Ordering;

/// Compares two texts; `4.10` is above `4.9`, and a longer text above its beginning.
pub(super) fn compare(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() && !b.is_empty() {
        let (left, right) = (piece(a), piece(b));
        let order = match (is_number(left), is_number(right)) {
            (true, true) => compare_numbers(left, right),
            _ => left.cmp(right),
        };
        if order.is_ne() {
            return order;
        }
        (a, b) = (&a[left.len()..], &b[right.len()..]);
    }
    a.len().cmp(&b.len())
}

/// The digits at the beginning, or what is before the first digit.
fn piece(text: &str) -> &str {
    let digits = is_number(text);
    let end = text.find(|letter: char| letter.is_ascii_digit() != digits);
    &text[..end.unwrap_or(text.len())]
}

fn is_number(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_digit())
}

/// Numbers of any length; leading zeros do not count.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn versions_are_sorted_as_people_do() {
        let sorted =
            ["", "0", "4.8.4", "4.9", "4.09.1", "4.10", "2019R3", "2020R1", "2020R1-gpu", "v2"];
        for pair in sorted.windows(2) {
            assert!(compare(pair[0], pair[1]).is_lt(), "{pair:?}");
            assert!(compare(pair[1], pair[0]).is_gt(), "{pair:?}");
        }
        let long = "9".repeat(60);
        assert!(compare(&long, &format!("1{long}")).is_lt());
        assert!(compare("v1.0", "v1.0").is_eq());
    }
}
