//! The control plane: users, containers, access keys, events, configurations and the jobs that
//! reload them.
//!
//! It is served by the platform's dashboard, below `/api/`, and not by the web API of the data
//! plane: it has a [`Client`] of its own.
//!
//! ```no_run
//! # async fn f() -> longhaul::Result<()> {
//! use longhaul::v3io::control::{Client, ConfigurationKind, JobState};
//! let control = Client::from_env()?;
//! println!("I am {:?}", control.me().await?.attributes.username);
//! let container = control.containers().create("measurements").await?;
//! let mut job = control.configurations().reload(ConfigurationKind::Events).await?;
//! job.wait_for_status(JobState::Completed).await?;
//! control.containers().delete(&container.id).await?;
//! # Ok(()) }
//! ```

mod access_keys;
mod client;
mod cluster;
mod configurations;
mod containers;
mod events;
mod jobs;
mod manifests;
mod resource;
mod session;
mod settings;
mod users;

/// What the platform sends and takes, as generated from its spec.
pub use crate::raw::v3io::types as models;

pub use crate::raw::v3io::enums::{
    AccessKeyKind, ConfigurationKind, EventClassification, EventSeverity, EventVisibility,
    JobState, Plane,
};
pub use access_keys::{AccessKey, AccessKeys};
pub use client::{Builder, Client};
pub use cluster::{ClusterInfo, ClusterInfoId, ClusterInfos};
pub use configurations::Configurations;
pub use containers::{Container, ContainerId, Containers, CreateContainer};
pub use events::Events;
pub use jobs::{Job, JobId};
pub use manifests::{AppServicesManifest, AppServicesManifestId, AppServicesManifests};
pub use resource::Resource;
pub use users::{User, UserId, Users};
