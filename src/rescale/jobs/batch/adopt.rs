//! Finding a job whose creation was not answered.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use tokio::time::{Duration, Instant, sleep_until};

use super::journal::Journal;
use super::record::Creating;
use crate::error::{Error, Result};
use crate::rescale::models;
use crate::rescale::{Client, Job, JobId};
use crate::values::Timestamp;

/// How far the platform's clock may be behind ours.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// Between two looks at the list of jobs.
const PAUSE: Duration = Duration::from_secs(1);

/// Looks until the job is there, or the time is up from which none can appear any more.
pub(super) async fn find_until(
    deadline: Instant,
    client: &Client,
    journal: &Journal,
    creating: &Creating,
) -> Result<Option<Job>> {
    loop {
        let last = Instant::now() >= deadline;
        let found = find(client, journal, creating).await?;
        if found.is_some() || last {
            return Ok(found);
        }
        sleep_until(deadline.min(Instant::now() + PAUSE)).await;
    }
}

/// The only job that has the name and the files, is not older than the request and belongs to no
/// other task.
pub(super) async fn find(
    client: &Client,
    journal: &Journal,
    creating: &Creating,
) -> Result<Option<Job>> {
    let mut found = Vec::new();
    for id in namesakes(client, creating).await? {
        if journal.owns(id.as_str()) {
            continue;
        }
        let job = client.jobs().get(id).await?;
        if job.data().is_some_and(|data| has_inputs(data, &creating.inputs)) {
            found.push(job);
        }
    }
    match found.as_slice() {
        [] | [_] => Ok(found.pop()),
        many => Err(ambiguous(&creating.name, many)),
    }
}

/// The list comes with the newest first, so it can be left at the first that is too old.
async fn namesakes(client: &Client, creating: &Creating) -> Result<Vec<JobId>> {
    let oldest = creating.since.datetime().map(|since| since - SKEW);
    let mut jobs = client.jobs().list().in_flight(1);
    let mut found = Vec::new();
    while let Some(job) = jobs.try_next().await? {
        let date = job.date_inserted.as_ref().and_then(Timestamp::datetime);
        if date.zip(oldest).is_some_and(|(date, oldest)| date < oldest) {
            break;
        }
        if job.name == creating.name {
            found.push(JobId::from(job.id));
        }
    }
    Ok(found)
}

/// An answer that does not list files cannot tell against the job.
fn has_inputs(job: &models::Job, wanted: &[String]) -> bool {
    let lists =
        job.jobanalyses.iter().flatten().filter_map(|analysis| analysis.input_files.as_ref());
    let lists: Vec<_> = lists.collect();
    let there: BTreeSet<_> =
        lists.iter().flat_map(|files| files.iter()).map(|file| &file.id).collect();
    lists.is_empty() || there == wanted.iter().collect()
}

fn ambiguous(name: &str, found: &[Job]) -> Error {
    let ids: Vec<_> = found.iter().map(|job| job.id().as_str()).collect();
    Error::invalid(format!(
        "whether the job `{name}` was created was not answered, and {} jobs could be it: {}; delete \
         or rename all but one of them and run the batch again",
        ids.len(),
        ids.join(", ")
    ))
}
