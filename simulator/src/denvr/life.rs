//! Statuses by the clock: a history that is planned ahead.

use std::borrow::Cow;
use std::time::Duration;

use crate::clock::Moment;

/// A status; `None` where the platform answers null.
pub(super) type Status = Option<Cow<'static, str>>;

/// What something is, was and will be; the future changes when a command comes.
#[derive(Debug)]
pub(super) struct Life {
    /// Never empty, oldest first.
    steps: Vec<(Moment, Status)>,
}

impl Life {
    /// The first status holds at once, each further one a step later.
    pub(super) fn begin(
        now: Moment,
        pace: Duration,
        path: impl IntoIterator<Item = Status>,
    ) -> Self {
        Self { steps: plan(now, pace, path) }
    }

    /// Gives up the future for this one; the present status stays for one more step.
    pub(super) fn turn(
        &mut self,
        now: Moment,
        pace: Duration,
        path: impl IntoIterator<Item = Status>,
    ) {
        let present = std::iter::once(self.at(now).1.clone());
        self.steps = plan(now, pace, present.chain(path));
    }

    pub(super) fn status(&self, now: Moment) -> Option<&str> {
        self.at(now).1.as_deref()
    }

    /// Since when the present status holds.
    pub(super) fn since(&self, now: Moment) -> Moment {
        self.at(now).0
    }

    /// The statuses since the last command, up to the present one.
    pub(super) fn passed(&self, now: Moment) -> impl Iterator<Item = (Moment, &str)> {
        let passed = self.steps.iter().take_while(move |(since, _)| *since <= now);
        passed.filter_map(|(since, status)| Some((*since, status.as_deref()?)))
    }

    fn at(&self, now: Moment) -> &(Moment, Status) {
        let passed = self.steps.partition_point(|(since, _)| *since <= now);
        &self.steps[passed.saturating_sub(1)]
    }
}

fn plan(
    now: Moment,
    pace: Duration,
    path: impl IntoIterator<Item = Status>,
) -> Vec<(Moment, Status)> {
    let mut since = now;
    let mut step = |status| {
        let planned = (since, status);
        since = since + pace;
        planned
    };
    path.into_iter().map(&mut step).collect()
}

/// A status that is known from the beginning.
pub(super) const fn known(status: &'static str) -> Status {
    Some(Cow::Borrowed(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_status_outlives_a_command_by_a_step() {
        let (start, pace) = (Moment::from_unix(0), Duration::from_secs(1));
        let at = |seconds| Moment::from_unix(seconds);
        let mut life = Life::begin(start, pace, [None, known("PENDING"), known("ONLINE")]);
        assert_eq!([0, 1, 9].map(|s| life.status(at(s))), [None, Some("PENDING"), Some("ONLINE")]);
        life.turn(at(10), pace, [known("PENDING"), known("OFFLINE")]);
        let seen = [10, 11, 12].map(|s| life.status(at(s)));
        assert_eq!(seen, [Some("ONLINE"), Some("PENDING"), Some("OFFLINE")]);
        assert_eq!((life.since(at(20)), life.passed(at(11)).count()), (at(12), 2));
    }
}
