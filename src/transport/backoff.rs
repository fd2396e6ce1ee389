//! How long to wait before the next attempt: exponential with full jitter, or what the server says.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use reqwest::header::{HeaderMap, RETRY_AFTER};

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(15);

/// A server that asks for a longer pause than this is not waited for.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// More is never asked for in earnest, and could not be added to a moment.
const LONGEST_ASKED: Duration = Duration::from_secs(365 * 24 * 3600);

/// The waits between the attempts of one call.
pub(crate) struct Backoff(ExponentialBackoff);

impl Backoff {
    pub(crate) fn new() -> Self {
        let builder = ExponentialBuilder::new()
            .with_min_delay(FIRST)
            .with_max_delay(LONGEST)
            .without_max_times();
        Self(builder.build())
    }

    /// The next wait. Full jitter: anything from nothing to the exponential delay, so that clients
    /// that failed together do not come back together.
    pub(crate) fn next_wait(&mut self) -> Duration {
        self.0.next().unwrap_or(LONGEST).mul_f64(fastrand::f64())
    }
}

/// What the server asks for, in seconds or as a date, at most a year; `None` when it asks for
/// nothing that can be understood.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let date = httpdate::parse_http_date(text).ok()?;
            date.duration_since(SystemTime::now()).unwrap_or_default()
        }
    };
    Some(asked.min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, text.parse().unwrap());
        retry_after(&headers)
    }

    #[test]
    fn both_forms_are_understood_and_garbage_is_not() {
        assert_eq!(header("7"), Some(Duration::from_secs(7)));
        assert_eq!(header("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        let later = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(90));
        let wait = header(&later).unwrap();
        assert!((88..=90).contains(&wait.as_secs()), "{wait:?}");
        for garbage in ["-1", "soon", "", "1.5", "Fri, 99 Nov 9999 99:99:99 GMT"] {
            assert_eq!(header(garbage), None, "{garbage:?}");
        }
    }

    #[test]
    fn an_absurd_pause_can_still_be_added_to_a_moment() {
        let asked = header("18446744073709551615").unwrap();
        assert!(tokio::time::Instant::now().checked_add(asked).is_some(), "{asked:?}");
        assert!(Duration::from_secs(1).checked_add(asked).is_some(), "{asked:?}");
    }

    #[test]
    fn waits_grow_are_jittered_and_capped() {
        let mut longest = [Duration::ZERO; 10];
        for _ in 0..500 {
            let mut backoff = Backoff::new();
            for seen in &mut longest {
                *seen = backoff.next_wait().max(*seen);
            }
        }
        assert!(longest[0] <= FIRST && longest[0] > FIRST / 2);
        assert!(longest[2] > FIRST * 2 && longest[2] <= FIRST * 4);
        assert!(longest.iter().all(|wait| *wait <= LONGEST));
    }
}
