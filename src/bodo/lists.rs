//! Paged lists: every one is the same query with another operation and filters.

use super::models::PageMetadata;
use crate::error::{Error, Result};
use crate::page::{Cursor, Page};

/// Items asked for per page. The official client asks for 10, which makes ten times the requests;
/// what the server allows at most is not known.
pub(super) const PAGE_SIZE: u32 = 100;

/// A filter that was given without a value. On the wire it would be no filter at all, and a list
/// of everything is the last thing that somebody who selected nothing wants to delete.
pub(super) fn selects_nothing<T>(filter: Option<&Vec<T>>) -> bool {
    filter.is_some_and(Vec::is_empty)
}

/// A value of a filter.
pub(super) trait FilterValue {
    /// The value as it was written and those that there are, when it is none of them.
    fn unknown(&self) -> Option<(&str, &'static [&'static str])>;
}

impl FilterValue for String {
    fn unknown(&self) -> Option<(&str, &'static [&'static str])> {
        None
    }
}

macro_rules! filter_by {
    ($($name:ident),*) => {$(
        impl FilterValue for crate::raw::bodo::enums::$name {
            fn unknown(&self) -> Option<(&str, &'static [&'static str])> {
                match self {
                    Self::Other(text) => Some((text, Self::KNOWN)),
                    _ => None,
                }
            }
        }
    )*};
}
filter_by!(CloudConfigStatus, CloudProvider, ClusterStatus, JobStatus, JobType, WorkspaceStatus);

/// Refuses what is misspelt: a server that does not know a value may list everything.
pub(super) fn known<T: FilterValue>(filter: &str, values: Option<&Vec<T>>) -> Result<()> {
    let mut unknown = values.into_iter().flatten().filter_map(FilterValue::unknown);
    match unknown.next() {
        None => Ok(()),
        Some((text, known)) => {
            let known = known.join(", ");
            Err(Error::invalid(format!("the filter `{filter}` cannot be `{text}`: it knows {known}")))
        }
    }
}

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

/// Declares the query of a paged list, with a setter on the list for each filter: `many` filters
/// take several values, any of which an item has to have.
///
/// `$wrap` turns an item as it came into what the list hands out.
macro_rules! paged_list {
    (
        $(#[$meta:meta])*
        $query:ident of $client_type:ty: $item:ty = $operation:ident
        {
            $($(#[$one_doc:meta])* one $one:ident: $one_type:ty = $one_key:ident,)*
            $($(#[$many_doc:meta])* many $many:ident: $many_type:ty = $many_key:ident,)*
        }
        |$client:ident, $data:ident| $wrap:expr
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $query {
            client: $client_type,
            $($one: Option<$one_type>,)*
            $($many: Option<Vec<$many_type>>,)*
        }

        impl $query {
            pub(super) fn list(client: &$client_type) -> $crate::page::List<Self> {
                let query = Self {
                    client: client.clone(),
                    $($one: None,)*
                    $($many: None,)*
                };
                $crate::page::List::new(query, Some($crate::bodo::lists::PAGE_SIZE))
            }

            /// Whether a filter leaves nothing to choose from.
            fn is_empty(&self) -> bool {
                $($crate::bodo::lists::selects_nothing(self.$many.as_ref()) ||)* false
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
                $($crate::bodo::lists::known(stringify!($many), self.$many.as_ref())?;)*
                if self.is_empty() {
                    return Ok($crate::page::Page { items: Vec::new(), next: None, total: Some(0) });
                }
                let session = &self.client.session;
                let number = i64::try_from(at.number().unwrap_or(1)).unwrap_or(i64::MAX);
                let mut request = session.raw.$operation().page(number);
                if let Some(size) = size {
                    request = request.size(i64::from(size));
                }
                $(if let Some(value) = self.$one.clone() {
                    request = request.$one_key(value);
                })*
                $(if let Some(values) = self.$many.clone() {
                    request = request.$many_key(values);
                })*
                let answer = session.call(request.send()).await?;
                let $client = &self.client;
                let items = answer.data.into_iter().map(|$data| $wrap).collect();
                $crate::bodo::lists::page(items, &answer.metadata, &at)
            }
        }

        impl $crate::page::List<$query> {
            $(
                $(#[$one_doc])*
                pub fn $one(mut self, value: impl Into<$one_type>) -> Self {
                    self.query.$one = Some(value.into());
                    self
                }
            )*
            $(
                $(#[$many_doc])*
                ///
                /// Any of them; none of them selects nothing.
                pub fn $many(
                    mut self,
                    values: impl IntoIterator<Item = impl Into<$many_type>>,
                ) -> Self {
                    let chosen = self.query.$many.get_or_insert_default();
                    chosen.extend(values.into_iter().map(Into::into));
                    self
                }
            )*
        }
    };
}
pub(super) use paged_list;

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
