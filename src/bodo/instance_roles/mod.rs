//! Instance roles: roles of the cloud that clusters can take on.

mod create;
mod list;
mod role;

use super::Workspace;
use super::models::InstanceRoleGrant;
use crate::error::Result;
use crate::ids::id_type;
use crate::page::List;

pub use create::CreateInstanceRole;
pub use list::InstanceRoleQuery;
pub use role::{DeleteInstanceRole, InstanceRole};

id_type! {
    /// An instance role's id, a UUID.
    InstanceRoleId
}

/// The instance roles of a workspace.
#[derive(Clone, Debug)]
pub struct InstanceRoles {
    client: Workspace,
}

impl Workspace {
    /// The instance roles of the workspace.
    pub fn instance_roles(&self) -> InstanceRoles {
        InstanceRoles { client: self.clone() }
    }

    /// One of its instance roles by its id, without asking for it.
    pub fn instance_role(&self, id: impl Into<InstanceRoleId>) -> InstanceRole {
        InstanceRole::new(self, id.into())
    }
}

impl InstanceRoles {
    /// Those of the workspace: all, or those that the filters leave.
    pub fn list(&self) -> List<InstanceRoleQuery> {
        InstanceRoleQuery::list(&self.client)
    }

    /// One by its id, as the platform has it now.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(&self, id: impl Into<InstanceRoleId>) -> Result<InstanceRole> {
        let mut role = self.client.instance_role(id);
        role.refresh().await?;
        Ok(role)
    }

    /// A new one for a role of AWS, by its ARN.
    ///
    /// ```no_run
    /// # async fn f(workspace: longhaul::bodo::Workspace) -> longhaul::Result<()> {
    /// let arn = "arn:aws:iam::123456789012:role/readers";
    /// let role = workspace.instance_roles().create_aws(arn).name("readers").or_existing().await?;
    /// # Ok(()) }
    /// ```
    pub fn create_aws(&self, role_arn: impl Into<String>) -> CreateInstanceRole {
        let grant = InstanceRoleGrant { role_arn: Some(role_arn.into()), identity: None };
        CreateInstanceRole::new(&self.client, grant)
    }

    /// A new one for a managed identity of Azure, by its resource id.
    pub fn create_azure(&self, identity: impl Into<String>) -> CreateInstanceRole {
        let grant = InstanceRoleGrant { identity: Some(identity.into()), role_arn: None };
        CreateInstanceRole::new(&self.client, grant)
    }
}
