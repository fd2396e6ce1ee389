//! One workspace, as its organisation manages it.

use std::fmt;
use std::time::Duration;

use super::DeleteWorkspace;
use crate::arguments::filled;
use crate::bodo::models::{self, UserAssignment, UserAssignments};
use crate::bodo::{Organization, WorkspaceId, WorkspaceStatus};
use crate::error::{Error, Result};
use crate::raw;
use crate::wait::{Command, Targets, Wait, Watch, wait_for_status};

/// A workspace as its organisation manages it: its last known data and a client to act on it. What
/// is in it is reached with a [`Workspace`](crate::bodo::Workspace), which needs other keys.
#[derive(Clone)]
pub struct ManagedWorkspace {
    client: Organization,
    id: WorkspaceId,
    data: Option<models::Workspace>,
    command: Option<Command<WorkspaceStatus>>,
}

impl ManagedWorkspace {
    pub(super) fn new(client: &Organization, id: WorkspaceId) -> Self {
        Self { client: client.clone(), id, data: None, command: None }
    }

    pub(super) fn with_data(client: &Organization, data: models::Workspace) -> Self {
        let id = WorkspaceId::from(&data.uuid);
        Self { client: client.clone(), id, data: Some(data), command: None }
    }

    pub(super) fn client(&self) -> &Organization {
        &self.client
    }

    /// The workspace's id.
    pub fn id(&self) -> &WorkspaceId {
        &self.id
    }

    /// The workspace's name, as far as it is known.
    pub fn name(&self) -> Option<&str> {
        self.data.as_ref()?.name.as_deref()
    }

    /// What the platform said last; `None` before the first
    /// [`refresh`](ManagedWorkspace::refresh).
    pub fn data(&self) -> Option<&models::Workspace> {
        self.data.as_ref()
    }

    /// Asks the platform for the workspace.
    ///
    /// # Errors
    /// As any call.
    pub async fn refresh(&mut self) -> Result<&models::Workspace> {
        let data = self.ask(self.client.raw()).await?;
        Ok(self.data.insert(data))
    }

    /// The status now.
    ///
    /// # Errors
    /// As any call.
    pub async fn status(&mut self) -> Result<WorkspaceStatus> {
        self.refresh().await?;
        Ok(self.last_status())
    }

    /// Waits until the workspace has one of the statuses. At most an hour unless told otherwise.
    ///
    /// `FAILED` and `TERMINATED` end it at once where they are not awaited. A workspace that the
    /// platform does not know any more counts as `TERMINATED` where that is awaited.
    pub fn wait_for_status(
        &mut self,
        targets: impl Into<Targets<WorkspaceStatus>>,
    ) -> Wait<'_, Self> {
        wait_for_status(self, targets)
    }

    /// Brings the infrastructure of the workspace up to date; wait for
    /// [`WorkspaceStatus::Ready`]. When the new status shows is not documented: a wait that begins
    /// at once may still see the `READY` from before. A `FAILED` from before does not end it.
    ///
    /// # Errors
    /// As any call. It is sent once.
    pub async fn update_infrastructure(&mut self) -> Result<()> {
        let request = self.client.raw().update_workspace_infrastructure();
        let sent = request.workspace(self.id.as_str()).send();
        self.client.session.call(sent).await?;
        let last = self.data.as_ref().and_then(|data| data.status.clone());
        self.command = Some(Command::given(None, last));
        Ok(())
    }

    /// Gives users a role in the workspace, each with or without a mail about it. Without users
    /// nothing is sent.
    ///
    /// # Errors
    /// As any call, and when an address is empty. It is sent once: it may send mails.
    pub async fn assign_users(
        &self,
        users: impl IntoIterator<Item = UserAssignment>,
    ) -> Result<()> {
        let users: Vec<_> = users.into_iter().collect();
        for user in &users {
            filled("the address of a user of the workspace", &user.email)?;
        }
        if users.is_empty() {
            return Ok(());
        }
        let request = self.client.raw().assign_workspace_users().workspace(self.id.as_str());
        self.client.session.call(request.body(UserAssignments { users }).send()).await
    }

    /// Deletes the workspace and its infrastructure.
    pub fn delete(self) -> DeleteWorkspace {
        DeleteWorkspace::new(self)
    }

    fn last_status(&self) -> WorkspaceStatus {
        let status = self.data.as_ref().and_then(|data| data.status.clone());
        status.unwrap_or_else(|| WorkspaceStatus::from("unknown"))
    }

    async fn ask(&self, raw: &raw::bodo::Client) -> Result<models::Workspace> {
        let sent = raw.get_workspace().workspace(self.id.as_str()).send();
        self.client.session.call(sent).await
    }
}

impl Watch for ManagedWorkspace {
    type Status = WorkspaceStatus;
    const LIMIT: Duration = Duration::from_secs(60 * 60);

    fn name(&self) -> String {
        format!("workspace {}", self.id)
    }

    async fn look(&mut self, limit: Duration) -> Result<WorkspaceStatus> {
        let raw = self.client.session.single_attempt(limit);
        self.data = Some(self.ask(&raw).await?);
        let seen = self.last_status();
        Ok(Command::settle(&mut self.command, seen))
    }

    fn gone(&self, failed_look: &Error) -> Option<WorkspaceStatus> {
        failed_look.is_not_found().then_some(WorkspaceStatus::Terminated)
    }
}

impl fmt::Debug for ManagedWorkspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.data.as_ref().and_then(|data| data.status.as_ref());
        f.debug_struct("ManagedWorkspace")
            .field("id", &self.id.as_str())
            .field("name", &self.name())
            .field("status", &status.map(WorkspaceStatus::as_str))
            .finish_non_exhaustive()
    }
}
