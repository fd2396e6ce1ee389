//! Numbered pages, whose end the platform tells in more than one way.

use serde_json::Value;

use crate::page::{Cursor, Page};

/// Items asked for per page (source: cspark 0.3.3, the default of all its lists but one).
pub(super) const PAGE_SIZE: u32 = 100;

/// The number of a page.
pub(super) fn number(at: &Cursor) -> i64 {
    at.number().and_then(|number| i64::try_from(number).ok()).unwrap_or(1)
}

/// How many items a page has, as the requests want it.
pub(super) fn items_per_page(size: Option<u32>) -> i64 {
    i64::from(size.unwrap_or(PAGE_SIZE))
}

/// A page and where the next one begins: at the number that the server names, or else after this
/// one as long as its count says that there is more.
pub(super) fn page<T>(
    at: &Cursor,
    size: i64,
    items: Vec<T>,
    count: Option<i64>,
    next: Option<&Value>,
) -> Page<T> {
    let (at, total) = (at.number().unwrap_or(1), count.and_then(|count| u64::try_from(count).ok()));
    let before = (at - 1).saturating_mul(size.max(0).unsigned_abs());
    let more = total.is_some_and(|total| before + (items.len() as u64) < total);
    let counted = (more && !items.is_empty()).then_some(at + 1);
    let next = named(next).or(counted).map(Cursor::Number);
    Page { items, next, total }
}

/// A page number, also as text; the platform writes `False` for none as well.
fn named(next: Option<&Value>) -> Option<u64> {
    match next? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn next(at: u64, items: usize, count: Option<i64>, next: Value) -> Option<u64> {
        let page = page(&Cursor::Number(at), 10, vec![(); items], count, Some(&next));
        page.next.and_then(|cursor| cursor.number())
    }

    #[test]
    fn the_next_page_is_the_named_one_or_the_counted_one() {
        assert_eq!(next(1, 10, Some(25), json!(2)), Some(2));
        assert_eq!(next(1, 10, Some(25), json!("2")), Some(2));
        assert_eq!(next(1, 10, Some(25), json!(null)), Some(2));
        assert_eq!(next(2, 10, Some(25), json!("False")), Some(3));
        assert_eq!(next(3, 5, Some(25), json!(null)), None);
        assert_eq!(next(1, 10, Some(10), json!(false)), None);
        assert_eq!(next(3, 0, Some(25), json!(null)), None);
        assert_eq!(next(1, 10, None, json!(null)), None);
    }
}
