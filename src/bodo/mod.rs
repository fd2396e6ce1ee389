//! [Bodo](https://www.bodo.ai): clusters, jobs and SQL of a workspace, and the workspaces of an
//! organisation.
//!
//! Start with a [`Workspace`] or an [`Organization`]: they need different keys. The data that the
//! platform sends is in [`models`]; statuses are open enums that keep values which this version
//! does not know.

mod builder;
mod lists;
mod organization;
mod platform;
mod session;
mod settings;
mod status;
mod token;
mod workspace;

/// What the platform sends and takes, as generated from its spec.
pub use crate::raw::bodo::types as models;

pub use builder::Builder;
pub use organization::Organization;
pub use status::{
    CloudConfigStatus, ClusterStatus, InstanceRoleStatus, JobStatus, WorkspaceStatus,
};
pub use workspace::{Workspace, WorkspaceId};
