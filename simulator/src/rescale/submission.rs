//! A submitted job: its histories, planned at once, and its runs.

use std::time::Duration;

use serde_json::{Value, json};

use super::command::{Ending, Script};
use super::history::History;
use super::inferred;
use crate::clock::Moment;

/// What became of a job after it was submitted.
#[derive(Debug)]
pub(super) struct Submission {
    pub(super) statuses: History,
    pub(super) cluster: History,
    pub(super) runs: Vec<Run>,
    pub(super) log: String,
    step: Duration,
    force_stop_completes: bool,
}

/// One run of a job; a basic job has a single one.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) started: Moment,
    /// `None` while it is not known to end.
    pub(super) completed: Option<Moment>,
    pub(super) variables: Vec<Value>,
    /// The ids of its output files and the sum of their sizes.
    pub(super) outputs: Vec<String>,
    pub(super) output_size: u64,
    pub(super) snapshots: Vec<String>,
}

/// The circumstances of a submission.
#[derive(Debug)]
pub(super) struct Circumstances {
    pub(super) now: Moment,
    pub(super) step: Duration,
    pub(super) low_priority: bool,
    pub(super) force_stop_completes: bool,
    /// How many runs go on at the same time.
    pub(super) slots: u32,
    pub(super) variables: Vec<Vec<Value>>,
}

impl Submission {
    pub(super) fn plan(script: &Script, circumstances: Circumstances) -> Self {
        let Circumstances { now, step, low_priority, slots, variables, .. } = circumstances;
        // Two statuses never share a date, however fast the clock.
        let step = step.max(Duration::from_micros(1));
        let mut plan = Self {
            statuses: History::default(),
            cluster: History::default(),
            runs: Vec::new(),
            log: script.log.clone(),
            step,
            force_stop_completes: circumstances.force_stop_completes,
        };
        plan.cluster.push("Not Started", None, now);
        let queued: &[&str] = if low_priority {
            &["Pending", "Waiting for Queue", "Queued"]
        } else {
            &["Pending", "Queued"]
        };
        plan.statuses.steps(queued, now, step);
        let started = now + step * queued.len() as u32;
        if script.ending == Ending::Unallocated {
            plan.statuses.push("Completed", Some(script.reason()), started);
            return plan;
        }
        plan.statuses.steps(&["Started", "Validated", "Executing"], started, step);
        plan.cluster.push("Starting", None, now + step);
        plan.cluster.push("Started", None, started);
        let last_run = plan.add_runs(script, started + step * 2, slots, variables);
        plan.finish(script, started + step * 2, last_run);
        plan
    }

    /// Plans the runs in waves and returns when the last one ends.
    fn add_runs(
        &mut self,
        script: &Script,
        start: Moment,
        slots: u32,
        variables: Vec<Vec<Value>>,
    ) -> Option<Moment> {
        let mut end = Some(start);
        for (n, variables) in variables.into_iter().enumerate() {
            let wave = n as u32 / slots.max(1);
            let length = script.extra.map(|extra| self.step + extra);
            let started = start + length.unwrap_or_default() * wave;
            let completed = length.map(|length| started + length);
            end = completed;
            self.runs.push(Run {
                started,
                completed,
                variables,
                outputs: Vec::new(),
                output_size: 0,
                snapshots: Vec::new(),
            });
        }
        end
    }

    fn finish(&mut self, script: &Script, executing: Moment, last_run: Option<Moment>) {
        let mut at = executing;
        for status in &script.statuses {
            at = at + self.step;
            self.statuses.push(status, None, at);
        }
        let Some(end) = last_run.map(|end| end.max(at + self.step)) else { return };
        let reason = script.reason();
        match script.ending {
            Ending::Stuck => self.runs.iter_mut().for_each(|run| run.completed = None),
            Ending::ForceStop => self.force_stop(end),
            Ending::Normal if script.exit != 0 => {
                self.statuses.push("Stopping", Some(reason), end);
                self.complete(reason, end + self.step);
            }
            _ => self.complete(reason, end),
        }
    }

    fn complete(&mut self, reason: &str, at: Moment) {
        self.statuses.push("Completed", Some(reason), at);
        self.end(at);
    }

    /// Stops the cluster and the runs.
    fn end(&mut self, at: Moment) {
        self.cluster.steps(&inferred::CLUSTER_STEPS_TO_STOP, at, self.step);
        for run in &mut self.runs {
            if run.started > at {
                run.started = Moment::NEVER;
                run.completed = None;
            } else {
                run.completed = Some(run.completed.map_or(at, |end| end.min(at)));
            }
        }
    }

    /// Stops the job by the user's will; the end does not depend on the script any more.
    pub(super) fn stop(&mut self, now: Moment) {
        if self.is_final(now) || self.statuses.latest_name(now) == "Stopping" {
            return;
        }
        self.statuses.cut(now);
        self.cluster.cut(now);
        self.statuses.push("Stopping", Some(inferred::USER_TERMINATED), now);
        self.complete(inferred::USER_TERMINATED, now + self.step);
    }

    /// Stops the job at once.
    pub(super) fn force_stop(&mut self, now: Moment) {
        if self.is_final(now) {
            return;
        }
        self.statuses.cut(now);
        self.cluster.cut(now);
        self.statuses.push("Force Stop", None, now);
        if self.force_stop_completes {
            self.statuses.push("Completed", Some(inferred::USER_TERMINATED), now + self.step);
        }
        self.end(now);
    }

    pub(super) fn is_final(&self, now: Moment) -> bool {
        matches!(self.statuses.latest_name(now), "Completed" | "Force Stop")
    }

    pub(super) fn is_executing(&self, now: Moment) -> bool {
        self.executing().is_some_and(|at| at <= now) && !self.is_final(now)
    }

    /// The cluster is gone, or never was.
    pub(super) fn is_released(&self, now: Moment) -> bool {
        match self.cluster.latest_name(now) {
            "Stopped" => true,
            "Not Started" => self.is_final(now),
            _ => false,
        }
    }

    pub(super) fn executing(&self) -> Option<Moment> {
        self.statuses.begins("Executing")
    }

    /// The runs that can be seen, with their numbers.
    pub(super) fn visible_runs(&self, now: Moment) -> impl Iterator<Item = (usize, &Run)> {
        let begun = self.executing().is_some_and(|at| at <= now);
        (1..).zip(self.runs.iter()).filter(move |_| begun)
    }
}

impl Run {
    pub(super) fn is_over(&self, now: Moment) -> bool {
        self.completed.is_some_and(|end| end <= now)
    }

    pub(super) fn render(&self, number: usize, now: Moment) -> Value {
        let over = self.is_over(now);
        let started = (self.started <= now).then(|| self.started.zulu());
        let completed = self.completed.filter(|_| over).map(Moment::zulu);
        json!({
            "id": number.to_string(), "dateStarted": started, "dateCompleted": completed,
            "displayOrder": number, "isOptimal": false, "parent": null, "type": 3, "variables": self.variables,
            "outputFileCount": if over { self.outputs.len() } else { 0 },
            "outputFileSize": over.then_some(self.output_size),
        })
    }
}
