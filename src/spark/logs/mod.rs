//! The platform's log of calls.

mod download;
mod find;
mod new_download;
mod rehydrate;

pub use download::{LogDownload, LogDownloadId};
pub use find::CallQuery;
pub use new_download::{LogFormat, NewLogDownload};
pub use rehydrate::Rehydrate;

use super::envelope::open;
use super::models::CallLog;
use super::services::locate::read;
use super::{Client, ServiceLocator};
use crate::arguments::usable;
use crate::error::{Error, ErrorKind, Result};
use crate::page::List;

/// The log of calls.
#[derive(Clone, Debug)]
pub struct Logs {
    client: Client,
}

impl Client {
    /// The log of calls.
    pub fn logs(&self) -> Logs {
        Logs { client: self.clone() }
    }
}

impl Logs {
    /// What the log has of a call; `None` when it has nothing.
    pub fn get(&self, call_id: impl Into<String>) -> GetLog {
        GetLog { client: self.client.clone(), call_id: call_id.into(), index: None }
    }

    /// The workbook of a service filled with the inputs and outputs of a call.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client, call_id: &str) -> longhaul::Result<()> {
    /// let workbook = spark.logs().rehydrate("my-folder/my-service", call_id).await?;
    /// workbook.download_to("out/").await?;
    /// # Ok(()) }
    /// ```
    pub fn rehydrate(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
        call_id: impl Into<String>,
    ) -> Rehydrate {
        Rehydrate::new(&self.client, read(service), call_id.into())
    }

    /// Collects the logs of calls of a service into one file. `.await` starts that; wait for the
    /// [`LogDownload`], then store its file.
    ///
    /// ```no_run
    /// # async fn f(spark: longhaul::spark::Client, call_id: &str) -> longhaul::Result<()> {
    /// let mut job = spark.logs().download("my-folder/my-service").call_ids([call_id]).await?;
    /// job.wait().await?.document()?.download_to("out/").await?;
    /// # Ok(()) }
    /// ```
    pub fn download(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> NewLogDownload {
        NewLogDownload::new(&self.client, read(service))
    }

    /// The calls of a service (source: @cspark/sdk 0.4.0, the log's `find`).
    ///
    /// # Errors
    /// When the service is not given as folder/service.
    pub fn find(
        &self,
        service: impl TryInto<ServiceLocator, Error: Into<Error>>,
    ) -> Result<List<CallQuery>> {
        CallQuery::list(&self.client, &read(service)?)
    }
}

/// What the log has of a call; `.await` asks for it.
#[derive(Debug)]
#[must_use = "nothing is asked for until it is awaited"]
pub struct GetLog {
    client: Client,
    call_id: String,
    index: Option<u32>,
}

impl GetLog {
    /// Which record of a call with several is meant, from 0; the last by default.
    pub fn index(mut self, record: u32) -> Self {
        self.index = Some(record);
        self
    }

    async fn send(self) -> Result<Option<CallLog>> {
        let (raw, call_id) = (self.client.raw(), usable("call", &self.call_id)?);
        let mut request = raw.get_call_log().call_id(call_id);
        if let Some(index) = self.index {
            request = request.index(i64::from(index));
        }
        let opened = open(raw, "get_call_log", request.send()).await?;
        decoded(opened.data.as_deref().unwrap_or("null"))
    }
}

crate::awaits::awaits!(GetLog => Option<CallLog>, send);

/// The log comes as text that holds JSON.
fn decoded(text: &str) -> Result<Option<CallLog>> {
    let text = if text.trim().is_empty() { "null" } else { text };
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (path, cause) = (error.path().to_string(), error.inner());
        let message = format!("the log of the call could not be read, at `{path}`: {cause}");
        Error::new(ErrorKind::Decode, message).with_operation("spark", "get_call_log")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_decoded() {
        assert!(decoded("null").unwrap().is_none());
        assert!(decoded("").unwrap().is_none());
        let log = decoded(r#"{"EngineCallId":"x","CalcTime":3}"#).unwrap().unwrap();
        assert_eq!(log.engine_call_id.as_deref(), Some("x"));
        let error = decoded("{oops").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}
