//! Paged lists: every one is the same query with another operation and filters.

mod filters;

use super::models::PageMetadata;
use crate::error::{Error, Result};
use crate::page::{Cursor, Page};

pub(super) use filters::{Ascending, Filter, Many, One};

/// Items asked for per page. The official client asks for 10, which makes ten times the requests;
/// what the server allows at most is not known.
pub(super) const PAGE_SIZE: u32 = 100;

/// The page that an answer is.
///
/// # Errors
/// When the server sent another page than the one that was asked for.
pub(super) fn page<T>(items: Vec<T>, at: &PageMetadata, asked: &Cursor) -> Result<Page<T>> {
    let number = asked.number().unwrap_or(1);
    let told = u64::try_from(at.page).unwrap_or_default();
    if told != number {
        let message = format!("page {number} was asked for, and the server sent page {told}");
        return Err(Error::protocol(message));
    }
    let (total, size) = (u64::try_from(at.total_items).ok(), u64::try_from(at.size).unwrap_or(0));
    let seen = number.saturating_mul(size.max(items.len() as u64));
    let is_last = items.is_empty() || total.is_none_or(|total| seen >= total);
    Ok(Page { items, next: (!is_last).then(|| Cursor::Number(number + 1)), total })
}

/// The page that an answer is which holds all there is, where pages were asked for.
///
/// # Errors
/// When it came in place of a later page.
pub(super) fn everything<T>(items: Vec<T>, asked: &Cursor) -> Result<Page<T>> {
    match asked.number() {
        Some(number) if number > 1 => {
            let message = format!("page {number} was asked for, and the server sent no page");
            Err(Error::protocol(message))
        }
        _ => Ok(Page { total: u64::try_from(items.len()).ok(), items, next: None }),
    }
}

/// Declares the query of a paged list and what the list is narrowed by: `one` value, `many` values
/// of which an item has to have any, `custom` values, whose setters are written by hand, or what is
/// `always` sent.
///
/// `$wrap` turns an item as it came into what the list hands out.
macro_rules! paged_list {
    (
        $(#[$meta:meta])*
        $query:ident of $client_type:ty: $item:ty = $operation:ident
        { $($(#[$doc:meta])* $kind:ident $filter:ident: $type:ty = $key:ident,)* }
        |$client:ident, $data:ident| $wrap:expr
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $query {
            client: $client_type,
            $($filter: $crate::bodo::lists::filter_type!($kind $type),)*
        }

        impl $query {
            pub(super) fn list(client: &$client_type) -> $crate::page::List<Self> {
                let query = Self { client: client.clone(), $($filter: Default::default(),)* };
                $crate::page::List::new(query, Some($crate::bodo::lists::PAGE_SIZE))
            }

            /// Whether a filter leaves nothing to choose from.
            fn is_empty(&self) -> bool {
                $($crate::bodo::lists::Filter::selects_nothing(&self.$filter) ||)* false
            }
        }

        impl $crate::page::Query for $query {
            type Item = $item;
            const OPERATION: (&'static str, &'static str) = ("bodo", stringify!($operation));
            const NUMBERED: bool = true;

            async fn fetch(
                &self,
                at: $crate::page::Cursor,
                size: Option<u32>,
            ) -> $crate::error::Result<$crate::page::Page<$item>> {
                $($crate::bodo::lists::Filter::known(&self.$filter, stringify!($filter))?;)*
                if self.is_empty() {
                    return Ok($crate::page::Page { items: Vec::new(), next: None, total: Some(0) });
                }
                let session = &self.client.session;
                let number = i64::try_from(at.number().unwrap_or(1)).unwrap_or(i64::MAX);
                let mut request = session.raw.$operation().page(number);
                if let Some(size) = size {
                    request = request.size(i64::from(size));
                }
                $(if let Some(wanted) = self.$filter.0.clone() {
                    request = request.$key(wanted);
                })*
                let answer = session.call(request.send()).await?;
                let $client = &self.client;
                let items = answer.data.into_iter().map(|$data| $wrap).collect();
                $crate::bodo::lists::page(items, &answer.metadata, &at)
            }
        }

        impl $crate::page::List<$query> {
            $($crate::bodo::lists::filter_setter! { $(#[$doc])* $kind $filter: $type })*

            /// All of the list, to act on as one. Every page is read before anything is done, so
            /// that deleting misses nobody.
            ///
            /// # Errors
            /// When a page fails.
            pub async fn group(self) -> $crate::error::Result<$crate::bodo::Group<$item>> {
                Ok(self.collect_all().await?.into())
            }
        }
    };
}
pub(super) use paged_list;

macro_rules! filter_type {
    (one $type:ty) => { $crate::bodo::lists::One<$type> };
    (always $type:ty) => { $type };
    ($many:ident $type:ty) => { $crate::bodo::lists::Many<$type> };
}
pub(super) use filter_type;

macro_rules! filter_setter {
    ($(#[$doc:meta])* one $filter:ident: $type:ty) => {
        $(#[$doc])*
        pub fn $filter(mut self, value: impl Into<$type>) -> Self {
            self.query.$filter.0 = Some(value.into());
            self
        }
    };
    ($(#[$doc:meta])* many $filter:ident: $type:ty) => {
        $(#[$doc])*
        ///
        /// Any of them; none of them selects nothing.
        pub fn $filter(mut self, values: impl IntoIterator<Item = impl Into<$type>>) -> Self {
            self.query.$filter.extend(values);
            self
        }
    };
    ($(#[$doc:meta])* custom $filter:ident: $type:ty) => {};
    ($(#[$doc:meta])* always $filter:ident: $type:ty) => {};
}
pub(super) use filter_setter;

/// A direction to sort in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// From small to large, from old to new.
    Ascending,
    /// From large to small, from new to old.
    Descending,
}

/// A field to sort by, as lists take it.
pub(super) fn ordering(field: &str, order: Order) -> String {
    let direction = match order {
        Order::Ascending => "asc",
        Order::Descending => "desc",
    };
    format!("{field}_{direction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(page: i64, size: i64, total_items: i64) -> PageMetadata {
        let total_pages = (total_items + size - 1) / size.max(1);
        PageMetadata { order: None, page, size, total_items, total_pages }
    }

    fn next(items: usize, at: PageMetadata, asked: u64) -> Option<Cursor> {
        page(vec![0; items], &at, &Cursor::Number(asked)).unwrap().next
    }

    #[test]
    fn a_list_ends_with_the_last_item() {
        assert_eq!(next(10, metadata(1, 10, 25), 1), Some(Cursor::Number(2)));
        assert_eq!(next(5, metadata(3, 10, 25), 3), None);
        assert_eq!(next(10, metadata(2, 10, 20), 2), None);
        assert_eq!(next(0, metadata(1, 10, 25), 1), None, "an empty page of a shrunken list");
    }

    #[test]
    fn a_server_that_sends_everything_at_once_is_taken_at_its_word() {
        assert_eq!(next(25, metadata(1, 10, 25), 1), None);
    }

    #[test]
    fn another_page_than_the_one_asked_for_is_an_error() {
        let error = page(vec![0; 10], &metadata(1, 10, 25), &Cursor::Number(2)).unwrap_err();
        assert_eq!(error.message(), "page 2 was asked for, and the server sent page 1");
    }
}
