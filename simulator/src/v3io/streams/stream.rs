//! What makes a directory a stream, and how requests find it.

use std::time::Duration;

use super::super::address::Address;
use super::super::errors::{not_a_stream, shard_out_of_range};
use super::super::state::State;
use super::super::tree::Directory;
use super::Shard;
use crate::http::Reply;

/// The settings of a stream; its records are in the files of its directory.
#[derive(Debug)]
pub(in crate::v3io) struct Stream {
    pub(in crate::v3io) shards: u64,
    pub(in crate::v3io) retention_hours: u64,
    /// The shard of the next record that asks for none.
    pub(super) turn: u64,
}

impl Stream {
    pub(super) fn new(shards: u64, retention_hours: u64) -> Self {
        Self { shards, retention_hours, turn: 0 }
    }

    /// How long records are kept when an hour lasts this long.
    pub(super) fn retention(&self, hour: Duration) -> Duration {
        hour.saturating_mul(u32::try_from(self.retention_hours).unwrap_or(u32::MAX))
    }
}

/// A stream and its directory.
pub(super) fn find<'a>(
    state: &'a State,
    address: &Address,
) -> Result<(&'a Directory, &'a Stream), Box<Reply>> {
    let (_, container) = state.container(&address.container)?;
    let directory = container.root.find(&address.path).ok_or_else(not_a_stream)?;
    Ok((directory, directory.stream.as_ref().ok_or_else(not_a_stream)?))
}

/// One shard of a stream; none while nothing was ever written to it.
pub(super) struct Place<'a> {
    pub(super) retention: Duration,
    pub(super) shard: Option<&'a mut Shard>,
}

/// The shard that the path and, where given, the body name.
pub(super) fn find_shard<'a>(
    state: &'a mut State,
    address: &mut Address,
    stream: Option<&str>,
    shard: Option<i64>,
    hour: Duration,
) -> Result<Place<'a>, Box<Reply>> {
    address.join(stream.unwrap_or_default());
    if let Some(shard) = shard {
        address.join(&shard.to_string());
    }
    let (path, name) = address.split();
    let parent = Address { path: path.to_owned(), ..address.clone() };
    let (_, found) = find(state, &parent)?;
    let index = name.parse().ok().filter(|&index| index < found.shards);
    let index: u64 = index.ok_or_else(shard_out_of_range)?;
    let retention = found.retention(hour);
    let directory = state.directory_mut(&parent.container, path)?;
    let shard = directory.files.get_mut(&index.to_string()).and_then(|file| file.shard_mut());
    Ok(Place { retention, shard })
}
