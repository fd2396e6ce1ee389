//! Waiting for many at once.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use super::schedule::Schedule;
use super::{Targets, Wait, Watch};
use crate::batch::{Failure, Report, batch};
use crate::progress::{Event, Listener, SharedListener};

/// Waits for many at once, with one deadline for all.
///
/// Every member is watched as [`Wait`] does; one that fails does not stop the others. The report
/// gives every member back as it was last seen.
#[must_use = "a wait does nothing until it is awaited"]
pub struct WaitAll<R: Watch> {
    members: Vec<R>,
    targets: Targets<R::Status>,
    schedule: Schedule,
    listener: Option<Listener>,
}

/// Waits until every member has one of the statuses, or has failed.
pub fn wait_all<R: Watch>(
    members: impl IntoIterator<Item = R>,
    targets: impl Into<Targets<R::Status>>,
) -> WaitAll<R> {
    let schedule = Schedule { limit: R::LIMIT, every: None };
    let members = members.into_iter().collect();
    WaitAll { members, targets: targets.into(), schedule, listener: None }
}

impl<R: Watch + Clone + 'static> WaitAll<R> {
    /// How long to wait for all of them. The default stands with the resource as
    /// [`Watch::LIMIT`].
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.schedule.limit = limit;
        self
    }

    /// Looks in a fixed rhythm, give or take a tenth, instead of the growing one.
    pub fn every(mut self, interval: Duration) -> Self {
        self.schedule.every = Some(interval);
        self
    }

    /// Is told of every look at every member: [`Event::Status`] and [`Event::Trouble`].
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn run(self) -> Report<R, R> {
        let Self { members, targets, schedule, listener } = self;
        let listener = SharedListener::new(listener);
        let all = members.len().max(1);
        let watched = batch(members, move |mut member: R| {
            let (targets, listener) = (targets.clone(), listener.for_one());
            async move {
                let wait = Wait { resource: &mut member, targets, schedule, listener };
                let outcome = wait.await.map(drop);
                Ok((member, outcome))
            }
        });
        let watched = watched.concurrency(all).await;
        let mut report = Report { done: Vec::new(), failed: Vec::new() };
        // A member that failed comes back as it was last seen, not as it was before the wait.
        for (index, (member, outcome)) in watched.done {
            match outcome {
                Ok(()) => report.done.push((index, member)),
                Err(error) => report.failed.push(Failure { index, input: member, error }),
            }
        }
        report
    }
}

impl<R: Watch + Clone + 'static> IntoFuture for WaitAll<R> {
    type Output = Report<R, R>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<R: Watch> std::fmt::Debug for WaitAll<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WaitAll")
            .field("members", &self.members.len())
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}
