//! Streams: directories with shards that hold records in the order of their arrival.

mod location;
mod manage;
mod read;
mod seek;
mod shard;
mod stream;
mod write;

pub(super) use manage::{create, describe, update};
pub(super) use read::get_records;
pub(super) use seek::seek;
pub(super) use shard::Shard;
pub(super) use stream::Stream;
pub(super) use write::put_records;
