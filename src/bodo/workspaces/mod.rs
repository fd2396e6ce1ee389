//! The workspaces of an organisation.

mod create;
mod delete;
mod group;
mod managed;

use super::lists::paged_list;
use super::{CloudConfigId, Organization, WorkspaceId, WorkspaceStatus};
use crate::error::Result;
use crate::page::List;

pub use crate::raw::bodo::enums::BodoRole;
pub use create::CreateWorkspace;
pub use delete::DeleteWorkspace;
pub use managed::ManagedWorkspace;

/// The workspaces of an organisation.
#[derive(Clone, Debug)]
pub struct Workspaces {
    client: Organization,
}

impl Organization {
    /// The workspaces of the organisation.
    pub fn workspaces(&self) -> Workspaces {
        Workspaces { client: self.clone() }
    }

    /// One of its workspaces by its id, without asking for it.
    pub fn workspace(&self, id: impl Into<WorkspaceId>) -> ManagedWorkspace {
        ManagedWorkspace::new(self, id.into())
    }
}

paged_list! {
    /// What a list of workspaces asks for.
    WorkspaceQuery of Organization: ManagedWorkspace = list_workspaces {
        /// Only those with these ids.
        many ids: String = uuid,
        /// Only those with these names.
        many names: String = name,
        /// Only those with these statuses. Without it, deleted workspaces may be left out.
        many statuses: WorkspaceStatus = status,
    }
    |client, data| ManagedWorkspace::with_data(client, data)
}

impl Workspaces {
    /// Those of the organisation: all, or those that the filters leave.
    ///
    /// ```no_run
    /// # async fn f() -> longhaul::Result<()> {
    /// use longhaul::bodo::{Organization, WorkspaceStatus};
    /// let organization = Organization::from_env()?;
    /// let mut ready = organization.workspaces().list().statuses([WorkspaceStatus::Ready]);
    /// while let Some(workspace) = ready.try_next().await? {
    ///     println!("{}", workspace.name().unwrap_or_default());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> List<WorkspaceQuery> {
        WorkspaceQuery::list(&self.client)
    }

    /// One by its id, as the platform has it now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<WorkspaceId>) -> Result<ManagedWorkspace> {
        let mut workspace = self.client.workspace(id);
        workspace.refresh().await?;
        Ok(workspace)
    }

    /// A new workspace in a region such as `us-east-2`, in the account that a cloud config
    /// reaches.
    ///
    /// ```no_run
    /// # async fn f() -> longhaul::Result<()> {
    /// use longhaul::bodo::{Organization, WorkspaceStatus};
    /// let organization = Organization::from_env()?;
    /// let config = "a0d1242c-3091-42de-94d9-548e2ae33b73";
    /// let mut workspace = organization
    ///     .workspaces()
    ///     .create("My workspace", "us-east-1", config)
    ///     .storage_endpoint(true)
    ///     .vpc_id("existing-vpc-id")
    ///     .private_subnets_ids(["subnet1", "subnet2"])
    ///     .public_subnets_ids(["subnet3"])
    ///     .await?;
    /// workspace.wait_for_status(WorkspaceStatus::Ready).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(
        &self,
        name: impl Into<String>,
        region: impl Into<String>,
        cloud_config: impl Into<CloudConfigId>,
    ) -> CreateWorkspace {
        CreateWorkspace::new(&self.client, name.into(), region.into(), cloud_config.into())
    }
}
