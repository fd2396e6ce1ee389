//! Builders that are sent by `.await`.

/// Lets a builder be awaited: `awaits!(Builder => Output, method)`.
macro_rules! awaits {
    ($builder:ty => $output:ty, $method:ident) => {
        impl std::future::IntoFuture for $builder {
            type Output = $crate::error::Result<$output>;
            type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.$method())
            }
        }
    };
}
pub(crate) use awaits;
