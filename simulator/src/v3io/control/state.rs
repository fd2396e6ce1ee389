//! What the control plane holds, besides containers and credentials.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;

use super::super::inferred;
use super::super::server::Server;
use super::document::Attributes;
use super::jobs::Job;
use super::routes;
use crate::content::scramble;
use crate::http::Router;

/// The control plane of one cluster.
pub(in crate::v3io) struct Plane {
    pub(super) router: Router<Server>,
    records: Mutex<Records>,
}

/// The rows of every kind, by id.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) sessions: BTreeSet<String>,
    pub(super) users: BTreeMap<String, Attributes>,
    pub(super) access_keys: BTreeMap<String, Attributes>,
    pub(super) clusters: BTreeMap<String, Attributes>,
    pub(super) jobs: BTreeMap<String, Job>,
    pub(super) manifest: Attributes,
    issued: u64,
}

impl Plane {
    pub(in crate::v3io) fn new() -> Self {
        let manifest = json!({"tenant_name": inferred::MANIFEST, "app_services": []});
        let records = Records {
            sessions: BTreeSet::new(),
            users: BTreeMap::new(),
            access_keys: BTreeMap::new(),
            clusters: BTreeMap::new(),
            jobs: BTreeMap::new(),
            manifest: manifest.as_object().cloned().unwrap_or_default(),
            issued: 0,
        };
        Self { router: Router::new(routes::all()), records: Mutex::new(records) }
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Records {
    /// A new id in the form of a UUID.
    pub(super) fn issue(&mut self) -> String {
        self.issued += 1;
        let (a, b) = (scramble(self.issued), scramble(!self.issued));
        let (high, middle, low) = (a >> 32, a >> 16 & 0xffff, a & 0xfff);
        let (clock, node) = (b >> 52 | 0x8000, b & 0xffff_ffff_ffff);
        format!("{high:08x}-{middle:04x}-4{low:03x}-{clock:04x}-{node:012x}")
    }
}
