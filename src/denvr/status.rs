//! What the statuses mean to a wait.

use crate::status::{Phase, Status};

pub use crate::raw::denvr::enums::{
    ApplicationStatus, HostOperationalStatus, ProvisioningState, ServerStatus,
};

/// Source: the platform's OpenAPI document of 2024-09, `VirtualServerDetailsItem.status`.
impl Status for ServerStatus {
    fn phase(&self) -> Phase {
        match self {
            Self::Online | Self::Offline => Phase::Done,
            Self::CreateFailed | Self::AdminWait | Self::Failed => Phase::Failed,
            Self::Na
            | Self::Planned
            | Self::Pending
            | Self::PendingResources
            | Self::PendingReadiness
            | Self::Other(_) => Phase::Moving,
        }
    }
}

/// Source: the platform's documentation, provisioning states. The failures of virtual servers are
/// taken for failures here as well.
impl Status for ApplicationStatus {
    fn phase(&self) -> Phase {
        match self {
            Self::Online | Self::Offline => Phase::Done,
            Self::Failed => Phase::Failed,
            Self::Other(text) if matches!(text.as_str(), "CREATE_FAILED" | "ADMIN_WAIT") => {
                Phase::Failed
            }
            Self::Pending | Self::PendingResources | Self::PendingReadiness | Self::Other(_) => {
                Phase::Moving
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_is_known_and_nothing_unknown_ends_a_wait() {
        for failed in ["CREATE_FAILED", "ADMIN_WAIT", "FAILED"] {
            assert_eq!(ServerStatus::from(failed).phase(), Phase::Failed, "{failed}");
            assert_eq!(ApplicationStatus::from(failed).phase(), Phase::Failed, "{failed}");
        }
        for moving in ["na", "PLANNED", "PENDING", "PENDING_READINESS", "RUNNING", "UNKNOWN"] {
            assert_eq!(ServerStatus::from(moving).phase(), Phase::Moving, "{moving}");
            assert_eq!(ApplicationStatus::from(moving).phase(), Phase::Moving, "{moving}");
        }
    }
}
