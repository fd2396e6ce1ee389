//! What containers hold: directories and files, as in a file system.

mod directory;
mod file;

pub(super) use directory::{Container, Directory};
pub(super) use file::{File, Kind, Meta};

use super::stamp::Stamp;
use crate::clock::Moment;

/// Gives out inode numbers and times that never repeat.
#[derive(Debug)]
pub(super) struct Births {
    last_inode: u64,
    last: Stamp,
}

impl Births {
    pub(super) fn new() -> Self {
        Self { last_inode: 0, last: Stamp::ZERO }
    }

    /// The time of a change: later than that of every other one.
    pub(super) fn tick(&mut self, now: Moment) -> Stamp {
        self.last = Stamp::of(now).max(self.last.next());
        self.last
    }

    pub(super) fn inode(&mut self) -> u64 {
        self.last_inode += 1;
        self.last_inode
    }
}
