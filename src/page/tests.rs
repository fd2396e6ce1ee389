use super::*;
use crate::error::Error;
use proptest::prelude::*;
use reqwest::Url;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

type Answer = dyn Fn(u64, u32) -> Result<Page<u64>> + Send + Sync;

/// Pages from a function of page number and size, 20 ms each.
#[derive(Clone)]
struct Numbers {
    answer: Arc<Answer>,
    asked: Arc<AtomicUsize>,
}

impl Query for Numbers {
    type Item = u64;
    const OPERATION: (&'static str, &'static str) = ("test", "count");
    const NUMBERED: bool = true;

    async fn fetch(&self, at: Cursor, size: Option<u32>) -> Result<Page<u64>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        (self.answer)(at.number().unwrap(), size.unwrap_or(10))
    }
}

fn list(answer: impl Fn(u64, u32) -> Result<Page<u64>> + Send + Sync + 'static) -> List<Numbers> {
    List::new(Numbers { answer: Arc::new(answer), asked: Arc::default() }, None)
}

/// The numbers below `total`, as a well-behaved server would page them.
fn count_to(total: u64) -> impl Fn(u64, u32) -> Result<Page<u64>> + Send + Sync + 'static {
    move |number, size| {
        let from = (number - 1) * u64::from(size);
        let to = (from + u64::from(size)).min(total);
        let next = (to < total).then_some(Cursor::Number(number + 1));
        Ok(Page { items: (from..to).collect(), next, total: Some(total) })
    }
}

#[tokio::test(start_paused = true)]
async fn pages_are_fetched_ahead_and_delivered_in_order() {
    for (in_flight, most) in [(8, 3_100), (32, 1_000), (1, 20_100)] {
        let start = Instant::now();
        let all = list(count_to(10_000)).in_flight(in_flight).collect_all().await.unwrap();
        assert!(all.into_iter().eq(0..10_000));
        let took = start.elapsed().as_millis();
        assert!(took <= most, "{in_flight} in flight took {took} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_asks_for_no_page_beyond_it() {
    let numbers = list(count_to(10_000)).max_items(25);
    let asked = numbers.query.asked.clone();
    assert_eq!(numbers.collect_all().await.unwrap().len(), 25);
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn empty_and_short_pages_are_not_the_end() {
    let all = list(|number, _| {
        let items = if number % 3 == 0 { vec![number] } else { vec![] };
        let next = (number < 30).then_some(Cursor::Number(number + 1));
        Ok(Page { items, next, total: None })
    });
    assert_eq!(all.collect_all().await.unwrap().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn another_next_than_predicted_is_followed() {
    let all = list(|number, _| {
        let next = match number {
            3 => Some(Cursor::Number(7)),
            9 => None,
            _ => Some(Cursor::Number(number + 1)),
        };
        Ok(Page { items: vec![number], next, total: Some(20) })
    });
    assert_eq!(all.collect_all().await.unwrap(), [1, 2, 3, 7, 8, 9]);
}

#[tokio::test(start_paused = true)]
async fn a_page_asked_for_ahead_that_is_gone_is_no_error() {
    let all = list(|number, _| match number {
        4.. => Err(Error::protocol("no such page")),
        _ => {
            let next = (number < 3).then_some(Cursor::Number(number + 1));
            Ok(Page { items: vec![number], next, total: Some(20) })
        }
    });
    assert_eq!(all.collect_all().await.unwrap(), [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_link_back_ends_the_list_after_its_items() {
    for back in [1, 2, 3] {
        let mut looping = list(move |number, _| {
            let next = if number == 3 { back } else { number + 1 };
            let next = Some(Cursor::Number(next));
            Ok(Page { items: vec![number], next, total: None })
        });
        assert_eq!(looping.try_next().await.unwrap(), Some(1));
        assert_eq!(looping.try_next().await.unwrap(), Some(2));
        let error = looping.try_next().await.unwrap_err();
        assert!(error.to_string().contains("never end"), "{error}");
        assert_eq!(looping.try_next().await.unwrap(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn endless_empty_pages_are_an_error() {
    let empty = list(|number, _| {
        Ok(Page { items: vec![], next: Some(Cursor::Number(number + 1)), total: None })
    });
    assert!(empty.collect_all().await.unwrap_err().to_string().contains("empty pages"));
}

#[test]
fn links_name_pages_on_the_same_server_only() {
    let base = Url::parse("https://platform.test/").unwrap();
    let number = |link: &str| numbered(Some(link), &base);
    let seventh = Some(Cursor::Number(7));
    assert_eq!(number("https://platform.test/api/?page=7&page_size=2").unwrap(), seventh);
    assert_eq!(number("/api/?page=7").unwrap(), seventh);
    assert_eq!(number("?page=7").unwrap(), seventh);
    assert_eq!(number("").unwrap(), None);
    for foreign in [
        "http://platform.test/?page=7",
        "https://platform.test:444/?page=7",
        "https://evil.test/?page=7",
        "//evil.test/?page=7",
        "https://platform.test@evil.test/?page=7",
    ] {
        let error = number(foreign).unwrap_err().to_string();
        assert!(error.contains("was not followed"), "{error}");
    }
    assert_eq!(number("/api/").unwrap(), Some(Cursor::Number(1)));
    assert!(number("/api/?page=x").unwrap_err().to_string().contains("names no page"));
}

proptest! {
    #[test]
    fn any_page_size_yields_each_item_once_also_when_left_and_resumed(
        total in 0u64..200,
        size in 1u32..40,
        in_flight in 1usize..10,
        leave_at in 0usize..200,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut first = list(count_to(total)).page_size(size).in_flight(in_flight);
            let mut all = Vec::new();
            while all.len() < leave_at && let Some(item) = first.try_next().await.unwrap() {
                all.push(item);
            }
            if let Some(left) = first.continuation() {
                let left: Continuation = left.to_string().parse().unwrap();
                let rest = list(count_to(total)).resume(left);
                all.extend(rest.collect_all().await.unwrap());
            }
            assert!(all.into_iter().eq(0..total));
        });
    }
}
