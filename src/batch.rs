//! Many calls at once: bounded concurrency, nothing lost, order kept.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use crate::error::{Error, Result};
use crate::progress::{Event, Listener, tell};

/// How many inputs are worked on at once unless told otherwise.
pub const DEFAULT_CONCURRENCY: usize = 16;

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
    let calls = inputs.enumerate().map(move |(index, input)| {
        let call = operation(input.clone()).into_future();
        let outcome = async move { Outcome { index, input, result: call.await } };
        Box::pin(outcome) as Pin<Box<dyn Future<Output = Outcome<I, T>> + Send + 'a>>
    });
    Batch { calls: calls.boxed(), concurrency: DEFAULT_CONCURRENCY, total: None, listener: None }
}

fn exact(hint: (usize, Option<usize>)) -> Option<usize> {
    hint.1.filter(|upper| *upper == hint.0)
}

type Calls<'a, I, T> = BoxStream<'a, Pin<Box<dyn Future<Output = Outcome<I, T>> + Send + 'a>>>;

/// Work to be done for many inputs; `.await` does it and gives a [`Report`].
#[must_use = "a batch does nothing until it is awaited"]
pub struct Batch<'a, I, T> {
    calls: Calls<'a, I, T>,
    concurrency: usize,
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
    /// How many inputs are worked on at once; [`DEFAULT_CONCURRENCY`] by default, at least 1.
    pub fn concurrency(mut self, inputs: usize) -> Self {
        self.concurrency = inputs.max(1);
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
        let outcomes = self.calls.buffer_unordered(self.concurrency).inspect(move |outcome| {
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
        report.done.sort_by_key(|(index, _)| *index);
        report.failed.sort_by_key(|failure| failure.index);
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

/// What became of all inputs, each part in the order of the inputs.
#[derive(Debug)]
#[must_use = "a report may hold failures"]
pub struct Report<I, T> {
    /// The outputs, each with its input's place.
    pub done: Vec<(usize, T)>,
    /// The inputs that failed, with what went wrong.
    pub failed: Vec<Failure<I>>,
}

/// An input that failed.
#[derive(Debug)]
pub struct Failure<I> {
    /// The input's place among the inputs, from 0.
    pub index: usize,
    /// The input itself, to try again or to report.
    pub input: I,
    /// What went wrong.
    pub error: Error,
}

impl<I, T> Report<I, T> {
    /// All outputs in the order of the inputs, when every input succeeded.
    ///
    /// # Errors
    /// The first failure by order of the inputs, with the number of failures added.
    pub fn into_result(self) -> Result<Vec<T>> {
        let all = self.done.len() + self.failed.len();
        let failed = self.failed.len();
        match self.failed.into_iter().next() {
            None => Ok(self.done.into_iter().map(|(_, output)| output).collect()),
            Some(first) if all == 1 => Err(first.error),
            Some(first) => {
                let index = first.index;
                let advice = format!("{failed} of {all} inputs failed, first input {index}");
                Err(first.error.with_advice(advice))
            }
        }
    }

    /// The inputs that failed, for another try.
    pub fn retry_inputs(self) -> Vec<I> {
        self.failed.into_iter().map(|failure| failure.input).collect()
    }

    /// Whether every input succeeded.
    pub fn is_success(&self) -> bool {
        self.failed.is_empty()
    }
}

/// A piece of a longer input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk<'a, T> {
    /// The chunk's place among the chunks, from 0: the same for the same input and size.
    pub index: usize,
    /// Its part of the input.
    pub items: &'a [T],
}

/// Splits the input evenly into as few chunks of at most `size` items as possible; their lengths
/// differ by one at most. The input stays as it is.
///
/// # Errors
/// When `size` is 0.
pub fn chunks<T>(input: &[T], size: usize) -> Result<impl Iterator<Item = Chunk<'_, T>>> {
    if size == 0 {
        return Err(Error::invalid("a chunk must hold at least 1 item, not 0"));
    }
    let count = input.len().div_ceil(size);
    let start = move |index: usize| {
        let (short, longer) = (input.len() / count.max(1), input.len() % count.max(1));
        index * short + index.min(longer)
    };
    Ok((0..count).map(move |index| Chunk { index, items: &input[start(index)..start(index + 1)] }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn failures_are_reported_with_their_inputs_and_the_rest_is_done() {
        let report = batch(0..10, |n: u64| async move {
            tokio::time::sleep(Duration::from_millis(100 - 10 * n)).await;
            if n % 4 == 1 { Err(Error::invalid("no")) } else { Ok(n * 2) }
        });
        let report = report.concurrency(3).await;
        assert_eq!(
            report.done.iter().map(|(_, n)| *n).collect::<Vec<_>>(),
            [0, 4, 6, 8, 12, 14, 16]
        );
        assert_eq!(report.failed.iter().map(|f| f.index).collect::<Vec<_>>(), [1, 5, 9]);
        assert_eq!(report.retry_inputs(), [1, 5, 9]);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_the_limit_run_at_once_and_inputs_are_taken_as_needed() {
        let (running, most, taken) = <[Arc<AtomicUsize>; 3]>::default().into();
        let count = taken.clone();
        let inputs = (0..).inspect(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let (now, peak) = (running.clone(), most.clone());
        let mut results = batch(inputs, move |n: u32| {
            let (now, peak) = (now.clone(), peak.clone());
            async move {
                peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(1)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                Ok(n)
            }
        })
        .concurrency(5)
        .results();
        for _ in 0..1000 {
            results.next().await.unwrap().result.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 5);
        assert!(taken.load(Ordering::SeqCst) <= 1005);
    }

    #[tokio::test]
    async fn an_error_of_many_says_how_many() {
        let report = batch(["a", "b"], |_| async { Err::<(), _>(Error::invalid("bad")) }).await;
        let text = report.into_result().unwrap_err().to_string();
        assert_eq!(text, "bad; 2 of 2 inputs failed, first input 0");
    }

    #[test]
    fn a_chunk_size_of_nothing_is_refused() {
        assert!(chunks(&[1], 0).err().unwrap().to_string().contains("at least 1"));
        assert_eq!(chunks::<u8>(&[], 5).unwrap().count(), 0);
    }

    proptest! {
        #[test]
        fn chunks_are_even_and_concatenate_to_the_input(
            input in prop::collection::vec(any::<u16>(), 0..300),
            size in 1usize..50,
        ) {
            let all: Vec<_> = chunks(&input, size).unwrap().collect();
            let lengths: Vec<_> = all.iter().map(|chunk| chunk.items.len()).collect();
            prop_assert_eq!(all.len(), input.len().div_ceil(size));
            prop_assert!(lengths.iter().all(|n| *n <= size));
            let spread = lengths.iter().max().unwrap_or(&0) - lengths.iter().min().unwrap_or(&0);
            prop_assert!(spread <= 1);
            let joined: Vec<_> = all.iter().flat_map(|chunk| chunk.items.iter().copied()).collect();
            prop_assert_eq!(joined, input.clone());
            prop_assert!(all.iter().enumerate().all(|(at, chunk)| chunk.index == at));
        }
    }
}
