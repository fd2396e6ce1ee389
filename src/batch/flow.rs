//! Keeps as many calls running as the width allows.

use std::future::Future;
use std::task::{Poll, ready};

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{FuturesUnordered, poll_fn};
use tokio::time::Instant;

use super::Outcome;
use super::adaptive::Width;
use crate::error::Result;

/// The outcomes of the operation for all inputs, as they are ready.
pub(super) fn flow<I, F, Fut, T>(
    inputs: impl Stream<Item = I> + Send,
    operation: F,
    mut width: Width,
) -> impl Stream<Item = Outcome<I, T>> + Send
where
    I: Clone + Send,
    F: Fn(I) -> Fut + Send,
    Fut: Future<Output = Result<T>> + Send,
    T: Send,
{
    let mut inputs = Box::pin(inputs.enumerate().fuse());
    let mut running = FuturesUnordered::new();
    poll_fn(move |cx| {
        while running.len() < width.now()
            && let Poll::Ready(Some((index, input))) = inputs.poll_next_unpin(cx)
        {
            let call = operation(input.clone());
            running.push(timed(index, input, call));
        }
        let together = running.len();
        match ready!(running.poll_next_unpin(cx)) {
            Some((started, outcome)) => {
                width.note(started, together);
                Poll::Ready(Some(outcome))
            }
            None if inputs.is_done() => Poll::Ready(None),
            None => Poll::Pending,
        }
    })
}

async fn timed<I, T>(
    index: usize,
    input: I,
    call: impl Future<Output = Result<T>>,
) -> (Instant, Outcome<I, T>) {
    let started = Instant::now();
    let result = call.await;
    (started, Outcome { index, input, result })
}
