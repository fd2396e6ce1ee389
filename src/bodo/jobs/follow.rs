//! A log as it appears, while the job runs.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;
use tokio::time::{Instant, sleep};

use super::overlap::{Given, Next, Open};
use super::{Job, Lines, Log};
use crate::error::{Error, ErrorKind, Result};
use crate::status::{Phase, Status};
use crate::wait::Watch;
use crate::wait::schedule::{FOREVER, Schedule};

/// How many times in a row asking may fail.
const FAILURES: u32 = 5;

/// A log as it appears: take its bytes with [`try_next`](Follow::try_next), as a
/// [`Stream`](Follow::into_stream), or as [`lines`](Follow::lines).
///
/// It begins with what there is, and ends when the job has ended and all that it wrote was given
/// out; no byte comes twice and none is left out. Between two looks it pauses for 5 % of the time
/// for which nothing has come, at least 0.5 s and at most 15 s. Each look asks for a new link, so
/// that links may expire. A few failed looks in a row are tolerated. It lasts at most 24 h unless
/// told otherwise; dropping it stops the looking and does nothing to the job.
///
/// ```no_run
/// # async fn f(job: longhaul::bodo::Job) -> longhaul::Result<()> {
/// let mut lines = job.stdout().follow().lines();
/// while let Some(line) = lines.try_next().await? {
///     println!("{line}");
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is asked for until bytes are taken"]
pub struct Follow {
    log: Log,
    job: Job,
    schedule: Schedule,
    deadline: Option<Instant>,
    /// When something last came.
    news: Instant,
    given: Given,
    open: Option<Open>,
    failures: u32,
    state: State,
}

/// What is known of the job.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Unknown,
    Runs,
    /// It had ended before the log was last asked for.
    Ended,
    /// There is nothing more to come.
    Over,
}

impl Follow {
    pub(super) fn new(log: Log) -> Self {
        Self {
            job: log.job().clone(),
            log,
            schedule: Schedule { limit: Job::LIMIT, every: None },
            deadline: None,
            news: Instant::now(),
            given: Given::default(),
            open: None,
            failures: 0,
            state: State::Unknown,
        }
    }

    /// How long to follow at most; 24 h by default.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.schedule.limit = limit;
        self
    }

    /// Looks in a fixed rhythm, give or take a tenth, instead of the growing one.
    pub fn every(mut self, interval: Duration) -> Self {
        self.schedule.every = Some(interval);
        self
    }

    /// How many bytes were given out.
    pub fn position(&self) -> u64 {
        self.given.position
    }

    /// The next bytes; `None` when the job has ended and all was given out.
    ///
    /// Dropping the future loses nothing: the next call goes on.
    ///
    /// # Errors
    /// When time runs out, when the platform could not be asked several times in a row, and when
    /// the log is not the same any more.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>> {
        let limit = self.schedule.limit.min(FOREVER);
        let deadline = *self.deadline.get_or_insert_with(|| Instant::now() + limit);
        match tokio::time::timeout_at(deadline, self.advance()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(self.timed_out()),
        }
    }

    /// The bytes as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes>> + Send {
        stream::try_unfold(self, |mut follow| async move {
            Ok(follow.try_next().await?.map(|chunk| (chunk, follow)))
        })
    }

    /// The log line by line.
    pub fn lines(self) -> Lines {
        Lines::new(self)
    }

    async fn advance(&mut self) -> Result<Option<Bytes>> {
        loop {
            match self.round().await {
                Ok(None) if self.state == State::Over => return Ok(None),
                Ok(None) => self.failures = 0,
                Ok(chunk) => return Ok(chunk),
                Err(error) => {
                    self.bear(error)?;
                    self.pause().await;
                }
            }
        }
    }

    /// What there is of the log, or else a look at the job.
    async fn round(&mut self) -> Result<Option<Bytes>> {
        if let Some(chunk) = self.read().await? {
            return Ok(Some(chunk));
        }
        match self.state {
            State::Ended | State::Over => {
                self.state = State::Over;
                return Ok(None);
            }
            State::Runs => self.pause().await,
            State::Unknown => {}
        }
        let limit = self.log.job().workspace().session.options.timeout;
        let status = self.job.look(limit).await?;
        self.state = if status.phase() == Phase::Moving { State::Runs } else { State::Ended };
        Ok(None)
    }

    /// The next bytes of what there is; `None` at the end of it.
    async fn read(&mut self) -> Result<Option<Bytes>> {
        if self.state == State::Over {
            return Ok(None);
        }
        if self.open.is_none() {
            self.open = Some(self.reopen().await?);
        }
        while let Some(open) = &mut self.open {
            match open.try_next().await {
                Ok(Next::News(chunk)) => return Ok(Some(self.give(chunk))),
                Ok(Next::End) => self.open = None,
                Ok(Next::Changed) => return Err(self.changed()),
                Err(error) => {
                    self.open = None;
                    return Err(error);
                }
            }
        }
        Ok(None)
    }

    /// Asks for the log from a little before the position on, with a new link.
    async fn reopen(&mut self) -> Result<Open> {
        match Open::after(&self.given, self.log.source()).await {
            Err(error) if error.status() == Some(416) && self.given.position > 0 => {
                Err(self.changed())
            }
            outcome => outcome,
        }
    }

    fn give(&mut self, chunk: Bytes) -> Bytes {
        self.given.add(&chunk);
        self.news = Instant::now();
        self.failures = 0;
        chunk
    }

    async fn pause(&mut self) {
        sleep(self.schedule.pause(self.news.elapsed())).await;
    }

    /// Passes over a failure, or gives up. A log that is written while it is read changes.
    fn bear(&mut self, error: Error) -> Result<()> {
        self.failures += 1;
        let may_pass = error.is_retryable() || error.kind() == ErrorKind::Protocol;
        if !may_pass || self.failures >= FAILURES {
            return Err(error);
        }
        tracing::debug!(%error, "a look at a log failed");
        Ok(())
    }

    fn changed(&self) -> Error {
        let (stream, id, position) = (self.log.stream(), self.job.id(), self.position());
        let message = format!(
            "the {stream} of job {id} is not the one of which {position} bytes were read: it was \
             begun anew"
        );
        Error::new(ErrorKind::Integrity, message)
    }

    fn timed_out(&self) -> Error {
        let (stream, id) = (self.log.stream(), self.job.id());
        let seconds = self.schedule.limit.as_secs_f64();
        let message = format!("the {stream} of job {id} was followed for {seconds} s");
        Error::new(ErrorKind::Timeout, message).with_advice("the job was not stopped by that")
    }
}

impl fmt::Debug for Follow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow")
            .field("log", &self.log)
            .field("position", &self.position())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
