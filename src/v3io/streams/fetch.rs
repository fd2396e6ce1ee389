//! One step of a consumer: a page of records, through outages and lost locations.

use std::time::Duration;

use tokio::time::Instant;

use super::page::{Location, Page};
use super::seek::Seek;
use super::shard::{Shard, check_limit};
use super::{DEFAULT_OUTAGE, POLL_EVERY};
use crate::error::{Error, Result};
use crate::transport::backoff::Backoff;
use crate::v3io::codes;

/// The server's name for a location that leads nowhere (source: V3IO web-API reference, GetRecords,
/// and v3io-go, which looks for it).
const ILLEGAL_LOCATION: &str = "IllegalLocation";

/// How a consumer reads.
#[derive(Clone, Debug)]
pub(super) struct Habits {
    pub(super) poll_every: Duration,
    pub(super) fetch_size: Option<u32>,
    pub(super) outage: Duration,
    pub(super) skip_expired: bool,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            poll_every: POLL_EVERY,
            fetch_size: None,
            outage: DEFAULT_OUTAGE,
            skip_expired: false,
        }
    }
}

/// What is to be fetched, and when.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    pub(super) shard: Shard,
    pub(super) habits: Habits,
    /// The next record by its meaning, and by the server's location where that is known.
    pub(super) position: Seek,
    pub(super) location: Option<Location>,
    pub(super) pause: Duration,
}

/// What was fetched.
#[derive(Debug)]
pub(super) enum Fetched {
    Page {
        page: Page,
        /// The page begins at the oldest record, because the wanted one was not there.
        from_oldest: bool,
    },
    /// Nobody ever wrote to the shard.
    NeverWritten,
}

/// A place to read from.
struct Found {
    location: Location,
    from_oldest: bool,
}

impl Fetch {
    /// Repeats for a while what fails in a way that is expected to pass.
    pub(super) async fn run(self) -> Result<Fetched> {
        check_limit(self.habits.fetch_size)?;
        if !self.pause.is_zero() {
            tokio::time::sleep(self.pause).await;
        }
        let (started, mut backoff) = (Instant::now(), Backoff::new());
        loop {
            let error = match self.attempt().await {
                Ok(fetched) => return Ok(fetched),
                Err(error) => error,
            };
            let asked = error.retry_after().unwrap_or_default();
            let pause = backoff.next_wait().max(asked);
            if !error.is_retryable() || started.elapsed() + pause > self.habits.outage {
                return Err(error.with_advice(format!("in shard {}", self.shard.id())));
            }
            tracing::debug!(shard = self.shard.id(), %error, ?pause, "will read again");
            tokio::time::sleep(pause).await;
        }
    }

    /// A shard comes to life with its first record: until then the server may not know it.
    async fn attempt(&self) -> Result<Fetched> {
        match self.page().await {
            Err(error) if error.is_not_found() => {
                let stream = self.shard.describe_stream().await?;
                let exists = self.shard.id() < stream.shard_count;
                if exists { Ok(Fetched::NeverWritten) } else { Err(error) }
            }
            outcome => outcome,
        }
    }

    async fn page(&self) -> Result<Fetched> {
        let mut lost = None;
        if let Some(location) = &self.location {
            match self.read(location).await {
                Err(error) if is_illegal_location(&error) => lost = Some(error),
                outcome => return outcome.map(|page| Fetched::Page { page, from_oldest: false }),
            }
        }
        let Found { location, from_oldest } = match self.position {
            Seek::Sequence(number) => self.find_number(number, lost).await?,
            Seek::Latest if lost.is_some() => self.find_oldest(lost).await?,
            other => Found { location: self.shard.seek(other).await?, from_oldest: false },
        };
        let mut page = self.read(&location).await?;
        if let Seek::Sequence(number) = self.position
            && !from_oldest
        {
            page.leave_out_before(number);
        }
        Ok(Fetched::Page { page, from_oldest })
    }

    /// The record with this number; or the one before it, after which it will come; or, when
    /// neither is there, the oldest one, by which the consumer sees whether any was missed.
    async fn find_number(&self, number: u64, lost: Option<Error>) -> Result<Found> {
        let before = number.checked_sub(1).filter(|number| *number > 0);
        for near in std::iter::once(number).chain(before) {
            match self.shard.seek(Seek::Sequence(near)).await {
                Err(error) if is_no_such_record(&error) => {}
                outcome => return Ok(Found { location: outcome?, from_oldest: false }),
            }
        }
        self.find_oldest(lost).await
    }

    async fn find_oldest(&self, lost: Option<Error>) -> Result<Found> {
        match lost {
            Some(error) if !self.habits.skip_expired => Err(expired(error)),
            _ => {
                let location = self.shard.seek(Seek::Earliest).await?;
                Ok(Found { location, from_oldest: true })
            }
        }
    }

    async fn read(&self, location: &Location) -> Result<Page> {
        let mut request = self.shard.records(location);
        if let Some(size) = self.habits.fetch_size {
            request = request.limit(size);
        }
        Ok(request.page().await?.into_inner())
    }
}

/// Says what to do about records that are gone.
pub(super) fn expired(error: Error) -> Error {
    error.with_advice(
        "the retention time removed the records there: begin again with Seek::Earliest, or let \
         the consumer skip_expired",
    )
}

fn is_illegal_location(error: &Error) -> bool {
    error.status() == Some(400) && error.message().contains(ILLEGAL_LOCATION)
}

/// The reference says that such a seek fails, and not how.
fn is_no_such_record(error: &Error) -> bool {
    error.status() == Some(400) && error.code() != Some(codes::SHARD_OUT_OF_RANGE)
}
