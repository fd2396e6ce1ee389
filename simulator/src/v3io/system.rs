//! The attributes that the platform keeps about every file; users cannot write them.

use super::attribute::Attribute;
use super::inferred;
use super::tree::File;

/// Their names, in the order in which they are told.
pub(super) const NAMES: [&str; 15] = [
    "__name",
    "__size",
    "__mode",
    "__atime_secs",
    "__atime_nsecs",
    "__mtime_secs",
    "__mtime_nsecs",
    "__ctime_secs",
    "__ctime_nsecs",
    "__uid",
    "__gid",
    "__obj_type",
    "__collection_id",
    "__last_sequence_num",
    "__inode_number",
];

/// What identifies an item besides its attributes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identity<'a> {
    pub(super) name: &'a str,
    pub(super) container: u64,
    pub(super) file: &'a File,
}

pub(super) fn is_system(name: &str) -> bool {
    name.starts_with("__") && NAMES.contains(&name)
}

impl Identity<'_> {
    /// The value of a system attribute; none for other names and for what the file lacks.
    pub(super) fn value(&self, name: &str) -> Option<Attribute> {
        if !name.starts_with("__") {
            return None;
        }
        let meta = &self.file.meta;
        let number = match name {
            "__name" => return Some(Attribute::S(self.name.to_owned())),
            "__size" => self.file.size(),
            "__mode" => meta.mode.into(),
            "__atime_secs" => meta.accessed.secs(),
            "__atime_nsecs" => meta.accessed.nsecs(),
            "__mtime_secs" => meta.modified.secs(),
            "__mtime_nsecs" => meta.modified.nsecs(),
            "__ctime_secs" => meta.created.secs(),
            "__ctime_nsecs" => meta.created.nsecs(),
            "__uid" => meta.uid.into(),
            "__gid" => meta.gid.into(),
            "__obj_type" => inferred::object_type(self.file),
            "__collection_id" => self.container,
            "__last_sequence_num" => self.file.shard()?.last_sequence(),
            "__inode_number" => meta.inode,
            _ => return None,
        };
        Some(Attribute::number(number))
    }
}
