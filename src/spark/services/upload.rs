//! Uploading a workbook, which starts its compilation.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::Compilation;
use crate::error::{Error, Result};
use crate::progress::{Event, Listener};
use crate::spark::dates::Period;
use crate::spark::envelope::{missing, open};
use crate::spark::models::{ServiceUpload, ServiceUploadData};
use crate::spark::variants::unhurried;
use crate::spark::{Client, CompilerType, VersionDifference};
use crate::transfer::{self, Content, Form};

/// The upload of a workbook as a new version of a service; `.await` does it and gives the
/// [`Compilation`] that it starts.
///
/// The workbook is streamed. Every upload makes a version, so one whose answer was lost is not sent
/// again: the error says that it may have taken effect.
#[must_use = "nothing is uploaded until it is awaited"]
pub struct UploadService {
    client: Client,
    pub(super) folder: String,
    pub(super) service: String,
    content: Content,
    pub(super) file_name: Option<String>,
    pub(super) version: VersionDifference,
    pub(super) period: Period,
    pub(super) compiler_version: Option<String>,
    pub(super) compiler_type: Option<CompilerType>,
    pub(super) extras: Map<String, Value>,
    pub(super) listener: Option<Listener>,
}

/// The setters of whatever uploads a workbook; the path leads to its [`UploadService`].
macro_rules! upload_setters {
    ($($path:ident).*) => {
        /// The workbook's name; that of the file or the service by default.
        pub fn file_name(mut self, name: impl Into<String>) -> Self {
            self$(.$path)*.file_name = Some(name.into());
            self
        }

        /// Which part of the version's number goes up; the middle one, `minor`, by default.
        pub fn versioning(mut self, difference: impl Into<VersionDifference>) -> Self {
            self$(.$path)*.version = difference.into();
            self
        }

        /// The first day on which the version is in effect; today (UTC) by default.
        pub fn start_date(mut self, day: NaiveDate) -> Self {
            self$(.$path)*.period.start = Some(day);
            self
        }

        /// The last day on which the version is in effect; 10 years after the first by default.
        pub fn end_date(mut self, day: NaiveDate) -> Self {
            self$(.$path)*.period.end = Some(day);
            self
        }

        /// The compiler, such as `StableLatest`; the platform chooses by default.
        pub fn compiler_version(mut self, version: impl Into<String>) -> Self {
            self$(.$path)*.compiler_version = Some(version.into());
            self
        }

        /// The kind of model to make; the platform chooses by default.
        pub fn compiler_type(mut self, kind: impl Into<CompilerType>) -> Self {
            self$(.$path)*.compiler_type = Some(kind.into());
            self
        }

        /// A further field of the upload, sent as it is.
        pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
            self$(.$path)*.extras.insert(name.into(), value.into());
            self
        }

        /// Is told how much was sent: [`Event::Bytes`].
        pub fn on_event(mut self, listener: impl FnMut(&Event) + Send + 'static) -> Self {
            self$(.$path)*.listener = Some(Box::new(listener));
            self
        }
    };
}
pub(super) use upload_setters;

impl UploadService {
    pub(super) fn new(client: &Client, folder: String, service: String, content: Content) -> Self {
        Self {
            client: client.clone(),
            folder,
            service,
            content,
            file_name: None,
            version: VersionDifference::Minor,
            period: Period::default(),
            compiler_version: None,
            compiler_type: None,
            extras: Map::new(),
            listener: None,
        }
    }

    upload_setters!();

    pub(super) async fn send(self) -> Result<Compilation> {
        let (name, form) = self.form()?;
        let Self { client, folder, service, listener, .. } = self;
        let mut upload = transfer::Upload::form(name, form);
        if let Some(listener) = listener {
            upload = upload.on_event(listener);
        }
        let raw = unhurried(client.raw());
        let sent = upload.send(async |body, content_type| {
            let request = raw.upload_service().folder(folder.as_str()).service(service.as_str());
            let request = request.content_type(content_type).body(body);
            open(&raw, "upload_service", request.send()).await
        });
        let opened = sent.await?;
        let (data, meta) = (opened.data.unwrap_or_default(), opened.meta);
        match data.nodegen_compilation_jobid.clone().filter(|id| !id.is_empty()) {
            Some(id) => {
                Ok(Compilation::new(&client, &folder, &service, id.into()).with_upload(data, meta))
            }
            None => Err(missing("the id of the compilation")),
        }
    }

    fn form(&self) -> Result<(String, Form)> {
        check_names(&self.folder, &self.service)?;
        let own = || self.content.file_name().unwrap_or_else(|| format!("{}.xlsx", self.service));
        let name = self.file_name.clone().unwrap_or_else(own);
        if name.trim().is_empty() {
            return Err(Error::invalid("the name of the workbook is empty"));
        }
        let entity = serde_json::to_string(&self.entity()?).expect("texts and maps");
        let form = Form::new().field("engineUploadRequestEntity", entity);
        let form = form.file("serviceFile", &name, self.content.clone());
        Ok((name, form))
    }

    fn entity(&self) -> Result<ServiceUpload> {
        let (start, end) = self.period.resolved()?;
        let request_data = ServiceUploadData {
            effective_start_date: Some(start),
            effective_end_date: Some(end),
            version_difference: Some(self.version.clone()),
            compiler_version: self.compiler_version.clone(),
            compiler_type: self.compiler_type.clone(),
            extra: self.extras.clone(),
        };
        Ok(ServiceUpload { request_data })
    }
}

/// Refuses names that are no path segments before anything is read or sent.
pub(super) fn check_names(folder: &str, service: &str) -> Result<()> {
    for (what, name) in [("folder", folder), ("service", service)] {
        if matches!(name.trim(), "" | "." | "..") {
            return Err(Error::invalid(format!("`{name}` is no name of a {what}")));
        }
    }
    Ok(())
}

impl std::fmt::Debug for UploadService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadService")
            .field("folder", &self.folder)
            .field("service", &self.service)
            .field("content", &self.content)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(UploadService => Compilation, send);
