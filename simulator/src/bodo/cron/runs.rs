//! Runs of cron jobs: those that are due and those that are asked for.

use hyper::StatusCode;

use super::super::agenda::Event;
use super::super::errors;
use super::super::jobs::{self, Config, Submission, Target};
use super::super::server::Server;
use super::super::state::State;
use super::find;
use crate::clock::Moment;
use crate::http::{Call, Outcome, Reply};

/// A run at once, whether or not the schedule is active.
pub(in super::super) fn run(server: &Server, call: &Call<'_>) -> Outcome {
    let mut state = server.state();
    let id = start(server, &mut state, call.param(0), server.now())?;
    jobs::reply(&state, &id, StatusCode::CREATED)
}

/// Decides when the next run is due.
pub(super) fn plan(server: &Server, state: &mut State, id: &str) {
    let Some(cron) = state.cron_jobs.get_mut(id) else { return };
    let now = server.platform_time(server.now());
    cron.next = cron.is_active.then(|| cron.schedule.next(now, &cron.zone)).flatten();
    if let Some(next) = cron.next {
        state.agenda.plan(server.real_time(next), Event::Cron(id.to_owned()));
    }
}

/// A run may be due. One that cannot start, for example because there are enough of them, is left
/// out.
pub(in super::super) fn wake(server: &Server, state: &mut State, id: &str, time: Moment) {
    let next = state.cron_jobs.get(id).and_then(|cron| cron.next);
    if next.is_some_and(|next| server.real_time(next) <= time) {
        let _ = start(server, state, id, time);
        plan(server, state, id);
    }
}

fn start(server: &Server, state: &mut State, id: &str, time: Moment) -> Result<String, Box<Reply>> {
    let cron = find(state, id)?;
    let of_this = |job: &&jobs::Job| job.cron.as_deref() == Some(id) && !job.is_final();
    if state.jobs.values().filter(of_this).count() as u64 >= cron.max_concurrent {
        return Err(errors::conflict(format!("Cron job {id} has enough concurrent runs")));
    }
    let template = state.templates.get(&cron.template);
    let template = template.ok_or_else(|| errors::not_found("Job template", &cron.template))?;
    let submission = Submission {
        name: None,
        kind: "BATCH".to_owned(),
        config: Config::over(Some(&template.config), cron.config.clone())?,
        target: Target::of(
            cron.cluster.clone(),
            template.cluster_config.as_ref(),
            cron.cluster_config.clone().filter(|_| cron.cluster.is_none()),
        )?,
        template: Some(cron.template.clone()),
        cron: Some(id.to_owned()),
    };
    let run = jobs::submit(server, state, submission, time)?;
    if let Some(cron) = state.cron_jobs.get_mut(id) {
        cron.last = Some(server.platform_time(time));
    }
    Ok(run)
}
