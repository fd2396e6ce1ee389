//! One instance role.

use std::time::Duration;

use super::InstanceRoleId;
use crate::bodo::calls::deleted;
use crate::bodo::{InstanceRoleStatus, Workspace, models};
use crate::error::Result;
use crate::raw;
use crate::wait::{Targets, Wait, Watch, wait_for_status};

/// An instance role: its last known data and a client to act on it.
#[derive(Clone, Debug)]
pub struct InstanceRole {
    client: Workspace,
    id: InstanceRoleId,
    data: Option<models::InstanceRole>,
}

impl InstanceRole {
    pub(super) fn new(client: &Workspace, id: InstanceRoleId) -> Self {
        Self { client: client.clone(), id, data: None }
    }

    pub(super) fn with_data(client: &Workspace, data: models::InstanceRole) -> Self {
        Self { client: client.clone(), id: InstanceRoleId::from(&data.uuid), data: Some(data) }
    }

    /// The instance role's id, which clusters take.
    pub fn id(&self) -> &InstanceRoleId {
        &self.id
    }

    /// The instance role's name, as far as it is known.
    pub fn name(&self) -> Option<&str> {
        self.data.as_ref()?.name.as_deref()
    }

    /// The ARN of the role of AWS behind it, as far as it is known.
    pub fn role_arn(&self) -> Option<&str> {
        self.data.as_ref()?.data.as_ref()?.role_arn.as_deref()
    }

    /// The resource id of the managed identity of Azure behind it, as far as it is known.
    pub fn identity(&self) -> Option<&str> {
        self.data.as_ref()?.data.as_ref()?.identity.as_deref()
    }

    /// What the platform said last; `None` before the first [`refresh`](InstanceRole::refresh).
    pub fn data(&self) -> Option<&models::InstanceRole> {
        self.data.as_ref()
    }

    /// Asks the platform for the instance role.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::InstanceRole> {
        let data = self.ask(self.client.raw()).await?;
        Ok(self.data.insert(data))
    }

    /// The status now. How answers spell it is not documented: `Active` and `ACTIVE` are the same
    /// here.
    ///
    /// # Errors
    /// As any call.
    pub async fn status(&mut self) -> Result<InstanceRoleStatus> {
        self.refresh().await?;
        Ok(self.last_status())
    }

    /// Waits until the instance role has one of the statuses. At most 10 minutes unless told
    /// otherwise.
    pub fn wait_for_status(
        &mut self,
        targets: impl Into<Targets<InstanceRoleStatus>>,
    ) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    /// Deletes the instance role. Many are deleted with [`batch`](crate::batch()).
    pub fn delete(self) -> DeleteInstanceRole {
        DeleteInstanceRole { role: self, mark_as_terminated: false }
    }

    fn last_status(&self) -> InstanceRoleStatus {
        let status = self.data.as_ref().and_then(|data| data.status.as_ref());
        match status.map(|status| InstanceRoleStatus::from(status.as_str().to_uppercase())) {
            Some(InstanceRoleStatus::Other(_)) | None => {
                status.cloned().unwrap_or_else(|| InstanceRoleStatus::from("unknown"))
            }
            Some(known) => known,
        }
    }

    async fn ask(&self, raw: &raw::bodo::Client) -> Result<models::InstanceRole> {
        let sent = raw.get_instance_role().instance_role(self.id.as_str()).send();
        self.client.session.call(sent).await
    }
}

impl Watch for InstanceRole {
    type Status = InstanceRoleStatus;
    const LIMIT: Duration = Duration::from_secs(10 * 60);

    fn name(&self) -> String {
        format!("instance role {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<InstanceRoleStatus> {
        let raw = self.client.session.single_attempt(limit);
        self.data = Some(self.ask(&raw).await?);
        Ok(self.last_status())
    }
}

/// The deletion of an instance role; `.await` does it.
#[derive(Debug)]
#[must_use = "nothing is deleted until it is awaited"]
pub struct DeleteInstanceRole {
    role: InstanceRole,
    mark_as_terminated: bool,
}

impl DeleteInstanceRole {
    /// Whether the platform takes it for deleted at once and leaves the cloud alone. Not by
    /// default.
    pub fn mark_as_terminated(mut self, wanted: bool) -> Self {
        self.mark_as_terminated = wanted;
        self
    }

    async fn run(self) -> Result<()> {
        let session = &self.role.client.session;
        let request = session.raw.delete_instance_role().instance_role(self.role.id.as_str());
        let sent = request.mark_as_terminated(self.mark_as_terminated).send();
        deleted(session.call(sent).await)
    }
}

crate::awaits::awaits!(DeleteInstanceRole => (), run);
