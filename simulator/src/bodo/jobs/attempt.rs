//! One attempt of a job run: its beginning, its end, its timeout, and whether another one follows.

use super::super::agenda::Event;
use super::super::inferred;
use super::super::server::Server;
use super::super::state::State;
use super::job::Job;
use super::launch::{Execution, launch};
use super::product;
use super::queue::conclude;
use super::script::Pause;
use crate::clock::Moment;

/// What is under way.
#[derive(Debug)]
pub(super) struct Attempt {
    begun: Moment,
    pub(super) execution: Execution,
}

/// How an attempt ended.
#[derive(Debug)]
struct Verdict {
    status: String,
    reason: Option<String>,
}

pub(super) fn begin(server: &Server, state: &mut State, id: &str, time: Moment) {
    let Some(job) = state.jobs.get_mut(id) else { return };
    job.status = "RUNNING".into();
    (job.reason, job.retry_at) = (None, None);
    if job.started.is_none() {
        job.started = Some(time);
        product::open_logs(server, id);
    }
    job.attempt = Some(Attempt { begun: time, execution: launch(server, job, time) });
    state.agenda.plan(time, Event::Job(id.to_owned()));
    let end = time + server.world.pace * inferred::ATTEMPT_STEPS;
    state.agenda.plan(end, Event::Job(id.to_owned()));
    state.agenda.plan(job.limit(server, time), Event::Job(id.to_owned()));
}

/// Something may be due: the end of a cancellation, the next attempt, the end of this one.
pub(in super::super) fn wake(server: &Server, state: &mut State, id: &str, time: Moment) {
    let Some(job) = state.jobs.get(id).filter(|job| !job.is_final()) else { return };
    let is_due = |moment: Option<Moment>| moment.is_some_and(|moment| moment <= time);
    if is_due(job.cancelled_at) {
        conclude(server, state, id, "CANCELLED", Some(inferred::CANCELLED), time);
    } else if is_due(job.retry_at) {
        begin(server, state, id, time);
    } else if job.cancelled_at.is_none() {
        progress(server, state, id, time);
    }
}

fn progress(server: &Server, state: &mut State, id: &str, time: Moment) {
    let Some(job) = state.jobs.get_mut(id) else { return };
    let Some(begun) = job.attempt.as_ref().map(|attempt| attempt.begun) else { return };
    if job.limit(server, begun) <= time {
        let reason = Some(inferred::TIMED_OUT.to_owned());
        return settle(server, state, id, Verdict { status: "TIMEOUT".to_owned(), reason }, time);
    }
    let lasting = server.options.ending(&job.names()).map(|ending| ending.status.clone());
    if let Some(status) = lasting.filter(|status| !is_final(status)) {
        job.status = status.into();
        return;
    }
    if let Some(next) = job.print(server, time) {
        state.agenda.plan(next, Event::Job(id.to_owned()));
    }
    match job.end(server) {
        Some(end) if end <= time => {
            let verdict = job.verdict(server);
            settle(server, state, id, verdict, time);
        }
        Some(end) => state.agenda.plan(end, Event::Job(id.to_owned())),
        None => state.agenda.plan(server.now() + server.pause(), Event::Job(id.to_owned())),
    }
}

fn is_final(status: &str) -> bool {
    matches!(status, "SUCCEEDED" | "FAILED" | "CANCELLED" | "TIMEOUT")
}

/// Tries again, or ends the job run. It keeps its cluster until the next attempt.
fn settle(server: &Server, state: &mut State, id: &str, verdict: Verdict, time: Moment) {
    let Some(job) = state.jobs.get_mut(id) else { return };
    let may_retry = match verdict.status.as_str() {
        "FAILED" => job.retries_used < job.config.retries,
        "TIMEOUT" => job.retries_used < job.config.retries && job.config.retry_on_timeout,
        _ => false,
    };
    if !may_retry {
        return conclude(server, state, id, &verdict.status, verdict.reason.as_deref(), time);
    }
    let again = time + server.minutes(job.config.retry_delay);
    (job.status, job.reason, job.attempt) = ("PENDING".into(), verdict.reason, None);
    (job.retry_at, job.retries_used) = (Some(again), job.retries_used + 1);
    state.agenda.plan(again, Event::Job(id.to_owned()));
}

impl Job {
    /// When an attempt that began then is out of time.
    fn limit(&self, server: &Server, begun: Moment) -> Moment {
        begun + server.minutes(self.config.timeout)
    }

    /// Puts what the program has printed so far into the storage. When it will print more.
    fn print(&self, server: &Server, time: Moment) -> Option<Moment> {
        let attempt = self.attempt.as_ref()?;
        let product = attempt.execution.get()?;
        let due = |pause: &Pause| attempt.begun + server.seconds(pause.at);
        if let Some(last) = product.pauses.iter().rfind(|pause| due(pause) <= time) {
            let printed = product.stdout[..last.printed].to_owned();
            server.storage().text(product::stdout(&self.id), printed);
        }
        product.pauses.iter().map(due).find(|moment| *moment > time)
    }

    /// When the attempt ends; not known while its execution goes on.
    fn end(&self, server: &Server) -> Option<Moment> {
        let attempt = self.attempt.as_ref()?;
        let product = attempt.execution.get()?;
        let least = server.world.pace * inferred::ATTEMPT_STEPS;
        Some((attempt.begun + least + server.seconds(product.sleeps)).max(product.ready))
    }

    /// What settings prescribe, else what came of the execution.
    fn verdict(&self, server: &Server) -> Verdict {
        let names = self.names();
        if let Some(ending) = server.options.ending(&names) {
            let reason = Some(ending.reason.clone()).filter(|reason| !reason.is_empty());
            let default = (ending.status == "FAILED").then(|| inferred::PRESCRIBED.to_owned());
            return Verdict { status: ending.status.clone(), reason: reason.or(default) };
        }
        if self.retries_used < server.options.failures_of(&names) {
            let reason = Some(inferred::PRESCRIBED.to_owned());
            return Verdict { status: "FAILED".to_owned(), reason };
        }
        let product = self.attempt.as_ref().and_then(|attempt| attempt.execution.get());
        let failure = product.and_then(|product| product.failure.clone());
        let status = if failure.is_some() { "FAILED" } else { "SUCCEEDED" };
        Verdict { status: status.to_owned(), reason: failure }
    }
}
