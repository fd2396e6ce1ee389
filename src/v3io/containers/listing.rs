//! The XML of the listings (source: V3IO web-API reference, GetService and GetContainer).

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::values::Timestamp;

/// A container as the platform lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "PascalCase")]
pub struct ContainerInfo {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its number, which works in place of the name.
    pub id: Option<i64>,
    /// When it was made.
    pub creation_date: Option<Timestamp>,
}

/// A file or a directory as the platform lists it.
///
/// The fields from `accessed` on come with [`details`](crate::page::List::details) only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The path in the container, without a slash at the start; that of a directory ends in one.
    pub path: String,
    /// Whether it is a directory. A stream is one, too.
    pub is_directory: bool,
    /// The size of a file in bytes.
    pub size: Option<u64>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// The sequence number of the last record, for a shard's file.
    pub last_sequence_id: Option<u64>,
    /// When it was last read.
    pub accessed: Option<Timestamp>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The kind and the permissions, as in `stat`.
    pub mode: Option<u32>,
    /// The owner.
    pub uid: Option<u32>,
    /// The owner's group.
    pub gid: Option<u32>,
    /// The inode.
    pub inode: Option<u64>,
    /// How many shards a stream has.
    pub shard_count: Option<u32>,
    /// For how long a stream keeps its records.
    pub retention: Option<std::time::Duration>,
}

/// The documents that the platform sends, by the names of their roots.
#[derive(Deserialize)]
enum Document {
    ListAllMyBucketsResult(Service),
    ListBucketResult(Directory),
}

#[derive(Deserialize)]
struct Service {
    #[serde(rename = "Buckets", default)]
    buckets: Buckets,
}

#[derive(Default, Deserialize)]
struct Buckets {
    #[serde(rename = "Bucket", default)]
    bucket: Vec<ContainerInfo>,
}

/// One page of a directory.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Directory {
    next_marker: Option<String>,
    is_truncated: Option<String>,
    #[serde(default)]
    contents: Vec<Node>,
    #[serde(default)]
    common_prefixes: Vec<Node>,
}

/// What the listing says of one entry. Numbers are read leniently: an odd one is left out.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Node {
    key: Option<String>,
    prefix: Option<String>,
    size: Option<String>,
    last_modified: Option<Timestamp>,
    last_sequence_id: Option<String>,
    access_time: Option<Timestamp>,
    creating_time: Option<Timestamp>,
    mode: Option<String>,
    #[serde(rename = "UID")]
    uid: Option<String>,
    #[serde(rename = "GID")]
    gid: Option<String>,
    inode_number: Option<String>,
    shard_count: Option<String>,
    retention_period_sec: Option<String>,
    retention_period_hours: Option<String>,
}

impl Directory {
    /// Where the next page begins: the last entry of this one. The marker stays on the last page,
    /// too, where only the flag tells that it is the last.
    pub(super) fn next(&self) -> Option<&str> {
        let more =
            self.is_truncated.as_deref().is_some_and(|text| text.eq_ignore_ascii_case("true"));
        self.next_marker.as_deref().filter(|marker| more && !marker.is_empty())
    }

    pub(super) fn is_truncated_without_marker(&self) -> bool {
        let truncated = self.is_truncated.as_deref().unwrap_or_default();
        truncated.eq_ignore_ascii_case("true") && self.next().is_none()
    }

    /// Its entries by name, files and directories mixed, as the platform orders them.
    pub(super) fn into_entries(self) -> Vec<Entry> {
        let files = self.contents.into_iter().map(|node| node.into_entry(false));
        let directories = self.common_prefixes.into_iter().map(|node| node.into_entry(true));
        let mut entries: Vec<_> = files.chain(directories).collect();
        entries.sort_by(|a, b| a.path.trim_end_matches('/').cmp(b.path.trim_end_matches('/')));
        entries
    }
}

impl Node {
    fn into_entry(self, is_directory: bool) -> Entry {
        let seconds = number(&self.retention_period_sec)
            .or_else(|| Some(number(&self.retention_period_hours)? * 3600));
        Entry {
            path: if is_directory { self.prefix } else { self.key }.unwrap_or_default(),
            is_directory,
            size: number(&self.size),
            modified: self.last_modified,
            last_sequence_id: number(&self.last_sequence_id),
            accessed: self.access_time,
            created: self.creating_time,
            mode: in_base(&self.mode, 8),
            uid: in_base(&self.uid, 16),
            gid: in_base(&self.gid, 16),
            inode: number(&self.inode_number),
            shard_count: number(&self.shard_count).and_then(|count| u32::try_from(count).ok()),
            retention: seconds.map(std::time::Duration::from_secs),
        }
    }
}

fn number(text: &Option<String>) -> Option<u64> {
    text.as_deref()?.trim().parse().ok()
}

fn in_base(text: &Option<String>, base: u32) -> Option<u32> {
    u32::from_str_radix(text.as_deref()?.trim(), base).ok()
}

pub(super) fn containers(xml: &[u8]) -> Result<Vec<ContainerInfo>> {
    match parse(xml) {
        Some(Document::ListAllMyBucketsResult(service)) => Ok(service.buckets.bucket),
        _ => Err(no_listing()),
    }
}

pub(super) fn directory(xml: &[u8]) -> Result<Directory> {
    match parse(xml) {
        Some(Document::ListBucketResult(directory)) => Ok(directory),
        _ => Err(no_listing()),
    }
}

/// Why it cannot be parsed is not told: that would repeat the answer, whatever it says.
fn parse(xml: &[u8]) -> Option<Document> {
    quick_xml::de::from_str(std::str::from_utf8(xml).ok()?).ok()
}

fn no_listing() -> Error {
    let message = "the answer could not be read, it is no such listing, perhaps a page of a proxy";
    Error::new(ErrorKind::Decode, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<?xml version="1.0"?><ListBucketResult><Name>bigdata</Name>
        <Prefix>dir1/</Prefix><Marker></Marker><NextMarker>dir1/sub</NextMarker>
        <MaxKeys>1000</MaxKeys><IsTruncated>true</IsTruncated><News>1</News>
        <Contents><Key>dir1/a &amp; b</Key><Size>170</Size>
          <LastModified>2020-01-01T10:00:00.123456+00:00</LastModified><GID>3e8</GID>
          <Mode>0100664</Mode><InodeNumber>4711</InodeNumber><Extra/></Contents>
        <CommonPrefixes><Prefix>dir1/b/</Prefix><ShardCount>8</ShardCount>
          <RetentionPeriodHours>24</RetentionPeriodHours></CommonPrefixes>
        <Contents><Key>dir1/c</Key><Size>huge</Size></Contents></ListBucketResult>"#;

    #[test]
    fn files_and_directories_come_by_name_with_their_details() {
        let page = directory(PAGE.as_bytes()).unwrap();
        assert_eq!(page.next(), Some("dir1/sub"));
        let entries = page.into_entries();
        let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["dir1/a & b", "dir1/b/", "dir1/c"]);
        let file = &entries[0];
        assert_eq!((file.size, file.gid, file.inode), (Some(170), Some(1000), Some(4711)));
        assert_eq!(file.mode, Some(0o100_664));
        let stream = &entries[1];
        assert!(stream.is_directory);
        assert_eq!(stream.shard_count, Some(8));
        assert_eq!(stream.retention, Some(std::time::Duration::from_secs(86_400)));
        assert_eq!(entries[2].size, None);
    }

    #[test]
    fn missing_elements_break_nothing() {
        let empty = directory(b"<ListBucketResult/>").unwrap();
        assert_eq!(empty.next(), None);
        assert!(empty.into_entries().is_empty());
        assert!(
            containers(b"<ListAllMyBucketsResult></ListAllMyBucketsResult>").unwrap().is_empty()
        );
        let last = "<NextMarker>z</NextMarker><IsTruncated>false</IsTruncated>";
        let last = format!("<ListBucketResult>{last}</ListBucketResult>");
        assert_eq!(directory(last.as_bytes()).unwrap().next(), None);
    }

    #[test]
    fn containers_have_names_ids_and_dates() {
        let xml = r"<ListAllMyBucketsResult><Owner><ID>1</ID></Owner><Buckets>
            <Bucket><Name>bigdata</Name><CreationDate>2021-01-17T12:41:10+00:00</CreationDate>
            <Id>1026</Id></Bucket><Bucket><Name>users</Name></Bucket></Buckets>
            </ListAllMyBucketsResult>";
        let found = containers(xml.as_bytes()).unwrap();
        assert_eq!((found[0].name.as_str(), found[0].id), ("bigdata", Some(1026)));
        assert_eq!((found[1].name.as_str(), found[1].id), ("users", None));
    }

    #[test]
    fn what_is_no_listing_is_a_decode_error() {
        let others = ["{\"ErrorCode\": -2}", "<!DOCTYPE html><html><body/></html>", "", "\u{fffd}"];
        for other in others {
            assert_eq!(containers(other.as_bytes()).unwrap_err().kind(), ErrorKind::Decode);
            assert_eq!(directory(other.as_bytes()).unwrap_err().kind(), ErrorKind::Decode);
        }
        assert!(directory(b"<ListAllMyBucketsResult/>").is_err());
    }
}
