//! What the statuses mean to a wait, and when an old one may still be shown.

use std::time::Duration;

use tokio::time::Instant;

use crate::status::{Phase, Status};

pub use crate::raw::denvr::enums::{
    ApplicationStatus, HostOperationalStatus, ProvisioningState, ServerStatus,
};

/// How long a start or a stop may take to show. Until then the status from before it is no end.
const SETTLING: Duration = Duration::from_secs(120);

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

/// A command whose effect may not show yet.
#[derive(Clone, Debug)]
pub(super) struct Command<S> {
    /// The ends that were there before it.
    before: Vec<S>,
    until: Instant,
}

impl<S: Status + From<String>> Command<S> {
    /// A command that leads away from `opposite`, given to something last seen as `last`.
    pub(super) fn given(opposite: S, last: Option<S>) -> Self {
        let failed = last.filter(|last| last.phase() == Phase::Failed);
        let before = [Some(opposite), failed].into_iter().flatten().collect();
        Self { before, until: Instant::now() + SETTLING }
    }

    /// What a wait is to make of a status: one from before the command counts as on the way, until
    /// another one has come or the command should have shown.
    pub(super) fn settle(command: &mut Option<Self>, seen: S) -> S {
        match command {
            Some(given) if given.before.contains(&seen) && Instant::now() < given.until => {
                S::from(format!("{seen}, as before the command"))
            }
            _ => {
                *command = None;
                seen
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

    #[tokio::test(start_paused = true)]
    async fn an_old_end_counts_as_on_the_way_until_something_else_came() {
        use ServerStatus::{Failed, Offline, Online, Pending};
        let mut command = Some(Command::given(Offline, None));
        assert_eq!(Command::settle(&mut command, Offline).phase(), Phase::Moving);
        assert_eq!(Command::settle(&mut command, Pending), Pending);
        assert_eq!(Command::settle(&mut command, Offline), Offline);

        let mut command = Some(Command::given(Offline, Some(Failed)));
        assert_eq!(Command::settle(&mut command, Failed).phase(), Phase::Moving);
        assert_eq!(Command::settle(&mut command, Online), Online);
        let mut command = Some(Command::given(Offline, None));
        assert_eq!(Command::settle(&mut command, Failed), Failed);
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_never_shows_has_failed() {
        let mut command = Some(Command::given(ServerStatus::Offline, None));
        tokio::time::advance(SETTLING).await;
        assert_eq!(Command::settle(&mut command, ServerStatus::Offline), ServerStatus::Offline);
    }
}
