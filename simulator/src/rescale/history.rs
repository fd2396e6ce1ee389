//! Status histories: planned ahead, revealed by the clock.

use std::time::Duration;

use serde_json::{Value, json};

use crate::clock::Moment;

/// Statuses with their dates, some of them in the future; in the order of time.
#[derive(Debug, Clone, Default)]
pub(super) struct History(Vec<Status>);

/// One entry of a history.
#[derive(Debug, Clone)]
pub(super) struct Status {
    pub(super) name: String,
    pub(super) reason: Option<String>,
    pub(super) at: Moment,
}

impl History {
    pub(super) fn push(&mut self, name: impl Into<String>, reason: Option<&str>, at: Moment) {
        self.0.push(Status { name: name.into(), reason: reason.map(str::to_owned), at });
    }

    /// Several statuses without reasons, one per step, the first at `at`.
    pub(super) fn steps(&mut self, names: &[&str], at: Moment, step: Duration) {
        for (n, name) in names.iter().enumerate() {
            self.push(*name, None, at + step * n as u32);
        }
    }

    /// Forgets what is still to come.
    pub(super) fn cut(&mut self, now: Moment) {
        self.0.retain(|status| status.at <= now);
    }

    pub(super) fn seen(&self, now: Moment) -> impl DoubleEndedIterator<Item = &Status> {
        self.0.iter().filter(move |status| status.at <= now)
    }

    pub(super) fn latest(&self, now: Moment) -> Option<&Status> {
        self.seen(now).last()
    }

    pub(super) fn latest_name(&self, now: Moment) -> &str {
        self.latest(now).map_or("", |status| &status.name)
    }

    /// When the named status begins, also if that is in the future.
    pub(super) fn begins(&self, name: &str) -> Option<Moment> {
        self.0.iter().find(|status| status.name == name).map(|status| status.at)
    }

    /// What can be seen, newest first, with dates in the given form.
    pub(super) fn render(&self, now: Moment, date: fn(Moment) -> String) -> Vec<Value> {
        let entry = |s: &Status| json!({"status": s.name, "statusDate": date(s.at), "statusReason": s.reason});
        self.seen(now).rev().map(entry).collect()
    }
}
