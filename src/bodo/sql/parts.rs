//! The parts of a result in order, as batches: one part is read while the next one comes.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use parquet::file::reader::Length;
use tokio::task::{JoinError, JoinSet, spawn_blocking};

use super::decode::Decoder;
use super::links::{Links, failed};
use super::part::Part;
use crate::blocking::panicked;
use crate::error::{Error, ErrorKind, Result};

/// The batches of a result, counted: a number of rows that is not the declared one is an error.
///
/// At most two parts are here at once: the one that is read and the one that comes or waits.
pub(super) fn batches<D: Decoder>(
    links: Arc<Links>,
    num_rows: u64,
) -> BoxStream<'static, Result<D::Batch>> {
    let reading = Reading::<D> {
        parts: Parts { links, next: 1, coming: JoinSet::new() },
        open: None,
        names: None,
        seen: 0,
        num_rows,
    };
    stream::try_unfold(reading, Reading::next).boxed()
}

/// The parts in order. Dropping them ends the request under way.
struct Parts {
    links: Arc<Links>,
    /// The next file to ask for; the first has the metadata.
    next: usize,
    coming: JoinSet<Result<Part>>,
}

impl Parts {
    /// The next part and its number, counted from 1; asks for the one after it.
    async fn next(&mut self) -> Result<Option<(usize, Part)>> {
        if self.coming.is_empty() {
            self.ask();
        }
        let Some(come) = self.coming.join_next().await else { return Ok(None) };
        let number = self.next - 1;
        let part = come.map_err(panicked)?.map_err(|error| self.explained(number, error))?;
        tracing::debug!(number, bytes = part.len(), "a part of the result is here");
        self.ask();
        Ok(Some((number, part)))
    }

    fn ask(&mut self) {
        if self.next < self.links.files() {
            let file = self.links.file(self.next);
            self.coming.spawn(Part::fetch(file));
            self.next += 1;
        }
    }

    fn explained(&self, number: usize, error: Error) -> Error {
        of_part(number, self.links.files() - 1, error)
    }
}

fn of_part(number: usize, parts: usize, error: Error) -> Error {
    let message = format!("part {number} of {parts} of the result: {}", error.message());
    error.reworded(message).with_operation("bodo", "get_job_result")
}

/// How far a result has been read.
struct Reading<D> {
    parts: Parts,
    open: Option<(usize, D)>,
    /// The names of the columns of the first part.
    names: Option<Vec<String>>,
    seen: u64,
    num_rows: u64,
}

impl<D: Decoder> Reading<D> {
    async fn next(mut self) -> Result<Option<(D::Batch, Self)>> {
        loop {
            let (number, decoder) = match self.open.take() {
                Some(open) => open,
                None => match self.parts.next().await? {
                    Some((number, part)) => (number, self.opened(number, part).await?),
                    None => return self.at_the_end(),
                },
            };
            let work = aside(move || {
                let mut decoder = decoder;
                let batch = decoder.next()?;
                Ok((decoder, batch))
            });
            let (decoder, batch) = work.await.map_err(|e| self.parts.explained(number, e))?;
            if let Some(batch) = batch {
                self.open = Some((number, decoder));
                self.seen += D::rows(&batch);
                return Ok(Some((batch, self)));
            }
        }
    }

    async fn opened(&mut self, number: usize, part: Part) -> Result<D> {
        let decoder = aside(move || D::open(part)).await;
        let decoder = decoder.map_err(|error| self.parts.explained(number, error))?;
        let names = decoder.names();
        let first = self.names.get_or_insert_with(|| names.clone());
        if *first != names {
            let error = Error::protocol("its columns are not those of the first part");
            return Err(self.parts.explained(number, error));
        }
        Ok(decoder)
    }

    fn at_the_end(&self) -> Result<Option<(D::Batch, Self)>> {
        let (seen, promised) = (self.seen, self.num_rows);
        if seen == promised {
            return Ok(None);
        }
        let message = format!("the result was to have {promised} rows, and its parts have {seen}");
        Err(failed(ErrorKind::Integrity, message))
    }
}

/// Reads files and computes away from the async threads. The reader of Parquet panics at some
/// damaged files; that is an error like any other damage.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(broken)?
}

fn broken(error: JoinError) -> Error {
    match error.is_panic() {
        true => Error::new(ErrorKind::Decode, "the Parquet file is damaged or cannot be read"),
        false => Error::new(ErrorKind::Interrupted, "the runtime is shutting down"),
    }
}
