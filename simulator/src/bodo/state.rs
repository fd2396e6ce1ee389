//! What the organisation and its workspace have.

use super::agenda::Agenda;
use super::catalogs::Catalog;
use super::cloud_configs::CloudConfig;
use super::clusters::Cluster;
use super::cron::CronJob;
use super::ids::Ids;
use super::jobs::Job;
use super::roles::Role;
use super::secrets::{Group, Secret};
use super::shelf::Shelf;
use super::templates::Template;
use super::workspaces::Workspace;

/// Everything that requests and the clock can change.
#[derive(Debug)]
pub(super) struct State {
    pub(super) ids: Ids,
    pub(super) agenda: Agenda,
    pub(super) clusters: Shelf<Cluster>,
    pub(super) jobs: Shelf<Job>,
    pub(super) templates: Shelf<Template>,
    pub(super) cron_jobs: Shelf<CronJob>,
    pub(super) catalogs: Shelf<Catalog>,
    pub(super) secrets: Shelf<Secret>,
    pub(super) groups: Shelf<Group>,
    pub(super) roles: Shelf<Role>,
    pub(super) workspaces: Shelf<Workspace>,
    pub(super) cloud_configs: Shelf<CloudConfig>,
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            ids: Ids::new(seed),
            agenda: Agenda::default(),
            clusters: Shelf::default(),
            jobs: Shelf::default(),
            templates: Shelf::default(),
            cron_jobs: Shelf::default(),
            catalogs: Shelf::default(),
            secrets: Shelf::default(),
            groups: Shelf::default(),
            roles: Shelf::default(),
            workspaces: Shelf::default(),
            cloud_configs: Shelf::default(),
        }
    }
}
