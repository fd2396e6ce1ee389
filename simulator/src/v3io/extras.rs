//! Functions that only some clients know.

use hyper::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::address::Address;
use super::attribute;
use super::errors::{invalid, not_a_stream, not_found};
use super::inferred;
use super::objects;
use super::server::{Server, parse};
use super::stamp::Stamp;
use super::state::State;
use super::tree::{Kind, Meta};
use crate::content::Content;
use crate::http::{Outcome, Reply, Request};

pub(super) fn cluster(server: &Server, address: &Address) -> Outcome {
    server.state().container(&address.container)?;
    Ok(Reply::ok(&json!({"NumberOfVNs": inferred::VIRTUAL_NODES})))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutChunk {
    data: String,
    #[serde(default)]
    current_metadata: CurrentMetadata,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CurrentMetadata {
    sequence_number_after_job: u64,
}

/// Restores a shard: it comes to life and goes on after the given sequence number.
pub(super) fn put_chunk(server: &Server, address: &Address, body: &[u8]) -> Outcome {
    let chunk: PutChunk = parse(body)?;
    if attribute::decode(&chunk.data).is_none() {
        return Err(invalid("Data is not base64"));
    }
    let mut state = server.state();
    check_shard(&state, address)?;
    let file = state.make_file(address, server.now())?;
    file.make_shard().restore(chunk.current_metadata.sequence_number_after_job);
    Ok(Reply::empty(StatusCode::OK))
}

fn check_shard(state: &State, address: &Address) -> Result<(), Box<Reply>> {
    let (parent, name) = address.split();
    let stream = state.directory(&address.container, parent)?.stream.as_ref();
    let stream = stream.ok_or_else(not_a_stream)?;
    let index = name.parse().ok().filter(|index: &u64| *index < stream.shards);
    index.map(drop).ok_or_else(super::errors::shard_out_of_range)
}

/// Stores the parts of the body, which the headers count, as one object.
pub(super) fn run_vector(
    server: &Server,
    address: &Address,
    body: &[u8],
    request: &Request,
) -> Outcome {
    let sizes = request.header("io-vec-sizes").unwrap_or_default().split(',');
    let sizes: Option<Vec<usize>> = sizes.map(|size| size.trim().parse().ok()).collect();
    let sizes = sizes.ok_or_else(|| invalid("io-vec-sizes must be numbers"))?;
    let count = request.header("io-vec-num").and_then(|count| count.trim().parse().ok());
    if count != Some(sizes.len()) || sizes.iter().sum::<usize>() != body.len() {
        return Err(invalid("io-vec-num and io-vec-sizes do not fit the body"));
    }
    objects::store(server, address, Content::unhashed(body.to_vec()), false)
}

#[derive(Debug, Deserialize)]
struct DirSetAttr {
    mode: Option<u32>,
    uid: Option<u32>,
    gid: Option<u32>,
    #[serde(rename = "atime.sec")]
    atime_sec: Option<u64>,
    #[serde(rename = "atime.nsec")]
    atime_nsec: Option<u64>,
    #[serde(rename = "ctime.sec")]
    ctime_sec: Option<u64>,
    #[serde(rename = "ctime.nsec")]
    ctime_nsec: Option<u64>,
    #[serde(rename = "mtime.sec")]
    mtime_sec: Option<u64>,
    #[serde(rename = "mtime.nsec")]
    mtime_nsec: Option<u64>,
}

impl DirSetAttr {
    fn apply(&self, meta: &mut Meta) {
        meta.mode = self.mode.unwrap_or(meta.mode);
        meta.uid = self.uid.unwrap_or(meta.uid);
        meta.gid = self.gid.unwrap_or(meta.gid);
        meta.accessed = changed(meta.accessed, self.atime_sec, self.atime_nsec);
        meta.created = changed(meta.created, self.ctime_sec, self.ctime_nsec);
        meta.modified = changed(meta.modified, self.mtime_sec, self.mtime_nsec);
    }
}

fn changed(old: Stamp, secs: Option<u64>, nsecs: Option<u64>) -> Stamp {
    match secs.or(nsecs) {
        None => old,
        Some(_) => Stamp::new(secs.unwrap_or(old.secs()), nsecs.unwrap_or(0)),
    }
}

/// Owner, mode and times of a directory, or of the file of that name.
pub(super) fn set_attributes(server: &Server, address: &Address, body: &[u8]) -> Outcome {
    let changes: DirSetAttr = parse(body)?;
    let mut state = server.state();
    let (container, _) = state.parts(&address.container)?;
    let (parent, name) = address.split();
    let meta = match container.root.find(&address.path).is_some() {
        true => container.root.find_mut(&address.path).map(|directory| &mut directory.meta),
        false => container
            .root
            .find_mut(parent)
            .and_then(|parent| parent.files.get_mut(name))
            .map(|file| &mut file.meta),
    };
    changes.apply(meta.ok_or_else(not_found)?);
    Ok(Reply::empty(StatusCode::OK))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateSymlink {
    target: String,
}

/// A file that leads to another one of the same container.
pub(super) fn symlink(server: &Server, address: &Address, body: &[u8]) -> Outcome {
    let link: CreateSymlink = parse(body)?;
    let mut state = server.state();
    let file = state.make_file(address, server.now())?;
    file.kind = Kind::Symlink(link.target.trim_matches('/').to_owned());
    Ok(Reply::empty(StatusCode::OK))
}
