//! Statuses by the clock: what something is, and what it will be.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Moment;

/// A status; a text of its own where a test prescribes one.
pub(super) type Status = Cow<'static, str>;

/// Statuses and how many steps each lasts; the last one lasts until a command comes.
pub(super) type Path<'a> = &'a [(&'static str, u32)];

/// What something is and will be; the future changes when a command comes.
#[derive(Debug)]
pub(super) struct Life {
    status: Status,
    since: Moment,
    plan: VecDeque<(Moment, Status)>,
}

impl Life {
    /// The first status holds from now on.
    pub(super) fn begin(now: Moment, pace: Duration, path: Path<'_>) -> Self {
        let mut life = Self { status: Status::default(), since: now, plan: VecDeque::new() };
        life.follow(now, pace, path);
        life
    }

    /// Gives up the future for this one, which begins at once.
    pub(super) fn follow(&mut self, now: Moment, pace: Duration, path: Path<'_>) {
        let mut since = now;
        self.plan.clear();
        for (status, steps) in path {
            self.plan.push_back((since, Cow::Borrowed(*status)));
            since = since + pace * *steps;
        }
        self.step(now);
    }

    /// Ends otherwise than planned.
    pub(super) fn end_as(&mut self, status: Option<Status>) {
        if let (Some(status), Some((_, last))) = (status, self.plan.back_mut()) {
            *last = status;
        }
    }

    /// Takes the next status if its time has come.
    pub(super) fn step(&mut self, now: Moment) -> bool {
        let is_due = self.next().is_some_and(|time| time <= now);
        if let Some((since, status)) = is_due.then(|| self.plan.pop_front()).flatten() {
            (self.since, self.status) = (since, status);
        }
        is_due
    }

    /// Takes every status whose time has come.
    pub(super) fn catch_up(&mut self, now: Moment) {
        while self.step(now) {}
    }

    /// When the next status comes.
    pub(super) fn next(&self) -> Option<Moment> {
        self.plan.front().map(|(time, _)| *time)
    }

    /// Whether this is what it will be in the end.
    pub(super) fn ends_as(&self, status: &str) -> bool {
        self.plan.back().is_some_and(|(_, last)| last == status)
    }

    pub(super) fn status(&self) -> &str {
        &self.status
    }

    pub(super) fn since(&self) -> Moment {
        self.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_last_their_steps() {
        let (start, pace) = (Moment::from_unix(0), Duration::from_secs(1));
        let mut life = Life::begin(start, pace, &[("NEW", 2), ("INPROGRESS", 3), ("READY", 0)]);
        let mut seen = Vec::new();
        for second in 0..7 {
            life.catch_up(Moment::from_unix(second));
            seen.push(life.status().to_owned());
        }
        assert_eq!(
            seen,
            ["NEW", "NEW", "INPROGRESS", "INPROGRESS", "INPROGRESS", "READY", "READY"]
        );
        assert_eq!(life.since(), Moment::from_unix(5));
    }

    #[test]
    fn the_end_can_be_another_one() {
        let (start, pace) = (Moment::from_unix(0), Duration::from_secs(1));
        let mut life = Life::begin(start, pace, &[("NEW", 1), ("READY", 0)]);
        life.end_as(Some("FAILED".into()));
        life.catch_up(Moment::from_unix(1));
        assert_eq!(life.status(), "FAILED");
    }
}
