//! The compilation of a workbook.

use std::time::Duration;

use crate::error::Result;
use crate::ids::id_type;
use crate::raw;
use crate::spark::envelope::open;
use crate::spark::models::{CompilationData, ResponseMeta, UploadData};
use crate::spark::variants::single_attempt;
use crate::spark::{Client, CompilationStatus, JobState};
use crate::wait::{Targets, Wait, Watch, wait_for_status};

id_type! {
    /// The id of a compilation.
    CompilationId
}

/// The compilation of a version: its last known state and a client to ask for more.
#[derive(Clone, Debug)]
pub struct Compilation {
    client: Client,
    folder: String,
    service: String,
    id: CompilationId,
    upload: Option<UploadData>,
    meta: ResponseMeta,
    data: CompilationData,
}

impl Compilation {
    pub(super) fn new(client: &Client, folder: &str, service: &str, id: CompilationId) -> Self {
        Self {
            client: client.clone(),
            folder: folder.to_owned(),
            service: service.to_owned(),
            id,
            upload: None,
            meta: ResponseMeta::default(),
            data: CompilationData::default(),
        }
    }

    pub(super) fn with_upload(self, upload: UploadData, meta: ResponseMeta) -> Self {
        Self { upload: Some(upload), meta, ..self }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Its id.
    pub fn id(&self) -> &CompilationId {
        &self.id
    }

    /// The folder of the service.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The name of the service.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// What the upload told, if this compilation comes from one.
    pub fn upload(&self) -> Option<&UploadData> {
        self.upload.as_ref()
    }

    /// The ids that the platform gave to the service and the version with the upload.
    pub fn meta(&self) -> &ResponseMeta {
        &self.meta
    }

    /// What the server said last; nothing before the first look.
    pub fn data(&self) -> &CompilationData {
        &self.data
    }

    /// How far it is: it has succeeded only at 100 percent and with the status `Success`.
    pub fn state(&self) -> JobState {
        let status = self.data.status.as_ref();
        let good = status == Some(&CompilationStatus::Success);
        JobState::of(self.data.progress, good, status.map(CompilationStatus::as_str))
    }

    /// Asks the server how far it is.
    ///
    /// # Errors
    /// As any call.
    pub async fn get_status(&mut self) -> Result<JobState> {
        self.refresh(self.client.raw().clone()).await
    }

    /// Waits until it has succeeded, 1 h at most unless told otherwise. One that failed ends the
    /// wait at once with an error that has the compiler's message.
    pub fn wait(&mut self) -> Wait<'_, Self> {
        self.wait_for_status(JobState::Succeeded)
    }

    /// Waits until it is in one of the states; see [`wait`](Compilation::wait).
    pub fn wait_for_status(&mut self, targets: impl Into<Targets<JobState>>) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    async fn refresh(&mut self, raw: raw::spark::Client) -> Result<JobState> {
        let request = raw.get_compilation().folder(self.folder.as_str());
        let request = request.service(self.service.as_str()).job(self.id.as_str());
        let opened = open(&raw, "get_compilation", request.send()).await?;
        self.data = opened.data.unwrap_or_default();
        Ok(self.state())
    }
}

impl Watch for Compilation {
    type Status = JobState;
    const LIMIT: Duration = Duration::from_secs(3600);

    fn name(&self) -> String {
        format!("compilation {} of {}/{}", self.id, self.folder, self.service)
    }

    async fn look(&mut self, limit: Duration) -> Result<JobState> {
        self.refresh(single_attempt(self.client.raw(), limit)).await
    }

    async fn reason(&mut self, _status: &JobState) -> Option<String> {
        let told = self.data.last_error_message.clone();
        // The platform writes the text `null` for none.
        let told = told.filter(|text| !matches!(text.trim(), "" | "null"));
        let status = self.data.status.as_ref().map(|status| format!("its status is `{status}`"));
        told.or(status)
    }
}
