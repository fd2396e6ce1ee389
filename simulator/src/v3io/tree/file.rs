//! One file: an object, an item or a shard of a stream; on this platform they are the same.

use super::Births;
use crate::content::Content;
use crate::v3io::attribute::Attributes;
use crate::v3io::inferred;
use crate::v3io::stamp::Stamp;
use crate::v3io::streams::Shard;

/// What files and directories have in common.
#[derive(Debug, Clone)]
pub(in crate::v3io) struct Meta {
    pub(in crate::v3io) inode: u64,
    pub(in crate::v3io) created: Stamp,
    pub(in crate::v3io) modified: Stamp,
    pub(in crate::v3io) accessed: Stamp,
    pub(in crate::v3io) mode: u32,
    pub(in crate::v3io) uid: u32,
    pub(in crate::v3io) gid: u32,
}

impl Meta {
    pub(super) fn file(births: &mut Births, now: Stamp) -> Self {
        Self::new(births, now, inferred::FILE_MODE)
    }

    pub(super) fn directory(births: &mut Births, now: Stamp) -> Self {
        Self::new(births, now, inferred::DIRECTORY_MODE)
    }

    fn new(births: &mut Births, now: Stamp, mode: u32) -> Self {
        let (uid, gid) = (inferred::OWNER, inferred::OWNER);
        let inode = births.inode();
        Self { inode, created: now, modified: now, accessed: now, mode, uid, gid }
    }

    /// A ready-made condition that holds until the next change.
    pub(in crate::v3io) fn verifier(&self) -> String {
        let (secs, nsecs) = (self.modified.secs(), self.modified.nsecs());
        format!("__mtime_secs=={secs} and __mtime_nsecs=={nsecs}")
    }
}

/// A body and attributes.
#[derive(Debug)]
pub(in crate::v3io) struct File {
    pub(in crate::v3io) meta: Meta,
    pub(in crate::v3io) content: Content,
    pub(in crate::v3io) attributes: Attributes,
    pub(in crate::v3io) kind: Kind,
}

/// What a file is besides an object and an item.
#[derive(Debug)]
pub(in crate::v3io) enum Kind {
    Regular,
    Shard(Box<Shard>),
    /// The path that it leads to.
    Symlink(String),
}

impl File {
    pub(super) fn new(meta: Meta) -> Self {
        let content = Content::unhashed("");
        Self { meta, content, attributes: Attributes::new(), kind: Kind::Regular }
    }

    pub(in crate::v3io) fn size(&self) -> u64 {
        match &self.kind {
            Kind::Shard(shard) => shard.size(),
            _ => self.content.len(),
        }
    }

    pub(in crate::v3io) fn shard(&self) -> Option<&Shard> {
        match &self.kind {
            Kind::Shard(shard) => Some(shard),
            _ => None,
        }
    }

    /// The shard that this file is from now on.
    pub(in crate::v3io) fn make_shard(&mut self) -> &mut Shard {
        if self.shard().is_none() {
            self.kind = Kind::Shard(Box::default());
        }
        self.shard_mut().expect("just made")
    }

    pub(in crate::v3io) fn shard_mut(&mut self) -> Option<&mut Shard> {
        match &mut self.kind {
            Kind::Shard(shard) => Some(shard),
            _ => None,
        }
    }
}
