//! Waiting for a status, for everything that has one.

mod afterwards;
mod command;
mod group;
mod run;
pub(crate) mod schedule;
#[cfg(test)]
mod tests;

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::error::{Error, Result};
use crate::progress::{Event, Listener};
use crate::status::{Phase, Status};

pub(crate) use afterwards::{Afterwards, afterwards_setters};
pub(crate) use command::Command;
pub use group::{WaitAll, wait_all};
use run::{Run, unreachable};
use schedule::Schedule;

/// Something with a status that can be looked at.
pub trait Watch: Send {
    /// Its status.
    type Status: Status;

    /// How long a wait lasts at most unless told otherwise.
    const LIMIT: Duration;

    /// What it is, for events and errors, such as `job Jaaac`.
    fn name(&self) -> String;

    /// Asks the server for the status now, in one attempt: the wait around it is the retry. The
    /// look has to end within the limit.
    fn look(&mut self, limit: Duration) -> impl Future<Output = Result<Self::Status>> + Send;

    /// Whether it was in this status before the last look, for platforms that keep a history.
    fn has_been(&self, _status: &Self::Status) -> bool {
        false
    }

    /// The status that something has which cannot be looked at any more, for platforms that forget
    /// what has ended. Such a failed look ends a wait well only for that status.
    fn gone(&self, _failed_look: &Error) -> Option<Self::Status> {
        None
    }

    /// Called when an awaited status is reached, for platforms whose statuses hide failures.
    ///
    /// # Errors
    /// When the status looks good and is not.
    fn confirm(&mut self, _status: &Self::Status) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Why it is in a status that ends a wait badly, where the platform tells.
    fn reason(&mut self, _status: &Self::Status) -> impl Future<Output = Option<String>> + Send {
        async { None }
    }
}

/// One or several awaited statuses.
#[derive(Clone, Debug)]
pub struct Targets<S>(Vec<S>);

impl<S> From<S> for Targets<S> {
    fn from(status: S) -> Self {
        Self(vec![status])
    }
}

impl<S, const N: usize> From<[S; N]> for Targets<S> {
    fn from(statuses: [S; N]) -> Self {
        Self(statuses.into())
    }
}

impl<S> From<Vec<S>> for Targets<S> {
    fn from(statuses: Vec<S>) -> Self {
        Self(statuses)
    }
}

/// Waits until something has one of the given statuses.
///
/// The first look comes at once and is fresh. Later ones follow after 5 % of the time already
/// waited, at least 0.5 s and at most 15 s, give or take a tenth. A few failed looks in a row are
/// tolerated, and an outage of the server up to 15 minutes. Dropping the wait stops the looking and
/// changes nothing on the platform.
///
/// # Errors
/// [`Failed`](crate::ErrorKind::Failed) at once when a failure comes that was not asked for, or an
/// end from which no awaited status can come; [`Timeout`](crate::ErrorKind::Timeout) when time runs
/// out, with the last status in the text; any error of a look that will not pass.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<'a, R: Watch> {
    resource: &'a mut R,
    targets: Targets<R::Status>,
    schedule: Schedule,
    listener: Option<Listener>,
}

/// Waits until the resource has one of the statuses.
pub fn wait_for_status<R: Watch>(
    resource: &mut R,
    targets: impl Into<Targets<R::Status>>,
) -> Wait<'_, R> {
    let schedule = Schedule { limit: R::LIMIT, every: None };
    Wait { resource, targets: targets.into(), schedule, listener: None }
}

impl<'a, R: Watch> Wait<'a, R> {
    /// How long to wait at most. The default stands with the resource as [`Watch::LIMIT`].
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.schedule.limit = limit;
        self
    }

    /// Looks in a fixed rhythm, give or take a tenth, instead of the growing one.
    pub fn every(mut self, interval: Duration) -> Self {
        self.schedule.every = Some(interval);
        self
    }

    /// Is told of every look before the next pause: [`Event::Status`] and [`Event::Trouble`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn run(self) -> Result<&'a mut R> {
        let Self { resource, targets, schedule, listener } = self;
        if targets.0.is_empty() {
            return Err(Error::invalid("a wait needs a status to wait for"));
        }
        let mut run = Run::new(resource.name(), schedule, listener);
        loop {
            let status = look(&mut run, resource, &targets).await?;
            if let Some(status) = &status {
                if let Some(target) = reached(resource, &targets, status) {
                    run.tell_status(status, None);
                    resource.confirm(target).await?;
                    return Ok(resource);
                }
                if status.phase() != Phase::Moving {
                    run.tell_status(status, None);
                    return Err(unreachable(resource, &targets, status).await);
                }
            }
            let Some(next) = run.next_look() else { return Err(run.timed_out(&targets)) };
            if let Some(status) = &status {
                run.tell_status(status, Some(next - Instant::now()));
            }
            sleep_until(next).await;
            if run.is_over() {
                return Err(run.timed_out(&targets));
            }
        }
    }
}

/// The status now, also that of something that is gone; `None` when the look failed in a way that
/// may pass.
async fn look<R: Watch>(
    run: &mut Run,
    resource: &mut R,
    targets: &Targets<R::Status>,
) -> Result<Option<R::Status>> {
    let error = match run.look(resource).await {
        Ok(status) => return Ok(Some(status)),
        Err(error) => error,
    };
    let gone = resource.gone(&error).filter(|gone| targets.0.contains(gone));
    if gone.is_none() {
        run.bear(error)?;
    }
    Ok(gone)
}

/// The awaited status that the resource has, or else one that it has had.
fn reached<'t, R: Watch>(
    resource: &R,
    targets: &'t Targets<R::Status>,
    status: &R::Status,
) -> Option<&'t R::Status> {
    let mut all = targets.0.iter();
    let now = all.clone().find(|target| *target == status);
    now.or_else(|| all.find(|target| resource.has_been(target)))
}

impl<'a, R: Watch> IntoFuture for Wait<'a, R> {
    type Output = Result<&'a mut R>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<R: Watch> std::fmt::Debug for Wait<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wait")
            .field("name", &self.resource.name())
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}
