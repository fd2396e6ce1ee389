//! Directories and containers. A file and a directory of the same name may exist side by side.

use std::collections::BTreeMap;

use super::{Births, File, Meta};
use crate::v3io::address::segments;
use crate::v3io::stamp::Stamp;
use crate::v3io::streams::Stream;

/// The root of one namespace.
#[derive(Debug)]
pub(in crate::v3io) struct Container {
    pub(in crate::v3io) id: u64,
    pub(in crate::v3io) created: Stamp,
    pub(in crate::v3io) root: Directory,
}

/// Files and directories by name; a stream when it has shards.
#[derive(Debug)]
pub(in crate::v3io) struct Directory {
    pub(in crate::v3io) meta: Meta,
    pub(in crate::v3io) files: BTreeMap<String, File>,
    pub(in crate::v3io) directories: BTreeMap<String, Directory>,
    pub(in crate::v3io) stream: Option<Stream>,
}

impl Directory {
    pub(in crate::v3io) fn new(births: &mut Births, now: Stamp) -> Self {
        Self {
            meta: Meta::directory(births, now),
            files: BTreeMap::new(),
            directories: BTreeMap::new(),
            stream: None,
        }
    }

    pub(in crate::v3io) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.directories.is_empty()
    }

    pub(in crate::v3io) fn find(&self, path: &str) -> Option<&Self> {
        segments(path).try_fold(self, |directory, name| directory.directories.get(name))
    }

    pub(in crate::v3io) fn find_mut(&mut self, path: &str) -> Option<&mut Self> {
        segments(path).try_fold(self, |directory, name| directory.directories.get_mut(name))
    }

    /// The directory at a path, made with its parents where it is missing.
    pub(in crate::v3io) fn make(
        &mut self,
        path: &str,
        births: &mut Births,
        now: Stamp,
    ) -> &mut Self {
        segments(path).fold(self, |directory, name| {
            if !directory.directories.contains_key(name) {
                directory.meta.modified = now;
                directory.directories.insert(name.to_owned(), Self::new(births, now));
            }
            directory.directories.get_mut(name).expect("just made")
        })
    }

    /// The file of this name, made where it is missing; whether it was is told as well.
    pub(in crate::v3io) fn file(
        &mut self,
        name: &str,
        births: &mut Births,
        now: Stamp,
    ) -> &mut File {
        if !self.files.contains_key(name) {
            self.meta.modified = now;
            self.files.insert(name.to_owned(), File::new(Meta::file(births, now)));
        }
        self.files.get_mut(name).expect("just made")
    }

    /// Every file of this directory and those below, with its path from here, in order.
    pub(in crate::v3io) fn walk(&self) -> Vec<(String, &File)> {
        let mut found = Vec::new();
        self.collect("", &mut found);
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found
    }

    fn collect<'a>(&'a self, prefix: &str, found: &mut Vec<(String, &'a File)>) {
        found.extend(self.files.iter().map(|(name, file)| (format!("{prefix}{name}"), file)));
        for (name, directory) in &self.directories {
            directory.collect(&format!("{prefix}{name}/"), found);
        }
    }
}
