//! Waiting until something that was destroyed is gone.

use std::time::Duration;

use super::envelope::is_gone;
use crate::error::Result;
use crate::status::{Phase, Status};
use crate::wait::{Afterwards, Watch};

/// Whether something is still there.
#[derive(Clone, Debug, PartialEq)]
enum Presence {
    Gone,
    /// With its status.
    There(String),
}

impl std::fmt::Display for Presence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Gone => "gone",
            Self::There(status) => status,
        })
    }
}

impl Status for Presence {
    fn phase(&self) -> Phase {
        match self {
            Self::Gone => Phase::Done,
            Self::There(_) => Phase::Moving,
        }
    }
}

/// Watches something until the platform does not know it any more.
struct Departure<R>(R);

impl<R: Watch> Watch for Departure<R> {
    type Status = Presence;
    const LIMIT: Duration = R::LIMIT;

    fn name(&self) -> String {
        self.0.name()
    }

    async fn look(&mut self, limit: Duration) -> Result<Presence> {
        match self.0.look(limit).await {
            Ok(status) => Ok(Presence::There(status.to_string())),
            Err(error) if is_gone(&error) => Ok(Presence::Gone),
            Err(error) => Err(error),
        }
    }
}

/// Waits until the resource is gone, if that is wanted.
pub(super) async fn farewell<R: Watch>(resource: R, afterwards: Afterwards) -> Result<()> {
    afterwards.reach(&mut Departure(resource), Presence::Gone).await
}
