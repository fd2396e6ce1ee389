//! What the tenant has.

use std::collections::BTreeMap;

use super::applications::Application;
use super::capacity::Slot;
use super::metal::Host;
use super::running::{Kind, Running};
use super::snapshots::Snapshot;
use super::virtual_servers::VirtualServer;
use super::vpcs::Vpc;
use crate::clock::Moment;

/// Where something is. The namespace is empty for what has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) cluster: String,
    pub(super) namespace: String,
    pub(super) id: String,
}

impl Place {
    pub(super) fn new(cluster: &str, namespace: &str, id: &str) -> Self {
        let (cluster, namespace) = (cluster.to_owned(), namespace.to_owned());
        Self { cluster, namespace, id: id.to_owned() }
    }

    /// The place of something without a namespace.
    pub(super) fn plain(cluster: &str, id: &str) -> Self {
        Self::new(cluster, "", id)
    }

    /// Whether it is in this cluster, or in any when none is named.
    pub(super) fn is_in(&self, cluster: Option<&str>) -> bool {
        cluster.is_none_or(|cluster| self.cluster == cluster)
    }
}

/// Everything that requests can change.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) servers: Running<VirtualServer>,
    pub(super) applications: Running<Application>,
    pub(super) hosts: BTreeMap<Place, Host>,
    pub(super) vpcs: BTreeMap<Place, Vpc>,
    pub(super) snapshots: BTreeMap<Place, Snapshot>,
    issued: u32,
}

impl State {
    /// A number that no other caller gets.
    pub(super) fn number(&mut self) -> u32 {
        self.issued = self.issued.wrapping_add(1);
        self.issued
    }

    /// A private and a public address; they come again after some thousands.
    pub(super) fn addresses(&mut self) -> (String, String) {
        let number = self.number();
        let (high, low) = (number / 250 % 250, number % 250 + 2);
        (format!("172.16.{high}.{low}"), format!("198.51.100.{low}"))
    }

    /// How many of this slot are taken.
    pub(super) fn used(&self, slot: &Slot, now: Moment) -> u64 {
        taken(&self.servers, slot, now) + taken(&self.applications, slot, now)
    }
}

fn taken<K: Kind>(running: &Running<K>, slot: &Slot, now: Moment) -> u64 {
    let all = running.iter(now).map(|(_, one)| one.instance());
    all.filter(|instance| instance.holds_capacity(now) && instance.slot == *slot).count() as u64
}
