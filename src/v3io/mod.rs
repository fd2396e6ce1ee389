//! [Iguazio V3IO](https://www.iguazio.com/docs/): objects, items and streams in the containers of
//! the platform's data layer.
//!
//! Start with a [`Client`]. Every call is a builder that is sent by `.await`, or by its
//! `response(policy)` when the status itself matters.
//!
//! ```no_run
//! # async fn f() -> longhaul::Result<()> {
//! use longhaul::v3io;
//! let users = v3io::Client::from_env()?.container("users");
//! users.object("/my-object").put("hello, there").await?;
//! let burgers = users.table("/bobs-burgers/");
//! burgers.item("louise").put().set("age", 9).set("feature", "bunny ears").await?;
//! let mut adults = burgers.scan().filter("age > 15").attributes(["age", "feature"]).items();
//! while let Some(row) = adults.try_next().await? {
//!     println!("{:?}", row.attributes.get("feature"));
//! }
//! # Ok(()) }
//! ```

mod attributes;
mod client;
mod containers;
pub mod control;
mod items;
mod objects;
mod path;
mod platform;
mod response;
mod revision;
mod settings;
mod streams;
pub mod timestamp;

/// What the platform sends and takes, as generated from its spec.
pub use crate::raw::v3io::types as models;

pub use crate::values::{Attribute, Number, UnixTime};
pub use attributes::{Attributes, attribute_name_is_valid, from_attributes, to_attributes};
pub use client::{Builder, Client};
pub use containers::{
    Container, ContainerExists, ContainerInfo, DirectoryQuery, Entry, ListContainers,
};
pub use items::{
    DeleteItem, Field, FieldType, GetItem, Item, ParallelScan, PutItem, Row, Scan, ScanQuery,
    Schema, Table, UpdateItem, UpdateMode,
};
pub use objects::{
    AppendObject, DeleteObject, GetObject, HeadObject, Object, ObjectInfo, ObjectSource, PutObject,
};
pub use platform::codes;
pub use response::{RaiseForStatus, Response};
pub use revision::Revision;
pub use streams::{
    Consumer, CreateStream, DeleteStream, DescribeStream, GetRecords, Lag, Location, NewRecord,
    Position, PutRecord, PutRecords, Record, Records, Seek, SeekShard, Shard, ShardRecord, Stream,
    StreamConsumer, StreamExists, StreamInfo, UpdateStream,
};
