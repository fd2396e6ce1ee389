//! The workbook of a service as it was in a call.

use crate::arguments::usable;
use crate::error::Result;
use crate::spark::envelope::{missing, open};
use crate::spark::services::locate::names;
use crate::spark::{Client, Document, ServiceLocator};

/// Makes the workbook of a call; `.await` does it and gives the [`Document`], which the platform
/// keeps for about five minutes.
#[derive(Debug)]
#[must_use = "nothing is made until it is awaited"]
pub struct Rehydrate {
    client: Client,
    locator: Result<ServiceLocator>,
    call_id: String,
    index: Option<u32>,
    legacy: bool,
}

impl Rehydrate {
    pub(super) fn new(client: &Client, locator: Result<ServiceLocator>, call_id: String) -> Self {
        Self { client: client.clone(), locator, call_id, index: None, legacy: false }
    }

    /// Which record of a call with several is meant, from 0; the last by default.
    pub fn index(mut self, record: u32) -> Self {
        self.index = Some(record);
        self
    }

    /// By the platform's older way.
    pub fn legacy(mut self) -> Self {
        self.legacy = true;
        self
    }

    async fn send(self) -> Result<Document> {
        let (locator, raw) = (self.locator?, self.client.raw());
        let (folder, service) = names(&locator)?;
        let call_id = usable("call", &self.call_id)?;
        // The body has to be an object, which is empty.
        let body = serde_json::Map::new();
        let opened = if self.legacy {
            let request = raw.rehydrate_call_legacy().folder(folder).service(service);
            let mut request = request.call_id(call_id).body(body);
            if let Some(index) = self.index {
                request = request.index(i64::from(index));
            }
            open(raw, "rehydrate_call_legacy", request.send()).await?
        } else {
            let request = raw.rehydrate_call().folder(folder).service(service);
            let mut request = request.call_id(call_id).body(body);
            if let Some(index) = self.index {
                request = request.index(i64::from(index));
            }
            open(raw, "rehydrate_call", request.send()).await?
        };
        let url = opened.data.and_then(|data| data.download_url).filter(|url| !url.is_empty());
        Ok(self.client.document(&url.ok_or_else(|| missing("the address of the workbook"))?))
    }
}

crate::awaits::awaits!(Rehydrate => Document, send);
