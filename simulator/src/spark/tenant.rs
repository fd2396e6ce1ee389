//! What belongs to one tenant.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::batch::Batches;
use super::catalog::{Catalog, Folder, Version};
use super::categories::{self, Category};
use super::compile::{Compilation, Upload};
use super::history::History;
use super::ids::Ids;
use super::impex::Job;
use super::inferred;
use super::kept::Kept;
use super::logs::Download;
use super::model::Model;
use super::options::Spark;
use super::transforms::Transform;
use crate::clock::Moment;
use crate::content::Content;

/// A tenant's state.
#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) batches: Batches,
    pub(super) categories: Mutex<Vec<Category>>,
    pub(super) transforms: Mutex<Vec<Transform>>,
    pub(super) uploads: Mutex<Kept<Upload>>,
    pub(super) compilations: Mutex<Kept<Compilation>>,
    pub(super) downloads: Mutex<Kept<Download>>,
    pub(super) exports: Mutex<Kept<Job>>,
    pub(super) imports: Mutex<Kept<Job>>,
    catalog: Mutex<Catalog>,
    history: Mutex<History>,
}

impl Tenant {
    pub(super) fn new(options: &Spark, ids: &Ids, now: Moment) -> Self {
        let mut catalog = Catalog::default();
        for (uri, model) in &options.services {
            seed(&mut catalog, ids, uri, model, now);
        }
        Self {
            catalog: Mutex::new(catalog),
            categories: Mutex::new(categories::preset()),
            batches: Batches::default(),
            transforms: Mutex::default(),
            uploads: Mutex::default(),
            compilations: Mutex::default(),
            downloads: Mutex::default(),
            exports: Mutex::default(),
            imports: Mutex::default(),
            history: Mutex::default(),
        }
    }

    pub(super) fn catalog(&self) -> MutexGuard<'_, Catalog> {
        lock(&self.catalog)
    }

    pub(super) fn history(&self) -> MutexGuard<'_, History> {
        lock(&self.history)
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts a published service into the catalog, and its folder where that is missing.
fn seed(catalog: &mut Catalog, ids: &Ids, uri: &str, model: &Model, now: Moment) {
    let (folder, service) = uri.split_once('/').unwrap_or(("folder", uri));
    if catalog.folder(folder).is_none() {
        catalog.folders.push(Folder::new(ids.next(), folder, now));
    }
    let (start, end) = inferred::EFFECTIVE;
    let version = Version {
        id: ids.next(),
        revision: (0, 0, 0),
        model: Arc::new(model.clone()),
        file_name: format!("{service}.xlsx"),
        workbook: Content::unhashed(inferred::WORKBOOK),
        start: start.to_owned(),
        end: end.to_owned(),
        label: None,
        note: None,
        tags: None,
        compiler: inferred::COMPILER.to_owned(),
        created: now,
        is_active: true,
    };
    catalog.publish((folder, service), "minor", || ids.next(), version);
}
