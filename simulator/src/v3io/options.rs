//! What can be set for a simulated V3IO.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::inferred;
use super::server::Server;
use crate::platforms::{Named, Platform};
use crate::server::{Backend, World};
use crate::simulator::Simulator;
use crate::units;

/// How the simulator knows this platform.
pub(crate) static PLATFORM: Platform = Platform { name: "v3io", port: 18110, configure };

/// The settings of a simulated V3IO; the methods are those of `Simulator<V3io>`.
#[derive(Debug, Clone)]
pub struct V3io {
    pub(super) containers: Vec<String>,
    pub(super) objects: Vec<(String, String, u64)>,
    /// The known keys, with the number of requests that they are good for.
    pub(super) keys: HashMap<String, Option<u64>>,
    pub(super) logins: Vec<(String, String)>,
    pub(super) empty_pages: bool,
    pub(super) retention_hour: Duration,
    pub(super) failing_records: f64,
    pub(super) failing_jobs: bool,
}

impl Simulator<V3io> {
    /// A simulated V3IO cluster: the data plane, and the control plane below `/api/`.
    ///
    /// [`page_size`](Self::page_size) is the number of items that one reply of a scan looks at
    /// (50), which also bounds its `Limit`, and the number of entries of a listing that asks for
    /// none (1000).
    pub fn v3io() -> Self {
        let options = V3io {
            containers: Vec::new(),
            objects: Vec::new(),
            keys: HashMap::new(),
            logins: Vec::new(),
            empty_pages: false,
            retention_hour: inferred::HOUR,
            failing_records: 0.0,
            failing_jobs: false,
        };
        Self::new(&PLATFORM, options, |options, world: World| {
            Arc::new(Server::new(options, world)) as Arc<dyn Backend>
        })
    }

    /// One more container, besides `bigdata`, `users` and `projects`;
    /// [`Handle::id_of`](crate::Handle::id_of) tells its id.
    pub fn container(mut self, name: impl Into<String>) -> Self {
        self.options.containers.push(name.into());
        self
    }

    /// An object of synthetic bytes, which cost no memory; its container is made where it is
    /// missing. The same path and size always give the same bytes.
    pub fn object(
        mut self,
        container: impl Into<String>,
        path: impl Into<String>,
        size: u64,
    ) -> Self {
        self.options.objects.push((container.into(), path.into(), size));
        self
    }

    /// Accepts this access key, and no longer every one.
    pub fn access_key(mut self, key: impl Into<String>) -> Self {
        self.options.keys.insert(key.into(), None);
        self
    }

    /// Accepts this access key for so many requests.
    pub fn expiring_key(mut self, key: impl Into<String>, requests: u64) -> Self {
        self.options.keys.insert(key.into(), Some(requests));
        self
    }

    /// Accepts this user with this password as well.
    pub fn login(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.options.logins.push((user.into(), password.into()));
        self
    }

    /// Whether every page of a scan comes after an empty one that is not the last.
    pub fn empty_pages(mut self, on: bool) -> Self {
        self.options.empty_pages = on;
        self
    }

    /// How long an hour of retention lasts; an hour by default.
    pub fn retention_hour(mut self, time: Duration) -> Self {
        self.options.retention_hour = time;
        self
    }

    /// The share of records (0 to 1) that PutRecords does not store, with an error of their own.
    pub fn failing_records(mut self, share: f64) -> Self {
        self.options.failing_records = share;
        self
    }

    /// Whether jobs of the control plane end as `failed`.
    pub fn failing_jobs(mut self, on: bool) -> Self {
        self.options.failing_jobs = on;
        self
    }

    /// One setting as key and value.
    fn set(self, key: &str, value: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{key}: {value:?} is not {what}");
        let switch = || value.parse::<bool>().map_err(|_| wrong("true or false"));
        let pair =
            |what| value.rsplit_once(':').ok_or_else(|| format!("{key}: {what} is expected"));
        Ok(match key {
            "container" => self.container(value),
            "object" => {
                let (place, size) = pair("CONTAINER/PATH:SIZE")?;
                let (container, path) =
                    place.split_once('/').ok_or_else(|| wrong("CONTAINER/PATH:SIZE"))?;
                self.object(container, path, units::size(size)?)
            }
            "access-key" => self.access_key(value),
            "expiring-key" => {
                let (name, requests) = pair("KEY:REQUESTS")?;
                self.expiring_key(name, requests.parse().map_err(|_| wrong("KEY:REQUESTS"))?)
            }
            "login" => {
                let (user, password) = pair("USER:PASSWORD")?;
                self.login(user, password)
            }
            "empty-pages" => self.empty_pages(switch()?),
            "retention-hour" => self.retention_hour(units::duration(value)?),
            "failing-records" => self.failing_records(value.parse().map_err(|_| wrong("a share"))?),
            "failing-jobs" => self.failing_jobs(switch()?),
            _ => return Err(format!("v3io has no setting {key:?}")),
        })
    }
}

fn configure(settings: &[(&str, &str)]) -> Result<Simulator<Named>, String> {
    let configured = settings
        .iter()
        .try_fold(Simulator::v3io(), |simulator, (key, value)| simulator.set(key, value));
    configured.map(Simulator::into_named)
}
