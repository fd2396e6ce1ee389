//! Many calls at once: bounded concurrency, nothing lost, order kept.

mod adaptive;
mod chunks;
mod flow;
mod report;
#[cfg(test)]
mod tests;

use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use crate::error::Result;
use crate::progress::{Event, Listener, tell};

pub use adaptive::DEFAULT_CONCURRENCY;
use adaptive::Width;
pub use chunks::{Chunk, chunks};
use flow::flow;
pub use report::{Failure, Report};

/// Applies an operation to every input, several at a time.
///
/// Nothing is sent before the batch is awaited, and dropping it stops it. An input that fails does
/// not stop the others.
///
/// ```
/// # async fn f() -> longhaul::Result<()> {
/// use longhaul::batch::batch;
/// let report = batch(1..=3, |n| async move { Ok(n * n) }).concurrency(2).await;
/// assert_eq!(report.into_result()?, [1, 4, 9]);
/// # Ok(()) }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(f()).unwrap();
/// ```
pub fn batch<'a, I, F, Fut, T>(
    inputs: impl IntoIterator<Item = I, IntoIter: Send + 'a>,
    operation: F,
) -> Batch<'a, I, T>
where
    I: Clone + Send + 'a,
    F: Fn(I) -> Fut + Send + 'a,
    Fut: IntoFuture<Output = Result<T>, IntoFuture: Send + 'a>,
    T: Send + 'a,
{
    let inputs = inputs.into_iter();
    let total = exact(inputs.size_hint());
    let mut batch = batch_stream(stream::iter(inputs), operation);
    batch.total = total;
    batch
}

/// Like [`batch`], for inputs that come as a stream, such as the lines of a large file. Memory is
/// bounded by what is in flight when the results are taken with [`Batch::results`].
pub fn batch_stream<'a, I, F, Fut, T>(
    inputs: impl Stream<Item = I> + Send + 'a,
    operation: F,
) -> Batch<'a, I, T>
where
    I: Clone + Send + 'a,
    F: Fn(I) -> Fut + Send + 'a,
    Fut: IntoFuture<Output = Result<T>, IntoFuture: Send + 'a>,
    T: Send + 'a,
{
    let call = move |input| operation(input).into_future();
    let start = move |width| flow(inputs, call, width).boxed();
    Batch { start: Box::new(start), concurrency: None, total: None, listener: None }
}

fn exact(hint: (usize, Option<usize>)) -> Option<usize> {
    hint.1.filter(|upper| *upper == hint.0)
}

/// What makes the outcomes once it is known how many are to be worked on at once.
type Start<'a, I, T> = Box<dyn FnOnce(Width) -> BoxStream<'a, Outcome<I, T>> + Send + 'a>;

/// Work to be done for many inputs; `.await` does it and gives a [`Report`].
#[must_use = "a batch does nothing until it is awaited"]
pub struct Batch<'a, I, T> {
    start: Start<'a, I, T>,
    concurrency: Option<usize>,
    total: Option<usize>,
    listener: Option<Listener>,
}

/// What became of one input.
#[derive(Debug)]
pub struct Outcome<I, T> {
    /// The input's place among the inputs, from 0.
    pub index: usize,
    /// The input itself.
    pub input: I,
    /// What the operation gave.
    pub result: Result<T>,
}

impl<'a, I: Send + 'a, T: Send + 'a> Batch<'a, I, T> {
    /// How many inputs are worked on at once, at least 1. By default the batch finds out: it starts
    /// with [`DEFAULT_CONCURRENCY`], goes up to 256 as long as that does not make each operation
    /// take longer, and comes down when they do.
    pub fn concurrency(mut self, inputs: usize) -> Self {
        self.concurrency = Some(inputs.max(1));
        self
    }

    /// Is told of every input that is done: [`Event::Item`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// The outcomes one by one, as they are ready and not in the order of the inputs. Memory does
    /// not grow with the number of inputs.
    pub fn results(self) -> Results<'a, I, T> {
        let (mut done, mut failed, total) = (0, 0, self.total);
        let mut listener = self.listener;
        let width = self.concurrency.map_or_else(Width::adaptive, Width::Fixed);
        let outcomes = (self.start)(width).inspect(move |outcome| {
            *(if outcome.result.is_ok() { &mut done } else { &mut failed }) += 1;
            tell(&mut listener, || Event::Item { done, failed, total });
        });
        Results(outcomes.boxed())
    }

    async fn run(self) -> Report<I, T> {
        let mut results = self.results();
        let mut report = Report { done: Vec::new(), failed: Vec::new() };
        while let Some(Outcome { index, input, result }) = results.next().await {
            match result {
                Ok(output) => report.done.push((index, output)),
                Err(error) => report.failed.push(Failure { index, input, error }),
            }
        }
        report.done.sort_unstable_by_key(|(index, _)| *index);
        report.failed.sort_unstable_by_key(|failure| failure.index);
        report
    }
}

impl<'a, I: Send + 'a, T: Send + 'a> IntoFuture for Batch<'a, I, T> {
    type Output = Report<I, T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Report<I, T>> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<I, T> std::fmt::Debug for Batch<'_, I, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch")
            .field("concurrency", &self.concurrency)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// The outcomes of a batch, as they are ready.
pub struct Results<'a, I, T>(BoxStream<'a, Outcome<I, T>>);

impl<I, T> Results<'_, I, T> {
    /// The next outcome; `None` after the last.
    pub async fn next(&mut self) -> Option<Outcome<I, T>> {
        self.0.next().await
    }
}

impl<I, T> Stream for Results<'_, I, T> {
    type Item = Outcome<I, T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl<I, T> std::fmt::Debug for Results<'_, I, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Results")
    }
}
