//! The rows of a result, as they come.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use serde::de::DeserializeOwned;

use super::decode::RowDecoder;
use super::links::Links;
use super::row::Row;
use super::typed::TypedRows;
use super::{inline, metadata, parts};
use crate::bodo::models::ResultColumn;
use crate::bodo::{Job, JobId};
use crate::error::{Error, Result};

/// The rows of a result, in order, as they come.
///
/// Take them with [`try_next`](Rows::try_next), as a [`Stream`], with the `fetch` methods of a
/// cursor, or as a type of your own with [`typed`](Rows::typed). All of them take rows from the same
/// place, so that mixing them neither loses nor repeats a row, nor does dropping one of their
/// futures.
///
/// A result is a number of Parquet files. Nothing is asked for before the first row is wanted; then
/// one file is read while the next one comes, and never more than these two are here: in memory up
/// to 4 MiB each, else as files without a name in the system's folder for temporary files. A file
/// whose transfer breaks off is gone on with, and links that have expired are asked for again.
///
/// # Errors
/// A failure comes again on every later call, so that it cannot be taken for the end. At the end,
/// a number of rows that is not the one the platform told is an `Integrity` error.
pub struct Rows {
    query: JobId,
    columns: Vec<ResultColumn>,
    num_rows: u64,
    /// What nobody has asked for yet.
    origin: Origin,
    begun: Option<BoxStream<'static, Result<Vec<Row>>>>,
    /// Rows that are here and have not been taken.
    here: VecDeque<Row>,
    failed: Option<Error>,
    /// The stream has told of a failure, and a stream ends with it.
    ended: bool,
}

/// Where rows come from.
pub(super) enum Origin {
    Files(Arc<Links>),
    /// The answer itself had them.
    Inline(Vec<Row>),
}

impl Default for Origin {
    fn default() -> Self {
        Self::Inline(Vec::new())
    }
}

impl Rows {
    /// The result of a query that has succeeded: asks for its links and its metadata, unless the
    /// job's data has all of it.
    pub(super) async fn of(job: &Job) -> Result<Self> {
        let data = job.data();
        let is_ddl = data.is_some_and(|data| data.is_ddl == Some(true));
        let result = data.and_then(|data| data.sql_query_result.clone());
        if is_ddl || result.is_some() {
            let (columns, rows) = inline::table(result.unwrap_or_default())?;
            let num_rows = rows.len() as u64;
            return Ok(Self::new(job.id(), num_rows, columns, Origin::Inline(rows)));
        }
        let links = Links::ask(job).await?;
        let (num_rows, columns) = metadata::of(&links).await?;
        Ok(Self::new(job.id(), num_rows, columns, Origin::Files(links)))
    }

    fn new(query: &JobId, num_rows: u64, columns: Vec<ResultColumn>, origin: Origin) -> Self {
        Self {
            query: query.clone(),
            columns,
            num_rows,
            origin,
            begun: None,
            here: VecDeque::new(),
            failed: None,
            ended: false,
        }
    }

    /// The id of the query, by which its result is found again.
    pub fn query_id(&self) -> &JobId {
        &self.query
    }

    /// How many rows the result has, those included that were taken already.
    pub fn row_count(&self) -> u64 {
        self.num_rows
    }

    /// The columns, as the platform describes them: name, type, precision, scale and whether there
    /// may be NULLs.
    pub fn columns(&self) -> &[ResultColumn] {
        &self.columns
    }

    /// The next row; `None` at the end.
    pub async fn try_next(&mut self) -> Result<Option<Row>> {
        poll_fn(|cx| self.poll_row(cx)).await
    }

    /// All rows that are left, which must fit in memory.
    pub async fn collect_all(mut self) -> Result<Vec<Row>> {
        self.fetch_all().await
    }

    /// The next row; `None` at the end. The name that cursors have for [`try_next`](Rows::try_next).
    pub async fn fetch_one(&mut self) -> Result<Option<Row>> {
        self.try_next().await
    }

    /// The next rows, as many as there are up to a number; none at the end.
    ///
    /// # Errors
    /// A failure on the way leaves the rows before it in place: they are taken next.
    pub async fn fetch_many(&mut self, rows: usize) -> Result<Vec<Row>> {
        while self.here.len() < rows && poll_fn(|cx| self.poll_more(cx)).await? {}
        Ok(self.here.drain(..rows.min(self.here.len())).collect())
    }

    /// All rows that are left, which must fit in memory.
    ///
    /// # Errors
    /// As [`fetch_many`](Rows::fetch_many).
    pub async fn fetch_all(&mut self) -> Result<Vec<Row>> {
        self.fetch_many(usize::MAX).await
    }

    /// The same rows as a type of your own; see [`Row::decode`].
    ///
    /// ```no_run
    /// # async fn f(rows: longhaul::bodo::Rows) -> longhaul::Result<()> {
    /// #[derive(serde::Deserialize)]
    /// struct Order {
    ///     id: i64,
    ///     comment: Option<String>,
    /// }
    /// let mut orders = rows.typed::<Order>();
    /// while let Some(order) = orders.try_next().await? {
    ///     println!("{}", order.id);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn typed<T: DeserializeOwned>(self) -> TypedRows<T> {
        TypedRows::new(self)
    }

    /// The same result as record batches of Arrow, from its first row on.
    ///
    /// # Errors
    /// `InvalidInput` when rows were taken already.
    #[cfg(feature = "arrow")]
    pub fn into_batches(self) -> Result<super::Batches> {
        super::Batches::new(self)
    }

    /// Where the rows come from.
    ///
    /// # Errors
    /// When some have been taken already.
    #[cfg(feature = "arrow")]
    pub(super) fn untouched(self) -> Result<(Origin, u64)> {
        match self.begun {
            None => Ok((self.origin, self.num_rows)),
            Some(_) => Err(Error::invalid("rows were taken already: take batches from the start")),
        }
    }

    pub(super) fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Row>>> {
        while self.here.is_empty() && ready!(self.poll_more(cx))? {}
        Poll::Ready(Ok(self.here.pop_front()))
    }

    /// Gets more rows here; `false` when there are no more.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        if let Some(error) = &self.failed {
            return Poll::Ready(Err(error.reworded(error.message())));
        }
        match ready!(self.begun().poll_next_unpin(cx)) {
            None => Poll::Ready(Ok(false)),
            Some(Ok(rows)) => {
                self.here.extend(rows);
                Poll::Ready(Ok(true))
            }
            Some(Err(error)) => {
                self.failed = Some(error.reworded(error.message()));
                Poll::Ready(Err(error))
            }
        }
    }

    fn begun(&mut self) -> &mut BoxStream<'static, Result<Vec<Row>>> {
        let num_rows = self.num_rows;
        self.begun.get_or_insert_with(|| match std::mem::take(&mut self.origin) {
            Origin::Files(links) => parts::batches::<RowDecoder>(links, num_rows),
            Origin::Inline(rows) => stream::iter([Ok(rows)]).boxed(),
        })
    }
}

impl Stream for Rows {
    type Item = Result<Row>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let row = ready!(self.poll_row(cx));
        self.ended = row.is_err();
        Poll::Ready(row.transpose())
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("query_id", &self.query)
            .field("row_count", &self.num_rows)
            .finish_non_exhaustive()
    }
}
