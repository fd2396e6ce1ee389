//! Several resources acted on as one: each on its own, all at once, with a report of each.

use std::future::IntoFuture;
use std::ops::Deref;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use crate::batch::{Failure, Report, batch};
use crate::error::Result;
use crate::progress::{Event, Listener, SharedListener};
use crate::wait::{Targets, WaitAll, Watch, wait_all};

/// Several resources to act on as one, such as the clusters with a tag.
///
/// Lists give one with `group()`, and it can be collected from an iterator. What is done to it is
/// done to every member, several at a time; a member that fails does not stop the others, and the
/// report says which failed and why. Nothing is done to the members of an empty group, and nothing
/// is asked.
///
/// ```no_run
/// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
/// use longhaul::bodo::{ClusterStatus, Group};
/// let clusters = workspace.clusters().list().tag("purpose", "test").group().await?;
/// let ready = [ClusterStatus::Running, ClusterStatus::Initializing];
/// let clusters: Group<_> = clusters.wait_for_status(ready).await.into_result()?.into();
/// let report = clusters.pause().wait().await;
/// for failure in &report.failed {
///     println!("{} was not paused: {}", failure.input.id(), failure.error);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Group<T>(Vec<T>);

impl<T> Group<T> {
    /// The members, in order.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: Watch + Clone + 'static> Group<T> {
    /// Waits until every member has one of the statuses or has failed; members come back as they
    /// were last seen.
    pub fn wait_for_status(&self, targets: impl Into<Targets<T::Status>>) -> WaitAll<T> {
        wait_all(self.0.clone(), targets)
    }

    /// Something to be done with every member, which then may be waited for.
    pub(super) fn act<F>(
        &self,
        action: impl Fn(T) -> F + Send + 'static,
        end: impl Into<Targets<T::Status>>,
    ) -> GroupAction<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let act: Act<T> = Box::new(move |member| Box::pin(action(member)));
        GroupAction {
            members: self.0.clone(),
            act,
            end: end.into(),
            wanted: false,
            limit: T::LIMIT,
            every: None,
            listener: None,
        }
    }
}

impl<T> From<Vec<T>> for Group<T> {
    fn from(members: Vec<T>) -> Self {
        Self(members)
    }
}

impl<T> FromIterator<T> for Group<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

impl<T> IntoIterator for Group<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Group<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T> Deref for Group<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

type Act<T> = Box<dyn Fn(T) -> Pin<Box<dyn Future<Output = Result<T>> + Send>> + Send>;

/// An action on every member of a group; `.await` does it and gives a [`Report`] with the members
/// as they were last seen.
#[must_use = "nothing is done until it is awaited"]
pub struct GroupAction<T: Watch> {
    members: Vec<T>,
    act: Act<T>,
    end: Targets<T::Status>,
    wanted: bool,
    limit: Duration,
    every: Option<Duration>,
    listener: Option<Listener>,
}

impl<T: Watch + Clone + 'static> GroupAction<T> {
    /// Waits until every member is where the action leads; one that fails does not stop the
    /// others.
    pub fn wait(mut self) -> Self {
        self.wanted = true;
        self
    }

    /// When the wait for all members ends at the latest, counted from the beginning of the action.
    /// The default stands with the resource as [`Watch::LIMIT`]. Requests that were sent are not
    /// cut short.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Looks at every member in a fixed rhythm, give or take a tenth, instead of the growing one.
    pub fn every(mut self, interval: Duration) -> Self {
        self.every = Some(interval);
        self
    }

    /// Is told of every member that was acted on, [`Event::Item`], and of every look of the wait.
    pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    async fn run(self) -> Report<T, T> {
        let Self { members, act, end, wanted, limit, every, listener } = self;
        let deadline = Instant::now().checked_add(limit);
        let listener = SharedListener::new(listener);
        let mut acting = batch(members, act);
        if let Some(mut listener) = listener.for_one() {
            acting = acting.on_event(move |event| listener(event));
        }
        let acted = acting.await;
        if !wanted {
            return acted;
        }
        let (places, members): (Vec<_>, Vec<_>) = acted.done.into_iter().unzip();
        let left = deadline.map_or(limit, |deadline| deadline - Instant::now());
        let mut wait = wait_all(members, end).timeout(left);
        if let Some(every) = every {
            wait = wait.every(every);
        }
        if let Some(mut listener) = listener.for_one() {
            wait = wait.on_event(move |event| listener(event));
        }
        joined(acted.failed, &places, wait.await)
    }
}

/// The failures of an action and the outcome of the wait for the other members, which stood at
/// these places in the group.
fn joined<T>(failed: Vec<Failure<T>>, places: &[usize], waited: Report<T, T>) -> Report<T, T> {
    let in_group = |(index, member)| (places[index], member);
    let done = waited.done.into_iter().map(in_group).collect();
    let late = waited.failed.into_iter();
    let late = late.map(|failure| Failure { index: places[failure.index], ..failure });
    let mut failed: Vec<_> = failed.into_iter().chain(late).collect();
    failed.sort_unstable_by_key(|failure| failure.index);
    Report { done, failed }
}

impl<T: Watch + Clone + 'static> IntoFuture for GroupAction<T> {
    type Output = Report<T, T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T: Watch> std::fmt::Debug for GroupAction<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GroupAction")
            .field("members", &self.members.len())
            .field("wait", &self.wanted)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
