//! One export.

use std::path::PathBuf;
use std::time::Duration;

use futures_util::StreamExt;

use super::status::{looked, told};
use crate::arguments::usable;
use crate::batch::{Failure, Report};
use crate::error::{Error, ErrorKind, Result};
use crate::ids::id_type;
use crate::raw;
use crate::spark::envelope::missing;
use crate::spark::models::{ExportJob, ExportUpdate};
use crate::spark::variants::single_attempt;
use crate::spark::{Client, Document, ExportStatus};
use crate::transfer::{Downloaded, Downloads, Remote, inputs};
use crate::transport::call::call;
use crate::wait::{Targets, Wait, Watch, wait_for_status};

id_type! {
    /// The id of an export.
    ExportId
}

/// An export: its last known data and a client to act on it.
#[derive(Clone)]
pub struct Export {
    client: Client,
    id: ExportId,
    data: Option<ExportJob>,
}

/// A file of an export.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExportFile {
    /// The file, to be stored or read.
    pub document: Document,
    /// What the platform calls the file's hash. How it is computed is not known, so a download
    /// cannot be verified with it.
    pub file_hash: Option<String>,
}

impl Export {
    pub(super) fn of(client: &Client, id: ExportId) -> Self {
        Self { client: client.clone(), id, data: None }
    }

    pub(super) fn started(client: &Client, data: ExportJob) -> Result<Self> {
        match data.id.as_str() {
            "" => Err(missing("the id of the export")),
            id => Ok(Self { client: client.clone(), id: id.into(), data: Some(data) }),
        }
    }

    /// Its id.
    pub fn id(&self) -> &ExportId {
        &self.id
    }

    /// What the server said last; `None` before the first answer.
    pub fn data(&self) -> Option<&ExportJob> {
        self.data.as_ref()
    }

    /// Its status as the server said it last.
    pub fn status(&self) -> ExportStatus {
        let status = self.data.as_ref().and_then(|data| data.status.clone());
        status.unwrap_or_else(|| ExportStatus::from("unknown"))
    }

    /// Asks the server for its status.
    ///
    /// # Errors
    /// As any call.
    pub async fn get_status(&mut self) -> Result<ExportStatus> {
        self.refresh(self.client.raw().clone()).await
    }

    /// Cancels it.
    ///
    /// # Errors
    /// As any call.
    pub async fn cancel(&mut self) -> Result<()> {
        let body = ExportUpdate { export_status: ExportStatus::Cancelled };
        let request = self.client.raw().update_export().export(usable("export", self.id.as_str())?);
        let answer = call(request.body(body).send()).await;
        self.data = Some(answer.map_err(|error| looked(error, &self.name()))?);
        Ok(())
    }

    /// Waits until it has ended well, 1 h at most unless told otherwise. One that failed or was
    /// cancelled, or ended with errors, ends the wait at once with an error that has them.
    pub fn wait(&mut self) -> Wait<'_, Self> {
        self.wait_for_status([ExportStatus::Completed, ExportStatus::Closed])
    }

    /// Waits until it has one of the statuses; see [`wait`](Export::wait).
    pub fn wait_for_status(&mut self, targets: impl Into<Targets<ExportStatus>>) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    /// The files that it made; none before it has ended.
    pub fn files(&self) -> Vec<ExportFile> {
        let outputs = self.data.as_ref().and_then(|data| data.outputs.as_ref());
        let files = outputs.and_then(|outputs| outputs.files.as_deref()).unwrap_or_default();
        let files = files.iter().filter_map(|file| {
            let url = file.file.as_deref().filter(|url| !url.is_empty())?;
            let document = self.client.document(url);
            Some(ExportFile { document, file_hash: file.file_hash.clone() })
        });
        files.collect()
    }

    /// Downloads all its files into a folder and reports on each.
    pub async fn download_to(&self, folder: impl Into<PathBuf>) -> Report<ExportFile, Downloaded> {
        let files = self.files().into_iter().map(|file| {
            let (source, remote) = (file.document.clone(), Remote::new(file.document.name()));
            (file, source, remote)
        });
        let mut ended = std::pin::pin!(Downloads::new(folder).run(inputs(files)));
        let mut report = Report { done: Vec::new(), failed: Vec::new() };
        while let Some(one) = ended.next().await {
            match one.outcome {
                Ok(file) => report.done.push((one.index, file)),
                Err(error) => {
                    report.failed.push(Failure { index: one.index, input: one.input, error });
                }
            }
        }
        report.done.sort_by_key(|(index, _)| *index);
        report.failed.sort_by_key(|failure| failure.index);
        report
    }

    async fn refresh(&mut self, raw: raw::spark::Client) -> Result<ExportStatus> {
        let request = raw.get_export_status().export(usable("export", self.id.as_str())?);
        let answer = call(request.send()).await;
        self.data = Some(answer.map_err(|error| looked(error, &self.name()))?);
        Ok(self.status())
    }

    fn errors(&self) -> Option<String> {
        told(self.data.as_ref().and_then(|data| data.errors.as_ref()))
    }
}

impl Watch for Export {
    type Status = ExportStatus;
    const LIMIT: Duration = Duration::from_secs(3600);

    fn name(&self) -> String {
        format!("export {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<ExportStatus> {
        self.refresh(single_attempt(self.client.raw(), limit)).await
    }

    async fn confirm(&mut self, _status: &ExportStatus) -> Result<()> {
        match self.errors() {
            None => Ok(()),
            Some(errors) => {
                let message = format!("export {} ended with errors: {errors}", self.id);
                Err(Error::new(ErrorKind::Failed, message))
            }
        }
    }

    async fn reason(&mut self, _status: &ExportStatus) -> Option<String> {
        self.errors()
    }
}

/// The addresses of its files are left out: whoever has them has the files.
impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export")
            .field("id", &self.id)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
