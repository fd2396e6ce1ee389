//! Waiting until something that was destroyed is gone.

use std::time::Duration;

use super::envelope::is_gone;
use crate::error::Result;
use crate::progress::{Event, Listener};
use crate::status::{Phase, Status};
use crate::wait::{Watch, wait_for_status};

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

/// How a destruction is waited for.
#[derive(Default)]
pub(super) struct Farewell {
    pub(super) wanted: bool,
    pub(super) limit: Option<Duration>,
    pub(super) every: Option<Duration>,
    pub(super) listener: Option<Listener>,
}

impl Farewell {
    /// Waits until the resource is gone, if that is wanted.
    pub(super) async fn to<R: Watch>(self, resource: R) -> Result<()> {
        if !self.wanted {
            return Ok(());
        }
        let mut departure = Departure(resource);
        let mut wait = wait_for_status(&mut departure, Presence::Gone);
        if let Some(limit) = self.limit {
            wait = wait.timeout(limit);
        }
        if let Some(every) = self.every {
            wait = wait.every(every);
        }
        if let Some(mut listener) = self.listener {
            wait = wait.on_event(move |event: &Event| listener(event));
        }
        wait.await.map(drop)
    }
}

/// The setters of a destruction's wait, for a builder with a field `farewell`.
macro_rules! farewell_setters {
    ($limit:literal) => {
        /// Waits until the platform does not know it any more.
        pub fn wait_until_gone(mut self) -> Self {
            self.farewell.wanted = true;
            self
        }

        #[doc = concat!("How long that wait lasts at most; ", $limit, " by default.")]
        pub fn timeout(mut self, limit: std::time::Duration) -> Self {
            self.farewell.limit = Some(limit);
            self
        }

        /// Looks in a fixed rhythm, give or take a tenth, instead of the growing one.
        pub fn every(mut self, interval: std::time::Duration) -> Self {
            self.farewell.every = Some(interval);
            self
        }

        /// Is told of every look of that wait.
        pub fn on_event(
            mut self,
            listener: impl FnMut(&crate::progress::Event) + Send + 'static,
        ) -> Self {
            self.farewell.listener = Some(Box::new(listener));
            self
        }
    };
}
pub(super) use farewell_setters;
