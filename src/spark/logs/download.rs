//! Logs of calls, collected into one file by a job of the platform.

use std::time::Duration;

use super::new_download::LogFormat;
use crate::error::{Error, Result};
use crate::ids::id_type;
use crate::raw;
use crate::spark::envelope::open;
use crate::spark::models::LogDownloadProgress;
use crate::spark::variants::single_attempt;
use crate::spark::{Client, Document, JobState};
use crate::wait::{Targets, Wait, Watch, wait_for_status};

id_type! {
    /// The id of a log download.
    LogDownloadId
}

/// Logs that the platform collects into one file.
#[derive(Clone)]
pub struct LogDownload {
    client: Client,
    folder: String,
    service: String,
    format: LogFormat,
    id: LogDownloadId,
    data: LogDownloadProgress,
}

impl LogDownload {
    pub(super) fn new(
        client: &Client,
        (folder, service): (String, String),
        format: LogFormat,
        id: LogDownloadId,
    ) -> Self {
        let data = LogDownloadProgress::default();
        Self { client: client.clone(), folder, service, format, id, data }
    }

    /// Its id.
    pub fn id(&self) -> &LogDownloadId {
        &self.id
    }

    /// How far it is, in percent, as the server said last.
    pub fn progress(&self) -> Option<f64> {
        self.data.progress
    }

    /// How far it is: it has succeeded only at 100 percent and with a file.
    pub fn state(&self) -> JobState {
        JobState::of(self.data.progress, self.url().is_some(), None)
    }

    /// Asks the server how far it is.
    ///
    /// # Errors
    /// As any call.
    pub async fn get_status(&mut self) -> Result<JobState> {
        self.refresh(self.client.raw().clone()).await
    }

    /// Waits until the file is there, 1 h at most unless told otherwise. One that ended without a
    /// file ends the wait at once with an error.
    pub fn wait(&mut self) -> Wait<'_, Self> {
        self.wait_for_status(JobState::Succeeded)
    }

    /// Waits until it is in one of the states; see [`wait`](LogDownload::wait).
    pub fn wait_for_status(&mut self, targets: impl Into<Targets<JobState>>) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    /// The file, once the job has succeeded.
    ///
    /// # Errors
    /// When it has not yet.
    pub fn document(&self) -> Result<Document> {
        let url = self.url().filter(|_| self.state() == JobState::Succeeded);
        let url = url.ok_or_else(|| {
            let (id, state) = (&self.id, self.state());
            Error::invalid(format!("log download {id} has no file yet, it is {state}"))
        })?;
        Ok(self.client.document(url))
    }

    fn url(&self) -> Option<&str> {
        self.data.download_url.as_deref().filter(|url| !url.is_empty())
    }

    async fn refresh(&mut self, raw: raw::spark::Client) -> Result<JobState> {
        let (folder, service) = (self.folder.as_str(), self.service.as_str());
        let opened = match self.format {
            LogFormat::Json => {
                let request = raw.get_json_log_download().folder(folder).service(service);
                let request = request.job(self.id.as_str());
                open(&raw, "get_json_log_download", request.send()).await?
            }
            LogFormat::Csv => {
                let request = raw.get_csv_log_download().folder(folder).service(service);
                let request = request.job(self.id.as_str());
                open(&raw, "get_csv_log_download", request.send()).await?
            }
        };
        self.data = opened.data.unwrap_or_default();
        Ok(self.state())
    }
}

/// The file's address is left out: whoever has it has the logs.
impl std::fmt::Debug for LogDownload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogDownload")
            .field("id", &self.id)
            .field("progress", &self.data.progress)
            .finish_non_exhaustive()
    }
}

impl Watch for LogDownload {
    type Status = JobState;
    const LIMIT: Duration = Duration::from_secs(3600);

    fn name(&self) -> String {
        format!("log download {} of {}/{}", self.id, self.folder, self.service)
    }

    async fn look(&mut self, limit: Duration) -> Result<JobState> {
        self.refresh(single_attempt(self.client.raw(), limit)).await
    }

    async fn reason(&mut self, _status: &JobState) -> Option<String> {
        Some("it ended without a file".to_owned())
    }
}
