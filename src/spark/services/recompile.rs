//! Compiling a version again.

use chrono::NaiveDate;

use super::locate::names;
use super::options::joined;
use super::{Compilation, CompilationId};
use crate::error::Result;
use crate::spark::dates::Period;
use crate::spark::envelope::open;
use crate::spark::models::{RecompileData, RecompileRequest};
use crate::spark::{Client, ServiceLocator, VersionDifference};

/// Compiling a service again, perhaps with another compiler; `.await` starts it and gives the
/// [`Recompiled`].
#[derive(Debug)]
#[must_use = "nothing is compiled until it is awaited"]
pub struct Recompile {
    client: Client,
    locator: Result<ServiceLocator>,
    data: RecompileData,
    period: Period,
}

/// A version that is being made by compiling another one again.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recompiled {
    /// The new version's id, where the platform tells it.
    pub version_id: Option<String>,
    /// The new version's number, where the platform tells it.
    pub revision: Option<String>,
    /// The compilation, to be waited for; `None` where the platform names none.
    pub compilation: Option<Compilation>,
}

impl Recompile {
    pub(super) fn new(client: &Client, locator: Result<ServiceLocator>) -> Self {
        let data = RecompileData {
            upgrade_type: Some(VersionDifference::Patch),
            neuron_compiler_version: Some("StableLatest".to_owned()),
            release_notes: Some("Recompiled via longhaul".to_owned()),
            ..RecompileData::default()
        };
        Self { client: client.clone(), locator, data, period: Period::default() }
    }

    /// The version to compile again; the latest by default.
    pub fn version_id(mut self, id: impl Into<String>) -> Self {
        self.data.version_id = Some(id.into());
        self
    }

    /// The compiler; `StableLatest` by default.
    pub fn compiler(mut self, version: impl Into<String>) -> Self {
        self.data.neuron_compiler_version = Some(version.into());
        self
    }

    /// Which part of the version's number goes up; the last one, `patch`, by default.
    pub fn upgrade(mut self, difference: impl Into<VersionDifference>) -> Self {
        self.data.upgrade_type = Some(difference.into());
        self
    }

    /// What is new in the version.
    pub fn release_notes(mut self, notes: impl Into<String>) -> Self {
        self.data.release_notes = Some(notes.into());
        self
    }

    /// A label for the version.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.data.version_label = Some(label.into());
        self
    }

    /// Tags of the version.
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.data.tags = Some(joined(tags));
        self
    }

    /// The first day on which the version is in effect; today (UTC) by default.
    pub fn start_date(mut self, day: NaiveDate) -> Self {
        self.period.start = Some(day);
        self
    }

    /// The last day on which the version is in effect; 10 years after the first by default.
    pub fn end_date(mut self, day: NaiveDate) -> Self {
        self.period.end = Some(day);
        self
    }

    async fn send(self) -> Result<Recompiled> {
        let Self { client, locator, mut data, period } = self;
        let locator = locator?;
        let (folder, service) = names(&locator)?;
        let (start, end) = period.resolved()?;
        (data.effective_start_date, data.effective_end_date) = (Some(start), Some(end));
        let raw = client.raw();
        let request = raw.recompile_service().folder(folder).service(service);
        let request = request.body(RecompileRequest { request_data: data });
        let opened = open(raw, "recompile_service", request.send()).await?;
        let made = opened.data.unwrap_or_default();
        let id = made.job_id.map(CompilationId::from);
        let compilation = id.map(|id| Compilation::new(&client, folder, service, id));
        Ok(Recompiled { version_id: made.version_id, revision: made.revision, compilation })
    }
}

crate::awaits::awaits!(Recompile => Recompiled, send);
