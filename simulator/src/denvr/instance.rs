//! What virtual servers and applications have in common: hardware, addresses and a life.

use std::time::Duration;

use super::capacity::Slot;
use super::inferred;
use super::life::{Life, Status, known};
use crate::clock::Moment;

pub(super) const ONLINE: &str = "ONLINE";
pub(super) const OFFLINE: &str = "OFFLINE";
pub(super) const PENDING: &str = "PENDING";
/// The way from a stop to readiness.
const STARTING: [&str; 3] = [PENDING, "PENDING_RESOURCES", "PENDING_READINESS"];
const FAILURES: [&str; 3] = ["FAILED", "CREATE_FAILED", "ADMIN_WAIT"];

/// How a start ends for things of some name.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub(super) name: String,
    pub(super) status: String,
    pub(super) reason: String,
}

/// What the last command wants it to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    Online,
    Offline,
    /// Destroyed; there is nothing left from then on.
    Gone(Moment),
}

/// A server or an application, as far as they are alike.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) slot: Slot,
    pub(super) owner: String,
    pub(super) created: Moment,
    pub(super) private_ip: String,
    public_ip: String,
    life: Life,
    goal: Goal,
    reason: String,
}

/// When and how fast something happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time {
    pub(super) now: Moment,
    pub(super) pace: Duration,
}

impl Instance {
    /// Begins with this status on its way to the ending.
    pub(super) fn begin(
        first: Status,
        slot: Slot,
        owner: &str,
        (private_ip, public_ip): (String, String),
        ending: Option<&Ending>,
        time: Time,
    ) -> Self {
        let path = std::iter::once(first).chain(start(ending));
        Self {
            slot,
            owner: owner.to_owned(),
            created: time.now,
            private_ip,
            public_ip,
            life: Life::begin(time.now, time.pace, path),
            goal: Goal::Online,
            reason: reason(ending),
        }
    }

    /// One that has been running for long.
    pub(super) fn running(
        slot: Slot,
        owner: &str,
        addresses: (String, String),
        time: Time,
    ) -> Self {
        let mut instance = Self::begin(None, slot, owner, addresses, None, time);
        instance.life = Life::begin(time.now, time.pace, [known(ONLINE)]);
        instance
    }

    pub(super) fn status(&self, now: Moment) -> Option<&str> {
        self.life.status(now)
    }

    /// Since when the present status holds.
    pub(super) fn since(&self, now: Moment) -> Moment {
        self.life.since(now)
    }

    pub(super) fn is_online(&self, now: Moment) -> bool {
        self.status(now) == Some(ONLINE)
    }

    pub(super) fn is_gone(&self, now: Moment) -> bool {
        matches!(self.goal, Goal::Gone(moment) if moment <= now)
    }

    /// Whether it takes one of its kind away from the capacity; what is stopped or
    /// failed does not.
    pub(super) fn holds_capacity(&self, now: Moment) -> bool {
        self.goal == Goal::Online && !self.has_failed(now)
    }

    /// There is one only while it is online.
    pub(super) fn public_ip(&self, now: Moment) -> &str {
        if self.is_online(now) { &self.public_ip } else { "" }
    }

    /// Why it failed, where it did.
    pub(super) fn reason(&self, now: Moment) -> Option<&str> {
        self.has_failed(now).then_some(self.reason.as_str())
    }

    fn has_failed(&self, now: Moment) -> bool {
        self.status(now).is_some_and(|status| FAILURES.contains(&status))
    }

    /// Whether a start would change anything.
    pub(super) fn can_start(&self, now: Moment) -> bool {
        match self.goal {
            Goal::Online => self.has_failed(now),
            Goal::Offline => true,
            Goal::Gone(_) => false,
        }
    }

    /// Whether that changed anything.
    pub(super) fn start(&mut self, ending: Option<&Ending>, time: Time) -> bool {
        if !self.can_start(time.now) {
            return false;
        }
        self.life.turn(time.now, time.pace, start(ending));
        (self.goal, self.reason) = (Goal::Online, reason(ending));
        true
    }

    /// Whether that changed anything.
    pub(super) fn stop(&mut self, time: Time) -> bool {
        if self.goal != Goal::Online {
            return false;
        }
        self.life.turn(time.now, time.pace, [PENDING, OFFLINE].map(known));
        self.goal = Goal::Offline;
        true
    }

    /// Whether that changed anything.
    pub(super) fn destroy(&mut self, time: Time) -> bool {
        if matches!(self.goal, Goal::Gone(_)) {
            return false;
        }
        self.life = Life::begin(time.now, time.pace, [known(PENDING)]);
        self.goal = Goal::Gone(time.now + time.pace);
        true
    }

    /// The last lines of what it wrote since the last command.
    pub(super) fn logs(&self, now: Moment, limit: usize) -> String {
        let changes = self.life.passed(now);
        let mut lines: Vec<String> =
            changes.map(|(at, status)| format!("{} status {status}", at.zulu())).collect();
        if self.is_online(now) {
            lines.extend(inferred::READY_LINES.map(str::to_owned));
        }
        lines.extend(self.reason(now).map(str::to_owned));
        lines.split_off(lines.len().saturating_sub(limit)).join("\n")
    }
}

fn start(ending: Option<&Ending>) -> impl Iterator<Item = Status> {
    let last = ending.map_or(known(ONLINE), |ending| Some(ending.status.clone().into()));
    STARTING.map(known).into_iter().chain([last])
}

fn reason(ending: Option<&Ending>) -> String {
    let given = ending.map(|ending| ending.reason.as_str()).filter(|reason| !reason.is_empty());
    given.unwrap_or(inferred::FAILURE_REASON).to_owned()
}
