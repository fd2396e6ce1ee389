//! What will happen by the clock, in its order.

use std::collections::BTreeMap;

use crate::clock::Moment;

/// Who has to look whether something is due. Waking somebody in vain does no harm.
#[derive(Debug)]
pub(super) enum Event {
    /// A cluster reaches its next status.
    Cluster(String),
    /// A cluster may have been idle for long enough.
    Idle(String),
    /// An attempt of a job run ends, or the next one begins.
    Job(String),
    /// A schedule asks for a run.
    Cron(String),
}

/// Events by their time; those of one time in the order in which they were planned.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    events: BTreeMap<(Moment, u64), Event>,
    planned: u64,
}

impl Agenda {
    pub(super) fn plan(&mut self, time: Moment, event: Event) {
        self.planned += 1;
        self.events.insert((time, self.planned), event);
    }

    /// The next event whose time has come.
    pub(super) fn due(&mut self, now: Moment) -> Option<(Moment, Event)> {
        let entry = self.events.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((time, _), event) = entry.remove_entry();
        Some((time, event))
    }
}
