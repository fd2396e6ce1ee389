//! An endless reader of one shard.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::fetch::{Fetch, Fetched, Habits, expired};
use super::page::{Lag, Location};
use super::record::Record;
use super::seek::Seek;
use super::shard::Shard;
use crate::error::{Error, Result};

/// The records of a shard without end: those that are there, then those that come.
///
/// Take them with [`try_next`](Consumer::try_next) or as a stream of futures. Nothing is asked
/// for before the first record is wanted, one page of records is held at a time, and dropping the
/// consumer stops it.
///
/// # Errors
/// Trouble that is expected to pass is bridged for 5 minutes; see
/// [`max_outage`](Consumer::max_outage). After any error the consumer can be asked again and goes
/// on where it was: no record is lost and none comes twice. A record that is damaged on the way is
/// an error that names it, and the one after it comes next.
#[must_use = "a consumer asks for nothing until records are taken"]
pub struct Consumer {
    shard: Shard,
    pub(super) habits: Habits,
    position: Seek,
    location: Option<Location>,
    page: std::vec::IntoIter<Result<Record>>,
    lag: Option<Lag>,
    fetching: Option<BoxFuture<'static, Result<Fetched>>>,
    pause: Duration,
    /// The wanted record was not there, so the next one shows whether any was missed.
    from_oldest: bool,
    skipped: u64,
}

impl Consumer {
    pub(super) fn new(shard: &Shard, start: Seek) -> Self {
        Self {
            shard: shard.clone(),
            habits: Habits::default(),
            position: start,
            location: None,
            page: Vec::new().into_iter(),
            lag: None,
            fetching: None,
            pause: Duration::ZERO,
            from_oldest: false,
            skipped: 0,
        }
    }

    /// How long to wait when there is nothing, 250 ms by default. There is no wait while records
    /// keep coming.
    pub fn poll_every(mut self, pause: Duration) -> Self {
        self.habits.poll_every = pause;
        self
    }

    /// How many records to ask for at a time, at least 1; 1000 by default. This many are held in
    /// memory, or 10 MB.
    pub fn fetch_size(mut self, records: u32) -> Self {
        self.habits.fetch_size = Some(records);
        self
    }

    /// How long trouble is bridged that is expected to pass, such as a server that is not there;
    /// 5 minutes by default. The last try may outlast it by the deadline of one call.
    pub fn max_outage(mut self, time: Duration) -> Self {
        self.habits.outage = time;
        self
    }

    /// Goes on with the oldest record when the retention time has removed those that would come
    /// next, in place of an error. [`skipped`](Consumer::skipped) counts what was missed.
    pub fn skip_expired(mut self) -> Self {
        self.habits.skip_expired = true;
        self
    }

    /// The shard that is read.
    pub fn shard(&self) -> &Shard {
        &self.shard
    }

    /// The next record, as soon as there is one. Dropping the wait loses nothing.
    ///
    /// # Errors
    /// As [`Consumer`] says.
    pub async fn try_next(&mut self) -> Result<Record> {
        std::future::poll_fn(|cx| self.poll_record(cx)).await
    }

    /// Where another consumer goes on after the last record that was taken; the start while none
    /// was.
    pub fn position(&self) -> Seek {
        self.position
    }

    /// How far the last record that was taken is behind the newest one, by the last answer; `None`
    /// before the first.
    pub fn lag(&self) -> Option<Lag> {
        let held = self.page.len() as u64;
        self.lag.map(|lag| Lag { records: lag.records.saturating_add(held), ..lag })
    }

    /// How many records were missed because the retention time had removed them.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<Result<Record>> {
        loop {
            if let Some(record) = self.page.next() {
                return Poll::Ready(record.and_then(|record| self.deliver(record)));
            }
            let outcome = ready!(self.poll_fetch(cx));
            self.pause = self.habits.poll_every;
            self.take_in(outcome?);
        }
    }

    fn poll_fetch(&mut self, cx: &mut Context<'_>) -> Poll<Result<Fetched>> {
        let mut fetching = match self.fetching.take() {
            Some(fetching) => fetching,
            None => self.fetch().run().boxed(),
        };
        let outcome = fetching.poll_unpin(cx);
        if outcome.is_pending() {
            self.fetching = Some(fetching);
        }
        outcome
    }

    fn fetch(&self) -> Fetch {
        Fetch {
            shard: self.shard.clone(),
            habits: self.habits.clone(),
            position: self.position,
            location: self.location.clone(),
            pause: self.pause,
        }
    }

    fn take_in(&mut self, fetched: Fetched) {
        match fetched {
            Fetched::Page { page, from_oldest } => {
                if !page.records.is_empty() {
                    self.pause = Duration::ZERO;
                }
                self.location = Some(page.next);
                self.lag = page.lag.or(self.lag);
                self.from_oldest |= from_oldest;
                self.page = page.records.into_iter();
            }
            // Whatever comes into an empty shard comes after its end.
            Fetched::NeverWritten if self.position == Seek::Latest => {
                self.position = Seek::Earliest;
            }
            Fetched::NeverWritten => {}
        }
    }

    /// Lets a record go out, if it is one that may come next.
    fn deliver(&mut self, record: Record) -> Result<Record> {
        let number = record.sequence_number;
        if let Seek::Sequence(wanted) = self.position {
            if number < wanted {
                return Err(self.stand_still(went_back(number, wanted)));
            }
            if self.from_oldest && number > wanted {
                if !self.habits.skip_expired {
                    return Err(self.stand_still(missed(number, wanted)));
                }
                self.skipped += number - wanted;
            }
        }
        self.from_oldest = false;
        self.position = Seek::Sequence(number.saturating_add(1));
        Ok(record)
    }

    /// Forgets what was fetched, so that the next fetch looks for the position anew.
    fn stand_still(&mut self, error: Error) -> Error {
        self.page = Vec::new().into_iter();
        self.location = None;
        self.pause = self.habits.poll_every;
        self.from_oldest = false;
        error
            .with_operation("v3io", "get_records")
            .with_advice(format!("in shard {}", self.shard.id()))
    }
}

/// Not passed over: the records may be those of another stream with the same path.
fn went_back(number: u64, wanted: u64) -> Error {
    Error::protocol(format!(
        "the server sent record {number} where record {wanted} or a later one comes next; if the \
         stream was deleted and made again, begin again with Seek::Earliest"
    ))
}

fn missed(number: u64, wanted: u64) -> Error {
    expired(Error::protocol(format!("record {wanted} is gone and the oldest one is {number}")))
}

impl futures_core::Stream for Consumer {
    type Item = Result<Record>;

    /// It has no end.
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_record(cx).map(Some)
    }
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumer")
            .field("stream", &self.shard.stream_path())
            .field("shard", &self.shard.id())
            .field("position", &self.position)
            .field("lag", &self.lag())
            .field("skipped", &self.skipped)
            .finish_non_exhaustive()
    }
}
