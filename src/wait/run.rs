//! A wait that goes on: its looks, the failures it bears, and how it ends.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::schedule::{FOREVER, Schedule};
use super::{Targets, Watch};
use crate::error::{Error, ErrorKind, Result};
use crate::progress::{Event, Listener, tell};
use crate::status::Status;

/// A wait gives up on a server in trouble after this many failed looks in a row ...
const FAILURES_IN_A_ROW: u32 = 5;
/// ... and this long without a good one: outages pass.
const OUTAGE: Duration = Duration::from_secs(15 * 60);

/// The state of a running wait.
pub(super) struct Run {
    name: Arc<str>,
    schedule: Schedule,
    listener: Option<Listener>,
    started: Instant,
    deadline: Instant,
    last_good: Instant,
    failures: u32,
    last_status: Option<String>,
    last_error: Option<String>,
    asked_pause: Option<Duration>,
    last_look_done: bool,
}

impl Run {
    pub(super) fn new(name: String, schedule: Schedule, listener: Option<Listener>) -> Self {
        let started = Instant::now();
        Self {
            name: name.into(),
            schedule,
            listener,
            started,
            deadline: started + schedule.limit.min(FOREVER),
            last_good: started,
            failures: 0,
            last_status: None,
            last_error: None,
            asked_pause: None,
            last_look_done: false,
        }
    }

    pub(super) async fn look<R: Watch>(&mut self, resource: &mut R) -> Result<R::Status> {
        let limit = self.deadline.saturating_duration_since(Instant::now());
        let looked = timeout_at(self.deadline, resource.look(limit)).await;
        let status = looked.map_err(|_| {
            Error::new(ErrorKind::Timeout, "the status did not come before the deadline")
        })??;
        self.failures = 0;
        self.last_good = Instant::now();
        self.asked_pause = None;
        self.last_status = Some(status.to_string());
        tracing::debug!(name = &*self.name, %status, "looked");
        Ok(status)
    }

    /// Passes over a failed look, or gives up.
    pub(super) fn bear(&mut self, error: Error) -> Result<()> {
        self.failures += 1;
        let hopeless = self.failures >= FAILURES_IN_A_ROW && self.last_good.elapsed() >= OUTAGE;
        if error.kind() == ErrorKind::Failed {
            return Err(error);
        }
        if !may_pass(&error) || hopeless {
            let waited = self.started.elapsed().as_secs();
            return Err(
                error.with_advice(format!("the wait for {} ended after {waited} s", self.name))
            );
        }
        self.asked_pause = error.retry_after();
        let (name, in_a_row) = (self.name.clone(), self.failures);
        let message = error.to_string();
        tracing::debug!(name = &*name, message, "a look failed");
        self.last_error = Some(message.clone());
        tell(&mut self.listener, || Event::Trouble { name, message, in_a_row });
        Ok(())
    }

    /// When to look again; `None` when the last look has been.
    pub(super) fn next_look(&mut self) -> Option<Instant> {
        if self.last_look_done || self.is_over() {
            return None;
        }
        let now = Instant::now();
        let own = self.schedule.pause(self.started.elapsed());
        let pause = self.asked_pause.map_or(own, |asked| asked.min(FOREVER).max(own));
        let last = self.schedule.last_look(self.deadline).max(now);
        if now + pause < last {
            return Some(now + pause);
        }
        self.last_look_done = true;
        Some(last)
    }

    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.deadline
    }

    pub(super) fn tell_status(&mut self, status: &impl Status, next: Option<Duration>) {
        let (name, elapsed) = (self.name.clone(), self.started.elapsed());
        let status = status.to_string();
        tell(&mut self.listener, || Event::Status { name, status, elapsed, next });
    }

    pub(super) fn timed_out<S: Status>(&self, targets: &Targets<S>) -> Error {
        let (name, limit) = (&self.name, self.schedule.limit.as_secs_f64());
        let seen = match (&self.last_status, &self.last_error) {
            (Some(status), _) => format!("it was last seen as `{status}`"),
            (None, Some(error)) => format!("its status was never seen: {error}"),
            (None, None) => "its status was never seen".to_owned(),
        };
        let wanted = list(targets);
        let message = format!("{name} was not {wanted} within {limit} s; {seen}");
        Error::new(ErrorKind::Timeout, message)
            .with_advice("nothing was stopped on the platform, so the wait can be taken up again")
    }
}

/// The error of an end from which no awaited status can come.
pub(super) async fn unreachable<R: Watch>(
    resource: &mut R,
    targets: &Targets<R::Status>,
    status: &R::Status,
) -> Error {
    let (name, wanted) = (resource.name(), list(targets));
    let mut message = format!("{name} ended as `{status}` and will not be {wanted}");
    if let Some(reason) = resource.reason(status).await {
        message = format!("{message}: {reason}");
    }
    Error::new(ErrorKind::Failed, message)
}

fn list<S: Status>(targets: &Targets<S>) -> String {
    let quoted: Vec<_> = targets.0.iter().map(|target| format!("`{target}`")).collect();
    quoted.join(" or ")
}

/// Whether a failed look is no reason to give up. A page of HTML in place of the status is what
/// maintenance looks like.
fn may_pass(error: &Error) -> bool {
    let is_html = error.body().is_some_and(|body| body.trim_start().starts_with('<'));
    error.is_retryable() || (error.kind() == ErrorKind::Decode && is_html)
}
