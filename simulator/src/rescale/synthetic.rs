//! Completed jobs that exist only as numbers, for lists of any length.

use std::io::Write;
use std::time::Duration;

use serde_json::{Map, Value};

use super::command::{Ending, Script};
use super::job::Job;
use super::submission::{Circumstances, Submission};
use super::{catalogue, ids};
use crate::clock::Moment;

const KIND: char = 'S';
/// The newest of them was inserted at this time (2026-01-01), each other one a minute earlier.
const NEWEST: u64 = 1_767_225_600;

/// Appends the summary of the n-th job, newest first.
pub(super) fn summary(n: usize, body: &mut Vec<u8>) {
    let _ = write!(
        body,
        "{{\"id\":\"{}\",\"name\":\"simulated job {n}\",\"owner\":\"{}\",\"dateInserted\":\"{}\",\
         \"jobStatus\":{{\"content\":\"Completed\",\"statusReason\":\"Completed successfully\",\"labelClass\":\"\",\"useLabel\":false}},\
         \"clusterStatusDisplay\":{{\"content\":\"Stopped\",\"labelClass\":\"\",\"useLabel\":false}},\
         \"analysisNames\":[\"Bring Your Own Software\"],\"storage\":{},\"sharedWith\":[],\"isVisible\":true}}",
        ids::encode(KIND, n as u64),
        catalogue::EMAIL,
        inserted(n).zulu(),
        1000 + n,
    );
}

/// The whole of such a job, when the id is one of them.
pub(super) fn job(id: &str, count: usize) -> Option<Job> {
    let n = ids::decode(KIND, id).and_then(|n| usize::try_from(n).ok()).filter(|&n| n < count)?;
    let mut definition = Map::new();
    definition.insert("name".into(), format!("simulated job {n}").into());
    definition.insert("jobanalyses".into(), Value::Array(Vec::new()));
    let script = Script {
        ending: Ending::Completed("Completed successfully".into()),
        ..Script::run([], &[], &Default::default())
    };
    let circumstances = Circumstances {
        now: inserted(n),
        step: Duration::from_secs(1),
        low_priority: false,
        force_stop_completes: false,
        slots: 1,
        variables: vec![Vec::new()],
    };
    let submission = Some(Submission::plan(&script, circumstances));
    Some(Job { submission, ..Job::new(id, definition, inserted(n)) })
}

fn inserted(n: usize) -> Moment {
    Moment::from_unix(NEWEST.saturating_sub(60 * n as u64))
}
