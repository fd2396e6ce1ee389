//! The runs of a job, and the files of a run while it goes on.

use futures_util::StreamExt;

use super::JobId;
use crate::error::{Error, Result};
use crate::ids::id_type;
use crate::page::List;
use crate::rescale::lists::paged_list;
use crate::rescale::models::{self, DirectoryEntry, FileTail, Snapshot};
use crate::rescale::{Client, File};
use crate::transport::call::{call, call_streamed, stream_error};

id_type! {
    /// The number of a run within its job, as text: `1` for the first.
    RunId
}

paged_list! {
    /// The runs of a job.
    RunQuery: models::Run = list_runs(job) {} |_client, run| run
}

paged_list! {
    /// The output files of a run, after it has completed.
    RunFileQuery: File = list_run_files(job, run) {} |client, file| File::new(client, file)
}

/// One run of a job. While it goes on, its working directory can be looked at.
#[derive(Clone, Debug)]
pub struct Run {
    client: Client,
    job: JobId,
    id: RunId,
}

impl Run {
    pub(super) fn new(client: &Client, job: &JobId, id: RunId) -> Self {
        Self { client: client.clone(), job: job.clone(), id }
    }

    /// The run's id.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// What the server says of the run now: when it started and ended, its variables, its output.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self) -> Result<models::Run> {
        let request = self.client.raw().get_run();
        call(request.job(self.job.as_str()).run(self.id.as_str()).send()).await
    }

    /// Stops this run; the others go on.
    ///
    /// # Errors
    /// As any call.
    pub async fn stop(&self) -> Result<()> {
        let request = self.client.raw().stop_run();
        call(request.job(self.job.as_str()).run(self.id.as_str()).send()).await
    }

    /// Takes a snapshot of the working directory while the run goes on.
    ///
    /// # Errors
    /// As any call.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let request = self.client.raw().snapshot_run();
        call(request.job(self.job.as_str()).run(self.id.as_str()).send()).await
    }

    /// The output files, after the run has completed.
    pub fn files(&self) -> List<RunFileQuery> {
        RunFileQuery::list(&self.client, &self.job, &self.id)
    }

    /// The files in the working directory while the run goes on.
    ///
    /// # Errors
    /// As any call.
    pub async fn directory(&self) -> Result<Vec<DirectoryEntry>> {
        let request = self.client.raw().list_run_directory();
        call(request.job(self.job.as_str()).run(self.id.as_str()).send()).await
    }

    /// The last lines of a file while the run goes on; `path` is relative to the working directory
    /// and may have slashes.
    ///
    /// # Errors
    /// When `lines` is 0 or a part of the path is empty, `.` or `..`; otherwise as any call.
    pub async fn tail(&self, path: &str, lines: u32) -> Result<FileTail> {
        if lines == 0 {
            return Err(Error::invalid("a tail needs at least 1 line, not 0"));
        }
        check_path(path)?;
        let request = self.client.raw().tail_run_file();
        let request = request.job(self.job.as_str()).run(self.id.as_str()).path(path);
        call(request.lines(i64::from(lines)).send()).await
    }

    /// The whole content of a file while the run goes on, as far as it is written.
    ///
    /// # Errors
    /// When the file is larger than `limit` bytes; otherwise as [`tail`](Run::tail).
    pub async fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>> {
        check_path(path)?;
        let request = self.client.raw().read_run_file();
        let request = request.job(self.job.as_str()).run(self.id.as_str()).path(path);
        let mut body = call_streamed(request.send()).await?.into_inner_stream();
        let mut content = Vec::new();
        while let Some(chunk) = body.next().await {
            content.extend_from_slice(&chunk.map_err(stream_error)?);
            if content.len() > limit {
                return Err(Error::invalid(format!("{path} is larger than {limit} bytes")));
            }
        }
        Ok(content)
    }
}

/// A path within the working directory.
fn check_path(path: &str) -> Result<()> {
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(Error::invalid(format!("a part of the path `{path}` is empty, `.` or `..`")));
    }
    Ok(())
}
