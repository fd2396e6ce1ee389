//! Objects: whole and in part, written, extended and deleted.

use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, LAST_MODIFIED, RANGE};
use hyper::{Method, StatusCode};

use super::address::Address;
use super::errors::{error, invalid, not_empty, not_found, not_permitted, too_large};
use super::ranges::{Wanted, wanted};
use super::server::{Server, VERIFIER};
use super::state::State;
use super::tree::{File, Kind, Meta};
use super::{inferred, limits};
use crate::content::{Content, Writer};
use crate::http::{Outcome, Reply, Request, range};

const OBJECT_TYPE: HeaderName = HeaderName::from_static("x-v3io-object-type");
const CREATED_SECS: &str = "ctime-sec";
const CREATED_NSECS: &str = "ctime-nsec";

/// GET; HEAD tells the size alone, that of a directory too.
pub(super) fn get(server: &Server, address: &Address, request: &Request) -> Outcome {
    let state = server.state();
    if request.method == Method::HEAD {
        return head(&state, address);
    }
    let link = find(&state, address, request)?;
    let file = follow(&state, address, link)?;
    let span = wanted(request.header(RANGE), file.content.len());
    let reply = match span {
        Wanted::Whole => range::whole(file.content.clone()),
        Wanted::Part(start, end) => range::part(file.content.clone(), start, end),
        Wanted::Nothing => Reply::empty(StatusCode::OK),
    };
    let reply = reply.with(CONTENT_TYPE, inferred::CONTENT_TYPE);
    Ok(described(reply, &file.meta).with(OBJECT_TYPE, object_type(link)))
}

fn head(state: &State, address: &Address) -> Outcome {
    let directory = state.directory(&address.container, &address.path);
    let reply = match state.file(address).ok().filter(|_| !address.is_directory) {
        Some(link) => {
            let file = follow(state, address, link)?;
            let reply = Reply::empty(StatusCode::OK).with(CONTENT_LENGTH, file.size().to_string());
            described(reply, &file.meta).with(OBJECT_TYPE, object_type(link))
        }
        None => {
            let reply = Reply::empty(StatusCode::OK).with(CONTENT_LENGTH, "0");
            described(reply, &directory?.meta)
        }
    };
    Ok(reply.with(CONTENT_TYPE, inferred::CONTENT_TYPE))
}

fn described(reply: Reply, meta: &Meta) -> Reply {
    reply.with(VERIFIER, meta.verifier()).with(LAST_MODIFIED, meta.modified.http_date())
}

fn object_type(file: &File) -> &'static str {
    if matches!(file.kind, Kind::Symlink(_)) { "symlink" } else { "regular" }
}

/// By path, or by inode number and time of creation.
fn find<'a>(
    state: &'a State,
    address: &Address,
    request: &Request,
) -> Result<&'a File, Box<Reply>> {
    let number = |name| request.header(name).and_then(|value| value.parse::<u64>().ok());
    let created = number(CREATED_SECS).zip(number(CREATED_NSECS));
    match (address.path.parse::<u64>(), created) {
        (Ok(inode), Some((secs, nsecs))) => {
            let files = state.container(&address.container)?.1.root.walk();
            let found = files.into_iter().map(|(_, file)| file).find(|file| {
                let created = file.meta.created;
                (file.meta.inode, created.secs(), created.nsecs()) == (inode, secs, nsecs)
            });
            found.ok_or_else(not_found)
        }
        _ if address.is_directory => {
            state.container(&address.container)?;
            Err(not_found())
        }
        _ => state.file(address),
    }
}

fn follow<'a>(state: &'a State, from: &Address, file: &'a File) -> Result<&'a File, Box<Reply>> {
    match &file.kind {
        Kind::Symlink(target) => state.file(&Address { path: target.clone(), ..from.clone() }),
        _ => Ok(file),
    }
}

/// PUT and POST: a directory when the path ends with a slash, else the whole or the end of an
/// object. Nothing happens when the body does not arrive whole.
pub(super) async fn put(server: &Server, address: &Address, request: &mut Request) -> Outcome {
    server.state().container(&address.container)?;
    if address.path.is_empty() {
        return Err(not_permitted());
    }
    if address.is_directory {
        server.state().make_directory(address, server.now())?;
        return Ok(Reply::empty(StatusCode::OK));
    }
    let append = match request.header(RANGE) {
        None => false,
        Some("-1") => true,
        Some(_) => return Err(invalid("Range must be -1")),
    };
    let content = receive(request).await?;
    store(server, address, content, append)
}

async fn receive(request: &mut Request) -> Result<Content, Box<Reply>> {
    let announced = request.header(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    if announced.is_some_and(|length: u64| length > limits::UPLOAD) {
        return Err(too_large());
    }
    let mut writer = Writer::unhashed();
    while let Some(chunk) = request.body.chunk().await {
        writer.write(&chunk).map_err(broken_disk)?;
        if writer.len() > limits::UPLOAD {
            return Err(too_large());
        }
    }
    match request.body.is_broken() {
        true => Err(invalid("The body did not arrive whole")),
        false => Ok(writer.finish()),
    }
}

pub(super) fn store(server: &Server, address: &Address, content: Content, append: bool) -> Outcome {
    let mut state = server.state();
    let file = state.make_file(address, server.now())?;
    file.content = match append {
        true => file.content.append(&content).map_err(broken_disk)?,
        false => content,
    };
    if matches!(file.kind, Kind::Symlink(_)) {
        file.kind = Kind::Regular;
    }
    Ok(Reply::empty(StatusCode::OK).with(VERIFIER, file.meta.verifier()))
}

fn broken_disk(failure: std::io::Error) -> Box<Reply> {
    let message = failure.to_string();
    error(StatusCode::INTERNAL_SERVER_ERROR, inferred::OTHER_ERROR, &message)
}

/// A directory has to be empty, and to be named with a slash at its end.
pub(super) fn delete(server: &Server, address: &Address) -> Outcome {
    let mut state = server.state();
    let now = state.births.tick(server.now());
    state.container(&address.container)?;
    if address.path.is_empty() {
        return Err(not_permitted());
    }
    let (parent, name) = address.split();
    let parent = state.directory_mut(&address.container, parent)?;
    if address.is_directory {
        let directory = parent.directories.get(name).ok_or_else(not_found)?;
        if !directory.is_empty() {
            return Err(not_empty());
        }
        parent.directories.remove(name);
    } else {
        parent.files.remove(name).ok_or_else(not_found)?;
    }
    parent.meta.modified = now;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
