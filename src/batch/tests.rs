//! Batches of calls that take as long as they are told to.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::*;
use crate::error::Error;

#[tokio::test(start_paused = true)]
async fn failures_are_reported_with_their_inputs_and_the_rest_is_done() {
    let report = batch(0..10, |n: u64| async move {
        tokio::time::sleep(Duration::from_millis(100 - 10 * n)).await;
        if n % 4 == 1 { Err(Error::invalid("no")) } else { Ok(n * 2) }
    });
    let report = report.concurrency(3).await;
    assert_eq!(report.done.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [0, 4, 6, 8, 12, 14, 16]);
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

/// Runs a batch with the default concurrency and says how many calls ran together at each end of
/// one.
async fn together<Fut: Future<Output = ()> + Send>(
    inputs: usize,
    work: impl Fn(usize) -> Fut + Sync,
) -> Vec<usize> {
    let (running, seen) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(inputs)));
    let report = batch(0..inputs, |n| {
        running.fetch_add(1, Ordering::SeqCst);
        let work = work(n);
        let (running, seen) = (&running, &seen);
        async move {
            work.await;
            seen.lock().unwrap().push(running.fetch_sub(1, Ordering::SeqCst));
            Ok(n)
        }
    });
    assert_eq!(report.await.into_result().unwrap(), (0..inputs).collect::<Vec<_>>());
    seen.into_inner().unwrap()
}

/// A call that takes so long if nobody is in its way.
fn call(milliseconds: u64) -> tokio::time::Sleep {
    tokio::time::sleep(Duration::from_millis(milliseconds))
}

fn range(together: &[usize]) -> (usize, usize) {
    (*together.iter().min().unwrap(), *together.iter().max().unwrap())
}

#[tokio::test(start_paused = true)]
async fn the_concurrency_grows_to_its_bound_while_the_time_of_a_call_stays_flat() {
    let started = tokio::time::Instant::now();
    let together = together(10_000, |n| call(10 + n as u64 % 3)).await;
    assert!(together[..16].iter().all(|running| *running <= 16));
    assert_eq!(range(&together[2_000..9_500]), (256, 256));
    // As if all had run at the bound, and a quarter of a second for the way there.
    assert!(started.elapsed() < Duration::from_millis(680), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_concurrency_settles_where_a_server_is_full() {
    for room in [20, 50, 100, 150] {
        let server = Semaphore::new(room);
        let together = together(20_000, |_| async {
            let _place = server.acquire().await.unwrap();
            call(10).await;
        })
        .await;
        let (least, most) = range(&together[5_000..19_500]);
        assert!(least >= room && most <= 2 * room, "{least} to {most} for {room}");
        assert!(most <= least + 1, "{least} to {most} for {room}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_concurrency_falls_while_a_server_is_slow_and_grows_again() {
    let slow = 5_000..8_000;
    let together = together(30_000, |n| call(if slow.contains(&n) { 100 } else { 10 })).await;
    assert_eq!(range(&together[4_000..5_000]), (256, 256));
    assert!(range(&together[5_000..8_500]).0 <= 32);
    assert_eq!(range(&together[20_000..29_500]), (256, 256));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stays_slow_is_the_new_normal() {
    let together = together(40_000, |n| call(if n < 5_000 { 10 } else { 50 })).await;
    assert_eq!(range(&together[30_000..39_500]), (256, 256));
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_for_a_rate_limit_do_not_raise_the_concurrency() {
    let rate = tokio::sync::Mutex::new(());
    let together = together(3_000, |n| {
        let rate = &rate;
        async move {
            // The limit lets the first ones pass at once.
            if n > 120 {
                let _turn = rate.lock().await;
                call(500).await;
            }
            call(10).await;
        }
    })
    .await;
    assert!(range(&together[1_000..]).1 <= 32, "{:?}", range(&together[1_000..]));
}

#[tokio::test(start_paused = true)]
async fn inputs_that_come_slowly_do_not_raise_the_concurrency() {
    // One at a time for long, and then many at once.
    let inputs = stream::iter(0..3_300).then(|n| async move {
        if n < 3_000 {
            call(5).await;
        }
        n
    });
    let running = AtomicUsize::new(0);
    let mut results = batch_stream(inputs, |n| {
        running.fetch_add(1, Ordering::SeqCst);
        let running = &running;
        async move {
            call(20).await;
            Ok((n, running.fetch_sub(1, Ordering::SeqCst)))
        }
    })
    .results();
    let mut first_of_many = None;
    while let Some(outcome) = results.next().await {
        let (n, together) = outcome.result.unwrap();
        first_of_many = first_of_many.or((n == 3_000).then_some(together));
    }
    assert_eq!(first_of_many, Some(16));
}
