//! Everything that a workspace holds, behind one lock.

use std::collections::BTreeMap;

use super::devices::Device;
use super::file::File;
use super::folders::Folders;
use super::ids;
use super::job::Job;

/// The rows of one kind, found by id and listed in the order of their creation.
#[derive(Debug)]
pub(super) struct Table<T> {
    kind: char,
    next: u64,
    rows: BTreeMap<u64, T>,
}

/// The state of the simulated workspace.
#[derive(Debug)]
pub(super) struct State {
    pub(super) jobs: Table<Job>,
    pub(super) files: Table<File>,
    pub(super) devices: Table<Device>,
    pub(super) folders: Folders,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            jobs: Table::new('J'),
            files: Table::new('F'),
            devices: Table::new('H'),
            folders: Folders::default(),
        }
    }
}

impl<T> Table<T> {
    pub(super) fn new(kind: char) -> Self {
        Self { kind, next: 1, rows: BTreeMap::new() }
    }

    /// Adds the row that is made from the new id and returns the id.
    pub(super) fn insert(&mut self, make: impl FnOnce(&str) -> T) -> String {
        let id = ids::encode(self.kind, self.next);
        self.rows.insert(self.next, make(&id));
        self.next += 1;
        id
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(&ids::decode(self.kind, id)?)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(&ids::decode(self.kind, id)?)
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<T> {
        self.rows.remove(&ids::decode(self.kind, id)?)
    }

    pub(super) fn newest_first(&self) -> impl Iterator<Item = &T> {
        self.rows.values().rev()
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.rows.retain(|_, row| keep(row));
    }
}
