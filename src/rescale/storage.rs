//! High-performance storage devices, and credentials for the account's object storage.

use std::time::Duration;

use super::Client;
use super::lists::paged_list;
use super::models::{
    self, CredentialsRequest, StorageCredentials, StorageDeviceCreate, StorageDeviceStatusEntry,
};
use super::status::{StorageDeviceStatus, oldest_first};
use crate::error::Result;
use crate::ids::id_type;
use crate::page::List;
use crate::transport::call::call;
use crate::wait::{Targets, Wait, Watch, wait_for_status};

id_type! {
    /// The id of a storage device.
    DeviceId
}

paged_list! {
    /// The storage devices of the account.
    DeviceQuery: StorageDevice = list_storage_devices() {}
    |client, device| StorageDevice::with_data(client, device)
}

/// The storage devices of the account.
#[derive(Clone, Debug)]
pub struct StorageDevices {
    client: Client,
}

impl StorageDevices {
    pub(super) fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }

    /// All of them.
    pub fn list(&self) -> List<DeviceQuery> {
        DeviceQuery::list(&self.client)
    }

    /// One by its id, as the server has it now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<DeviceId>) -> Result<StorageDevice> {
        let id = id.into();
        let data = call(self.client.raw().get_storage_device().device(id.as_str()).send()).await?;
        Ok(StorageDevice::with_data(&self.client, data))
    }

    /// Saves a new device. It does not start before [`StorageDevice::submit`].
    ///
    /// # Errors
    /// As any call.
    pub async fn create(&self, device: StorageDeviceCreate) -> Result<StorageDevice> {
        let data = call(self.client.raw().create_storage_device().body(device).send()).await?;
        Ok(StorageDevice::with_data(&self.client, data))
    }

    /// Where devices can be made, as the platform puts it: its shape is not known publicly.
    ///
    /// # Errors
    /// As any call.
    pub async fn regions(&self) -> Result<serde_json::Value> {
        call(self.client.raw().list_available_regions().send()).await
    }

    /// Credentials for the account's object storage, good for about 15 minutes; by default for the
    /// default storage (source: rescale-labs/Rescale_Interlink, internal/api).
    ///
    /// # Errors
    /// As any call.
    pub async fn credentials(
        &self,
        request: Option<CredentialsRequest>,
    ) -> Result<StorageCredentials> {
        call(self.client.raw().create_storage_credentials().body(request).send()).await
    }
}

/// A storage device that several jobs can share.
#[derive(Clone, Debug)]
pub struct StorageDevice {
    client: Client,
    id: DeviceId,
    data: models::StorageDevice,
    history: Vec<StorageDeviceStatusEntry>,
}

/// A history is short: all of it comes in one page.
const STATUSES: i64 = 1000;

impl StorageDevice {
    fn with_data(client: &Client, data: models::StorageDevice) -> Self {
        let id = DeviceId::from(&data.id);
        Self { client: client.clone(), id, data, history: Vec::new() }
    }

    /// The device's id.
    pub fn id(&self) -> &DeviceId {
        &self.id
    }

    /// What the server said last.
    pub fn data(&self) -> &models::StorageDevice {
        &self.data
    }

    /// The history as of the last look, oldest first.
    pub fn history(&self) -> &[StorageDeviceStatusEntry] {
        &self.history
    }

    /// Starts the device.
    ///
    /// # Errors
    /// As any call.
    pub async fn submit(&self) -> Result<()> {
        call(self.client.raw().submit_storage_device().device(self.id.as_str()).send()).await
    }

    /// Waits until the device has one of the statuses; it can be used when it is `Started`. At
    /// most 1 h unless told otherwise.
    pub fn wait_for_status(
        &mut self,
        targets: impl Into<Targets<StorageDeviceStatus>>,
    ) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }
}

impl Watch for StorageDevice {
    type Status = StorageDeviceStatus;
    const LIMIT: Duration = Duration::from_secs(3600);

    fn name(&self) -> String {
        format!("storage device {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<StorageDeviceStatus> {
        let raw = self.client.single_attempt(limit);
        let request = raw.list_storage_device_statuses().device(self.id.as_str());
        let page = call(request.page_size(STATUSES).send()).await?;
        self.history = oldest_first(page.results, |entry| &entry.status_date);
        let last = self.history.last().map(|entry| entry.status.clone());
        Ok(last.unwrap_or(StorageDeviceStatus::NotStarted))
    }
}
