//! Everything that the platform holds, behind one lock.

use std::collections::BTreeMap;

use super::address::Address;
use super::errors::{container_not_found, not_found};
use super::tree::{Births, Container, Directory, File};
use super::{inferred, limits};
use crate::clock::Moment;
use crate::http::Reply;

/// The containers and what is in them.
#[derive(Debug)]
pub(super) struct State {
    pub(super) containers: BTreeMap<String, Container>,
    pub(super) births: Births,
    next_container: u64,
}

impl State {
    pub(super) fn new<'a>(containers: impl Iterator<Item = &'a str>, now: Moment) -> Self {
        let mut state = Self {
            containers: BTreeMap::new(),
            births: Births::new(),
            next_container: inferred::FIRST_CONTAINER,
        };
        for name in inferred::CONTAINERS.into_iter().chain(containers) {
            state.add_container(name, now);
        }
        state
    }

    /// The id of the new container; that of the old one when the name is taken.
    pub(super) fn add_container(&mut self, name: &str, now: Moment) -> u64 {
        if let Some(container) = self.containers.get(name) {
            return container.id;
        }
        let (id, created) = (self.next_container, self.births.tick(now));
        let root = Directory::new(&mut self.births, created);
        self.containers.insert(name.to_owned(), Container { id, created, root });
        self.next_container += 1;
        id
    }

    /// A container by its name or id.
    pub(super) fn container(&self, name: &str) -> Result<(&str, &Container), Box<Reply>> {
        let by_name = self.containers.get_key_value(name);
        let found = by_name.or_else(|| {
            let id: u64 = name.parse().ok()?;
            self.containers.iter().find(|(_, container)| container.id == id)
        });
        found.map(|(name, container)| (name.as_str(), container)).ok_or_else(container_not_found)
    }

    /// A container, and what makes new files in it.
    pub(super) fn parts(
        &mut self,
        name: &str,
    ) -> Result<(&mut Container, &mut Births), Box<Reply>> {
        let name = match self.containers.contains_key(name) {
            true => name.to_owned(),
            false => self.container(name)?.0.to_owned(),
        };
        let container = self.containers.get_mut(&name).ok_or_else(container_not_found)?;
        Ok((container, &mut self.births))
    }

    pub(super) fn directory(&self, container: &str, path: &str) -> Result<&Directory, Box<Reply>> {
        self.container(container)?.1.root.find(path).ok_or_else(not_found)
    }

    pub(super) fn directory_mut(
        &mut self,
        container: &str,
        path: &str,
    ) -> Result<&mut Directory, Box<Reply>> {
        self.parts(container)?.0.root.find_mut(path).ok_or_else(not_found)
    }

    /// The directory at a path, made where it is missing.
    pub(super) fn make_directory(
        &mut self,
        address: &Address,
        now: Moment,
    ) -> Result<&mut Directory, Box<Reply>> {
        limits::path(&address.path)?;
        let now = self.births.tick(now);
        let (container, births) = self.parts(&address.container)?;
        Ok(container.root.make(&address.path, births, now))
    }

    pub(super) fn file(&self, address: &Address) -> Result<&File, Box<Reply>> {
        let (parent, name) = address.split();
        self.directory(&address.container, parent)?.files.get(name).ok_or_else(not_found)
    }

    /// The file at a path, made with its directories where it is missing, and marked as changed.
    pub(super) fn make_file(
        &mut self,
        address: &Address,
        now: Moment,
    ) -> Result<&mut File, Box<Reply>> {
        limits::path(&address.path)?;
        let now = self.births.tick(now);
        let (container, births) = self.parts(&address.container)?;
        let (parent, name) = address.split();
        let file = container.root.make(parent, births, now).file(name, births, now);
        file.meta.modified = now;
        Ok(file)
    }
}
