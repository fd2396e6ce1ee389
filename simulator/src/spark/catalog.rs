//! Folders, services and their versions.

use std::sync::Arc;

use super::inferred::{self, Revision};
use super::locator::Locator;
use super::model::Model;
use crate::clock::Moment;
use crate::content::Content;

/// What a tenant keeps.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) folders: Vec<Folder>,
    pub(super) services: Vec<Service>,
}

#[derive(Debug)]
pub(super) struct Folder {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) category: String,
    pub(super) status: String,
    pub(super) start: String,
    pub(super) launch: String,
    pub(super) cover: Option<String>,
    pub(super) created: Moment,
    pub(super) updated: Moment,
}

#[derive(Debug)]
pub(super) struct Service {
    pub(super) id: String,
    pub(super) folder: String,
    pub(super) name: String,
    /// The published ones, oldest first.
    pub(super) versions: Vec<Arc<Version>>,
}

/// One published version of a service.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) revision: Revision,
    pub(super) model: Arc<Model>,
    pub(super) file_name: String,
    pub(super) workbook: Content,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) label: Option<String>,
    pub(super) note: Option<String>,
    pub(super) tags: Option<String>,
    pub(super) compiler: String,
    pub(super) created: Moment,
    /// Whether it is meant where no version is named.
    pub(super) is_active: bool,
}

/// A version that was found, and where.
#[derive(Debug, Clone)]
pub(super) struct Located {
    pub(super) folder: String,
    pub(super) service: String,
    pub(super) service_id: String,
    pub(super) version: Arc<Version>,
}

/// Why nothing was found.
pub(super) type Missing = &'static str;

impl Folder {
    /// A folder with the defaults of the platform.
    pub(super) fn new(id: String, name: &str, now: Moment) -> Self {
        let (start, launch) = inferred::EFFECTIVE;
        Self {
            id,
            name: name.to_owned(),
            description: String::new(),
            category: inferred::CATEGORY.to_owned(),
            status: inferred::FOLDER_STATUS.to_owned(),
            start: start.to_owned(),
            launch: launch.to_owned(),
            cover: None,
            created: now,
            updated: now,
        }
    }
}

impl Version {
    pub(super) fn number(&self) -> String {
        let (major, minor, patch) = self.revision;
        format!("{major}.{minor}.{patch}")
    }

    /// Whether it is effective at a date, or at any when none is given.
    fn is_effective(&self, date: Option<&str>) -> bool {
        date.is_none_or(|date| self.start.as_str() <= date && date <= self.end.as_str())
    }
}

impl Located {
    /// `folder/service[version]`.
    pub(super) fn uri(&self) -> String {
        format!("{}/{}[{}]", self.folder, self.service, self.version.number())
    }
}

impl Catalog {
    pub(super) fn folder(&self, name: &str) -> Option<&Folder> {
        self.folders.iter().find(|folder| folder.name == name)
    }

    pub(super) fn service(&self, folder: &str, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.folder == folder && service.name == name)
    }

    /// From now on, the versions so far are only meant where they are named.
    pub(super) fn retire(&mut self, folder: &str, name: &str) {
        let is_meant = |service: &&mut Service| service.folder == folder && service.name == name;
        for service in self.services.iter_mut().filter(is_meant) {
            let retired =
                |version: &Arc<Version>| Version { is_active: false, ..(**version).clone() };
            service.versions = service.versions.iter().map(|v| Arc::new(retired(v))).collect();
        }
    }

    /// The version that is meant: the newest active one that is effective, or else the newest active
    /// one, unless one is named.
    pub(super) fn locate(&self, locator: &Locator, date: Option<&str>) -> Result<Located, Missing> {
        let (service, wanted) = match locator {
            Locator::Named { folder, service, version } => {
                (self.service(folder, service), version.as_deref())
            }
            Locator::Service(id) => (self.services.iter().find(|s| s.id == *id), None),
            Locator::Version(id) => {
                let has = |s: &&Service| s.versions.iter().any(|version| version.id == *id);
                (self.services.iter().find(has), Some(id.as_str()))
            }
        };
        let service = service.ok_or(inferred::NO_SERVICE)?;
        let newest = |fits: &dyn Fn(&Version) -> bool| {
            service.versions.iter().rev().find(|version| fits(version))
        };
        let version = match wanted {
            Some(wanted) => newest(&|version| version.id == wanted || version.number() == wanted),
            None => newest(&|version| version.is_active && version.is_effective(date))
                .or_else(|| newest(&|version| version.is_active)),
        };
        let version = version.ok_or(inferred::NO_VERSION)?;
        Ok(Located {
            folder: service.folder.clone(),
            service: service.name.clone(),
            service_id: service.id.clone(),
            version: version.clone(),
        })
    }

    /// Adds a version with the number that follows from the change, and tells service and version.
    pub(super) fn publish(
        &mut self,
        (folder, name): (&str, &str),
        change: &str,
        new_id: impl FnOnce() -> String,
        mut version: Version,
    ) -> Located {
        let service = self.service_or_new(folder, name, new_id);
        let newest = service.versions.iter().map(|version| version.revision).max();
        version.revision = inferred::next_revision(newest.unwrap_or_default(), change);
        let version = Arc::new(version);
        service.versions.push(version.clone());
        Located {
            folder: service.folder.clone(),
            service: service.name.clone(),
            service_id: service.id.clone(),
            version,
        }
    }

    fn service_or_new(
        &mut self,
        folder: &str,
        name: &str,
        new_id: impl FnOnce() -> String,
    ) -> &mut Service {
        let is_meant = |service: &Service| service.folder == folder && service.name == name;
        let index = self.services.iter().position(is_meant).unwrap_or(self.services.len());
        if index == self.services.len() {
            let (folder, name) = (folder.to_owned(), name.to_owned());
            self.services.push(Service { id: new_id(), folder, name, versions: Vec::new() });
        }
        &mut self.services[index]
    }
}
