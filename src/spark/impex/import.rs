//! One import.

use std::time::Duration;

use super::status::{looked, told};
use crate::arguments::usable;
use crate::error::{Error, ErrorKind, Result};
use crate::ids::id_type;
use crate::raw;
use crate::spark::envelope::missing;
use crate::spark::models::ImportJob;
use crate::spark::variants::single_attempt;
use crate::spark::{Client, ImportStatus};
use crate::transport::call::call;
use crate::wait::{Targets, Wait, Watch, wait_for_status};

id_type! {
    /// The id of an import.
    ImportId
}

/// An import: its last known data and a client to act on it.
#[derive(Clone, Debug)]
pub struct Import {
    client: Client,
    id: ImportId,
    data: Option<ImportJob>,
}

impl Import {
    pub(super) fn of(client: &Client, id: ImportId) -> Self {
        Self { client: client.clone(), id, data: None }
    }

    pub(super) fn started(client: &Client, data: ImportJob) -> Result<Self> {
        match data.id.as_str() {
            "" => Err(missing("the id of the import")),
            id => Ok(Self { client: client.clone(), id: id.into(), data: Some(data) }),
        }
    }

    /// Its id.
    pub fn id(&self) -> &ImportId {
        &self.id
    }

    /// What the server said last; `None` before the first answer. Its `outputs` tell what became
    /// of each service.
    pub fn data(&self) -> Option<&ImportJob> {
        self.data.as_ref()
    }

    /// Its status as the server said it last.
    pub fn status(&self) -> ImportStatus {
        let status = self.data.as_ref().and_then(|data| data.status.clone());
        status.unwrap_or_else(|| ImportStatus::from("unknown"))
    }

    /// Asks the server for its status.
    ///
    /// # Errors
    /// As any call.
    pub async fn get_status(&mut self) -> Result<ImportStatus> {
        self.refresh(self.client.raw().clone()).await
    }

    /// Waits until it has ended well, 1 h at most unless told otherwise. One that failed or was
    /// cancelled, or ended with errors, ends the wait at once with an error that has them.
    pub fn wait(&mut self) -> Wait<'_, Self> {
        self.wait_for_status([ImportStatus::Completed, ImportStatus::Closed])
    }

    /// Waits until it has one of the statuses; see [`wait`](Import::wait).
    pub fn wait_for_status(&mut self, targets: impl Into<Targets<ImportStatus>>) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    async fn refresh(&mut self, raw: raw::spark::Client) -> Result<ImportStatus> {
        let id = usable("import", self.id.as_str())?;
        let answer = call(raw.get_import_status().import(id).send()).await;
        self.data = Some(answer.map_err(|error| looked(error, &self.name()))?);
        Ok(self.status())
    }

    fn errors(&self) -> Option<String> {
        told(self.data.as_ref().and_then(|data| data.errors.as_ref()))
    }
}

impl Watch for Import {
    type Status = ImportStatus;
    const LIMIT: Duration = Duration::from_secs(3600);

    fn name(&self) -> String {
        format!("import {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<ImportStatus> {
        self.refresh(single_attempt(self.client.raw(), limit)).await
    }

    async fn confirm(&mut self, _status: &ImportStatus) -> Result<()> {
        match self.errors() {
            None => Ok(()),
            Some(errors) => {
                let message = format!("import {} ended with errors: {errors}", self.id);
                Err(Error::new(ErrorKind::Failed, message))
            }
        }
    }

    async fn reason(&mut self, _status: &ImportStatus) -> Option<String> {
        self.errors()
    }
}
