//! The rows of a result as a type of the caller.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use super::rows::Rows;
use crate::error::Result;

/// The rows of a result as a type of the caller; made by [`Rows::typed`].
///
/// # Errors
/// As [`Rows`], and `Decode` for a row that is something else; the rows behind it can still be taken.
#[must_use = "rows are asked for when they are taken"]
pub struct TypedRows<T> {
    rows: Rows,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> TypedRows<T> {
    pub(super) fn new(rows: Rows) -> Self {
        Self { rows, of: PhantomData }
    }

    /// The next row; `None` at the end.
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        self.rows.try_next().await?.map(|row| row.decode()).transpose()
    }

    /// All rows that are left, which must fit in memory.
    pub async fn collect_all(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(row) = self.try_next().await? {
            all.push(row);
        }
        Ok(all)
    }

    /// The rows as they are.
    pub fn into_rows(self) -> Rows {
        self.rows
    }
}

impl<T: DeserializeOwned> Stream for TypedRows<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let row = ready!(self.rows.poll_next_unpin(cx));
        Poll::Ready(row.map(|row| row?.decode()))
    }
}

impl<T> fmt::Debug for TypedRows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TypedRows").field(&self.rows).finish()
    }
}
