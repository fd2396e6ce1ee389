//! The outputs of a job that its task wants.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::pattern;
use crate::error::{Error, ErrorKind, Result};
use crate::page::{Cursor, List, Page, Query};
use crate::rescale::{File, FileType, Job};

/// Every job leaves it, and it is listed with the other outputs, a few seconds after the job has
/// completed (source: rescalepy 0.4.2).
const LOG: &str = "process_output.log";
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(2);

/// Where outputs go, and which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Outputs {
    pub(super) folder: PathBuf,
    pub(super) patterns: Vec<String>,
}

/// Downloads the outputs that fit. Those that are there already are kept.
pub(super) async fn fetch(job: &Job, outputs: &Outputs, overwrite: bool) -> Result<Vec<PathBuf>> {
    let all = list(job).await?;
    outputs.check(job, &all)?;
    let wanted: Vec<_> = all.into_iter().filter(|file| outputs.fit(path(file))).collect();
    let downloads = List::new(Chosen(wanted), None).download_to(&outputs.folder);
    let report = downloads.keep_existing(true).overwrite(overwrite).await;
    let done = report.into_result()?;
    Ok(done.into_iter().map(|file| file.path).collect())
}

/// Files that were listed before, as a list.
#[derive(Clone, Debug)]
struct Chosen(Vec<File>);

impl Query for Chosen {
    type Item = File;
    const OPERATION: (&'static str, &'static str) = ("rescale", "list_job_files");
    const NUMBERED: bool = false;

    async fn fetch(&self, _: Cursor, _: Option<u32>) -> Result<Page<File>> {
        Ok(Page { items: self.0.clone(), next: None, total: None })
    }
}

/// All outputs, as soon as they are listed.
async fn list(job: &Job) -> Result<Vec<File>> {
    for attempt in 1.. {
        let mut all = job.files().collect_all().await?;
        all.retain(|file| !is_input(file));
        if attempt == TRIES || all.iter().any(|file| file.name() == LOG) {
            return Ok(all);
        }
        tokio::time::sleep(PAUSE).await;
    }
    unreachable!("the last attempt returns")
}

fn is_input(file: &File) -> bool {
    file.data().type_id.as_ref().is_some_and(|kind| kind.0 == FileType::INPUT.0)
}

/// Where an output is below its run's folder.
fn path(file: &File) -> &str {
    let path = file.data().relative_path.as_deref().filter(|path| !path.is_empty());
    path.unwrap_or(file.name())
}

impl Outputs {
    fn fit(&self, path: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern::fits(pattern, path))
    }

    /// An output that was named in full is expected.
    fn check(&self, job: &Job, all: &[File]) -> Result<()> {
        let literal = self.patterns.iter().filter(|pattern| pattern::is_literal(pattern));
        for name in literal {
            if !all.iter().any(|file| pattern::fits(name, path(file))) {
                let names: Vec<_> = all.iter().map(path).take(20).collect();
                let (id, names) = (job.id(), names.join(", "));
                let message = format!("job {id} has no output `{name}`; it has {names}");
                return Err(Error::new(ErrorKind::Failed, message));
            }
        }
        Ok(())
    }
}
