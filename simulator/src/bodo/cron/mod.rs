//! Cron jobs: templates that run by a schedule.

mod job;
mod runs;
mod schedule;
mod zone;

use hyper::StatusCode;

use super::fields::Fields;
use super::page::Page;
use super::server::Server;
use super::state::State;
use super::{clusters, errors, inferred};
use crate::http::{Call, Outcome, Reply};

pub(super) use job::CronJob;
pub(super) use runs::{run, wake};

use schedule::Schedule;
use zone::Zone;

pub(super) fn list(server: &Server, call: &Call<'_>) -> Outcome {
    let page = Page::of(server, call, inferred::JOBS_PAGE)?;
    let state = server.state();
    page.reply(state.cron_jobs.values().collect(), |cron| cron.to_json())
}

pub(super) fn create(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let mut state = server.state();
    let id = state.ids.next();
    let cron = read(&mut fields, id.clone());
    fields.check()?;
    let cron = cron.ok_or_else(|| errors::bad_request("schedule and timezone are required"))?;
    demand_parts(&state, &cron)?;
    state.cron_jobs.insert(id.clone(), cron);
    runs::plan(server, &mut state, &id);
    let made = find(&state, &id)?.to_json();
    Ok(Reply::json(StatusCode::CREATED, &made))
}

fn read(fields: &mut Fields, id: String) -> Option<CronJob> {
    let (schedule, zone) = (fields.text("schedule"), fields.maybe_text("timezone"));
    let zone = zone.unwrap_or_else(|| "Etc/GMT".to_owned());
    let (parsed_schedule, parsed_zone) = (Schedule::parse(&schedule), Zone::parse(&zone));
    fields.demand(
        parsed_schedule.is_some(),
        format!("schedule {schedule:?} is not a cron expression"),
    );
    fields.demand(parsed_zone.is_some(), format!("timezone {zone:?} is unknown"));
    let most = fields.maybe_count("maxConcurrentRuns").unwrap_or(1);
    let range = 1..=inferred::MAX_CONCURRENT;
    fields.demand(range.contains(&most), "maxConcurrentRuns must be between 1 and 10");
    Some(CronJob {
        name: fields.text("name"),
        description: fields.maybe_text("description").unwrap_or_default(),
        template: fields.text("jobTemplateUUID"),
        cluster: fields.maybe_text("clusterUUID"),
        cluster_config: fields.maybe_object("clusterConfig"),
        config: fields.maybe_object("jobConfig"),
        max_concurrent: most,
        schedule: parsed_schedule?,
        zone: parsed_zone?,
        schedule_text: schedule,
        zone_text: zone,
        is_active: true,
        next: None,
        last: None,
        id,
    })
}

fn demand_parts(state: &State, cron: &CronJob) -> Result<(), Box<Reply>> {
    if state.templates.get(&cron.template).is_none() {
        return Err(errors::not_found("Job template", &cron.template));
    }
    match &cron.cluster {
        Some(cluster) => clusters::find(state, cluster).map(|_| ()),
        None => Ok(()),
    }
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a CronJob, Box<Reply>> {
    state.cron_jobs.get(id).ok_or_else(|| errors::not_found("Cron job", id))
}

pub(super) fn get(server: &Server, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(&find(&server.state(), call.param(0))?.to_json()))
}

/// Switches the schedule off or on.
pub(super) fn switch(server: &Server, call: &Call<'_>) -> Outcome {
    let mut fields = Fields::of_body(call)?;
    let off = fields.maybe_flag("deactivate");
    fields.demand(off.is_some(), "deactivate must be a boolean value");
    fields.check()?;
    let (id, mut state) = (call.param(0), server.state());
    find(&state, id)?;
    if let Some(cron) = state.cron_jobs.get_mut(id) {
        cron.is_active = off == Some(false);
    }
    runs::plan(server, &mut state, id);
    Ok(Reply::ok(&find(&state, id)?.to_json()))
}

pub(super) fn delete(server: &Server, call: &Call<'_>) -> Outcome {
    let id = call.param(0);
    let removed = server.state().cron_jobs.remove(id);
    removed.ok_or_else(|| errors::not_found("Cron job", id))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
