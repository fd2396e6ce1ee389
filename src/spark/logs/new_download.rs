//! Which logs of calls are to be collected.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::download::{LogDownload, LogDownloadId};
use crate::error::{Error, Result};
use crate::spark::dates::{in_order, written};
use crate::spark::envelope::{missing, open};
use crate::spark::models::{LogDownloadData, LogDownloadMeta, LogDownloadRequest};
use crate::spark::services::locate::names;
use crate::spark::{Client, ServiceLocator};

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// An archive of JSON files.
    #[default]
    Json,
    /// An archive of tables.
    Csv,
}

/// A collection of logs that is to be made; `.await` starts it and gives the [`LogDownload`].
///
/// Which calls are meant is said by their ids, one source system or one correlation id; the
/// platform takes only one of these at a time (source: cspark 0.3.3, sdk/resources/_history.py).
#[derive(Debug)]
#[must_use = "nothing is collected until it is awaited"]
pub struct NewLogDownload {
    client: Client,
    locator: Result<ServiceLocator>,
    format: LogFormat,
    call_ids: Vec<String>,
    source_system: Option<String>,
    correlation_id: Option<String>,
    version_id: Option<String>,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
    timezone_offset: Option<String>,
    extras: Map<String, Value>,
}

impl NewLogDownload {
    pub(super) fn new(client: &Client, locator: Result<ServiceLocator>) -> Self {
        Self {
            client: client.clone(),
            locator,
            format: LogFormat::Json,
            call_ids: Vec::new(),
            source_system: None,
            correlation_id: None,
            version_id: None,
            start: None,
            end: None,
            timezone_offset: None,
            extras: Map::new(),
        }
    }

    /// How the logs are written; JSON by default.
    pub fn format(mut self, format: LogFormat) -> Self {
        self.format = format;
        self
    }

    /// The calls with these ids.
    pub fn call_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.call_ids.extend(ids.into_iter().map(Into::into));
        self
    }

    /// The calls from this system.
    pub fn source_system(mut self, name: impl Into<String>) -> Self {
        self.source_system = Some(name.into());
        self
    }

    /// The calls with this correlation id.
    pub fn correlation_id(mut self, id: impl Into<String>) -> Self {
        self.correlation_id = Some(id.into());
        self
    }

    /// Only calls of this version.
    pub fn version_id(mut self, id: impl Into<String>) -> Self {
        self.version_id = Some(id.into());
        self
    }

    /// Only calls from this day on.
    pub fn start_date(mut self, day: NaiveDate) -> Self {
        self.start = Some(day);
        self
    }

    /// Only calls until this day.
    pub fn end_date(mut self, day: NaiveDate) -> Self {
        self.end = Some(day);
        self
    }

    /// The offset in which times are written.
    pub fn timezone_offset(mut self, offset: impl Into<String>) -> Self {
        self.timezone_offset = Some(offset.into());
        self
    }

    /// A further condition, such as `has_errors`, sent as it is.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extras.insert(name.into(), value.into());
        self
    }

    async fn send(self) -> Result<LogDownload> {
        let (folder, service) = match &self.locator {
            Ok(locator) => names(locator)?,
            Err(_) => return Err(self.locator.expect_err("seen above")),
        };
        let (folder, service) = (folder.to_owned(), service.to_owned());
        let (client, format, body) = (self.client.clone(), self.format, self.request()?);
        let raw = client.raw();
        let opened = match format {
            LogFormat::Json => {
                let request = raw.start_json_log_download().folder(&folder).service(&service);
                open(raw, "start_json_log_download", request.body(body).send()).await?
            }
            LogFormat::Csv => {
                let request = raw.start_csv_log_download().folder(&folder).service(&service);
                open(raw, "start_csv_log_download", request.body(body).send()).await?
            }
        };
        let id = opened.data.and_then(|data| data.job_id).filter(|id| !id.is_empty());
        let id = LogDownloadId::from(id.ok_or_else(|| missing("the id of the log download"))?);
        Ok(LogDownload::new(&client, (folder, service), format, id))
    }

    fn request(self) -> Result<LogDownloadRequest> {
        in_order(self.start, self.end)?;
        let mut ways = vec![self.call_ids];
        ways.extend([self.source_system, self.correlation_id].map(Vec::from_iter));
        ways.retain(|way| !way.is_empty());
        if ways.len() > 1 {
            return Err(Error::invalid(
                "the platform takes call ids, a source system or a correlation id, one at a time",
            ));
        }
        let call_ids = ways.pop().unwrap_or_default();
        if call_ids.iter().any(|id| id.trim().is_empty()) {
            return Err(Error::invalid("the id of a call or its source is empty"));
        }
        if call_ids.is_empty() && self.start.is_none() && self.end.is_none() {
            return Err(Error::invalid("say which calls are meant: by their ids or by dates"));
        }
        let request_data = LogDownloadData {
            call_ids,
            timezone_offset: self.timezone_offset,
            start_date: self.start.map(written),
            end_date: self.end.map(written),
            extra: self.extras,
        };
        let request_meta = Some(LogDownloadMeta { version_id: self.version_id });
        Ok(LogDownloadRequest { request_data, request_meta })
    }
}

crate::awaits::awaits!(NewLogDownload => LogDownload, send);
