//! A wait that may follow an action, such as a deletion that is waited for.

use std::time::Duration;

use super::{Targets, Watch, wait_for_status};
use crate::error::Result;
use crate::progress::{Event, Listener};

/// Whether and how the outcome of an action is waited for.
#[derive(Default)]
pub(crate) struct Afterwards {
    pub(crate) wanted: bool,
    pub(crate) limit: Option<Duration>,
    pub(crate) every: Option<Duration>,
    pub(crate) listener: Option<Listener>,
}

impl Afterwards {
    /// Waits until the resource has one of the statuses, if that is wanted.
    pub(crate) async fn reach<R: Watch>(
        self,
        resource: &mut R,
        targets: impl Into<Targets<R::Status>>,
    ) -> Result<()> {
        if !self.wanted {
            return Ok(());
        }
        let mut wait = wait_for_status(resource, targets);
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

/// The setters of that wait, for a builder with a field `afterwards`: the first one, which asks
/// for it, is named and documented where it stands.
macro_rules! afterwards_setters {
    ($(#[$meta:meta])* $wait:ident, at most $limit:literal) => {
        $(#[$meta])*
        pub fn $wait(mut self) -> Self {
            self.afterwards.wanted = true;
            self
        }

        #[doc = concat!("How long that wait lasts at most; ", $limit, " by default.")]
        pub fn timeout(mut self, limit: std::time::Duration) -> Self {
            self.afterwards.limit = Some(limit);
            self
        }

        /// Looks in a fixed rhythm, give or take a tenth, instead of the growing one.
        pub fn every(mut self, interval: std::time::Duration) -> Self {
            self.afterwards.every = Some(interval);
            self
        }

        /// Is told of every look of that wait.
        pub fn on_event(
            mut self,
            listener: impl FnMut(&$crate::progress::Event) + Send + 'static,
        ) -> Self {
            self.afterwards.listener = Some(Box::new(listener));
            self
        }
    };
}
pub(crate) use afterwards_setters;
