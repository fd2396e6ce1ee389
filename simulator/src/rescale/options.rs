//! What can be set for a simulated Rescale.

use std::sync::Arc;
use std::time::Duration;

use super::auth::{API_KEY, SESSION_TOKEN};
use super::inferred;
use super::limits::Limit;
use super::server::Server;
use crate::platforms::{Named, Platform};
use crate::server::{Backend, World};
use crate::simulator::Simulator;
use crate::units;

/// How the simulator knows this platform.
pub(crate) static PLATFORM: Platform = Platform { name: "rescale", port: 18120, configure };

/// The settings of a simulated Rescale; the methods are those of `Simulator<Rescale>`.
#[derive(Debug, Clone)]
pub struct Rescale {
    pub(super) keys: Vec<String>,
    pub(super) jobs: usize,
    pub(super) files: Vec<(String, u64)>,
    pub(super) etags: bool,
    pub(super) checksums: bool,
    pub(super) late_files: Duration,
    pub(super) sizes_as_text: bool,
    pub(super) force_stop_completes: bool,
    pub(super) limits: Vec<Limit>,
}

impl Simulator<Rescale> {
    /// A simulated Rescale.
    pub fn rescale() -> Self {
        let options = Rescale {
            keys: vec![API_KEY.to_owned(), SESSION_TOKEN.to_owned()],
            jobs: 0,
            files: Vec::new(),
            etags: true,
            checksums: true,
            late_files: Duration::ZERO,
            sizes_as_text: false,
            force_stop_completes: inferred::FORCE_STOP_COMPLETES,
            limits: Vec::new(),
        };
        Self::new(&PLATFORM, options, |options, world: World| {
            Arc::new(Server::new(options, world)) as Arc<dyn Backend>
        })
    }

    /// Accepts this API key or session token as well.
    pub fn credential(mut self, key: impl Into<String>) -> Self {
        self.options.keys.push(key.into());
        self
    }

    /// Lists so many completed jobs besides those that are created. They cost no memory.
    pub fn jobs(mut self, count: usize) -> Self {
        self.options.jobs = count;
        self
    }

    /// Puts a file of synthetic bytes into the library; [`Handle::id_of`](crate::Handle::id_of)
    /// tells its id. The same name and size always give the same bytes.
    pub fn file(mut self, name: impl Into<String>, size: u64) -> Self {
        self.options.files.push((name.into(), size));
        self
    }

    /// Whether contents carry an ETag; they do by default.
    pub fn etags(mut self, on: bool) -> Self {
        self.options.etags = on;
        self
    }

    /// Whether files tell their SHA-512; they do by default.
    pub fn checksums(mut self, on: bool) -> Self {
        self.options.checksums = on;
        self
    }

    /// The time from the end of a run until its outputs are listed.
    pub fn late_files(mut self, delay: Duration) -> Self {
        self.options.late_files = delay;
        self
    }

    /// Whether `decryptedSize` is text in place of a number.
    pub fn sizes_as_text(mut self, on: bool) -> Self {
        self.options.sizes_as_text = on;
        self
    }

    /// Whether `Completed` follows `Force Stop`; it does not by default.
    pub fn force_stop_completes(mut self, on: bool) -> Self {
        self.options.force_stop_completes = on;
        self
    }

    /// Enforces the platform's published limits: 2/s for `user`, 1000/h for `job-submission` and
    /// 25/s for `jobs-usage`.
    pub fn limits(mut self) -> Self {
        self.options.limits = Limit::published();
        self
    }

    /// Enforces a limit of one scope: `user`, `job-submission` or `jobs-usage`.
    pub fn limit(mut self, scope: impl Into<String>, per_second: f64, burst: u32) -> Self {
        self.options.limits.push(Limit { scope: scope.into(), per_second, burst });
        self
    }

    /// Redirects contents to a second port that stands for cloud storage. It wants no credential
    /// and answers 400 to one; [`Handle::storage_url`](crate::Handle::storage_url) tells its address.
    pub fn redirect_contents(self) -> Self {
        self.with_storage()
    }

    /// One setting as key and value.
    fn set(self, key: &str, value: &str) -> Result<Self, String> {
        let switch =
            || value.parse::<bool>().map_err(|_| format!("{key}: {value:?} is not true or false"));
        Ok(match key {
            "credential" => self.credential(value),
            "jobs" => {
                self.jobs(value.parse().map_err(|_| format!("{key}: {value:?} is not a number"))?)
            }
            "file" => {
                let (name, size) = value.rsplit_once(':').ok_or("file: NAME:SIZE is expected")?;
                self.file(name, units::size(size)?)
            }
            "etags" => self.etags(switch()?),
            "checksums" => self.checksums(switch()?),
            "late-files" => self.late_files(units::duration(value)?),
            "sizes-as-text" => self.sizes_as_text(switch()?),
            "force-stop-completes" => self.force_stop_completes(switch()?),
            "limits" if switch()? => self.limits(),
            "redirect-contents" if switch()? => self.redirect_contents(),
            "limits" | "redirect-contents" => self,
            _ => return Err(format!("rescale has no setting {key:?}")),
        })
    }
}

fn configure(settings: &[(&str, &str)]) -> Result<Simulator<Named>, String> {
    let configured = settings
        .iter()
        .try_fold(Simulator::rescale(), |simulator, (key, value)| simulator.set(key, value));
    configured.map(Simulator::into_named)
}
