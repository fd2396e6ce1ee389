//! Several workspaces acted on as one.

use super::{ManagedWorkspace, delete};
use crate::bodo::WorkspaceStatus;
use crate::bodo::group::{Group, GroupAction};

impl Group<ManagedWorkspace> {
    /// Brings the infrastructure of every workspace up to date; the wait, if it is asked for, is
    /// for `READY`.
    ///
    /// ```no_run
    /// # async fn f() -> longhaul::Result<()> {
    /// let organization = longhaul::bodo::Organization::from_env()?;
    /// let ids = ["workspace_to_update1_id", "workspace_to_update2_id"];
    /// let workspaces = organization.workspaces().list().ids(ids).group().await?;
    /// workspaces.update_infrastructure().await.into_result()?;
    /// # Ok(()) }
    /// ```
    pub fn update_infrastructure(&self) -> GroupAction<ManagedWorkspace> {
        let update = |mut workspace: ManagedWorkspace| async move {
            workspace.update_infrastructure().await?;
            Ok(workspace)
        };
        self.act(update, WorkspaceStatus::Ready)
    }

    /// Deletes every workspace and its infrastructure; the wait, if it is asked for, is for
    /// `TERMINATED`.
    pub fn delete(&self) -> GroupAction<ManagedWorkspace> {
        let delete = |workspace: ManagedWorkspace| async move {
            delete::send(&workspace, false).await?;
            Ok(workspace)
        };
        self.act(delete, WorkspaceStatus::Terminated)
    }
}
