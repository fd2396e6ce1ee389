//! Deleting a workspace.

use std::fmt;

use super::ManagedWorkspace;
use crate::bodo::WorkspaceStatus;
use crate::bodo::calls::deleted;
use crate::error::Result;
use crate::wait::{Afterwards, afterwards_setters};

/// The deletion of a workspace; `.await` does it.
#[must_use = "nothing is deleted until it is awaited"]
pub struct DeleteWorkspace {
    workspace: ManagedWorkspace,
    mark_as_terminated: bool,
    afterwards: Afterwards,
}

impl DeleteWorkspace {
    pub(super) fn new(workspace: ManagedWorkspace) -> Self {
        Self { workspace, mark_as_terminated: false, afterwards: Afterwards::default() }
    }

    /// Whether the platform takes the workspace for `TERMINATED` at once and leaves what it has in
    /// the cloud alone. Not by default.
    pub fn mark_as_terminated(mut self, wanted: bool) -> Self {
        self.mark_as_terminated = wanted;
        self
    }

    afterwards_setters! {
        /// Waits until the workspace is `TERMINATED`, or not known any more.
        wait, at most "an hour"
    }

    async fn run(mut self) -> Result<()> {
        send(&self.workspace, self.mark_as_terminated).await?;
        self.afterwards.reach(&mut self.workspace, WorkspaceStatus::Terminated).await
    }
}

pub(super) async fn send(workspace: &ManagedWorkspace, mark_as_terminated: bool) -> Result<()> {
    let client = workspace.client();
    let request = client.raw().delete_workspace().workspace(workspace.id().as_str());
    let sent = request.mark_as_terminated(mark_as_terminated).send();
    deleted(client.session.call(sent).await)
}

impl fmt::Debug for DeleteWorkspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeleteWorkspace")
            .field("workspace", self.workspace.id())
            .field("mark_as_terminated", &self.mark_as_terminated)
            .finish_non_exhaustive()
    }
}

crate::awaits::awaits!(DeleteWorkspace => (), run);
