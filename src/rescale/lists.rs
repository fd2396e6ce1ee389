//! Paged lists: every one is the same query with another operation, path values and filters.

/// Declares the query of a paged list, with a setter on the list for each filter.
///
/// `$wrap` turns an item as it came into what the list hands out.
macro_rules! paged_list {
    (
        $(#[$meta:meta])*
        $query:ident: $item:ty = $operation:ident($($part:ident),*)
        { $($(#[$doc:meta])* $filter:ident: $kind:ty),* $(,)? }
        |$client:ident, $data:ident| $wrap:expr
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $query {
            client: $crate::rescale::Client,
            $($part: String,)*
            $($filter: Option<$kind>,)*
        }

        impl $query {
            pub(super) fn list(
                client: &$crate::rescale::Client,
                $($part: impl ToString,)*
            ) -> $crate::page::List<Self> {
                let query = Self {
                    client: client.clone(),
                    $($part: $part.to_string(),)*
                    $($filter: None,)*
                };
                $crate::page::List::new(query, Some($crate::rescale::lists::PAGE_SIZE))
            }
        }

        impl $crate::page::Query for $query {
            type Item = $item;
            const OPERATION: (&'static str, &'static str) = ("rescale", stringify!($operation));
            const NUMBERED: bool = true;

            async fn fetch(
                &self,
                at: $crate::page::Cursor,
                size: Option<u32>,
            ) -> $crate::error::Result<$crate::page::Page<$item>> {
                let raw = self.client.raw();
                let mut request = raw.$operation();
                $(request = request.$part(self.$part.as_str());)*
                $(if let Some(value) = self.$filter.clone() {
                    request = request.$filter(value);
                })*
                if let Some(size) = size {
                    request = request.page_size(i64::from(size));
                }
                if let $crate::page::Cursor::Number(number) = at {
                    request = request.page(number as i64);
                }
                let answer = $crate::transport::call::call(request.send()).await?;
                let next = $crate::page::numbered(answer.next.as_deref(), self.client.base_url())?;
                let $client = &self.client;
                let items = answer.results.into_iter().map(|$data| $wrap).collect();
                let total = u64::try_from(answer.count).ok();
                Ok($crate::page::Page { items, next, total })
            }
        }

        impl $crate::page::List<$query> {
            $(
                $(#[$doc])*
                pub fn $filter(mut self, value: impl Into<$kind>) -> Self {
                    self.query.$filter = Some(value.into());
                    self
                }
            )*
        }
    };
}
pub(super) use paged_list;

/// Items asked for per page. The server's default is 10, which would make ten times the requests.
pub(super) const PAGE_SIZE: u32 = 100;
