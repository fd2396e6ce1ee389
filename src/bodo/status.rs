//! The statuses of clusters, jobs, workspaces, cloud configurations and roles, and what they mean
//! to a wait.

use crate::raw::bodo::enums;
use crate::status::{Phase, Status};

pub use enums::{
    CloudConfigStatus, ClusterStatus, InstanceRoleStatus, JobStatus, JobType, WorkspaceStatus,
};

impl Status for ClusterStatus {
    /// `PAUSED` and `STOPPED` are moving: a job that is submitted resumes the cluster.
    fn phase(&self) -> Phase {
        match self {
            Self::Failed => Phase::Failed,
            Self::Terminated => Phase::Done,
            _ => Phase::Moving,
        }
    }
}

impl Status for JobStatus {
    fn phase(&self) -> Phase {
        match self {
            Self::Succeeded => Phase::Done,
            Self::Failed | Self::Cancelled | Self::Timeout => Phase::Failed,
            _ => Phase::Moving,
        }
    }
}

impl Status for WorkspaceStatus {
    /// `READY` is moving: an update of the infrastructure or a deletion may follow.
    fn phase(&self) -> Phase {
        match self {
            Self::Failed => Phase::Failed,
            Self::Terminated => Phase::Done,
            _ => Phase::Moving,
        }
    }
}

impl Status for CloudConfigStatus {
    /// Which statuses there are is not documented, so that none of them ends a wait.
    fn phase(&self) -> Phase {
        Phase::Moving
    }
}

impl Status for InstanceRoleStatus {
    fn phase(&self) -> Phase {
        match self {
            Self::Active => Phase::Done,
            Self::Failed => Phase::Failed,
            Self::Other(_) => Phase::Moving,
        }
    }
}
