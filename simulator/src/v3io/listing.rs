//! Listings: the containers, and one directory of a container in pages.

use std::collections::BTreeMap;
use std::ops::Bound;

use hyper::{Method, StatusCode};

use super::address::Address;
use super::errors::{invalid, not_found};
use super::inferred;
use super::server::Server;
use super::tree::{Directory, File, Meta};
use super::xml::Xml;
use crate::http::{Outcome, Reply, Request};

const PAGE: usize = 1000;

pub(super) fn containers(server: &Server) -> Outcome {
    let state = server.state();
    let mut xml = Xml::new();
    xml.open("ListAllMyBucketsResult").open("Owner");
    xml.text("ID", inferred::CLUSTER_OWNER.0).text("DisplayName", inferred::CLUSTER_OWNER.1);
    xml.close("Owner").open("Buckets");
    for (name, container) in &state.containers {
        xml.open("Bucket").text("Name", name).text("CreationDate", container.created.text());
        xml.text("Id", container.id).close("Bucket");
    }
    xml.close("Buckets").close("ListAllMyBucketsResult");
    Ok(reply(xml))
}

/// What a listing asks for.
struct Wanted {
    details: bool,
    directories_only: bool,
    limit: usize,
    /// The name after which the page begins.
    after: Option<String>,
    marker: String,
    /// The path of the directory.
    prefix: String,
}

pub(super) fn directory(server: &Server, address: &Address, request: &Request) -> Outcome {
    let state = server.state();
    let (name, container) = state.container(&address.container)?;
    if request.method == Method::HEAD {
        return Ok(Reply::empty(StatusCode::OK));
    }
    let wanted = Wanted::of(request, server.world.page_size.unwrap_or(PAGE))?;
    let directory = container.root.find(&wanted.prefix).ok_or_else(not_found)?;
    let (entries, is_truncated) = wanted.page(directory);
    let next = entries.last().map(|entry| wanted.path(entry.name())).unwrap_or_default();
    let mut xml = Xml::new();
    xml.open("ListBucketResult").text("Name", name).text("Prefix", wanted.path(""));
    xml.text("Marker", &wanted.marker).text("Delimiter", "/").text("NextMarker", next);
    xml.text("MaxKeys", wanted.limit).text("IsTruncated", is_truncated);
    entries.iter().for_each(|entry| entry.write(&wanted, &mut xml));
    xml.close("ListBucketResult");
    Ok(reply(xml))
}

fn reply(xml: Xml) -> Reply {
    Reply::text(StatusCode::OK, inferred::XML, xml.finish())
}

impl Wanted {
    fn of(request: &Request, page: usize) -> Result<Self, Box<Reply>> {
        let is_on = |name| request.query(name).is_some_and(|value| value != "0");
        let limit = request.query("max-keys").map_or(Ok(page), |limit| limit.parse());
        let prefix = request.query("prefix").unwrap_or_default().trim_matches('/').to_owned();
        let marker = request.query("marker").unwrap_or_default().into_owned();
        let after = marker.trim_matches('/').rsplit('/').next().unwrap_or_default();
        Ok(Self {
            details: is_on("prefix-info"),
            directories_only: is_on("prefix-only"),
            limit: limit.map_err(|_| invalid("max-keys must be a number"))?,
            after: (!after.is_empty()).then(|| after.to_owned()),
            marker,
            prefix,
        })
    }

    /// The path of an entry, or that of the directory with a slash at its end.
    fn path(&self, name: &str) -> String {
        match self.prefix.as_str() {
            "" => name.to_owned(),
            prefix => format!("{prefix}/{name}"),
        }
    }

    /// The entries of one page by name, and whether more follow.
    fn page<'a>(&self, directory: &'a Directory) -> (Vec<Entry<'a>>, bool) {
        let mut entries: Vec<_> = match self.directories_only {
            true => Vec::new(),
            false => self.some(&directory.files).map(|(n, f)| Entry::File(n, f)).collect(),
        };
        entries.extend(self.some(&directory.directories).map(|(n, d)| Entry::Directory(n, d)));
        entries.sort_by(|a, b| a.name().cmp(b.name()));
        let end = whole_names(&entries, self.limit);
        let is_truncated = end > 0 && end < entries.len();
        entries.truncate(end);
        (entries, is_truncated)
    }

    /// As many as fit on the page and one more.
    fn some<'a, T>(&self, map: &'a BTreeMap<String, T>) -> impl Iterator<Item = (&'a str, &'a T)> {
        let begin = self.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let found = map.range::<str, _>((begin, Bound::Unbounded));
        found.take(self.limit.saturating_add(1)).map(|(name, entry)| (name.as_str(), entry))
    }
}

/// Where the page ends. A file and a directory of one name stay together, because the marker does
/// not tell them apart.
fn whole_names(entries: &[Entry<'_>], limit: usize) -> usize {
    let is_split = |end: usize| {
        end > 0 && end < entries.len() && entries[end - 1].name() == entries[end].name()
    };
    match limit {
        end if !is_split(end) => end.min(entries.len()),
        1 => 2,
        end => end - 1,
    }
}

/// One line of a listing.
enum Entry<'a> {
    File(&'a str, &'a File),
    Directory(&'a str, &'a Directory),
}

impl Entry<'_> {
    fn name(&self) -> &str {
        match self {
            Self::File(name, _) | Self::Directory(name, _) => name,
        }
    }

    fn write(&self, wanted: &Wanted, xml: &mut Xml) {
        match self {
            Self::File(name, file) => {
                xml.open("Contents").text("Key", wanted.path(name)).text("Size", file.size());
                if let Some(shard) = file.shard() {
                    xml.text("LastSequenceId", shard.last_sequence());
                }
                xml.text("LastModified", file.meta.modified.text());
                if wanted.details {
                    details(&file.meta, 7, xml);
                }
                xml.close("Contents");
            }
            Self::Directory(name, directory) => {
                xml.open("CommonPrefixes").text("Prefix", wanted.path(name) + "/");
                if wanted.details {
                    xml.text("LastModified", directory.meta.modified.text());
                    details(&directory.meta, 6, xml);
                    stream(directory, xml);
                }
                xml.close("CommonPrefixes");
            }
        }
    }
}

/// Modes have so many octal digits after a zero.
fn details(meta: &Meta, digits: usize, xml: &mut Xml) {
    xml.text("AccessTime", meta.accessed.text()).text("CreatingTime", meta.created.text());
    xml.text("GID", format_args!("{:x}", meta.gid)).text("UID", format_args!("{:x}", meta.uid));
    xml.text("Mode", format_args!("{:0digits$o}", meta.mode)).text("InodeNumber", meta.inode);
}

fn stream(directory: &Directory, xml: &mut Xml) {
    if let Some(stream) = &directory.stream {
        xml.text("ShardCount", stream.shards);
        xml.text("RetentionPeriodHours", stream.retention_hours);
        xml.text("RetentionPeriodSec", stream.retention_hours * 3600);
    }
}
